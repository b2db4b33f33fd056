"""Long work: how far it is, with a way on once it is done; cancelled, and started again."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage

from survey_service import i18n
from survey_service.conduct.jobs import Job
from survey_service.errors import SurveyError
from survey_service.errors.jobs import recalled
from survey_service.operations import jobs, people
from survey_service.web.access import SIGNED_IN
from survey_service.web.api.cycle_reports import file_of
from survey_service.web.api.lists import number
from survey_service.web.context import Context
from survey_service.web.jobs import progress_of
from survey_service.web.pages.links import of_list

_SHOWN = 20  # jobs on one page
_STREAM = (
    30.0  # seconds: then the browser asks anew, and whether somebody may still look is decided anew
)
_ONE = "/jobs/{job_id:int}"


@get("/jobs", opt=SIGNED_IN, include_in_schema=False)
async def show_all(
    context: NamedDependency[Context], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show what the reader asked for, and what failed of those whom they look after."""
    found = await context.read(jobs.list_own, before=number(cursor), limit=_SHOWN + 1)
    dead = await context.read(jobs.list_dead, limit=_SHOWN)
    return context.page(
        "jobs/list.html",
        found=[(one, _problem(context, one)) for one in found[:_SHOWN]],
        more=found[_SHOWN - 1].id if len(found) > _SHOWN else None,
        dead=[(one, _problem(context, one)) for one in dead],
    )


@get(_ONE, opt=SIGNED_IN, include_in_schema=False)
async def show(context: NamedDependency[Context], job_id: FromPath[int]) -> Response[str]:
    """Show how far a job is, and what can be done about it."""
    job = await context.read(jobs.view, job_id)
    waiting = job.kind == "people" and job.mine and job.ended
    unsent = await context.read(people.awaiting_links, job_id) if waiting else []
    return context.page(
        "jobs/one.html",
        job=job,
        problem=_problem(context, job),
        way=_way_on(job),
        unsent=len(unsent),
    )


@get(_ONE + "/events", opt=SIGNED_IN, include_in_schema=False)
async def events(context: NamedDependency[Context], job_id: FromPath[int]) -> ServerSentEvent:
    """Send how far a job is, whenever that changes."""
    await context.read(jobs.view, job_id)
    return ServerSentEvent(_told(context, job_id))


@post(_ONE + "/cancellation", opt=SIGNED_IN, include_in_schema=False)
async def cancel(context: NamedDependency[Context], job_id: FromPath[int]) -> Redirect:
    """Cancel a job."""
    await context.ask(jobs.cancel, job_id)
    return Redirect("/jobs", status_code=303)


@post(_ONE + "/restart", opt=SIGNED_IN, include_in_schema=False)
async def start_again(context: NamedDependency[Context], job_id: FromPath[int]) -> Redirect:
    """Let a job go on that failed or was cancelled."""
    return progress_of(await context.ask(jobs.start_again, job_id))


@get(_ONE + "/file", opt=SIGNED_IN, include_in_schema=False)
async def file(context: NamedDependency[Context], job_id: FromPath[int]) -> Response[Any]:
    """Download what a job made."""
    return await file_of(context, job_id)


@post(_ONE + "/links", opt=SIGNED_IN, include_in_schema=False, status_code=200)
async def links(context: NamedDependency[Context], job_id: FromPath[int]) -> Response[str]:
    """Make links for those whom a list invited, and show them to be handed over."""
    return of_list(context, await context.write(people.links, job_id))


async def _told(context: Context, job_id: int) -> AsyncIterator[ServerSentEventMessage]:
    """Yield a job's progress as it stands on its page; at its end the word for the page to ask anew."""
    services = context.services
    with suppress(SurveyError):  # who may no longer look is told nothing
        async for _ in services.following.changes(job_id, _STREAM):
            job = await context.read(jobs.view, job_id)
            problem, name = _problem(context, job), "jobs/progress.html"
            html = services.pages.render(name, context.language, job=job, problem=problem)
            yield ServerSentEventMessage(html)
            if job.ended:
                yield ServerSentEventMessage("", event="ended")
                return


def _problem(context: Context, job: Job) -> str:
    """Return in words what went wrong with a job the last time; "" for nothing."""
    if job.error is None:
        return ""
    return i18n.describe(recalled(job.error.code, job.error.details), context.language)


def _way_on(job: Job) -> str:
    """Return where a job that is done leads."""
    return {
        "report": "/" + job.about.replace("/report?", "/report.pdf?"),
        "table": f"/jobs/{job.id}/file",
        "cycle_reports": f"/jobs/{job.id}/file",
        "clean_up": "/jobs",
    }.get(job.kind, f"/{job.about}")
