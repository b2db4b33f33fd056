"""What a step that closes something would do, and what is odd, before anybody takes it."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.life import STAGES, Stage, Step, at_work, overlaid, working
from survey_service.conduct.remarks import Remark
from survey_service.conduct.tasks import is_late
from survey_service.errors import DamagedCalendarError, SurveyError
from survey_service.maturity.scoring import Card
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, view
from survey_service.operations.steps import Taking, require_ready
from survey_service.store import remarks
from survey_service.store.database import Reader

_TYPED: frozenset[Step] = frozenset({"return", "reopen"})  # want words, which are not there yet
_CHECKED: frozenset[Step] = frozenset({"pass_on", "announce", "finalise"})

Oddity = Literal[
    "no_evidence", "not_applicable", "points_open", "comments_open", "points_kept", "changed",
    "accepted_unchanged", "objections_open",
]  # fmt: skip


class Concern(Struct, frozen=True):
    """Something that whoever takes a step should know: how often, and at which indicators."""

    oddity: Oddity
    count: int
    indicators: list[str]


class Prospect(Struct, frozen=True):
    """A step before it is taken; `problem` is what it lacks, and `points` what would be given."""

    sheet: Sheet
    concerns: list[Concern]
    problem: SurveyError | None = None
    points: list[Remark] = []
    late: bool = False

    @property
    def card(self) -> Card:
        """The index as it stands with what those who are at work have scored."""
        stage = at_work(self.sheet.assessment.state)
        return (self.sheet if stage is None else self.sheet.at(stage)).official


def of_step(tx: Reader, actor: Actor, assessment_id: int, step: Step) -> Prospect:
    """Return what a step would do, and what is odd.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The step is for others.
        WrongStateError: The state does not allow it.
    """
    sheet = view(tx, actor, assessment_id)
    before, owner = sheet.assessment, sheet.assessment.organisation.id
    require(actor, step, owner=owner)
    try:
        before.taken(step, clock.now())
    except DamagedCalendarError as error:
        return Prospect(sheet, [], error)
    require(actor, step, owner=owner, stage=working(step, before.state, before.stages))
    known = remarks.remarks(tx, assessment_id, actor.audiences(owner))
    stage = at_work(before.state)
    written = [one for one in known if one.kind == "point" and one.audience == stage]
    concerns = [*_concerns(tx, sheet, step, known), *_one("points_kept", _on(written))]
    if step == "return":
        concerns = []
    late = step == "submit" and is_late(before, clock.now())
    return Prospect(sheet, concerns, _lacking(tx, sheet, step), written, late)


def of_acceptance(tx: Reader, actor: Actor, assessment_id: int, stage: Stage) -> Prospect:
    """Return what accepting all that is left at a stage would do, and what is odd.

    Raises:
        SurveyError: The actor does not score at this stage now; see `responses.accept_rest`.
    """
    sheet = view(tx, actor, assessment_id)
    require(actor, "answer", owner=sheet.assessment.organisation.id, stage=stage)
    try:
        sheet.assessment.require_open(stage, clock.now())
    except DamagedCalendarError as error:
        return Prospect(sheet, [], error)
    left = sheet.unchecked(stage)
    return Prospect(
        sheet, [*_unproved(tx, sheet, left), *_one("changed", _changed(sheet, stage, left))]
    )


def _lacking(tx: Reader, sheet: Sheet, step: Step) -> SurveyError | None:
    """Return what a step lacks; None where nothing does, or only what is to be typed for it."""
    if step in _TYPED:
        return None
    try:
        require_ready(tx, sheet, Taking(step, "-"))  # the reason is still to be typed
    except SurveyError as error:
        return error
    return None


def _concerns(tx: Reader, sheet: Sheet, step: Step, known: list[Remark]) -> Iterator[Concern]:
    if step == "submit":
        yield from _unproved(tx, sheet, sheet.responses)
        absent = [code for code, one in sheet.answers.items() if one.not_applicable is not None]
        yield from _one("not_applicable", absent)
        yield from _one("points_open", _on(one for one in known if one.is_to_mend))
        talk = (one for one in known if one.kind == "comment" and one.is_open)
        yield from _one("comments_open", _on(talk))
    stage = at_work(sheet.assessment.state)
    if step in _CHECKED and stage is not None:
        yield from _one("changed", _changed(sheet, stage, sheet.by_stage[stage]))
        yield from _unproved(tx, sheet, sheet.by_stage[stage])
    if step == "finalise":
        objections = (one for one in known if one.kind == "objection" and one.is_open)
        yield from _one("objections_open", _on(objections))
        unheeded = (one for one in known if _is_unheeded(sheet, one))
        yield from _one("accepted_unchanged", _on(unheeded))


def _is_unheeded(sheet: Sheet, objection: Remark) -> bool:
    """Whether an objection to a score was accepted, and the score is what it was."""
    scored = sheet.by_stage.get("external", {}).get(objection.indicator or "")
    return objection.outcome == "accepted" and scored is not None and scored.saved_at < objection.at


def _unproved(tx: Reader, sheet: Sheet, codes: Iterable[str]) -> Iterator[Concern]:
    """Yield that answers which something could prove have no evidence."""
    attached = evidence.by_indicator(tx, sheet.assessment.id)
    bare = [
        code
        for code in codes
        if code in sheet.questionnaire.indicators.keys() - sheet.unasked
        and code in sheet.answers
        and sheet.answers[code].not_applicable is None
        and not any(one.removed_at is None for one in attached[code])
    ]
    yield from _one("no_evidence", bare)


def _changed(sheet: Sheet, stage: Stage, codes: Iterable[str]) -> list[str]:
    """Return the codes whose score, as it stands at a stage, is not what the agency answered."""
    stands = overlaid(sheet.readable, STAGES[STAGES.index(stage)])
    own = sheet.readable["self"]
    return [code for code in codes if code in own and stands[code].answer != own[code].answer]


def _on(found: Iterable[Remark]) -> list[str]:
    return [one.indicator or "" for one in found]


def _one(oddity: Oddity, codes: list[str]) -> Iterator[Concern]:
    if codes:
        yield Concern(oddity, len(codes), list(dict.fromkeys(filter(None, codes))))
