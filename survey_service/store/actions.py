"""Actions, seen by the organisation whose they are, by what follows it, and by those above either."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.conduct.access import Actor
from survey_service.conduct.actions import OPEN, Action, State
from survey_service.store.assessments import contains
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import below, possible
from survey_service.store.successions import followed
from survey_service.store.tables import assessment, cycle, organisation, person
from survey_service.store.tables.actions import action

Which = State | Literal["open", "overdue"]
Order = Literal["due", "organisation", "indicator", "state"]

_ACTION = tuple(action.c[field] for field in Action.__struct_fields__)
_LISTED = (
    sa.select(
        *_ACTION,
        person.c.name,
        organisation.c.id,
        organisation.c.name,
        assessment.c.organisation_kind,
        assessment.c.digest,
        cycle.c.name,
    )
    .join_from(action, assessment)
    .join(organisation, organisation.c.id == assessment.c.organisation_id)
    .outerjoin(person, person.c.id == action.c.owner_id)
    .outerjoin(cycle, cycle.c.id == assessment.c.cycle_id)
    .where(assessment.c.discarded_at.is_(None))
)
_other = organisation.alias("other")
_GOES_ON = sa.or_(
    organisation.c.active,
    organisation.c.id.in_(followed(sa.select(_other.c.id).where(_other.c.active))),
)
_LATE_LAST = sa.case((action.c.due.is_(None), 1), else_=0)  # no day is later than any
_ORDERS: dict[Order, tuple[sa.ColumnElement[Any], ...]] = {
    "due": (_LATE_LAST, action.c.due),
    "organisation": (organisation.c.name, _LATE_LAST, action.c.due),
    "indicator": (action.c.indicator, _LATE_LAST, action.c.due),
    "state": (action.c.state, _LATE_LAST, action.c.due),
}


class Listed(Struct, frozen=True):
    """An action with whose it is: the person's name, None for none, and the organisation.

    `kind` and `digest` tell which questionnaire was asked, and how; `cycle` is None for none.
    """

    action: Action
    person: str | None
    organisation_id: int
    organisation: str
    kind: str
    digest: str
    cycle: str | None

    @property
    def owner(self) -> str:
        """Whose it is, "" for nobody's."""
        return self.person or self.action.owner


class Wanted(Struct, frozen=True):
    """What a list of actions is narrowed to; what is None or "" narrows nothing.

    `which` are those in a state, `open` ones, or `overdue` ones, for which `today` counts. `name` is
    a part of the organisation's name. `mine` are the actor's own, and for those who coordinate
    also those of nobody.
    """

    today: dt.date
    which: Which | None = None
    name: str = ""
    assessment: int | None = None
    cycle: int | None = None
    mine: bool = False


def add(tx: Writer, made: Action) -> Action:
    """Add an action and return it with its id."""
    values = structs.asdict(made)
    del values["id"]
    added = sa.insert(action).values(values).returning(action.c.id)
    return structs.replace(made, id=tx.execute(added).scalar_one())


def save(tx: Writer, changed: Action) -> None:
    """Record what can be changed of an action."""
    fields = ("after", "owner_id", "owner", "due", "state", "reason", "notes")
    values = {field: getattr(changed, field) for field in fields}
    tx.execute(sa.update(action).where(action.c.id == changed.id).values(values))


def of_assessment(tx: Reader, assessment_id: int) -> list[Action]:
    """Return the actions that were planned in an assessment, in the order in which they were."""
    query = sa.select(*_ACTION).where(action.c.assessment_id == assessment_id)
    return [Action(*row) for row in tx.execute(query.order_by(action.c.id))]


def listed(tx: Reader, assessment_id: int) -> list[Listed]:
    """Return the actions that were planned in an assessment, with whose they are."""
    query = _LISTED.where(action.c.assessment_id == assessment_id).order_by(action.c.id)
    return [_listed(row) for row in tx.execute(query)]


def fetch(tx: Reader, assessment_id: int, action_id: int) -> Listed | None:
    """Return one action of an assessment; None if there is no such one."""
    one = sa.and_(action.c.assessment_id == assessment_id, action.c.id == possible(action_id))
    row = tx.execute(_LISTED.where(one)).first()
    return None if row is None else _listed(row)


def list_all(
    tx: Reader, actor: Actor, wanted: Wanted, order: Order, *, start: int = 0, limit: int
) -> list[Listed]:
    """Return up to `limit` actions that the actor may see, after the first `start` of them."""
    query = _LISTED.where(*_narrowed(actor, wanted)).order_by(*_ORDERS[order], action.c.id)
    return [_listed(row) for row in tx.execute(query.offset(start).limit(limit))]


def count(tx: Reader, actor: Actor, wanted: Wanted) -> int:
    """Return how many actions there are of those that a list is narrowed to."""
    found = _LISTED.where(*_narrowed(actor, wanted)).with_only_columns(sa.func.count(action.c.id))
    return int(tx.execute(found).scalar_one())


def after(tx: Reader, actor: Actor, wanted: Wanted, last: int, *, limit: int) -> list[Listed]:
    """Return up to `limit` actions that the actor may see, with ids above `last`, in that order."""
    query = _LISTED.where(*_narrowed(actor, wanted), action.c.id > last)
    return [_listed(row) for row in tx.execute(query.order_by(action.c.id).limit(limit))]


def earlier(tx: Reader, organisations: Collection[int], *, before: int) -> list[Listed]:
    """Return the actions of organisations that were planned in assessments before one, newest first."""
    theirs = assessment.c.organisation_id.in_(organisations)
    query = _LISTED.where(theirs, action.c.assessment_id < before)
    newest_first = (action.c.assessment_id.desc(), action.c.id)
    return [_listed(row) for row in tx.execute(query.order_by(*newest_first))]


def due(tx: Reader, *, from_: dt.date, to: dt.date) -> list[Listed]:
    """Return every open action that is due within days, of organisations that still have people."""
    wanted = (action.c.state.in_(OPEN), action.c.due.between(from_, to), _GOES_ON)
    return [_listed(row) for row in tx.execute(_LISTED.where(*wanted).order_by(action.c.id))]


def _narrowed(actor: Actor, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    seen = below(sa.literal(actor.organisation_id, sa.Integer))
    theirs = sa.or_(
        assessment.c.organisation_id.in_(seen), assessment.c.organisation_id.in_(followed(seen))
    )
    found: list[sa.ColumnElement[bool]] = [theirs]
    if wanted.which in {"open", "overdue"}:
        found += [action.c.state.in_(OPEN), _GOES_ON]
    elif wanted.which is not None:
        found.append(action.c.state == wanted.which)
    if wanted.which == "overdue":
        found.append(action.c.due < wanted.today)
    if wanted.name:
        found.append(contains(organisation.c.name, wanted.name))
    if wanted.assessment is not None:
        found.append(action.c.assessment_id == possible(wanted.assessment))
    if wanted.cycle is not None:
        found.append(assessment.c.cycle_id == possible(wanted.cycle))
    return [*found, *([_of(actor)] if wanted.mine else [])]


def _of(actor: Actor) -> sa.ColumnElement[bool]:
    own = action.c.owner_id == actor.id
    if actor.role != "coordinator":
        return own
    place = sa.select(_other.c.id).where(_other.c.id == actor.organisation_id)
    owner = assessment.c.organisation_id
    here = sa.or_(owner.in_(place), owner.in_(followed(place)))
    return sa.or_(own, sa.and_(action.c.owner_id.is_(None), here))


def _listed(row: Sequence[Any]) -> Listed:
    count = len(_ACTION)
    return Listed(Action(*row[:count]), *row[count:])
