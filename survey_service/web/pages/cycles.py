"""Cycles: planning and opening them, how far those who take part are, and the board."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.analysis.standings import Standing, coverage
from survey_service.characters import normal
from survey_service.conduct.access import may
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.life import STATES, Stage
from survey_service.conduct.organisations import KINDS, Organised
from survey_service.errors import ForbiddenError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.cycles import InvalidWindowError
from survey_service.errors.writing import NotADateError
from survey_service.operations import (
    cycles,
    exports,
    openings,
    organisations,
    questionnaires,
    standings,
)
from survey_service.operations.cycles import Plan, Planned
from survey_service.operations.exports import Form, WantedTable
from survey_service.operations.preconditions import tag
from survey_service.operations.standings import Board
from survey_service.reports import standings as drawn
from survey_service.reports.papers import PAPERS, Paper, is_there
from survey_service.store import cycles as stored
from survey_service.web import bodies, jobs
from survey_service.web.access import acting
from survey_service.web.api.cycle_reports import file_of
from survey_service.web.api.lists import Filter, number
from survey_service.web.context import Context
from survey_service.web.pages.places import FEW
from survey_service.web.problems import BEYOND

_ONE = "/cycles/{cycle_id:int}"
_SHOWN = 20  # cycles on one page
_FOLLOWED = 200  # of those who take part on one page
_ROWS = 200  # of a table on the board; the files have them all
_OFFERED = FEW  # organisations to choose from; of more, one is asked for by name
_STAGES: tuple[Stage, ...] = ("self", "internal", "external")
_Entry = Annotated[str, Meta(max_length=40)]


class Sent(Struct, frozen=True):
    """A cycle as its form has it: days by stage; who takes part, by kind or one by one.

    `seen` is the tag of what was changed; "" for a new one. With `look` nothing is saved: those are
    shown whose name has what is to `find` in it.
    """

    name: bodies.Line = ""
    questionnaire: bodies.Line = ""
    opens: dict[_Entry, _Entry] = {}
    closes: dict[_Entry, _Entry] = {}
    time_zone: bodies.Line = "Asia/Jakarta"
    kind: dict[_Entry, _Entry] = {}
    organisation: dict[_Entry, _Entry] = {}
    seen: bodies.Line = ""
    find: bodies.Line = ""
    look: str = ""

    def plan(self, known: list[Organised]) -> Plan:
        """Return the plan that this is, of organisations that are `known`.

        Raises:
            InvalidWindowError: Of a stage only one of its two days is there.
            NotADateError: A day is none.
        """
        windows = {stage: window for stage in _STAGES if (window := self._window(stage))}
        participants = tuple(
            one.id
            for one in known
            if str(one.id) in self.organisation or (one.active and one.kind in self.kind)
        )
        calendar = Calendar(windows, self.time_zone)
        return Plan(self.name.strip(), self.questionnaire, calendar, participants)

    def _window(self, stage: Stage) -> Window | None:
        opens, closes = self.opens.get(stage, ""), self.closes.get(stage, "")
        if not opens and not closes:
            return None
        if not opens or not closes:
            raise InvalidWindowError(stage=stage, reason="window_missing")
        return Window(_day(opens), _day(closes))


@get("/cycles", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show the cycles that the reader plans, takes part in or watches over."""
    found = await context.read(stored.newest, before=number(cursor), limit=_SHOWN + 1)
    return context.page(
        "cycles/list.html",
        found=found[:_SHOWN],
        names=await context.read(questionnaires.names),
        more=found[_SHOWN - 1].id if len(found) > _SHOWN else None,
        may=context.who is not None and may(context.who, "plan"),
        may_export=context.who is not None and may(context.who, "export"),
    )


@get("/cycles/new", opt=acting("plan"), include_in_schema=False)
async def new(context: NamedDependency[Context]) -> Response[str]:
    """Show the form of a new cycle."""
    await context.require("plan")
    return await _form(context, None, Sent())


