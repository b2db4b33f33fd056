"""The fill-in page: the answers of a part, what lies beside each, and who else is there."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.evidence import Evidence, Space
from survey_service.conduct.life import Stage
from survey_service.conduct.remarks import Remark
from survey_service.conduct.teamwork import Assignment, Leaver, Ready, assignees, leavers
from survey_service.errors import NotFoundError
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import continuations
from survey_service.maturity.tree import Indicator
from survey_service.operations import audit, evidence, notices
from survey_service.operations.assessments import Sheet, asked, before, may_answer, readable, view
from survey_service.operations.carrying_over import available
from survey_service.operations.master_data import Offer, offered
from survey_service.operations.preconditions import tag
from survey_service.store import evidence as spaces
from survey_service.store import people, presence, remarks, teamwork
from survey_service.store.database import Reader, Writer
from survey_service.store.presence import Present

PRESENT = dt.timedelta(seconds=20)  # after the last sign of somebody
_SIGN = dt.timedelta(seconds=8)  # between two signs that are recorded: each is a write


class Before(Struct, frozen=True):
    """What was answered before, as it stood then: in which assessment, to what, how, and by whose score."""

    assessment: Assessment
    questionnaire: Questionnaire
    indicator: Indicator
    answer: Answer
    stage: Stage


class Annotations(Struct, frozen=True):
    """What lies beside the answer to an indicator.

    `evidence` tells what was taken away as well, should it be put back. `assigned` is who is to answer;
    `ready` is there while the answer is the one that somebody called so.
    """

    evidence: list[Evidence]
    remarks: list[Remark]
    assigned: Assignment | None
    ready: Ready | None

    @property
    def attached(self) -> list[Evidence]:
        """The evidence that was not taken away."""
        return [one for one in self.evidence if one.removed_at is None]

    @property
    def open(self) -> list[Remark]:
        """The remarks that nobody has resolved."""
        return [one for one in self.remarks if one.is_open]

    @property
    def is_to_mend(self) -> bool:
        """Whether somebody asked for a correction."""
        return any(one.is_to_mend for one in self.remarks)


class Allowed(Struct, frozen=True):
    """What the reader may do with the answers, and beside them, at the time.

    They may attach evidence in support of an objection too, and take nothing away then. What those of
    the `team` say is for themselves, unless they share it.
    """

    answer: bool
    attach: bool
    take_away: bool
    comment: bool
    team: bool
    assign: bool
    ready: bool


class Filling(Struct, frozen=True):
    """An assessment to be filled in: its sheet, what lies beside each answer, and who is there.

    `team` is who can be assigned a part, `leavers` who has parts and left; `before` what was answered
    the time before, by indicator; `pulse` is another one whenever anything of all this is, but for
    `space`: what files take. `points` are those still to mend. `offer` is what has changed in the
    organisation's master data, None where nothing is offered; `carryable` has the codes of what the
    assessment before can hand on, `mentionable` the ids and names of those whom a comment can mention.
    """

    sheet: Sheet
    annotations: Mapping[str, Annotations]
    before: Mapping[str, Before]
    assignments: Mapping[str, Assignment]
    team: list[tuple[int, str]]
    leavers: list[Leaver]
    allowed: Allowed
    present: list[Present]
    pulse: str
    space: Space
    points: list[Remark]
    offer: Offer | None = None
    carryable: frozenset[str] = frozenset()
    mentionable: list[tuple[int, str]] = []


def load(tx: Reader, actor: Actor, assessment_id: int) -> Filling:
    """Return an assessment as its team fills it in.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    owner, allowed = assessment.organisation.id, _allowed(actor, assessment)
    assigned = teamwork.assignments(tx, assessment_id)
    found_remarks = remarks.remarks(tx, assessment_id, actor.audiences(owner))
    earlier = before(tx, actor, sheet)
    present = _present(tx, actor, assessment_id)
    return Filling(
        sheet,
        _annotations(tx, sheet, assigned, found_remarks),
        _before(sheet, earlier),
        assigned,
        people.team(tx, owner) if allowed.assign else [],
        leavers(assigned.values()),
        allowed,
        present,
        _pulse(tx, actor, assessment, present),
        spaces.space(tx, assessment_id, owner),
        [one for one in found_remarks if one.is_to_mend],
        offered(tx, actor, sheet),
        frozenset(available(sheet, earlier) if allowed.attach else ()),
        notices.names_to_choose(tx, actor, assessment) if allowed.comment else [],
    )


