"""Actions: planning them, changing them, and finding those that an actor may see.

They are worked on by the organisation's team while its assessment lies before the inspectorate or
the ministry, and after it is final; since a merger, split or renaming by the team of what follows.
"""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.actions import (
    Action,
    Change,
    Draft,
    changed,
    require_day,
    require_target,
)
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.trail import Recorded
from survey_service.conduct.trail_search import Sought
from survey_service.errors import NotFoundError
from survey_service.errors.actions import NoStepChosenError
from survey_service.maturity.answers import accept
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit, notices, questionnaires
from survey_service.operations.action_outcomes import Became, became
from survey_service.operations.action_places import Place, placed
from survey_service.operations.assessments import Sheet, readable, view
from survey_service.operations.preconditions import require_match
from survey_service.store import action_evidence, actions, cycles, people
from survey_service.store.actions import Listed, Order, Wanted
from survey_service.store.database import Reader, Writer

LONGEST = 1000
"""Actions of one assessment that are shown together."""

_OFFERED = 100  # cycles to choose from
_TRAIL = 200  # entries about one action


class Found(Struct, frozen=True):
    """An action with what shows that it is done, what happened to it, and who could be its owner.

    `may` is whether its reader may change it.
    """

    place: Place
    listed: Listed
    evidence: list[Evidence]
    trail: list[Recorded]
    team: list[tuple[int, str]]
    may: bool


class Overview(Struct, frozen=True):
    """The actions of an assessment, what became of earlier ones, and whether its reader may add some."""

    sheet: Sheet
    planned: list[Listed]
    total: int
    became: list[Became]
    team: list[tuple[int, str]]
    may: bool


def path(action: Action) -> str:
    """Return the path, below its assessment, under which the trail tells of an action."""
    return f"actions/{action.indicator}/{action.id}"


def add(tx: Writer, actor: Actor, assessment_id: int, drafts: Sequence[Draft]) -> list[Action]:
    """Add actions of an assessment's organisation; a step that is one already stays the one it is.

    Raises:
        NotFoundError: There is no such assessment, or nobody of the organisation is such an owner.
        ForbiddenError: The actor is not of its team.
        ClosedError: It goes on in another one.
        NoStepChosenError: There is nothing to add.
        SurveyError: What is aimed at does not fit the indicator; see `require_target`.
    """
    sheet = view(tx, actor, assessment_id)
    require(actor, "improve", owner=sheet.assessment.organisation.id)
    sheet.assessment.require_going_on()
    if not drafts:
        raise NoStepChosenError
    known = actions.of_assessment(tx, assessment_id)
    made: list[Action] = []
    for draft in drafts:
        wanted = _made(tx, actor, sheet, draft)
        same = next((one for one in (*known, *made) if wanted.repeats(one)), None)
        made.append(same or _add(tx, actor, sheet, wanted))
    return made


def _made(tx: Reader, actor: Actor, sheet: Sheet, draft: Draft) -> Action:
    questionnaire, code = sheet.questionnaire, draft.indicator
    require_target(questionnaire, code, draft.after)
    require_day(draft.due)
    if draft.before is not None:
        accept(questionnaire, code, draft.before)
    owner = sheet.assessment.organisation.id
    _require_colleague(tx, owner, draft.owner_id)
    return Action(
        0,
        sheet.assessment.id,
        code,
        draft.before or sheet.answers.get(code),
        draft.after,
        draft.owner_id,
        "" if draft.owner_id is not None else draft.owner.strip(),
        draft.due,
        "planned",
        "",
        draft.notes,
        actor.name,
        clock.now(),
    )


def _require_colleague(tx: Reader, owner: int, person_id: int | None) -> None:
    if person_id is not None and people.colleague(tx, owner, person_id) is None:
        raise NotFoundError(person=person_id)


def _add(tx: Writer, actor: Actor, sheet: Sheet, wanted: Action) -> Action:
    added = actions.add(tx, wanted)
    audit.record_about(tx, actor, "action.add", added.assessment_id, path(added), after=added)
    notices.tell_owner(tx, actor, sheet.assessment, added, sheet.assessment.organisation.id)
    return added


def change(
    tx: Writer, actor: Actor, assessment_id: int, action_id: int, wanted: Change, seen: str
) -> Action:
    """Change an action, on what its editor has `seen`.

    Raises:
        NotFoundError: There is no such action for this actor, or nobody is such an owner.
        ForbiddenError: The actor is not of the organisation's team.
        StaleEditError: Somebody else changed it since.
        WhyDroppedError: It is dropped without a word why.
        SurveyError: What is aimed at does not fit the indicator; see `require_target`.
    """
    place = placed(tx, actor, assessment_id)
    sheet, owner = place.sheet, place.owner
    require(actor, "improve", owner=owner)
    before = fetch(tx, assessment_id, action_id).action
    require_match(before, seen)
    if wanted.after != before.after:
        require_target(sheet.questionnaire, before.indicator, wanted.after)
    if wanted.owner_id != before.owner_id:  # who left stays the owner until somebody else is
        _require_colleague(tx, owner, wanted.owner_id)
    after = changed(before, wanted)
    if after == before:
        return before
    actions.save(tx, after)
    audit.record_about(
        tx, actor, "action.change", assessment_id, path(after), before=before, after=after
    )
    if after.owner_id != before.owner_id:
        notices.tell_owner(tx, actor, sheet.assessment, after, owner)
    return after


