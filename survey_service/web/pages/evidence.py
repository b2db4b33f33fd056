"""All evidence of an assessment, and one piece for several questions."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.operations import evidence_sharing
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import limits
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND

_ALL = "/assessments/{assessment_id:int}/evidence"


class Sharing(Struct, frozen=True):
    """The questions that a piece of evidence is to support as well, by their codes."""

    indicators: dict[bodies.Line, bodies.Line] = {}


@get(_ALL, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show the evidence of an assessment, each piece once, and what the one before offers."""
    return await _page(context, assessment_id)


@post(_ALL + "/{evidence_id:int}", opt=acting("attach"), include_in_schema=False)
async def share(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    evidence_id: FromPath[int],
) -> Response[Any]:
    """Attach a piece of evidence to several questions, or show why not."""
    codes = list((await bodies.form(request, Sharing)).indicators)
    try:
        await context.write(
            evidence_sharing.share, assessment_id, evidence_id, codes, limits(context)
        )
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, assessment_id, error)
    return Redirect(f"/assessments/{assessment_id}/evidence", status_code=303)


async def _page(
    context: Context, assessment_id: int, error: SurveyError | None = None
) -> Response[str]:
    found = await context.read(evidence_sharing.load, assessment_id)
    return context.page(
        "assessments/evidence.html",
        status=error.status if error else 200,
        problem=i18n.describe(error, context.language) if error else "",
        found=found,
        sheet=found.sheet,
        questionnaire=found.sheet.questionnaire,
    )
