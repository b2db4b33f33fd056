"""Opening an assessment, its result and report, and handing it in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.errors import IncompleteError
from survey_service.maturity.recommendations import recommend
from survey_service.operations import assessments, steps
from survey_service.operations.assessments import Sheet
from survey_service.operations.steps import Taking
from survey_service.reports.answers import advice
from survey_service.reports.assessment import node_bars, tier_names
from survey_service.reports.scores import reason
from survey_service.web import bodies
from survey_service.web.api.assessments import report_response
from survey_service.web.visits import Visit, acting

SHOWN = 10  # recommendations on the result page; the report has them all


class Opening(Struct, frozen=True):
    """The form that opens an assessment."""

    questionnaire: bodies.Line = ""


@post("/assessments", opt=acting("open"), include_in_schema=False)
async def open_assessment(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit]
) -> Redirect:
    """Open an assessment and go to its first question."""
    opening = await bodies.form(request, Opening)
    opened = await visit.write(assessments.open_assessment, opening.questionnaire)
    return Redirect(f"/assessments/{opened.id}", status_code=303)


@get("/assessments/{assessment_id:int}", opt=acting("read"), include_in_schema=False)
async def go_on(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Redirect:
    """Go to the first part that still has something unanswered, or else to the result."""
    sheet = await visit.read(assessments.view, assessment_id)
    if sheet.unanswered:
        node = sheet.questionnaire.parents[sheet.unanswered[0]]
        return Redirect(f"/assessments/{assessment_id}/parts/{node.code}")
    return Redirect(f"/assessments/{assessment_id}/result")


@get("/assessments/{assessment_id:int}/result", opt=acting("read"), include_in_schema=False)
async def result(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Response[str]:
    """Show index, grade, what a higher one asks for, and what to do next."""
    return _result(visit, await visit.read(assessments.view, assessment_id), missing=[])


@get("/assessments/{assessment_id:int}/report.pdf", opt=acting("read"), include_in_schema=False)
async def report(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Response[bytes]:
    """Download the report, in the visitor's language or the one asked for."""
    sheet = await visit.read(assessments.view, assessment_id)
    return await report_response(visit, sheet, visit.language)


@post("/assessments/{assessment_id:int}/submission", opt=acting("submit"), include_in_schema=False)
async def submit(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Response[Any]:
    """Hand the assessment in, or show what is missing, each a link."""
    try:
        await visit.write(steps.take, assessment_id, Taking("submit"))
    except IncompleteError as error:
        sheet = await visit.read(assessments.view, assessment_id)
        return _result(visit, sheet, missing=sheet.unanswered, status=error.status)
    return Redirect(f"/assessments/{assessment_id}/result", status_code=303)


@post(
    "/assessments/{assessment_id:int}/withdrawal", opt=acting("withdraw"), include_in_schema=False
)
async def withdraw(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Redirect:
    """Take the assessment back."""
    await visit.write(steps.take, assessment_id, Taking("withdraw"))
    return Redirect(f"/assessments/{assessment_id}/result", status_code=303)


def _result(visit: Visit, sheet: Sheet, *, missing: list[str], status: int = 200) -> Response[str]:
    questionnaire, card = sheet.questionnaire, sheet.running
    return visit.page(
        "assessments/result.html",
        status=status,
        sheet=sheet,
        card=card,
        questionnaire=questionnaire,
        overview=node_bars(questionnaire, card, visit.language),
        tiers=tier_names(questionnaire, visit.language),
        refused=[(one.grade, reason(questionnaire, one, visit.language)) for one in card.refused],
        recommendations=advice(
            questionnaire,
            recommend(questionnaire, sheet.answers, sheet.profile)[:SHOWN],
            visit.language,
        ),
        missing=missing,
    )
