"""Planning a cycle, opening it, and seeing how far those who take part are."""

from collections.abc import Sequence

from msgspec import Struct, structs

from survey_service import clock
from survey_service.analysis.standings import Standing
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, require
from survey_service.conduct.cycles import Calendar, Cycle, Extension, Progress, Withdrawal
from survey_service.conduct.names import require_name
from survey_service.errors import NotFoundError
from survey_service.errors.cycles import HandedInError, NotWithdrawnError, WithdrawnError
from survey_service.errors.review import StepReasonError, WrongStateError
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit, questionnaires
from survey_service.operations.preconditions import require_match
from survey_service.store import assessments, cycles, organisations, standings
from survey_service.store.database import Reader, Writer

_NAMED = 5  # organisations in a refusal


class Plan(Struct, frozen=True):
    """What a cycle is to be: what it is called, what it asks (`code@version`), of whom, and when."""

    name: str
    questionnaire: str
    calendar: Calendar
    participants: tuple[int, ...]


class Planned(Cycle, frozen=True, kw_only=True):
    """A cycle with the ids of the organisations that take part, as far as the reader sees them.

    Those that are `withdrawn` are among them; `extensions` tells who has more time.
    """

    participants: list[int]
    withdrawn: tuple[Withdrawal, ...] = ()
    extensions: tuple[Extension, ...] = ()


def plan(tx: Writer, actor: Actor, wanted: Plan) -> Planned:
    """Plan a cycle of the actor's organisation; nobody else sees it before it is opened.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        InvalidNameError: It has no name.
        InvalidWindowError: The dates contradict one another.
        UnknownZoneError: There is no such time zone.
        NotFoundError: A participant is none that the actor sees.
    """
    require(actor, "plan")
    code, version = _require_sound(tx, actor, wanted)
    planned = Cycle(0, wanted.name, actor.organisation_id, code, version, wanted.calendar)
    added = cycles.add(tx, planned)
    cycles.add_participants(tx, added.id, wanted.participants)
    return _recorded(tx, actor, "cycle.plan", None, added)