@post("/cycles", opt=acting("plan"), include_in_schema=False)
async def plan(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[Any]:
    """Plan a cycle, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    if sent.look:
        return await _form(context, None, sent)
    known = await context.read(organisations.all_seen)
    try:
        planned = await context.make(Planned, cycles.plan, sent.plan(known))
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        return await _form(context, None, sent, error)
    return Redirect(f"/cycles/{planned.id}", status_code=303)


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    wanted: FromQuery[Annotated[str, QueryParameter(name="state")]] = "",
    name: FromQuery[str] = "",
    start: Filter = 0,
) -> Response[str]:
    """Show a cycle, and how far those who take part are: all, or those in a state or of a name."""
    found, sought = await context.read(standings.overview, cycle_id), normal(name)
    shown = [
        one
        for one in found.standings
        if wanted in {"", one.place or "none"} and sought in normal(one.name)
    ]
    return context.page(
        "cycles/one.html",
        found=found,
        cycle=found.cycle,
        standings=shown[start : start + _FOLLOWED],
        start=start,
        following=start + _FOLLOWED if len(shown) > start + _FOLLOWED else None,
        total=len(found.standings),
        coverage=coverage(found.standings),
        states=STATES,
        state=wanted,
        papers=[one for one in PAPERS if any(_has(each, one) for each in found.standings)],
        name=name,
        mail=context.services.mail is not None,
    )


@get(_ONE + "/edit", opt=acting("plan"), include_in_schema=False)
async def edit(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Response[str]:
    """Show the form of a cycle."""
    cycle = await context.read(cycles.plannable, cycle_id)
    return await _form(context, cycle, _sent(cycle))


@post(_ONE, opt=acting("plan"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any], context: NamedDependency[Context], cycle_id: FromPath[int]
) -> Response[Any]:
    """Change a cycle, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    before = await context.read(cycles.plannable, cycle_id)
    if sent.look:
        return await _form(context, before, sent)
    try:
        await context.write(
            cycles.change,
            cycle_id,
            sent.plan(await context.read(organisations.all_seen)),
            sent.seen,
        )
    except BEYOND:
        raise
    except SurveyError as error:
        return await _form(context, before, sent, error)
    return Redirect(f"/cycles/{cycle_id}", status_code=303)


@get(_ONE + "/opening", opt=acting("plan"), include_in_schema=False)
async def confirm_opening(
    context: NamedDependency[Context], cycle_id: FromPath[int]
) -> Response[str]:
    """Show what opening a cycle will do and what is odd, to be confirmed."""
    found = await context.read(openings.of_cycle, cycle_id)
    concerns = [
        i18n.translate(f"concern.{one.oddity}", context.language, count=one.count)
        for one in found.concerns
    ]
    return context.page(
        "cycles/opening.html",
        found=found,
        cycle=found.cycle,
        concerns=concerns,
        names=await context.read(questionnaires.names),
    )


@post(_ONE + "/opening", opt=acting("plan"), include_in_schema=False)
async def open_cycle(
    request: Request[Any, Any, Any], context: NamedDependency[Context], cycle_id: FromPath[int]
) -> Redirect:
    """Open a cycle."""
    await bodies.form(request, Struct)
    await context.make(Planned, cycles.open_cycle, cycle_id)
    return Redirect(f"/cycles/{cycle_id}", status_code=303)


@get(_ONE + "/board", opt=acting("read"), include_in_schema=False)
async def show_board(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    organisation: Filter = 0,
    name: FromQuery[str] = "",
) -> Response[str]:
    """Show the board of a cycle: everybody in charts, and one among its peers."""
    board = await context.read(standings.board, cycle_id)
    return await asyncio.to_thread(_board_page, context, board, organisation, name)


def _board_page(context: Context, board: Board, organisation: int, name: str) -> Response[str]:
    questionnaire, found, language = board.questionnaire, board.standings, context.language
    counted = [each for each in found.rows if each.counts]
    one = _chosen(counted, organisation, name.strip())
    return context.page(
        "cycles/board.html",
        cycle=board.cycle,
        questionnaire=questionnaire,
        figures=drawn.figures(questionnaire, found, language, _ROWS),
        one=one,
        among=drawn.among_peers(questionnaire, found, one, language) if one else None,
        compared=len(counted),
        offered=counted if len(counted) <= _OFFERED else [],
        named=name,
    )


@get(_ONE + "/tables/{table:str}", opt=acting("read"), include_in_schema=False)
async def table(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    table: FromPath[str],
    form: FromQuery[Form] = "csv",
    organisation: Filter = 0,
) -> Response[Any]:
    """Download a table of the board; or see it being made."""
    wanted = WantedTable(cycle_id, table, form, organisation, context.language)
    job_id = await context.ask(exports.request, wanted)
    if await jobs.is_done(context, job_id):
        return await file_of(context, job_id)
    return jobs.progress_of(job_id)


def _has(standing: Standing, paper: Paper) -> bool:
    """Whether there is a paper on the assessment of who takes part."""
    return standing.state is not None and is_there(paper, standing.state)


def _chosen(rows: Sequence[Standing], organisation: int, name: str) -> Standing | None:
    """Return the organisation of an id, or the first one whose name has what was typed in it."""
    wanted = name.casefold()
    return next(
        (
            one
            for one in rows
            if one.organisation_id == organisation or (wanted and wanted in one.name.casefold())
        ),
        None,
    )


async def _form(
    context: Context, cycle: Planned | None, sent: Sent, error: SurveyError | None = None
) -> Response[str]:
    known = await context.read(organisations.all_seen)
    counted = {kind: sum(one.active and one.kind == kind for one in known) for kind in KINDS}
    return context.page(
        "cycles/form.html",
        status=error.status if error else 200,
        cycle=cycle,
        sent=sent,
        stages=_STAGES,
        published=await context.read(questionnaires.list_all),
        organisations=_shown(known, sent),
        many=len(known) if len(known) > FEW else 0,
        counted={kind: count for kind, count in counted.items() if count},
        problem=i18n.describe(error, context.language) if error else "",
    )


def _shown(known: list[Organised], sent: Sent) -> list[Organised]:
    """Return the organisations to tick: all where they are few, else those ticked and those sought."""
    sought = normal(sent.find)
    return [
        one
        for one in known
        if len(known) <= FEW
        or str(one.id) in sent.organisation
        or (sought and sought in normal(one.name))
    ]


def _sent(cycle: Planned) -> Sent:
    """Return the form as it is filled in by a cycle."""
    windows: Mapping[Stage, Window] = cycle.calendar.windows
    return Sent(
        cycle.name,
        f"{cycle.questionnaire}@{cycle.version}",
        {stage: window.opens.isoformat() for stage, window in windows.items()},
        {stage: window.closes.isoformat() for stage, window in windows.items()},
        cycle.calendar.time_zone,
        {},
        {str(one): "on" for one in cycle.participants},
        tag(cycle),
    )


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise NotADateError(value=written) from None