def _allowed(actor: Actor, assessment: Assessment) -> Allowed:
    owner, is_answered = assessment.organisation.id, assessment.is_answered
    commented = assessment.goes_on and assessment.state != "final"
    return Allowed(
        answer=may_answer(actor, assessment),
        attach=_attaches(actor, assessment),
        take_away=is_answered and _attaches(actor, assessment),
        comment=commented and may(actor, "comment", owner=owner),
        team=actor.is_team(owner),
        assign=is_answered and may(actor, "assign", owner=owner),
        ready=is_answered and may(actor, "ready", owner=owner),
    )


def _attaches(actor: Actor, assessment: Assessment) -> bool:
    owner = assessment.organisation.id
    if assessment.state == "objection":
        return assessment.goes_on and may(actor, "object", owner=owner)
    return assessment.is_answered and may(actor, "attach", owner=owner, stage="self")


def pulse(tx: Reader, actor: Actor, assessment_id: int) -> str:
    """Return the pulse of an assessment: `load` need not be asked again while it stays the same.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = readable(tx, actor, assessment_id)
    return _pulse(tx, actor, assessment, _present(tx, actor, assessment_id))


def _pulse(tx: Reader, actor: Actor, assessment: Assessment, present: list[Present]) -> str:
    places = [(one.person_id, one.place) for one in present]
    return tag((audit.newest(tx, actor, assessment), places))


def _present(tx: Reader, actor: Actor, assessment_id: int) -> list[Present]:
    """Return who else is at an assessment."""
    found = presence.present(tx, assessment_id, clock.now() - PRESENT)
    return [one for one in found if one.person_id != actor.id]


def must_sign(tx: Reader, actor: Actor, assessment_id: int, place: str) -> bool:
    """Whether it is time to record where the actor is."""
    return not any(
        one.person_id == actor.id and one.place == place
        for one in presence.present(tx, assessment_id, clock.now() - _SIGN)
    )


def sign(tx: Writer, actor: Actor, assessment_id: int, place: str) -> None:
    """Record that the actor is at a part of an assessment.

    Raises:
        NotFoundError: There is no such part for this actor.
    """
    if place not in asked(tx, readable(tx, actor, assessment_id)).things:
        raise NotFoundError(node=place)
    presence.save(tx, assessment_id, actor.id, place, clock.now())


def _annotations(
    tx: Reader, sheet: Sheet, assigned: Mapping[str, Assignment], found_remarks: Sequence[Remark]
) -> dict[str, Annotations]:
    assessment_id = sheet.assessment.id
    attached = evidence.by_indicator(tx, assessment_id)
    remarked: defaultdict[str | None, list[Remark]] = defaultdict(list)
    for remark in found_remarks:
        remarked[remark.indicator].append(remark)
    whose = assignees(sheet.questionnaire, assigned)
    ready = teamwork.readies(tx, assessment_id)
    found = {}
    for code in sheet.questionnaire.indicators:
        response, called = sheet.responses.get(code), ready.get(code)
        current = response and called and response.revision == called.revision
        found[code] = Annotations(
            attached[code], remarked[code], whose.get(code), called if current else None
        )
    return found


def _before(sheet: Sheet, earlier: Sheet | None) -> dict[str, Before]:
    """Return the answers of the newest assessment that this one continues, by today's codes."""
    if earlier is None:
        return {}
    old, given = earlier.questionnaire, earlier.answers
    same = earlier.assessment.digest == sheet.assessment.digest
    codes = (
        {code: code for code in old.indicators}
        if same
        else {one.new: one.old[0] for one in continuations(old, sheet.questionnaire)}
    )
    return {
        new: Before(earlier.assessment, old, old.indicators[code], given[code], earlier.stage)
        for new, code in codes.items()
        if code in given
    }
