"""Having all reports of a cycle made, from its page; the page of the job tells how many are in."""

from typing import Any, Literal

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.operations import cycle_reports
from survey_service.operations.cycle_reports import WantedReports
from survey_service.reports.papers import Paper
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.jobs import progress_of


class Gathering(Struct, frozen=True):
    """The form: which paper, in which language."""

    paper: Paper = "report"
    language: Literal["id", "en"] = "id"


@post("/cycles/{cycle_id:int}/reports", opt=acting("read"), include_in_schema=False)
async def gather(
    request: Request[Any, Any, Any], context: NamedDependency[Context], cycle_id: FromPath[int]
) -> Redirect:
    """Have a paper on every assessment of a cycle made; show how far that is."""
    sent = await bodies.form(request, Gathering)
    wanted = WantedReports(cycle_id, sent.paper, sent.language)
    return progress_of(await context.ask(cycle_reports.request, wanted))
