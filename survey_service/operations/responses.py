"""Answering indicators, and scoring the answers at later stages."""

from collections.abc import Collection, Mapping

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import (
    Assessment,
    Draft,
    Response,
    require_reason,
    revise,
)
from survey_service.conduct.consensus import Spread, require_agreed, require_met, spreads
from survey_service.conduct.life import STAGES, Stage, overlaid
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.tree import Indicator
from survey_service.operations import audit, notices, progress, results
from survey_service.operations.assessments import Sheet, asked, view
from survey_service.store import assessments, consensus, responses
from survey_service.store.database import Reader, Writer


class Comparison(Struct, frozen=True):
    """The scores of one indicator at each stage that the reader sees, and whether they differ."""

    indicator: str
    scores: dict[Stage, Response]
    differs: bool


def save_response(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    code: str,
    draft: Draft,
    stage: Stage = "self",
) -> Response:
    """Save the answer to one indicator, or its score at a later stage, as a new revision.

    An answer that is taken back is one, too: the indicator is unanswered again.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor is none of those who score at this stage.
        ClosedError: The assessment is not at this stage.
        OutsideDatesError: It is not the time for it.
        PanelWaitsError: Several evaluators score it alone, and have not met.
        StaleRevisionError: Somebody else saved since; holds both versions.
        ReasonRequiredError: The score differs from that of the stage before, without a reason.
        SurveyError: The answer does not fit; see `maturity.answers.accept`.
    """
    assessment, current = responses.fetch_with_current(
        tx, assessment_id, code, stage, visible_to=actor
    )
    require(actor, "answer", owner=assessment.organisation.id, stage=stage)
    now = clock.now()
    assessment.require_open(stage, now)
    judged = None if stage == "self" else _judged(tx, assessment, code, draft, stage)
    scored = _met(tx, assessment_id) if stage == "external" else {}
    require_agreed(scored.get(code), draft)
    questionnaire = asked(tx, assessment)
    saved = revise(questionnaire, code, current, draft, actor.name, now, stage=stage, judged=judged)
    if saved is not current:
        _save(tx, actor, assessment_id, current, saved)
        if stage == "self":
            progress.keep(tx, assessment, questionnaire, current, saved)
        results.rescore(tx, assessment, stage)
        if _settles(current, saved):
            _tell_settled(tx, actor, assessment, scored, {code})
    return saved


def settle(tx: Writer, actor: Actor, sheet: Sheet, drafts: Mapping[str, Draft]) -> None:
    """Set at once the scores of what is still to be scored, as `save_response` sets one, all or none."""
    assessment, now = sheet.assessment, clock.now()
    require(actor, "answer", owner=assessment.organisation.id, stage="external")
    assessment.require_open("external", now)
    scored, before = _met(tx, assessment.id), _before(sheet, "external")
    for code, draft in drafts.items():
        require_reason(code, draft, before[code].answer)
        require_agreed(scored.get(code), draft)
        current = sheet.by_stage["external"].get(code)
        judged = sheet.responses[code].revision
        saved = revise(
            sheet.questionnaire,
            code,
            current,
            draft,
            actor.name,
            now,
            stage="external",
            judged=judged,
        )
        _save(tx, actor, assessment.id, current, saved)
    results.rescore(tx, assessment, "external")
    _tell_settled(tx, actor, assessment, scored, drafts)


def accept_rest(
    tx: Writer, actor: Actor, assessment_id: int, stage: Stage, part: str | None = None
) -> list[str]:
    """Score every answer as the stage before did that is still to be looked at; return the codes.

    With a `part`, a node by its code, only those directly in it.

    Where this stage scored otherwise an answer that was changed since, it is left to be looked at.
    """
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    require(actor, "answer", owner=assessment.organisation.id, stage=stage)
    now = clock.now()
    assessment.require_open(stage, now)
    before, accepted = _before(sheet, stage), _acceptable(tx, sheet, stage, part)
    for code in accepted:
        current = sheet.by_stage[stage].get(code)
        saved = Response(
            code,
            before[code].answer,
            current.note if current else "",
            current.revision + 1 if current else 1,
            actor.name,
            now,
            stage=stage,
            judged=sheet.responses[code].revision,
        )
        _save(tx, actor, assessment_id, current, saved)
    results.rescore(tx, assessment, stage)
    return accepted


