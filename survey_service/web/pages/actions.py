"""Actions: those of an assessment with what became of earlier ones, and all that a reader sees."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, get_args
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from msgspec import Struct, structs

from survey_service.conduct.actions import STATES
from survey_service.errors import SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator
from survey_service.operations import actions, assessments
from survey_service.operations.action_outcomes import Became
from survey_service.operations.assessments import Sheet
from survey_service.operations.exports import Form
from survey_service.operations.preconditions import tag
from survey_service.reports import tables
from survey_service.reports.action_lists import Line, line, table
from survey_service.reports.answers import said
from survey_service.reports.trail import told
from survey_service.store.actions import Listed, Order, Wanted, Which
from survey_service.web import bodies, error_pages
from survey_service.web.access import acting
from survey_service.web.api.actions import today
from survey_service.web.api.lists import Filter
from survey_service.web.context import Context
from survey_service.web.pages.action_forms import Sent, filled
from survey_service.web.pages.forms import Rung, blank_form
from survey_service.web.problems import BEYOND

_OF_ONE = "/assessments/{assessment_id:int}/actions"
_ONE = _OF_ONE + "/{action_id:int}"
_SHOWN = 50  # actions on one page
_ALL = 100_000  # in a table to take along
_ORDERS: tuple[Order, ...] = get_args(Order)
_WHICH: tuple[Which, ...] = ("open", "overdue", *STATES)
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

State = FromQuery[Annotated[str, QueryParameter(name="state")]]


class Filters(Struct, frozen=True):
    """What the list is narrowed to, as its address has it, and its order."""

    name: str = ""
    state: str = ""
    cycle: int = 0
    mine: str = ""
    sort: str = ""

    def wanted(self, context: Context, assessment_id: int | None = None) -> Wanted:
        """Return what is looked for."""
        which = next((one for one in _WHICH if one == self.state), None)
        mine = bool(self.mine)
        return Wanted(today(context), which, self.name, assessment_id, self.cycle or None, mine)

    @property
    def order(self) -> Order:
        """In which order they come."""
        return next((one for one in _ORDERS if one == self.sort), "due")

    def address(self, **more: object) -> str:
        """Return the query that asks for the same, and more."""
        given = structs.asdict(self) | more
        return urlencode({name: value for name, value in given.items() if value})


@get("/actions", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context],
    name: FromQuery[str] = "",
    narrowed: State = "",
    cycle: Filter = 0,
    mine: FromQuery[str] = "",
    sort: FromQuery[str] = "",
    start: Filter = 0,
) -> Response[str]:
    """Find actions: by organisation, state and cycle; one's own; those that are overdue."""
    filters = Filters(name, narrowed, cycle, mine, sort)
    found, total = await context.read(
        actions.asked_all, filters.wanted(context), filters.order, start=start, limit=_SHOWN
    )
    last = start + len(found)
    return context.page(
        "actions/list.html",
        lines=action_lines(context, found),
        total=total,
        first=start + 1,
        last=last,
        more=filters.address(start=last) if last < total else None,
        filters=filters,
        which=_WHICH,
        orders=_ORDERS,
        cycles=await context.read(actions.cycles_to_choose),
        narrowed=any((name, narrowed, cycle, mine)),
    )


@get("/actions/tables/{form:str}", opt=acting("read"), include_in_schema=False)
async def take_along(
    context: NamedDependency[Context],
    form: FromPath[Form],
    name: FromQuery[str] = "",
    narrowed: State = "",
    cycle: Filter = 0,
    mine: FromQuery[str] = "",
    sort: FromQuery[str] = "",
) -> Response[bytes]:
    """Download the actions that the list is narrowed to."""
    filters = Filters(name, narrowed, cycle, mine, sort)
    wanted, order = filters.wanted(context), filters.order
    found, _ = await context.read(actions.asked_all, wanted, order, start=0, limit=_ALL)
    content = await asyncio.to_thread(_table, context, found, form)
    headers = {"Content-Disposition": f'attachment; filename="actions.{form}"'}
    return Response(content, media_type=_TYPES[form], headers=headers)


def _table(context: Context, found: Sequence[tuple[Listed, Questionnaire]], form: Form) -> bytes:
    made = table(action_lines(context, found), context.language)
    return tables.csv(made, context.language) if form == "csv" else tables.xlsx(made)


def action_lines(context: Context, found: Sequence[tuple[Listed, Questionnaire]]) -> list[Line]:
    """Return actions in words."""
    on = today(context)
    return [
        line(asked, one.action, (one.organisation, one.owner, one.cycle), context.language, on)
        for one, asked in found
    ]


@get(_OF_ONE, opt=acting("read"), include_in_schema=False)
async def of_assessment(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    narrowed: State = "",
    sort: FromQuery[str] = "",
    indicator: FromQuery[str] = "",
) -> Response[str]:
    """Show the actions of an assessment, what became of earlier ones, and the form of another one."""
    filters = Filters(state=narrowed, sort=sort)
    return await _overview(context, assessment_id, filters, Sent(indicator))


