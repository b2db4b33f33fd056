"""Planning a cycle, opening it, and seeing how far those who take part are."""

from collections.abc import Sequence

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.cycles import Calendar, Cycle, Progress
from survey_service.errors import NotFoundError
from survey_service.operations import audit, questionnaires
from survey_service.operations.preconditions import require_match
from survey_service.store import cycles, organisations
from survey_service.store.database import Reader, Writer


class Plan(Struct, frozen=True):
    """What a cycle is to be: what it is called, what it asks (`code@version`), of whom, and when."""

    name: str
    questionnaire: str
    calendar: Calendar
    participants: tuple[int, ...]


class Planned(Cycle, frozen=True, kw_only=True):
    """A cycle with the ids of the organisations that take part, as far as the reader sees them."""

    participants: list[int]


def plan(tx: Writer, actor: Actor, wanted: Plan) -> Planned:
    """Plan a cycle of the actor's organisation; nobody else sees it before it is opened.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        InvalidWindowError: The dates contradict one another.
        UnknownZoneError: There is no such time zone.
        NotFoundError: A participant is none that the actor sees.
    """
    require(actor, "plan")
    code, version = _require_sound(tx, actor, wanted)
    planned = Cycle(0, wanted.name, actor.organisation_id, code, version, wanted.calendar)
    added = cycles.add(tx, planned)
    cycles.save_participants(tx, added.id, wanted.participants)
    return _recorded(tx, actor, "cycle.plan", None, added)


def change(tx: Writer, actor: Actor, cycle_id: int, wanted: Plan, seen: str) -> Planned:
    """Change a cycle, on what its editor has `seen`; once it is open, all but what it asks.

    Raises:
        StaleEditError: It was changed since; see `preconditions`.
        WrongStateError: It is open and was to ask something else.
        SurveyError: See `plan`.
    """
    before = view(tx, actor, cycle_id)
    require(actor, "plan", owner=before.organisation_id)
    require_match(before, seen)
    code, version = _require_sound(tx, actor, wanted)
    before.require_same_version(code, version)
    changed = structs.replace(
        before, name=wanted.name, questionnaire=code, version=version, calendar=wanted.calendar
    )
    cycles.save(tx, bare(changed))
    cycles.save_participants(tx, cycle_id, wanted.participants)
    return _recorded(tx, actor, "cycle.change", before, bare(changed))


def open_cycle(tx: Writer, actor: Actor, cycle_id: int) -> Planned:
    """Open a cycle: what it asks is pinned from now on, and those who take part can begin.

    Raises:
        WrongStateError: It is open.
    """
    before = view(tx, actor, cycle_id)
    require(actor, "plan", owner=before.organisation_id)
    published = questionnaires.find(tx, before.questionnaire, before.version)
    opened = bare(before).opened(published.digest, clock.now())
    cycles.save(tx, opened)
    return _recorded(tx, actor, "cycle.open", before, opened)


def view(tx: Reader, actor: Actor, cycle_id: int) -> Planned:
    """Return a cycle with those who take part, as far as the actor sees them.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    require(actor, "read")
    found = cycles.fetch(tx, cycle_id, visible_to=actor)
    seen = organisations.visible(tx, actor.organisation_id)
    return _with(found, [each for each in cycles.participants(tx, cycle_id) if each in seen])


def plannable(tx: Reader, actor: Actor, cycle_id: int) -> Planned:
    """Return a cycle that the actor may change.

    Raises:
        NotFoundError: There is none, or none for this actor.
        ForbiddenError: The actor may not.
    """
    found = view(tx, actor, cycle_id)
    require(actor, "plan", owner=found.organisation_id)
    return found


def progress(tx: Reader, actor: Actor, cycle_id: int, *, after: int, limit: int) -> list[Progress]:
    """Return how far those who take part are, as far as the actor sees them."""
    require(actor, "read")
    cycles.fetch(tx, cycle_id, visible_to=actor)
    return cycles.progress(tx, cycle_id, actor, after=after, limit=limit)


def bare(planned: Planned) -> Cycle:
    """Return the cycle alone."""
    return Cycle(*(getattr(planned, field) for field in Cycle.__struct_fields__))


def _with(cycle: Cycle, participants: Sequence[int]) -> Planned:
    return Planned(**structs.asdict(cycle), participants=list(participants))


def _require_sound(tx: Reader, actor: Actor, wanted: Plan) -> tuple[str, str]:
    """Return the code and version to ask, once the plan holds together."""
    code, _, version = wanted.questionnaire.partition("@")
    questionnaires.find(tx, code, version)
    wanted.calendar.require_sensible()
    seen = organisations.visible(tx, actor.organisation_id)
    for each in wanted.participants:
        if each not in seen:
            raise NotFoundError(organisation=each)
    return code, version


def _recorded(
    tx: Writer, actor: Actor, action: str, before: Planned | None, cycle: Cycle
) -> Planned:
    after = view(tx, actor, cycle.id)
    audit.record(tx, actor, action, f"cycles/{cycle.id}", before=before, after=after)
    return after