def fetch(tx: Reader, assessment_id: int, action_id: int) -> Listed:
    """Return one action of an assessment that somebody may read.

    Raises:
        NotFoundError: There is no such one.
    """
    found = actions.fetch(tx, assessment_id, action_id)
    if found is None:
        raise NotFoundError(action=action_id)
    return found


def read(tx: Reader, actor: Actor, assessment_id: int, action_id: int) -> Listed:
    """Return one action.

    Raises:
        NotFoundError: There is no such one for this actor.
    """
    placed(tx, actor, assessment_id)
    return fetch(tx, assessment_id, action_id)


def load(tx: Reader, actor: Actor, assessment_id: int, action_id: int) -> Found:
    """Return an action with all that is told of it.

    Raises:
        NotFoundError: There is no such one for this actor.
    """
    place = placed(tx, actor, assessment_id)
    listed = fetch(tx, assessment_id, action_id)
    assessment = place.sheet.assessment
    sought = Sought(below=f"assessments/{assessment_id}/{path(listed.action)}")
    return Found(
        place,
        listed,
        action_evidence.attached(tx, action_id),
        audit.happened(tx, actor, assessment, sought, after=0, limit=_TRAIL),
        people.team(tx, place.owner),
        may(actor, "improve", owner=place.owner),
    )


def list_all(
    tx: Reader, actor: Actor, wanted: Wanted, order: Order, *, start: int, limit: int
) -> tuple[list[Listed], int]:
    """Return up to `limit` actions that the actor may see, and how many there are of them."""
    require(actor, "read")
    if wanted.assessment is not None:
        readable(tx, actor, wanted.assessment)
    found = actions.list_all(tx, actor, wanted, order, start=start, limit=limit)
    return found, actions.count(tx, actor, wanted)


def after(tx: Reader, actor: Actor, wanted: Wanted, last: int, *, limit: int) -> list[Listed]:
    """Return up to `limit` actions that the actor may see, oldest first, with ids above `last`."""
    require(actor, "read")
    if wanted.assessment is not None:
        readable(tx, actor, wanted.assessment)
    return actions.after(tx, actor, wanted, last, limit=limit)


def waiting(
    tx: Reader, actor: Actor, today: dt.date, *, limit: int
) -> tuple[list[tuple[Listed, Questionnaire]], int]:
    """Return up to `limit` of the actor's own open actions, the most urgent first, and how many there are."""
    return asked_all(tx, actor, Wanted(today, "open", mine=True), "due", start=0, limit=limit)


def overview(
    tx: Reader, actor: Actor, assessment_id: int, wanted: Wanted, order: Order
) -> Overview:
    """Return the actions of an assessment, up to `LONGEST` of those wanted.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    owner = sheet.assessment.organisation.id
    return Overview(
        sheet,
        actions.list_all(tx, actor, wanted, order, limit=LONGEST),
        actions.count(tx, actor, structs.replace(wanted, which=None)),
        became(tx, sheet),
        people.team(tx, owner),
        may(actor, "improve", owner=owner) and sheet.assessment.goes_on,
    )


def asked(tx: Reader, listed: Sequence[Listed]) -> list[tuple[Listed, Questionnaire]]:
    """Return actions with the questionnaires in which they were planned."""
    return [(one, questionnaires.decoded(tx, one.digest)) for one in listed]


def asked_all(
    tx: Reader, actor: Actor, wanted: Wanted, order: Order, *, start: int, limit: int
) -> tuple[list[tuple[Listed, Questionnaire]], int]:
    """Return what `list_all` does, with the questionnaires."""
    found, count = list_all(tx, actor, wanted, order, start=start, limit=limit)
    return asked(tx, found), count


def cycles_to_choose(tx: Reader, actor: Actor) -> list[Cycle]:
    """Return the cycles that a list of actions can be narrowed to, the newest first."""
    require(actor, "read")
    return cycles.newest(tx, actor, before=None, limit=_OFFERED)


class Planned(Struct, frozen=True):
    """The actions of an assessment by indicator, who could do more, and whether the reader may add some."""

    planned: dict[str, list[Listed]]
    team: list[tuple[int, str]]
    may: bool


def beside_plan(tx: Reader, actor: Actor, assessment_id: int) -> Planned:
    """Return what of the steps of a plan is an action already, and who could do the rest.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = readable(tx, actor, assessment_id)
    owner = assessment.organisation.id
    return Planned(
        by_indicator(tx, assessment_id),
        people.team(tx, owner),
        may(actor, "improve", owner=owner) and assessment.goes_on,
    )


def by_indicator(tx: Reader, assessment_id: int) -> dict[str, list[Listed]]:
    """Return the open and done actions of an assessment by indicator, for whoever may read it."""
    found: dict[str, list[Listed]] = {}
    for one in actions.listed(tx, assessment_id):
        if one.action.state != "dropped":
            found.setdefault(one.action.indicator, []).append(one)
    return found