def change(tx: Writer, actor: Actor, cycle_id: int, wanted: Plan, seen: str) -> Planned:
    """Change a cycle, on what its editor has `seen`; once it is open, all but what it asks.

    Participants that its editor does not see stay.

    Raises:
        HandedInError: One that has handed in was left out: it can be withdrawn, with a reason.
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
    _take_part(tx, before, wanted.participants)
    return _recorded(tx, actor, "cycle.change", before, bare(changed))


def _take_part(tx: Writer, before: Planned, wanted: Sequence[int]) -> None:
    known, left_out = set(before.participants), set(before.participants).difference(wanted)
    handed_in = cycles.handed_in(tx, before.id)
    if named := [name for id_, name in sorted(handed_in.items()) if id_ in left_out]:
        raise HandedInError(organisations=", ".join(named[:_NAMED]), count=len(named))
    for one in before.extensions:
        if one.organisation_id in left_out:
            cycles.forget_extension(tx, before.id, one)
    cycles.remove_participants(tx, before.id, left_out)
    cycles.add_participants(tx, before.id, [each for each in wanted if each not in known])


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


def withdraw(tx: Writer, actor: Actor, cycle_id: int, organisation_id: int, reason: str) -> Planned:
    """Let an organisation take part no longer, and visibly so: with its result, but not compared.

    Raises:
        NotFoundError: There is no such cycle or participant for this actor.
        WrongStateError: The cycle is not open: a participant can simply be left out.
        WithdrawnError: It is withdrawn already.
        StepReasonError: No reason is given.
    """
    before, known = _participant(tx, actor, cycle_id, organisation_id)
    if before.state != "open":
        raise WrongStateError(state=before.state, step="withdraw_participant")
    if known is not None:
        raise WithdrawnError(cycle=before.name, because=known.reason)
    if is_blank(reason):
        raise StepReasonError
    withdrawal = Withdrawal(organisation_id, reason, actor.name, clock.now())
    cycles.withdraw(tx, cycle_id, withdrawal)
    return _record(tx, actor, cycle_id, organisation_id, after=withdrawal)


def restore(tx: Writer, actor: Actor, cycle_id: int, organisation_id: int) -> Planned:
    """Let an organisation that was withdrawn take part again.

    Raises:
        NotFoundError: There is no such cycle or participant for this actor.
        NotWithdrawnError: It takes part.
    """
    _, known = _participant(tx, actor, cycle_id, organisation_id)
    if known is None:
        raise NotWithdrawnError(organisation=organisation_id)
    cycles.restore(tx, cycle_id, organisation_id)
    return _record(tx, actor, cycle_id, organisation_id, before=known)


def _participant(
    tx: Reader, actor: Actor, cycle_id: int, organisation_id: int
) -> tuple[Planned, Withdrawal | None]:
    """Return a cycle that the actor may change, and whether a participant is withdrawn from it."""
    found = plannable(tx, actor, cycle_id)
    if organisation_id not in found.participants:
        raise NotFoundError(organisation=organisation_id)
    withdrawn = {one.organisation_id: one for one in found.withdrawn}
    return found, withdrawn.get(organisation_id)


def _record(
    tx: Writer,
    actor: Actor,
    cycle_id: int,
    organisation_id: int,
    *,
    before: Withdrawal | None = None,
    after: Withdrawal | None = None,
) -> Planned:
    """Record that somebody is withdrawn or no longer so, in the trail of the assessment as well."""
    action = "cycle.restore" if after is None else "cycle.withdraw"
    about = f"cycles/{cycle_id}/participants/{organisation_id}"
    opened = assessments.in_cycle(tx, cycle_id, organisation_id)
    audit.record(tx, actor, action, about, before=before, after=after, assessment_id=opened)
    return view(tx, actor, cycle_id)


def view(tx: Reader, actor: Actor, cycle_id: int) -> Planned:
    """Return a cycle with those who take part, as far as the actor sees them.

    Raises:
        NotFoundError: There is none, or none for this actor.
    """
    require(actor, "read")
    found = cycles.fetch(tx, cycle_id, visible_to=actor)
    seen = organisations.visible(tx, actor.organisation_id)
    return Planned(
        **structs.asdict(found),
        participants=[each for each in cycles.participants(tx, cycle_id) if each in seen],
        withdrawn=tuple(
            one for one in cycles.withdrawals(tx, cycle_id) if one.organisation_id in seen
        ),
        extensions=tuple(
            one for one in cycles.extensions(tx, cycle_id) if one.organisation_id in seen
        ),
    )


def asked(tx: Reader, cycle: Cycle) -> Questionnaire:
    """Return what a cycle asks: what is pinned, or while it is planned, what is published."""
    code, version = cycle.questionnaire, cycle.version
    digest = cycle.digest or questionnaires.find(tx, code, version).digest
    return questionnaires.decoded(tx, digest)


class Participant(Struct, frozen=True):
    """A participant of a cycle that somebody may change, and whether it is withdrawn from it."""

    cycle: Planned
    questionnaire: Questionnaire
    standing: Standing
    withdrawal: Withdrawal | None


def participant(tx: Reader, actor: Actor, cycle_id: int, organisation_id: int) -> Participant:
    """Return a participant of a cycle, to be withdrawn or to take part again.

    Raises:
        NotFoundError: There is no such cycle or participant for this actor.
        ForbiddenError: The actor may not change the cycle.
    """
    cycle, withdrawal = _participant(tx, actor, cycle_id, organisation_id)
    found = standings.standing_of(tx, actor, cycle_id, organisation_id)
    if found is None:
        raise NotFoundError(organisation=organisation_id)
    return Participant(cycle, asked(tx, cycle), found, withdrawal)


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


def _require_sound(tx: Reader, actor: Actor, wanted: Plan) -> tuple[str, str]:
    """Return the code and version to ask, once the plan holds together."""
    code, _, version = wanted.questionnaire.partition("@")
    questionnaires.find(tx, code, version)
    require_name(wanted.name)
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
