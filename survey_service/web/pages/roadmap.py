"""The way to the next grade: planned, adjusted by hand, and its steps made actions.

What the reader wants stands in the address, so that it is there again, for colleagues as well.
"""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service.conduct.actions import Draft, years_later
from survey_service.errors import SurveyError
from survey_service.errors.requests import InvalidBodyError
from survey_service.maturity.answers import Answer
from survey_service.maturity.schedule import Schedule
from survey_service.maturity.showing import least
from survey_service.operations import actions, assessments
from survey_service.operations.assessments import Sheet
from survey_service.operations.roadmap import MOST_YEARS, plan
from survey_service.reports.answers import said
from survey_service.reports.charts.curve import curve
from survey_service.reports.roadmap import Stretch, actor, roadmap, stretches, target_name
from survey_service.store.actions import Listed
from survey_service.web import bodies, error_pages
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.action_forms import PersonId, day
from survey_service.web.pages.forms import blank_form
from survey_service.web.pages.sketches import Sketch
from survey_service.web.problems import BEYOND

_PATH = "/assessments/{assessment_id:int}/roadmap"
_Entry = Annotated[str, Meta(max_length=40)]
_LONGEST = 20_000  # letters of a step; a long checklist has many codes


@get(_PATH, opt=acting("read"), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[str]:
    """Show the way to the next grade, as the address wants it."""
    sketch = bodies.query(request, Sketch)
    sheet = await context.read(assessments.view, assessment_id)
    return await _page(context, sheet, sketch)


@post(_PATH, opt=acting("read"), include_in_schema=False, status_code=200)
async def adjust(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Show the way as the reader wants it: to script what changes, else under its own address."""
    sketch = await bodies.filled_form(request, Sketch)
    sheet = await context.read(assessments.view, assessment_id)
    if "hx-request" in request.headers:
        return await _page(context, sheet, sketch, fragment=True)
    return Redirect(_address(sheet, sketch), status_code=303)


def _address(sheet: Sheet, sketch: Sketch) -> str:
    return f"/assessments/{sheet.assessment.id}/roadmap?{sketch.address}".rstrip("?")


class Chosen(Struct, frozen=True):
    """Steps that are to become actions, as `StepSent` in JSON; who does them, and by when.

    The day is that of the first year's steps; those of later years have theirs a year later each.
    """

    step: dict[_Entry, Annotated[str, Meta(max_length=_LONGEST)]] = {}
    person: PersonId = 0
    owner: bodies.Line = ""
    due: _Entry = ""
    query: Annotated[str, Meta(max_length=_LONGEST)] = ""


class StepSent(Struct, frozen=True):
    """A step as its box sends it."""

    indicator: str
    before: Answer | None
    after: Answer
    who: str | None = None
    year: Annotated[int, Meta(ge=1, le=MOST_YEARS)] = 1


@post(_PATH + "/actions", opt=acting("improve"), include_in_schema=False)
async def choose(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Make actions of the steps that were chosen, or show the plan with why not."""
    sent = await bodies.form(request, Chosen)
    sheet = await context.read(assessments.view, assessment_id)
    try:
        drafts = _drafts(sheet, sent, context.language)
        await context.write(actions.add, assessment_id, drafts)
    except (*BEYOND, InvalidBodyError):
        raise
    except SurveyError as error:
        sketch = bodies.decoded_query(sent.query, Sketch)
        return await _page(context, sheet, sketch, refused=(error, sent))
    return Redirect(f"/assessments/{assessment_id}/actions", status_code=303)


def _drafts(sheet: Sheet, sent: Chosen, language: str) -> list[Draft]:
    """Return the actions that the chosen steps are to become."""
    due, found = day(sent.due), []
    for written in sent.step.values():
        step = _step(written)
        role = actor(sheet.questionnaire, step.who, language) if step.who else ""
        found.append(
            Draft(
                step.indicator,
                step.after,
                step.before,
                sent.person or None,
                sent.owner or role,
                None if due is None else years_later(due, step.year - 1),
            )
        )
    return found


def _step(written: str) -> StepSent:
    try:
        return msgspec.json.decode(written, type=StepSent)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidBodyError(where="step", reason="json") from error


async def _page(
    context: Context,
    sheet: Sheet,
    sketch: Sketch,
    *,
    fragment: bool = False,
    refused: tuple[SurveyError, Chosen] | None = None,
) -> Response[str]:
    template = "assessments/roadmap_plan.html" if fragment else "assessments/roadmap.html"
    known = await context.read(actions.beside_plan, sheet.assessment.id)
    words: dict[str, Any] = {}
    problem, aim, found, status = "", None, None, 200
    try:
        aim = sketch.aim(sheet)
        found = await plan(sheet, aim)
        words = await asyncio.to_thread(_words, sheet, found, context.language)
        words |= {"rows": _rows(sheet, found, known.planned, context.language)}
    except SurveyError as error:
        problem, status = error_pages.words(error, "", context.language), error.status
    return context.page(
        template,
        status=refused[0].status if refused else status,
        sheet=sheet,
        questionnaire=sheet.questionnaire,
        sketch=sketch,
        aim=aim,
        found=found,
        problem=problem,
        refusal=error_pages.words(refused[0], "", context.language) if refused else "",
        sent=refused[1] if refused else Chosen(),
        words=words,
        address=_address(sheet, sketch),
        known=known,
        **_offered(sheet, context.language),
    )


def _offered(sheet: Sheet, language: str) -> dict[str, Any]:
    """Return what can be wished for: by indicator its choices, its mark now, and numbers."""
    asked = sheet.questionnaire
    return {
        "choices": {
            one.code: choices
            for one in asked.indicators.values()
            if (choices := [rung.choice for rung in blank_form(asked, one).rungs])
        },
        "numbers": [one for one in asked.indicators.values() if one.number is not None],
        "ratios": [one for one in asked.indicators.values() if one.ratio is not None],
        "marks": {
            one.code: said(asked, one, sheet.answers.get(one.code), language).mark
            for one in asked.indicators.values()
        },
    }


class Row(Struct, frozen=True):
    """A step, or several told as one, in words: what is done by whom, from which mark to which, and when.

    `sent` is what its box sends, and `known` the action that it is already; None while it is none.
    """

    stretch: Stretch
    code: str
    name: str
    do: str
    before: str
    after: str
    who: str
    year: int
    sent: str
    known: Listed | None


def _words(sheet: Sheet, found: Schedule, language: str) -> dict[str, Any]:
    """Return what the template says of a plan."""
    questionnaire, schedule = sheet.questionnaire, found.plan
    index = schedule.card.index
    return {
        "target": target_name(questionnaire, schedule, language),
        "blocked": roadmap(questionnaire, found, language).blocked,
        "chart": curve(
            schedule.curve,
            (schedule.effort, index),
            questionnaire.index_scale,
            language,
            least(questionnaire),
        )
        if schedule.curve and index is not None
        else "",
    }


def _rows(
    sheet: Sheet, found: Schedule, known: dict[str, list[Listed]], language: str
) -> list[Row]:
    planned = zip(found.plan.climbs, found.years, strict=True)
    settled = [(code, one.action.after) for code, each in known.items() for one in each]
    rows = [_row(sheet, one, known, language) for one in stretches(planned, settled)]
    return sorted(rows, key=lambda row: row.year)


def _row(sheet: Sheet, stretch: Stretch, known: dict[str, list[Listed]], language: str) -> Row:
    questionnaire, climb = sheet.questionnaire, stretch.climbs[0]
    indicator = questionnaire.indicators[climb.indicator]
    before, *afters = (
        said(questionnaire, indicator, one, language)
        for one in (stretch.before, *(each.after for each in stretch.climbs))
    )
    asked = (one.meaning[-1] for one in afters if one.meaning)
    there = known.get(climb.indicator, ())
    sent = StepSent(climb.indicator, stretch.before, stretch.after, climb.who, stretch.year)
    return Row(
        stretch,
        climb.indicator,
        indicator.name.in_(language),
        climb.step.do.in_(language) if climb.step else " ".join(asked),
        before.mark,
        afters[-1].mark,
        actor(questionnaire, climb.who, language),
        stretch.year,
        msgspec.json.encode(sent).decode(),
        next((one for one in there if one.action.after == stretch.after), None),
    )
