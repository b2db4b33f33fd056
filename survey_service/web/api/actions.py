"""Actions: planned in an assessment, changed until they are done or dropped, and what became of them."""

import datetime as dt
import zoneinfo
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Meta, Struct

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.actions import Action, Change, Draft, Outcome, State
from survey_service.maturity.answers import Answer
from survey_service.operations import action_outcomes, actions
from survey_service.operations.assessments import view
from survey_service.store.actions import Listed, Wanted
from survey_service.store.database import Reader
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import IfMatch, Key, seen, tagged
from survey_service.web.api.lists import LONGEST, Cursor, Filter, Page, number, paged
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_OF_ONE = "/assessments/{assessment_id:int}/actions"
_ONE = _OF_ONE + "/{action_id:int}"
Which = State | Literal["all", "open", "overdue"]


class PlannedActions(Struct, frozen=True, forbid_unknown_fields=True):
    """Actions to add, such as the steps of a plan; what is one already, and open, is added once."""

    actions: Annotated[list[Draft], Meta(min_length=1, max_length=500)]


class ListedAction(Struct, frozen=True):
    """An action, whose it is, and in which cycle it was planned; `overdue` by today's date here."""

    action: Action
    owner: str
    organisation_id: int
    organisation: str
    cycle: str | None
    overdue: bool


class ActionOutcome(Struct, frozen=True):
    """What became of an action of an earlier assessment.

    `indicator` is the code under which the same is asked here, null where it is not; `own` is the
    organisation's answer, and `checked` what the last of those who check gave.
    """

    action: Action
    outcome: Outcome
    indicator: str | None
    own: Answer | None
    checked: Answer | None


def today(context: Context) -> dt.date:
    """Return the date where the service is."""
    return clock.now().astimezone(zoneinfo.ZoneInfo(context.services.settings.time_zone)).date()


@get("/actions", opt=acting("read"), operation_id="listActions")
async def read_all(
    context: NamedDependency[Context],
    cursor: Cursor = None,
    which: FromQuery[Which] = "all",
    name: FromQuery[str] = "",
    cycle: Filter = 0,
    mine: FromQuery[Literal["yes", "no"]] = "no",
) -> Page[ListedAction]:
    """List the actions of your organisation and of those below it, oldest first.

    All, or those in one state, `open` or `overdue`; of organisations whose name has `name` in it; that
    were planned in one cycle; your own, and nobody's where you coordinate.
    """
    narrowed = None if which == "all" else which
    wanted = Wanted(today(context), narrowed, name, None, cycle or None, mine == "yes")
    return await _page(context, wanted, cursor)


@get(_OF_ONE, opt=acting("read"), operation_id="listAssessmentActions")
async def of_assessment(
    context: NamedDependency[Context], assessment_id: FromPath[int], cursor: Cursor = None
) -> Page[ListedAction]:
    """List the actions that were planned in an assessment."""
    return await _page(context, Wanted(today(context), assessment=assessment_id), cursor)


async def _page(context: Context, wanted: Wanted, cursor: str | None) -> Page[ListedAction]:
    after = number(cursor) or 0
    found = await context.read(actions.after, wanted, after, limit=LONGEST + 1)
    rows = [_row(one, wanted.today) for one in found]
    return paged(rows, lambda one: one.action.id)


def _row(one: Listed, on: dt.date) -> ListedAction:
    place = (one.organisation_id, one.organisation, one.cycle)
    return ListedAction(one.action, one.owner, *place, one.action.is_overdue(on))


@post(
    _OF_ONE,
    opt=acting("improve"),
    operation_id="planActions",
    operation_class=taking(PlannedActions),
)
async def add(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Page[Action]:
    """Add actions of the assessment's organisation."""
    given = await bodies.json(request, PlannedActions)
    made = await context.once(key, list[Action], actions.add, assessment_id, given.actions)
    return Page(made, None)


@get(_ONE, opt=acting("read"), operation_id="readAction")
async def read(
    context: NamedDependency[Context], assessment_id: FromPath[int], action_id: FromPath[int]
) -> Response[Action]:
    """Read an action; its ETag is what a change must be based on."""
    return tagged((await context.read(actions.read, assessment_id, action_id)).action)


@put(
    _ONE,
    opt=acting("improve"),
    operation_id="changeAction",
    operation_class=taking(Change),
)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    action_id: FromPath[int],
    if_match: IfMatch = None,
) -> Response[Action]:
    """Change an action, on what `If-Match` names; one that is dropped says why."""
    based_on = seen(if_match)
    wanted = await bodies.json(request, Change)
    named = (assessment_id, action_id, wanted, based_on)
    return tagged(await context.write(actions.change, *named))


@get(
    "/assessments/{assessment_id:int}/action-outcomes",
    opt=acting("read"),
    operation_id="listActionOutcomes",
)
async def outcomes(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Page[ActionOutcome]:
    """List what became, in this assessment, of the actions that were planned in earlier ones."""
    return Page(await context.read(_outcomes, assessment_id), None)


def _outcomes(tx: Reader, actor: Actor, assessment_id: int) -> list[ActionOutcome]:
    sheet = view(tx, actor, assessment_id)
    return [
        ActionOutcome(one.listed.action, one.outcome, one.indicator, one.own, one.checked)
        for one in action_outcomes.became(tx, sheet)
    ]
