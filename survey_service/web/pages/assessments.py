"""Finding assessments, opening one, its result and its report."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import STATES, Stage
from survey_service.errors import SurveyError
from survey_service.errors.review import IncompleteError, UncheckedError
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import Card
from survey_service.operations import assessments, questionnaires, search, steps
from survey_service.operations.assessments import Course, Sheet
from survey_service.reports.answers import advice
from survey_service.reports.assessment import course_lines, node_bars, tier_names
from survey_service.reports.papers import PAPERS, is_there
from survey_service.reports.scores import alone, reason
from survey_service.store.assessments import Wanted
from survey_service.web import bodies, jobs
from survey_service.web.access import acting
from survey_service.web.api.assessments import report_response
from survey_service.web.api.evidence import bundled
from survey_service.web.api.lists import Filter, number
from survey_service.web.context import Context
from survey_service.web.pages.actions import outcome_rows
from survey_service.web.pages.master_data import offer_values

_MISSING = (IncompleteError, UncheckedError)
_NOTHING: Mapping[str, str] = MappingProxyType({})
SHOWN = 10  # recommendations on the result page; the report has them all
LISTED = 20  # assessments on one page


@get("/assessments", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context],
    cursor: FromQuery[str | None] = None,
    name: FromQuery[str] = "",
    questionnaire: FromQuery[str] = "",
    assessment_state: FromQuery[Annotated[str, QueryParameter(name="state")]] = "",
    cycle: Filter = 0,
) -> Response[str]:
    """Find assessments: by organisation, questionnaire, state and cycle, newest first."""
    state = next((one for one in STATES if one == assessment_state), None)
    wanted = Wanted(None, cycle or None, questionnaire or None, state, name)
    found, offered = await context.read(
        search.find, before=number(cursor), limit=LISTED + 1, wanted=wanted
    )
    more = found[LISTED - 1].assessment.id if len(found) > LISTED else None
    filters = {
        "name": name,
        "questionnaire": questionnaire,
        "state": state or "",
        "cycle": str(cycle or ""),
    }
    return context.page(
        "assessments/list.html",
        rows=found[:LISTED],
        more=None if more is None else urlencode({**filters, "cursor": more}),
        filters=filters,
        offered=offered,
        names=await context.read(questionnaires.names),
        states=STATES,
        narrowed=any(filters.values()),
    )


class Opening(Struct, frozen=True):
    """The form that opens an assessment, on a questionnaire or in a cycle."""

    questionnaire: bodies.Line = ""
    cycle: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


@post("/assessments", opt=acting("open"), include_in_schema=False)
async def open_assessment(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Redirect:
    """Open an assessment and go to its first question."""
    opening = await bodies.form(request, Opening)
    if opening.cycle:
        opened = await context.make(Assessment, assessments.open_in_cycle, opening.cycle)
    else:
        wanted = opening.questionnaire
        opened = await context.make(Assessment, assessments.open_assessment, wanted)
    return Redirect(f"/assessments/{opened.id}", status_code=303)


@get("/assessments/{assessment_id:int}", opt=acting("read"), include_in_schema=False)
async def go_on(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Redirect:
    """Go to the first part that still has something unanswered, or else to the result."""
    sheet = await context.read(assessments.view, assessment_id)
    if sheet.unanswered:
        node = sheet.questionnaire.parents[sheet.unanswered[0]]
        return Redirect(f"/assessments/{assessment_id}/parts/{node.code}")
    return Redirect(f"/assessments/{assessment_id}/result")


@get("/assessments/{assessment_id:int}/result", opt=acting("read"), include_in_schema=False)
async def result(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show index, grade, what a higher one asks for, and what to do next."""
    return await result_page(context, assessment_id)


@get("/assessments/{assessment_id:int}/report.pdf", opt=acting("read"), include_in_schema=False)
async def report(
    context: NamedDependency[Context], assessment_id: FromPath[int], paper: FromQuery[str] = ""
) -> Response[Any]:
    """Download a paper, in the visitor's language or the one asked for; or see it being made."""
    wanted = next((one for one in PAPERS if one == paper), PAPERS[0])
    found = await report_response(context, assessment_id, context.language, wanted)
    if isinstance(found, int) and await jobs.is_done(context, found):
        found = await report_response(context, assessment_id, context.language, wanted)
    return jobs.progress_of(found) if isinstance(found, int) else found


@get("/assessments/{assessment_id:int}/bundle.zip", opt=acting("read"), include_in_schema=False)
async def bundle(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[Any]:
    """Download all evidence of an assessment as a ZIP."""
    return await bundled(context, assessment_id, context.language)


async def result_page(
    context: Context,
    assessment_id: int,
    refusal: SurveyError | None = None,
    typed: Mapping[str, str] = _NOTHING,
) -> Response[str]:
    """Return the page of the result: with why a step was refused, and what was typed for it."""
    standing = await context.read(steps.load, assessment_id)
    sheet = standing.sheet
    questionnaire, card = sheet.questionnaire, sheet.running
    course = standing.course
    missing = refusal.details["missing"] if isinstance(refusal, _MISSING) else []
    return context.page(
        "assessments/result.html",
        status=refusal.status if refusal else 200,
        standing=standing,
        sheet=sheet,
        card=card,
        stages=_by_stage(sheet),
        questionnaire=questionnaire,
        overview=node_bars(questionnaire, card, context.language),
        course=course,
        lines=_lines(context, sheet, course) if course else "",
        tiers=tier_names(questionnaire, context.language),
        refused=[(one.grade, reason(questionnaire, one, context.language)) for one in card.refused],
        alone=alone(questionnaire, card, context.language),
        recommendations=advice(
            questionnaire,
            recommend(questionnaire, sheet.answers, sheet.profile)[:SHOWN],
            context.language,
        ),
        missing=missing,
        outcomes=outcome_rows(context, sheet, standing.became),
        papers=[one for one in PAPERS[1:] if is_there(one, sheet.assessment.state)],
        problem=i18n.describe(refusal, context.language) if refusal else "",
        typed=typed,
        assessment=sheet.assessment,
        grades={grade.code: grade.name for grade in questionnaire.grades},
        **offer_values(context, standing.offer, questionnaire),
    )


def _lines(context: Context, sheet: Sheet, course: Course) -> str:
    """Return the index from the assessment before to this one, drawn."""
    own = sheet.assessment.organisation.id
    called = [
        f"{one.cycle.name if one.cycle else i18n.date(one.opened_at, context.language)}"
        f"{'' if one.organisation.id == own else f' · {one.organisation.name}'}"
        for one in (course.earlier.assessment, sheet.assessment)
    ]
    common = course.trend.before or Decimal(0), course.trend.after or Decimal(0)
    before = (course.earlier.questionnaire, course.earlier.running, called[0])
    now = (sheet.running, called[1])
    return course_lines(sheet.questionnaire, before, now, common, context.language)


def _by_stage(sheet: Sheet) -> list[tuple[Stage, Card]]:
    """Return the index of each stage that scored anything, beside the agency's own."""
    stages = [stage for stage, given in sheet.by_stage.items() if given]
    return [(stage, sheet.at(stage).running) for stage in stages]
