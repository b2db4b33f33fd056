"""Opening an assessment, its result and report, and handing it in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service import i18n
from survey_service.errors import IncompleteError, SurveyError, UncheckedError
from survey_service.maturity.life import Stage
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import Card
from survey_service.operations import assessments, steps
from survey_service.operations.assessments import Sheet
from survey_service.reports.answers import advice
from survey_service.reports.assessment import node_bars, tier_names
from survey_service.reports.scores import reason
from survey_service.web import bodies
from survey_service.web.api.assessments import report_response
from survey_service.web.visits import Visit, acting

_MISSING = (IncompleteError, UncheckedError)
_NOTHING: Mapping[str, str] = MappingProxyType({})
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
    return await result_page(visit, assessment_id)


@get("/assessments/{assessment_id:int}/report.pdf", opt=acting("read"), include_in_schema=False)
async def report(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Response[bytes]:
    """Download the report, in the visitor's language or the one asked for."""
    sheet = await visit.read(assessments.view, assessment_id)
    return await report_response(visit, sheet, visit.language)


async def result_page(
    visit: Visit,
    assessment_id: int,
    refusal: SurveyError | None = None,
    typed: Mapping[str, str] = _NOTHING,
) -> Response[str]:
    """Return the page of the result: with why a step was refused, and what was typed for it."""
    standing = await visit.read(steps.look, assessment_id)
    sheet = standing.sheet
    questionnaire, card = sheet.questionnaire, sheet.running
    missing = refusal.details["missing"] if isinstance(refusal, _MISSING) else []
    return visit.page(
        "assessments/result.html",
        status=refusal.status if refusal else 200,
        standing=standing,
        sheet=sheet,
        card=card,
        stages=_by_stage(sheet),
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
        problem=i18n.describe(refusal, visit.language) if refusal else "",
        typed=typed,
    )


def _by_stage(sheet: Sheet) -> list[tuple[Stage, Card]]:
    """Return the index of each stage that scored anything, beside the agency's own."""
    stages = [stage for stage, given in sheet.by_stage.items() if given]
    return [
        (stage, Sheet(sheet.assessment, sheet.questionnaire, sheet.by_stage, stage).running)
        for stage in stages
    ]
