"""Long work that somebody asked for: how far it is, and where its result is to be had."""

import datetime as dt

from litestar import Response, delete, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.openapi import ResponseSpec
from litestar.params import FromPath
from msgspec import Struct

from survey_service.conduct.jobs import Job, Kind, State
from survey_service.errors.jobs import recalled
from survey_service.operations import jobs
from survey_service.web import jobs as web_jobs
from survey_service.web.access import SIGNED_IN
from survey_service.web.api.lists import LONGEST, Cursor, Page, number, paged
from survey_service.web.context import Context
from survey_service.web.jobs import waited

_AGAIN = "2"  # seconds


class Work(Struct, frozen=True):
    """A job: of `total` steps `progress` are done, 0 where they are not counted; `ahead` come before.

    `about` is what it is about, as a path, and `name` what people call that. `error` is the code of
    what went wrong the last time. Once it is `done`, `result` is where to get what it made; null where
    there is nothing to get.
    """

    id: int
    kind: Kind
    state: State
    about: str
    name: str
    attempt: int
    progress: int
    total: int
    ahead: int
    error: str | None
    result: str | None
    created_at: dt.datetime
    finished_at: dt.datetime | None


LATER = ResponseSpec(
    Work, generate_examples=False, description="It is not done yet; look at `Location`."
)
"""The answer to a request whose result is not there yet, for the API's description."""

_FILES = {"table", "cycle_reports"}
_LISTED = {
    "report",
    "organisations",
    "people",
    "release",
    "release_papers",
    "export",
    "export_removal",
    *_FILES,
}


def told(job: Job) -> Work:
    """Return a job as programs are told of it."""
    there = job.state == "done" and job.kind in _LISTED
    result = f"/api/v1/jobs/{job.id}/file" if job.kind in _FILES else f"/api/v1/{job.about}"
    return Work(
        job.id,
        job.kind,
        job.state,
        job.about,
        job.name,
        job.attempt,
        job.progress,
        job.total,
        job.ahead,
        job.error.code if job.error else None,
        result if there else None,
        job.created_at,
        job.finished_at,
    )


@get("/jobs", opt=SIGNED_IN, operation_id="listJobs")
async def read_all(context: NamedDependency[Context], cursor: Cursor = None) -> Page[Work]:
    """List the long work that you asked for, newest first."""
    found = await context.read(jobs.list_own, before=number(cursor), limit=LONGEST + 1)
    return paged([told(one) for one in found], lambda one: one.id)


@get("/jobs/{job_id:int}", opt=SIGNED_IN, operation_id="readJob")
async def read(context: NamedDependency[Context], job_id: FromPath[int]) -> Work:
    """Read how far a job is."""
    return told(await context.read(jobs.view, job_id))


@delete("/jobs/{job_id:int}", opt=SIGNED_IN, operation_id="cancelJob")
async def cancel(context: NamedDependency[Context], job_id: FromPath[int]) -> None:
    """Cancel a job; what of it is done already stays, and what others asked for goes on."""
    await context.ask(jobs.cancel, job_id)


async def is_done(context: Context, job_id: int) -> bool:
    """Wait for a job as long as an answer can; return whether it is done by then.

    Raises:
        SurveyError: What went wrong with it, if it failed.
    """
    found = await waited(context, job_id, web_jobs.API_PATIENCE)
    if found.state == "dead" and found.error is not None:
        raise recalled(found.error.code, found.error.details)
    return found.state == "done"


async def accepted(context: Context, job_id: int) -> Response[Work]:
    """Return the answer to a request whose result is not there yet: where to look, and when."""
    headers = {"Location": f"/api/v1/jobs/{job_id}", "Retry-After": _AGAIN}
    found = await context.read(jobs.view, job_id)
    return Response(told(found), status_code=202, media_type=MediaType.JSON, headers=headers)
