"""Releases of a cycle: drafted and looked at, then published with a second look, and their history."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.analysis.publications import DRAFTS
from survey_service.errors import SurveyError
from survey_service.errors.releases import NothingFinalError, ReasonMissingError
from survey_service.i18n import describe
from survey_service.maturity.answers import Prose
from survey_service.operations import publications
from survey_service.operations.publications import WantedDraft, whole
from survey_service.reports.national_paper import groups, named
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.releases import ONE, file_of
from survey_service.web.context import Context
from survey_service.web.jobs import is_done, progress_of

_ALL = "/cycles/{cycle_id:int}/releases"


class Drafting(Struct, frozen=True):
    """The form: with every organisation by name or without, and why there is to be another one."""

    named: str = "yes"
    reason: Prose = ""


class Publishing(Struct, frozen=True):
    """The form: the digest of the draft that was looked at."""

    digests: str = ""


@get(_ALL, opt=acting("read"), include_in_schema=False)
async def show_all(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Response[str]:
    """Show what was released of a cycle, and how another release begins."""
    return await _page(context, cycle_id)


@post(_ALL, opt=acting("publish"), include_in_schema=False)
async def draft(
    request: Request[Any, Any, Any], context: NamedDependency[Context], cycle_id: FromPath[int]
) -> Response[str] | Redirect:
    """Have a release drafted, and show it once it is there."""
    sent = await bodies.form(request, Drafting)
    wanted = WantedDraft(cycle_id, sent.named == "yes", sent.reason)
    try:
        job_id = await context.ask(publications.draft, wanted)
    except (NothingFinalError, ReasonMissingError) as error:
        return await _page(context, cycle_id, error)
    return await _way(context, cycle_id, job_id)


@get(ONE, opt=acting("read"), include_in_schema=False)
async def show(
    context: NamedDependency[Context], cycle_id: FromPath[int], release_id: FromPath[int]
) -> Response[str]:
    """Show all that a release tells; of a draft, with what it takes to publish it."""
    found = await context.read(publications.view, cycle_id, release_id)
    shown = found.draft or found.published[0]
    return context.page(
        "cycles/release.html",
        cycle=found.cycle,
        questionnaire=found.questionnaire,
        shown=shown,
        release=shown.release,
        whole=whole(shown.release.told.figures),
        groups=groups(shown.release.told.figures, context.language),
        named=named(found.questionnaire, context.language),
        drafts=DRAFTS,
    )


@post(ONE + "/publication", opt=acting("publish"), include_in_schema=False)
async def publish(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    release_id: FromPath[int],
) -> Redirect:
    """Publish a draft, for good."""
    seen = (await bodies.form(request, Publishing)).digests
    job_id = await context.ask(publications.publish, cycle_id, release_id, seen)
    return await _way(context, cycle_id, job_id)


@get(ONE + "/{name:str}", opt=acting("read"), include_in_schema=False)
async def file(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    release_id: FromPath[int],
    name: FromPath[str],
) -> Response[Any]:
    """Download a file of a release."""
    return await file_of(context, cycle_id, release_id, name)


async def _way(context: Context, cycle_id: int, job_id: int) -> Redirect:
    """Return the way to the releases where a job is soon done, else to how far it is."""
    if await is_done(context, job_id):
        return Redirect(f"/cycles/{cycle_id}/releases", status_code=303)
    return progress_of(job_id)


async def _page(
    context: Context, cycle_id: int, refusal: SurveyError | None = None
) -> Response[str]:
    """Return the page of a cycle's releases, with why none was drafted."""
    found = await context.read(publications.history, cycle_id)
    return context.page(
        "cycles/releases.html",
        status=refusal.status if refusal else 200,
        cycle=found.cycle,
        questionnaire=found.questionnaire,
        found=found,
        named=named(found.questionnaire, context.language),
        problem=describe(refusal, context.language) if refusal else "",
        public=context.services.settings.has_public_releases,
    )
