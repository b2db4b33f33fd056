"""The steps in the life of an assessment: handing in, checking, returning, deciding, reopening."""

from collections.abc import Sequence

from msgspec import Struct

from survey_service import clock
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Moved, Stage, Step, allowed, at_work, working
from survey_service.conduct.remarks import AGAIN, Remark
from survey_service.conduct.tasks import is_late
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.review import (
    OpenObjectionsError,
    PointsMissingError,
    StepReasonError,
    UncheckedError,
)
from survey_service.maturity.answers import Prose
from survey_service.operations import audit, discarding, notices, receipts, results, webhooks
from survey_service.operations import remarks as remarking
from survey_service.operations.action_outcomes import Became, became
from survey_service.operations.assessments import Course, Sheet, course, may_answer, view
from survey_service.operations.master_data import Offer, offered
from survey_service.store import assessments, remarks, steps
from survey_service.store.database import Reader, Writer

_CHECKED: frozenset[Step] = frozenset({"pass_on", "announce", "finalise"})


class Point(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be mended before the assessment is handed in again; on one indicator, or on all."""

    text: Prose
    indicator: str | None = None


class Taking(Struct, frozen=True, forbid_unknown_fields=True):
    """A step to take: why, and with what points where the assessment is returned."""

    step: Step
    reason: Prose = ""
    points: tuple[Point, ...] = ()


class Taken(Taking, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A step as it is recorded, with the digest of what was handed in."""

    digest: str | None = None


def take(tx: Writer, actor: Actor, assessment_id: int, taking: Taking) -> Assessment:
    """Take a step; from then on the assessment is in the state to which it leads.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The step is for others.
        WrongStateError: The state does not allow it.
        WithdrawnError: The organisation is withdrawn from the cycle.
        SurveyError: Something is still missing; see `require_ready`.
    """
    sheet = view(tx, actor, assessment_id)
    before, step = sheet.assessment, taking.step
    owner = before.organisation.id
    require(actor, step, owner=owner)
    now = clock.now()
    after = before.taken(step, now)
    require(actor, step, owner=owner, stage=working(step, before.state, before.stages))
    given = _give_points(tx, actor, sheet, taking)
    require_ready(tx, sheet, taking, given)
    assessments.save_state(tx, after)
    handed_in = None if step != "submit" else receipts.current(tx, sheet)
    moved = Moved(
        0, step, before.state, after.state, actor.name, now, taking.reason, digest=handed_in
    )
    outcome = results.settle(tx, after, moved)
    told = Taken(step, taking.reason, digest=handed_in)  # each point is told by itself
    recorded = (after, outcome, told)
    audit.record_about(
        tx, actor, f"assessment.{step}", assessment_id, before=before, after=recorded
    )
    notices.tell_of_step(tx, actor, after, step)
    webhooks.tell(tx, after, step)
    return after


def _give_points(tx: Writer, actor: Actor, sheet: Sheet, taking: Taking) -> int:
    """Give the agency the points to mend, those written down before and those of the step."""
    assessment = sheet.assessment
    stage = at_work(assessment.state)
    if taking.step != "return" or stage is None:
        return 0
    written = remarking.give(tx, actor, assessment.id, stage)
    for point in taking.points:
        made = Remark(0, "point", point.indicator, point.text, actor.name, clock.now())
        added = remarks.add(tx, assessment.id, made)
        audit.record_about(tx, actor, "remark.point", assessment.id, added.place, after=added)
    return written


class Standing(Struct, frozen=True):
    """Where an assessment stands: what happened to it, and what its reader may do about it now.

    `course` has the assessment before, None where there is none that it continues.
    `offer` is what has changed in its organisation's master data, None where nothing is offered.
    `mentionable` has the ids and names of those whom a comment can mention, and `became` what became
    of the actions that were planned before.
    """

    sheet: Sheet
    taken: list[Moved]
    remarks: list[Remark]
    possible: tuple[Step, ...]
    may_comment: bool
    may_object: bool
    may_settle: bool
    may_score: bool
    may_answer: bool
    is_team: bool
    may_discard: bool
    course: Course | None
    offer: Offer | None
    mentionable: list[tuple[int, str]]
    became: list[Became]

    @property
    def points(self) -> list[Remark]:
        """What the agency is still to mend."""
        return [one for one in self.remarks if one.is_to_mend]


def load(tx: Reader, actor: Actor, assessment_id: int) -> Standing:
    """Return where an assessment stands for an actor."""
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    owner, going_on = assessment.organisation.id, assessment.goes_on
    may_comment = going_on and assessment.state != "final" and may(actor, "comment", owner=owner)
    taken = steps.steps(tx, assessment_id)
    return Standing(
        sheet,
        _seen(actor, assessment, taken),
        remarks.remarks(tx, assessment_id, actor.audiences(owner)),
        _possible(actor, assessment) if going_on else (),
        may_comment,
        going_on and assessment.state == "objection" and may(actor, "object", owner=owner),
        going_on and may(actor, "settle", owner=owner),
        going_on and _scores(actor, assessment),
        may_answer(actor, assessment),
        actor.is_team(owner),
        discarding.is_possible(tx, actor, assessment, taken),
        course(tx, actor, sheet),
        offered(tx, actor, sheet),
        notices.names_to_choose(tx, actor, assessment) if may_comment else [],
        became(tx, sheet),
    )


def _scores(actor: Actor, assessment: Assessment) -> bool:
    """Whether an actor is one of those who score now what the agency answered."""
    stage, owner = at_work(assessment.state), assessment.organisation.id
    return stage not in {None, "self"} and may(actor, "answer", owner=owner, stage=stage)


def _possible(actor: Actor, assessment: Assessment) -> tuple[Step, ...]:
    """Return the steps that an actor may take now, as far as nothing is missing for them."""
    state, owner = assessment.state, assessment.organisation.id
    return tuple(
        step
        for step in allowed(state)
        if may(actor, step, owner=owner, stage=working(step, state, assessment.stages))
    )


def taken(tx: Reader, actor: Actor, assessment_id: int) -> list[Moved]:
    """Return the steps that an assessment has taken, oldest first; they are there for ever."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    return _seen(actor, assessment, steps.steps(tx, assessment_id))


def was_just_taken(tx: Reader, actor: Actor, assessment_id: int, step: Step) -> bool:
    """Whether the last step is this one, and the actor's own of this minute."""
    newest = taken(tx, actor, assessment_id)[-1:]
    told = [(one.step, one.author) for one in newest if clock.now() - one.at < AGAIN]
    return told == [(step, actor.name)]


def _seen(actor: Actor, assessment: Assessment, taken: list[Moved]) -> list[Moved]:
    """Return steps with those of their results that an actor may see by now."""
    stages = actor.sees(assessment.state)
    return [one.seen_by(stages) for one in taken]


def require_ready(tx: Reader, sheet: Sheet, taking: Taking, given: int = 0) -> None:
    """Raise what is still missing for a step.

    Raises:
        OutsideDatesError: It is too early or too late to hand in.
        IncompleteError: Indicators are unanswered.
        UncheckedError: Answers are not scored at the stage that is to end.
        OpenObjectionsError: Objections are unanswered.
        PointsMissingError: It is to be returned without a point.
        UnknownIndicatorError: A point is on what is not asked.
        StepReasonError: It is to be reopened without a reason.
    """
    assessment, step = sheet.assessment, taking.step
    if step == "submit":
        _require_in_time(sheet, taking.reason)
        assessment.require_complete(sheet.questionnaire, sheet.confirmed)
    if step in _CHECKED:
        _require_checked(sheet, at_work(assessment.state))
    if step == "finalise" and (count := remarks.count_open(tx, assessment.id, "objection")):
        raise OpenObjectionsError(count=count)
    if step == "return":
        _require_points(sheet, taking.points, given)
    if step == "reopen" and is_blank(taking.reason):
        raise StepReasonError


def _require_in_time(sheet: Sheet, reason: str) -> None:
    """Raise unless it is time to hand in; what was complete in time can be handed in late, with why.

    No answer can be changed after the last day, so that nobody gains by it.
    """
    assessment, now = sheet.assessment, clock.now()
    if sheet.unanswered or not is_late(assessment, now):
        assessment.require_open("self", now)
    elif is_blank(reason):
        raise StepReasonError


def _require_checked(sheet: Sheet, stage: Stage | None) -> None:
    if stage is not None and (missing := sheet.unchecked(stage)):
        raise UncheckedError(assessment=sheet.assessment.id, missing=missing, count=len(missing))


def _require_points(sheet: Sheet, points: Sequence[Point], given: int) -> None:
    if not given and all(is_blank(point.text) for point in points):
        raise PointsMissingError
    for point in points:
        if point.indicator is not None and point.indicator not in sheet.questionnaire.indicators:
            raise UnknownIndicatorError(
                indicator=point.indicator, questionnaire=sheet.questionnaire.reference
            )
