"""What the stages made of an agency's answers, and why; and what it objects to in that."""

from msgspec import Struct

from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Response, reasoned
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import at_work
from survey_service.conduct.remarks import Remark
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, view
from survey_service.store import remarks
from survey_service.store.database import Reader


class Change(Struct, frozen=True):
    """An answer that a stage changed or said something of, or that is objected to.

    `scores` are those that say something, the agency's first.
    """

    indicator: str
    scores: list[Response]
    evidence: list[Evidence]
    objections: list[Remark]

    @property
    def differs(self) -> bool:
        """Whether what stands is not what the agency answered."""
        return bool(self.scores) and self.scores[0].answer != self.scores[-1].answer


class Changes(Struct, frozen=True):
    """What was changed in an assessment, and why, as far as its reader sees it.

    `others` are the codes of the answers that stand as they were given; `whole` are the objections to
    the whole. Whoever `may_score` can still change a score.
    """

    sheet: Sheet
    changed: list[Change]
    others: list[str]
    whole: list[Remark]
    may_object: bool
    may_settle: bool
    may_score: bool


def load(tx: Reader, actor: Actor, assessment_id: int) -> Changes:
    """Return what was changed in an assessment, and why.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    assessment, owner = sheet.assessment, sheet.assessment.organisation.id
    known = remarks.remarks(tx, assessment_id, ("all",))
    objections = [one for one in known if one.kind == "objection"]
    attached = evidence.by_indicator(tx, assessment_id)
    found = [
        _change(sheet, code, attached[code], objections) for code in sheet.questionnaire.indicators
    ]
    changed = [one for one in found if len(one.scores) > 1 or one.objections]
    told = {one.indicator for one in changed}
    objecting = assessment.goes_on and assessment.state == "objection"
    stage = at_work(assessment.state)
    scores = stage not in {None, "self"} and may(actor, "answer", owner=owner, stage=stage)
    return Changes(
        sheet,
        changed,
        [one.indicator for one in found if one.scores and one.indicator not in told],
        [one for one in objections if one.indicator is None],
        objecting and may(actor, "object", owner=owner),
        assessment.goes_on and may(actor, "settle", owner=owner),
        assessment.goes_on and scores,
    )


def _change(sheet: Sheet, code: str, attached: list[Evidence], objections: list[Remark]) -> Change:
    given = {stage: by[code] for stage, by in sheet.readable.items() if code in by}
    return Change(
        code,
        reasoned(given),
        [one for one in attached if one.removed_at is None],
        [one for one in objections if one.indicator == code],
    )