@post(_OF_ONE, opt=acting("improve"), include_in_schema=False)
async def add(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Add an action by hand, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    sheet = await context.read(assessments.view, assessment_id)
    try:
        draft = sent.draft(_indicator(sheet, sent.indicator))
        await context.write(actions.add, assessment_id, [draft])
    except (*BEYOND, UnknownIndicatorError):
        raise
    except SurveyError as error:
        return await _overview(context, assessment_id, Filters(), sent, error)
    return Redirect(f"/assessments/{assessment_id}/actions", status_code=303)


def _indicator(sheet: Sheet, code: str) -> Indicator:
    found = sheet.questionnaire.indicators.get(code)
    if found is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=sheet.questionnaire.reference)
    return found


async def _overview(
    context: Context,
    assessment_id: int,
    filters: Filters,
    sent: Sent,
    error: SurveyError | None = None,
) -> Response[str]:
    wanted = filters.wanted(context, assessment_id)
    found = await context.read(actions.overview, assessment_id, wanted, filters.order)
    asked = found.sheet.questionnaire
    return context.page(
        "assessments/actions.html",
        status=error.status if error else 200,
        found=found,
        sheet=found.sheet,
        questionnaire=asked,
        lines=action_lines(context, [(one, asked) for one in found.planned]),
        outcomes=outcome_rows(context, found.sheet, found.became),
        filters=filters,
        which=_WHICH,
        orders=[one for one in _ORDERS if one != "organisation"],
        problem=error_pages.words(error, "", context.language) if error else "",
        **_target(found.sheet, sent, context.language),
    )


def _target(sheet: Sheet, sent: Sent, language: str) -> dict[str, object]:
    """Return what the form shows of what an action aims at."""
    asked = sheet.questionnaire
    indicator = asked.indicators.get(sent.indicator)
    rungs: list[Rung] = [] if indicator is None else blank_form(asked, indicator).rungs
    now = ""
    if indicator is not None:
        answer = sheet.answers.get(indicator.code)
        now = said(asked, indicator, answer, language).mark
        if not sent.choice and answer is not None and answer.level is not None:
            sent = structs.replace(sent, choice=str(answer.level + 1))  # what comes next
    return {"sent": sent, "indicator": indicator, "rungs": rungs, "now": now}


class OutcomeRow(Struct, frozen=True):
    """An earlier action in words, with what became of it: the answers here as marks."""

    line: Line
    became: Became
    own: str
    checked: str


def outcome_rows(context: Context, sheet: Sheet, became: Sequence[Became]) -> list[OutcomeRow]:
    """Return what became of earlier actions, in words."""
    lines = action_lines(context, [(one.listed, one.asked) for one in became])
    return [
        OutcomeRow(each, one, *_marks(sheet, one, context.language))
        for each, one in zip(lines, became, strict=True)
    ]


def _marks(sheet: Sheet, one: Became, language: str) -> tuple[str, str]:
    if one.indicator is None:
        return "", ""
    indicator = sheet.questionnaire.indicators[one.indicator]
    own, checked = (
        "" if answer is None else said(sheet.questionnaire, indicator, answer, language).mark
        for answer in (one.own, one.checked)
    )
    return own, checked


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(
    context: NamedDependency[Context], assessment_id: FromPath[int], action_id: FromPath[int]
) -> Response[str]:
    """Show an action, to be changed by whoever may."""
    return await one_page(context, assessment_id, action_id)


@post(_ONE, opt=acting("improve"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
) -> Response[Any]:
    """Change an action, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    found = await context.read(actions.load, assessment_id, action_id)
    try:
        indicator = _indicator(found.place.sheet, found.listed.action.indicator)
        wanted = sent.change(sent.after(indicator))
        await context.write(actions.change, assessment_id, action_id, wanted, sent.seen)
    except BEYOND:
        raise
    except SurveyError as error:
        return await one_page(context, assessment_id, action_id, error, sent)
    return Redirect(f"/assessments/{assessment_id}/actions/{action_id}", status_code=303)


async def one_page(
    context: Context,
    assessment_id: int,
    action_id: int,
    error: SurveyError | None = None,
    typed: Sent | None = None,
) -> Response[str]:
    """Return the page of an action: with why something was refused, and what was typed for it."""
    found = await context.read(actions.load, assessment_id, action_id)
    action, sheet = found.listed.action, found.place.sheet
    asked = sheet.questionnaire
    sent = typed or filled(action, tag(action), context.language)
    return context.page(
        "actions/one.html",
        status=error.status if error else 200,
        found=found,
        sheet=sheet,
        questionnaire=asked,
        line=action_lines(context, [(found.listed, asked)])[0],
        states=STATES,
        story=[told(asked, one, context.language) for one in found.trail],
        problem=error_pages.words(error, "", context.language) if error else "",
        **_target(sheet, structs.replace(sent, indicator=action.indicator), context.language),
    )
