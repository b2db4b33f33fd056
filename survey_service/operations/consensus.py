"""Several evaluators who score the same assessment alone, then meet and agree on one score each."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from survey_service import clock
from survey_service.analysis.agreement import Agreement
from survey_service.analysis.consensus import agreement_of
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment, Draft, Response, revise
from survey_service.conduct.consensus import (
    IndependentScore,
    Panellist,
    Spread,
    handed_in,
    has_met,
    renamed,
    require_met,
    require_panel,
    require_scoring,
    spreads,
)
from survey_service.conduct.evidence import Evidence
from survey_service.errors.review import IncompleteError
from survey_service.operations import audit, evidence, notices
from survey_service.operations.assessments import Sheet, view
from survey_service.operations.responses import settle
from survey_service.store import consensus
from survey_service.store.database import Reader, Writer


class Meeting(Struct, frozen=True):
    """A panel, as one who evaluates sees it: whether they are on it, and have handed in.

    `own` is what they scored themselves, `left` the codes that they have still to score. Only once
    the panel has `met` there is what all of them scored: first how it is spread, then by whom, with
    how far they agree, and the codes that are to be `settled` yet.
    """

    panel: list[Panellist]
    is_member: bool
    met: bool
    own: dict[str, Response]
    left: list[str]
    spreads: dict[str, Spread]
    scores: list[IndependentScore]
    agreement: Agreement | None
    unsettled: list[str]
    is_in: bool = False


class Seen(Struct, frozen=True):
    """An assessment with its panel, who could be on it, by their ids, and the evidence by indicator."""

    sheet: Sheet
    meeting: Meeting
    evaluators: dict[int, str]
    evidence: dict[str, list[Evidence]]


class Named(Struct, frozen=True):
    """Who is on a panel, for the record."""

    people: tuple[str, ...]


def meeting(tx: Reader, actor: Actor, assessment_id: int) -> Seen:
    """Return an assessment's panel; of what others scored, nothing before all have handed in.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor does not evaluate it.
    """
    sheet = _sheet(tx, actor, assessment_id)
    found = _meeting(sheet, actor, consensus.panel(tx, assessment_id), _scores(tx, assessment_id))
    known = consensus.evaluators(tx, actor.organisation_id)
    return Seen(sheet, found, known, evidence.attached(tx, assessment_id))


def name_panel(tx: Writer, actor: Actor, assessment_id: int, people: Sequence[int]) -> Meeting:
    """Let some of the actor's fellow evaluators score an assessment alone; name them anew to change it.

    Who stays keeps what they did, until the panel has met: then it begins anew.

    Raises:
        PanelError: These are not at least two of them.
        ClosedError: The assessment is not being evaluated.
    """
    sheet, _ = _open(tx, actor, assessment_id)
    known = consensus.evaluators(tx, actor.organisation_id)
    require_panel(people, known)
    before = consensus.panel(tx, assessment_id)
    panel = renamed(before, {id_: known[id_] for id_ in people})
    consensus.save_panel(tx, assessment_id, panel)
    kept = [] if has_met(before) else [one.person_id for one in panel]
    consensus.forget(tx, assessment_id, kept)
    new = panel if has_met(before) else [one for one in panel if one not in before]
    named = [Named(tuple(one.person for one in each)) for each in (before, panel)]
    _record(tx, actor, assessment_id, "panel.name", named[0] if before else None, named[1])
    notices.tell_named(tx, actor, sheet.assessment, new)
    _reveal(tx, actor, sheet.assessment, panel)
    return _meeting(sheet, actor, panel, _scores(tx, assessment_id))


def score_alone(tx: Writer, actor: Actor, assessment_id: int, code: str, draft: Draft) -> Response:
    """Save what a panellist scores, which nobody else sees before all have handed in.

    Raises:
        PanelError: The actor is none of the panel.
        ScoresHandedInError: They have handed in.
        SurveyError: See `responses.save_response`; no reason is asked for yet.
    """
    sheet, now = _open(tx, actor, assessment_id)
    require_scoring(consensus.panel(tx, assessment_id), actor.id)
    own = sheet.responses.get(code)
    saved = revise(
        sheet.questionnaire,
        code,
        _own(_scores(tx, assessment_id), actor.id).get(code),
        draft,
        actor.name,
        now,
        stage="external",
        judged=own.revision if own else 0,
    )
    consensus.save(tx, assessment_id, actor.id, saved)
    return saved


def hand_in(tx: Writer, actor: Actor, assessment_id: int) -> Meeting:
    """Hand in what the actor scored alone; with the last one in, the panel has met.

    Raises:
        PanelError: The actor is none of the panel.
        ScoresHandedInError: They have handed in.
        IncompleteError: Not all that the organisation answered is scored as it stands now.
    """
    sheet, now = _open(tx, actor, assessment_id)
    panel = consensus.panel(tx, assessment_id)
    mine = require_scoring(panel, actor.id)
    scores = _scores(tx, assessment_id)
    if missing := _left(sheet, _own(scores, actor.id)):
        raise IncompleteError(assessment=assessment_id, missing=missing, count=len(missing))
    changed = [handed_in(one, now) if one is mine else one for one in panel]
    consensus.save_panel(tx, assessment_id, changed)
    _record(tx, actor, assessment_id, "panel.hand_in", None, Named((mine.person,)))
    _reveal(tx, actor, sheet.assessment, changed)
    return _meeting(sheet, actor, changed, scores)


def settle_agreed(tx: Writer, actor: Actor, assessment_id: int) -> list[str]:
    """Set the score of every indicator on which all of the panel agree; return the codes.

    Raises:
        PanelWaitsError: The panel has not met.
        ClosedError: The assessment is not being evaluated.
    """
    sheet, _ = _open(tx, actor, assessment_id)
    panel = consensus.panel(tx, assessment_id)
    require_met(panel)
    found = _meeting(sheet, actor, panel, _scores(tx, assessment_id))
    given = sheet.by_stage["external"]
    drafts = {
        code: Draft(
            found.spreads[code].answers[0][0],
            _reasons(found.scores, code),
            given[code].revision if code in given else 0,
        )
        for code in found.unsettled
        if not found.spreads[code].differs
    }
    if drafts:
        settle(tx, actor, sheet, drafts)
    return list(drafts)


def _sheet(tx: Reader, actor: Actor, assessment_id: int) -> Sheet:
    sheet = view(tx, actor, assessment_id)
    require(actor, "answer", owner=sheet.assessment.organisation.id, stage="external")
    return sheet


def _open(tx: Reader, actor: Actor, assessment_id: int) -> tuple[Sheet, dt.datetime]:
    """Return an assessment that the actor evaluates now, and when that is."""
    sheet, now = _sheet(tx, actor, assessment_id), clock.now()
    sheet.assessment.require_open("external", now)
    return sheet, now


def _scores(tx: Reader, assessment_id: int) -> list[IndependentScore]:
    return consensus.scores(tx, assessment_id)


def _own(scores: Sequence[IndependentScore], person_id: int) -> dict[str, Response]:
    return {one.response.indicator: one.response for one in scores if one.person_id == person_id}


def _left(sheet: Sheet, own: dict[str, Response]) -> list[str]:
    """Return the codes of answers that are still to be scored, or were changed since."""
    given = {code: one for code, one in own.items() if one.counts}
    asked = sheet.questionnaire.indicators.keys() - sheet.unasked
    return [
        code
        for code, one in sheet.readable["self"].items()
        if code in asked and (code not in given or given[code].judged != one.revision)
    ]


def _meeting(
    sheet: Sheet, actor: Actor, panel: list[Panellist], scores: list[IndependentScore]
) -> Meeting:
    own, met = _own(scores, actor.id), has_met(panel)
    mine = next((one for one in panel if one.person_id == actor.id), None)
    left = [] if mine is None or mine.is_in else _left(sheet, own)
    seen = [one for one in scores if _is_current(sheet, one.response)] if met else []
    spread = spreads(seen)
    unsettled = [code for code in sheet.unchecked("external") if code in spread] if met else []
    agreed = agreement_of(sheet.questionnaire, seen, sheet.profile) if met else None
    is_in = mine is not None and mine.is_in
    return Meeting(panel, mine is not None, met, own, left, spread, seen, agreed, unsettled, is_in)


def _is_current(sheet: Sheet, given: Response) -> bool:
    """Whether a score is about the answer as it stands now, which a return may have changed."""
    own = sheet.responses.get(given.indicator)
    return given.counts and given.judged == (own.revision if own else 0)


def _reasons(scores: Sequence[IndependentScore], code: str) -> str:
    """Return what those who agree gave as reasons, each once."""
    notes = (one.response.note.strip() for one in scores if one.response.indicator == code)
    return "\n".join(dict.fromkeys(filter(None, notes)))


def _reveal(tx: Writer, actor: Actor, assessment: Assessment, panel: Sequence[Panellist]) -> None:
    """Record what each of a panel scored, once all are in, and tell them: before, the trail would tell."""
    if has_met(panel):
        scores = _scores(tx, assessment.id)
        _record(tx, actor, assessment.id, "panel.meet", None, scores)
        notices.tell_met(tx, actor, assessment, panel)


def _record(
    tx: Writer, actor: Actor, assessment_id: int, action: str, before: object, after: object
) -> None:
    audit.record_about(tx, actor, action, assessment_id, "panel", before=before, after=after)
