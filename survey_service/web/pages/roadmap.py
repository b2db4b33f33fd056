"""The way to the next grade: planned, adjusted by hand, and nothing saved."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.errors import SurveyError
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Climb, Wishes
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.schedule import Budget, Schedule
from survey_service.operations import assessments
from survey_service.operations.assessments import Sheet
from survey_service.operations.roadmap import Aim, plan
from survey_service.reports.answers import said
from survey_service.reports.charts.curve import curve
from survey_service.reports.roadmap import actor, roadmap, target_name
from survey_service.web import bodies, error_pages
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.forms import Sent, form

_PATH = "/assessments/{assessment_id:int}/roadmap"
_Entry = Annotated[str, Meta(max_length=40)]
_STAYS = "="  # can be no level and no option's code


class Sketch(Struct, frozen=True):
    """What is aimed at, and what the reader wants otherwise.

    `choice` has by indicator the answer that the plan must have, `_STAYS`, or nothing for what the
    plan finds best; `value` the numbers that are aimed at.
    """

    target: _Entry = ""
    years: Annotated[int, Meta(ge=1, le=20)] = 1
    budget: _Entry = ""
    choice: dict[_Entry, _Entry] = {}
    value: dict[_Entry, _Entry] = {}

    def aim(self, sheet: Sheet) -> Aim:
        """Return what it means.

        Raises:
            SurveyError: What was typed is no number.
        """
        chosen = {code: one for code, one in self.choice.items() if one and one != _STAYS}
        wishes = Wishes(
            fixed={code: _answer(sheet, code, Sent(choice=one)) for code, one in chosen.items()},
            excluded=tuple(code for code, one in self.choice.items() if one == _STAYS),
            targets={
                code: _answer(sheet, code, Sent(value=one))
                for code, one in self.value.items()
                if one.strip()
            },
        )
        budget = Budget(int(self.budget)) if self.budget.isdecimal() else None
        return Aim(self.target or _next(sheet), self.years, budget, wishes)


def _next(sheet: Sheet) -> str:
    """Return the grade that comes next, or the highest one."""
    following = next_grade(sheet.questionnaire, sheet.official)
    grades = sorted(sheet.questionnaire.grades, key=lambda grade: grade.bound)
    codes = [following.grade.code] if following else [grade.code for grade in grades]
    return codes[-1] if codes else str(sheet.questionnaire.index_scale.highest)


def _answer(sheet: Sheet, code: str, sent: Sent) -> Answer:
    """Return the answer that was sent; the planner refuses what is not asked."""
    indicator = sheet.questionnaire.indicators.get(code)
    return Answer() if indicator is None else sent.draft(indicator).answer


@get(_PATH, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show the way to the next grade."""
    sheet = await context.read(assessments.view, assessment_id)
    return await _page(context, sheet, Sketch())


@post(_PATH, opt=acting("read"), include_in_schema=False, status_code=200)
async def adjust(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[str]:
    """Show the way as the reader wants it."""
    sketch = await bodies.form(request, Sketch)
    sheet = await context.read(assessments.view, assessment_id)
    return await _page(context, sheet, sketch, fragment="hx-request" in request.headers)


async def _page(
    context: Context, sheet: Sheet, sketch: Sketch, *, fragment: bool = False
) -> Response[str]:
    template = "assessments/roadmap_plan.html" if fragment else "assessments/roadmap.html"
    words: dict[str, Any] = {}
    problem, aim, found, status = "", None, None, 200
    try:
        aim = sketch.aim(sheet)
        found = await plan(sheet, aim)
        words = await asyncio.to_thread(_words, sheet, sketch, found, context.language)
    except SurveyError as error:
        problem, status = error_pages.words(error, "", context.language), error.status
    return context.page(
        template,
        status=status,
        sheet=sheet,
        questionnaire=sheet.questionnaire,
        sketch=sketch,
        aim=aim,
        found=found,
        problem=problem,
        words=words,
    )


class Row(Struct, frozen=True):
    """A step in words: what is done by whom, from which mark to which, and in which year."""

    climb: Climb
    name: str
    do: str
    before: str
    after: str
    who: str
    year: int


def _words(sheet: Sheet, sketch: Sketch, found: Schedule, language: str) -> dict[str, Any]:
    """Return what the template says of a plan."""
    questionnaire, schedule = sheet.questionnaire, found.plan
    index = schedule.card.index
    touched = [
        *dict.fromkeys(climb.indicator for climb in schedule.climbs),
        *(code for code, one in sketch.choice.items() if one),
    ]
    codes = [code for code in questionnaire.indicators if code in touched]
    numbers = [one for one in questionnaire.indicators.values() if one.number is not None]
    return {
        "rows": _rows(sheet, found, language),
        "choices": {
            code: [
                rung.choice for rung in form(sheet, questionnaire.indicators[code], language).rungs
            ]
            for code in codes
        },
        "numbers": numbers,
        "marks": {
            one.code: said(questionnaire, one, sheet.answers.get(one.code), language).mark
            for one in questionnaire.indicators.values()
        },
        "target": target_name(schedule, language),
        "blocked": roadmap(questionnaire, found, language).blocked,
        "chart": curve(
            schedule.curve, (schedule.effort, index), questionnaire.index_scale, language
        )
        if schedule.curve and index is not None
        else "",
    }


def _rows(sheet: Sheet, found: Schedule, language: str) -> list[Row]:
    questionnaire = sheet.questionnaire
    rows = []
    for climb, year in zip(found.plan.climbs, found.years, strict=True):
        indicator = questionnaire.indicators[climb.indicator]
        before, after = (
            said(questionnaire, indicator, one, language) for one in (climb.before, climb.after)
        )
        do = climb.step.do.in_(language) if climb.step else (after.meaning or ("",))[-1]
        who = actor(questionnaire, climb.who, language)
        name = indicator.name.in_(language)
        rows.append(Row(climb, name, do, before.mark, after.mark, who, year))
    return sorted(rows, key=lambda row: row.year)
