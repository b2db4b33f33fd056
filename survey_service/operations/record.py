"""Gathering what is on record of an assessment for the papers on it."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct, structs

from survey_service.analysis.peers import Peers, peers_of
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Moved, Stage, at_work, settled
from survey_service.conduct.remarks import Remark
from survey_service.maturity.revision import nodes_before
from survey_service.maturity.scoring import Cards
from survey_service.operations import questionnaires
from survey_service.operations.actions import by_indicator
from survey_service.operations.assessments import Sheet, course, incomparable, view
from survey_service.reports.assessment import Report
from survey_service.reports.record import Agreed, Before, Judged, Record
from survey_service.store import cycles, evidence, remarks, standings, steps
from survey_service.store import questionnaires as published
from survey_service.store.database import Reader

T = TypeVar("T", Moved, Evidence, Remark)


class Shown(Struct, frozen=True):
    """How papers show what they tell: moments in a zone, and the service's address before its paths.

    `codes` is whether anybody may ask what was issued under the code of a paper; of fewer than
    `fewest` peers nothing is told.
    """

    zone: dt.tzinfo
    address: str
    codes: bool = True
    fewest: int = FEWEST


def gathered(tx: Reader, actor: Actor, assessment_id: int, shown: Shown) -> Report:
    """Return what the papers on an assessment are made of, as of its last change.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    sheet = view(tx, actor, assessment_id)
    moments = [response.saved_at for response in sheet.responses.values()]
    handed_in = sheet.assessment.submitted_at
    return Report(
        questionnaire=sheet.questionnaire,
        digest=sheet.assessment.digest,
        organisation=sheet.assessment.organisation.name,
        profile=sheet.profile,
        answers=sheet.answers,
        notes={code: response.note for code, response in sheet.responses.items()},
        cards=Cards(sheet.running, sheet.official),
        at=(handed_in or max(moments, default=sheet.assessment.opened_at)).astimezone(shown.zone),
        stages=tuple(_judged(sheet, stage) for stage in _stages(sheet)),
        record=_record(tx, actor, sheet, shown),
        source=published.content(tx, sheet.assessment.digest),
        to_confirm=len(sheet.to_confirm),
    )


def _stages(sheet: Sheet) -> list[Stage]:
    """Return the stages that are over, of those that it goes through; a final one only with scores of its own."""
    goes_through = {*sheet.assessment.stages} - {"final"}
    return [
        stage
        for stage in settled(sheet.assessment.state)
        if stage in goes_through or (stage == "final" and sheet.readable.get("final"))
    ]


def _judged(sheet: Sheet, stage: Stage) -> Judged:
    at = sheet.at(stage)
    given = {} if stage == "self" else sheet.readable.get(stage, {})
    reasons = {code: one.note for code, one in given.items() if one.note.strip()}
    return Judged(stage, at.official, at.answers, reasons)


def _record(tx: Reader, actor: Actor, sheet: Sheet, shown: Shown) -> Record:
    assessment, zone = sheet.assessment, shown.zone
    cycle, seen = assessment.cycle, actor.sees(assessment.state)
    own = None if cycle is None else cycle.calendar.windows.get("self")
    attached = evidence.attached(tx, assessment.id)
    open_to_all = remarks.remarks(tx, assessment.id, ("all",))  # a paper goes on to others
    return Record(
        number=assessment.id,
        cycle="" if cycle is None else cycle.name,
        state=assessment.state,
        stage=sheet.stage,
        above=tuple(one.name for one in assessment.organisation.ancestors),
        closes=None if own is None else own.closes,
        zone=str(zone) if cycle is None else cycle.calendar.time_zone,
        steps=tuple(_at(zone, one.seen_by(seen)) for one in steps.steps(tx, assessment.id)),
        scored_by=_scored_by(sheet),
        evidence=tuple(_at(zone, one) for one in attached if one.removed_at is None),
        remarks=tuple(_at(zone, one) for one in open_to_all),
        before=_before(tx, actor, sheet),
        peers=_peers(tx, sheet, shown.fewest),
        address=shown.address if shown.codes else "",
        agreed=tuple(_agreed(tx, assessment.id)),
    )


def _agreed(tx: Reader, assessment_id: int) -> Iterator[Agreed]:
    """Yield what the organisation has settled about steps: its actions that were not dropped."""
    for listed in by_indicator(tx, assessment_id).values():
        for one in listed:
            owner = one.person or one.action.owner
            yield Agreed(one.action.indicator, one.action.after, owner, one.action.due)


def _scored_by(sheet: Sheet) -> tuple[str, ...]:
    """Return who gave the scores of the last stage that stands and has some beside the organisation's."""
    for stage in reversed(settled(sheet.assessment.state)[1:]):
        if given := sheet.readable.get(stage):
            return tuple(sorted({one.author for one in given.values()}))
    return ()


def _before(tx: Reader, actor: Actor, sheet: Sheet) -> Before | None:
    found = course(tx, actor, sheet)
    if found is None:
        other = incomparable(tx, sheet.assessment)
        return None if other is None else Before(_called(other), None, {}, same=False)
    earlier, asked = found.earlier, sheet.questionnaire
    same = earlier.assessment.digest == sheet.assessment.digest
    nodes: Mapping[str, Decimal | None] = (
        {code: earlier.official.nodes[code].index for code in asked.all_nodes}
        if same
        else nodes_before(earlier.questionnaire, earlier.running, asked, sheet.running)
    )
    return Before(_called(earlier.assessment), found.trend, nodes, same)


def _called(earlier: Assessment) -> str:
    return earlier.cycle.name if earlier.cycle else earlier.reference


def _at(zone: dt.tzinfo, one: T) -> T:
    """Return what happened at a moment with the moment in a zone."""
    return structs.replace(one, at=one.at.astimezone(zone))


def _peers(tx: Reader, sheet: Sheet, fewest: int) -> Peers | None:
    """Return what the others of the kind reach, whom the actor need not see: none of them is told.

    Nobody learns it while they answer.
    """
    assessment = sheet.assessment
    if assessment.cycle is None or at_work(assessment.state) == "self":
        return None
    cycle_id = assessment.cycle.id
    rows = standings.of_all(tx, cycles.owner(tx, cycle_id), cycle_id)
    owner = assessment.organisation
    asked = questionnaires.decoded(tx, assessment.digest)
    return peers_of(asked, rows, owner.id, owner.kind, fewest)
