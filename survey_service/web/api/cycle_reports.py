"""All reports of a cycle in one ZIP: asked for, made as a job, and fetched."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from survey_service.errors import NotFoundError
from survey_service.operations import cycle_reports, exports
from survey_service.operations.cycle_reports import WantedReports
from survey_service.reports.papers import Paper
from survey_service.web import bodies
from survey_service.web.access import SIGNED_IN, acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import Key
from survey_service.web.api.jobs import Work
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context
from survey_service.web.downloads import MEDIA, attached

_TYPES: dict[str, str] = {**MEDIA, "zip": "application/zip"}


class Gathering(Struct, frozen=True, forbid_unknown_fields=True):
    """Which paper on each assessment of a cycle, in which language; null for the reader's."""

    paper: Paper = "report"
    language: Literal["id", "en"] | None = None


@post(
    "/cycles/{cycle_id:int}/reports",
    opt=acting("read"),
    operation_id="gatherReports",
    operation_class=taking(Gathering),
    status_code=202,
)
async def gather(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    key: Key = None,
) -> Response[Work]:
    """Have a paper on every assessment of a cycle made, as far as you see them, and put into one ZIP.

    The job tells how many are in; its `result` is where to get the ZIP.
    """
    sent = await bodies.json(request, Gathering)
    wanted = WantedReports(cycle_id, sent.paper, sent.language or context.language)
    job_id = await context.once(key, int, cycle_reports.request, wanted)
    context.services.look_at_jobs()
    return await jobs.accepted(context, job_id)


@get(
    "/jobs/{job_id:int}/file",
    opt=SIGNED_IN,
    operation_id="readJobFile",
    media_type="application/octet-stream",
)
async def read_file(context: NamedDependency[Context], job_id: FromPath[int]) -> Response[Any]:
    """Get the file that a job of yours made: a table, or the reports of a cycle."""
    return await file_of(context, job_id)


async def file_of(context: Context, job_id: int) -> Response[Any]:
    """Return the file that a job made, piece by piece, to be taken along."""
    made = await context.read(exports.made, job_id)
    pieces = await context.services.files.stream(made.path)
    if pieces is None:
        raise NotFoundError(job=job_id)
    return Stream(pieces, media_type=_TYPES[made.form], headers=attached(made.name))