def _acceptable(tx: Reader, sheet: Sheet, stage: Stage, part: str | None) -> list[str]:
    """Return the codes of what can be scored as before without a look at it."""
    before, scored = _before(sheet, stage), sheet.by_stage[stage]
    parents = sheet.questionnaire.parents
    paneled = _met(tx, sheet.assessment.id) if stage == "external" else {}
    return [
        code
        for code in sheet.unchecked(stage)
        if code not in paneled  # what a panel scored, it agrees on
        and part in {None, parents[code].code}
        and (code not in scored or scored[code].answer == before[code].answer)
    ]


def comparisons(sheet: Sheet) -> list[Comparison]:
    """Return the scores of the stages side by side, in the order of the questionnaire."""
    found = []
    for code in sheet.questionnaire.indicators:
        scores = {
            stage: given[code]
            for stage, given in sheet.by_stage.items()
            if code in given and not given[code].is_taken_back
        }
        if scores:
            first, *others = (response.answer for response in scores.values())
            differs = any(answer != first for answer in others)
            found.append(Comparison(code, scores, differs))
    return found


def response(
    tx: Reader, actor: Actor, assessment_id: int, code: str, stage: Stage = "self"
) -> Response | None:
    """Return the response to one indicator at a stage; None while there is none to be seen.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
    """
    assessment, _ = indicator(tx, actor, assessment_id, code)
    if stage not in actor.sees(assessment.state):
        return None
    return responses.current(tx, assessment_id, code, stage)


def indicator(
    tx: Reader, actor: Actor, assessment_id: int, code: str
) -> tuple[Assessment, Indicator]:
    """Return the assessment, and what is asked in it under a code.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    found = asked(tx, assessment).indicators.get(code)
    if found is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=assessment.reference)
    return assessment, found


def history(
    tx: Reader, actor: Actor, assessment_id: int, code: str, stage: Stage = "self"
) -> list[Response]:
    """Return every revision of a response at a stage, oldest first."""
    assessment, _ = indicator(tx, actor, assessment_id, code)
    if stage not in actor.sees(assessment.state):
        return []
    return responses.history(tx, assessment_id, code, stage)


def _judged(tx: Writer, assessment: Assessment, code: str, draft: Draft, stage: Stage) -> int:
    """Return the revision that a score is about, once it says why where it differs."""
    stages = STAGES[: STAGES.index(stage)]
    found = {each: responses.current(tx, assessment.id, code, each) for each in stages}
    given = {each: {code: one} for each, one in found.items() if one is not None and one.counts}
    before = overlaid(given, stage).get(code)
    require_reason(code, draft, before.answer if before else None)
    own = found["self"]
    return own.revision if own else 0


def _met(tx: Reader, assessment_id: int) -> dict[str, Spread]:
    """Return how a panel that has met scored each indicator; nothing where there is none."""
    panel = consensus.panel(tx, assessment_id)
    require_met(panel)
    scores = consensus.scores(tx, assessment_id) if panel else []
    return spreads(one for one in scores if one.response.counts)


def _settles(current: Response | None, saved: Response) -> bool:
    """Whether a score stands now on an answer on which none stood; to correct one settles nothing."""
    stood = current is not None and current.counts and current.judged == saved.judged
    return saved.counts and not stood


def _tell_settled(
    tx: Writer,
    actor: Actor,
    assessment: Assessment,
    scored: Mapping[str, Spread],
    codes: Collection[str],
) -> None:
    """Tell a panel that nothing is left of what it `scored`, once something of that is set."""
    if not scored.keys() & codes:
        return
    left = view(tx, actor, assessment.id).unchecked("external")
    if not scored.keys() & set(left):
        notices.tell_settled(tx, actor, assessment, consensus.panel(tx, assessment.id))


def _before(sheet: Sheet, stage: Stage) -> dict[str, Response]:
    """Return what stood before a stage."""
    return overlaid(sheet.readable, STAGES[STAGES.index(stage) - 1])


def _save(
    tx: Writer, actor: Actor, assessment_id: int, current: Response | None, saved: Response
) -> None:
    responses.save(tx, assessment_id, saved)
    below = "responses" if saved.stage == "self" else f"{saved.stage}/responses"
    audit.record_about(
        tx,
        actor,
        "response.take_back" if saved.is_taken_back else "response.save",
        assessment_id,
        f"{below}/{saved.indicator}",
        before=current,
        after=saved,
    )
