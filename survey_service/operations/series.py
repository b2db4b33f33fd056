"""Organisations over many cycles: all that became final, of themselves and of those they follow."""

import datetime as dt

from survey_service.analysis.distributions import distributions
from survey_service.analysis.selection import Filters, Selection, select
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Calendar, Cycle
from survey_service.conduct.successions import Succession
from survey_service.errors import NotFoundError
from survey_service.maturity.showing import USUAL, digits
from survey_service.operations.assessments import view
from survey_service.operations.columns import KeptColumns
from survey_service.reports.national.series import Assessed, Median, medians, series
from survey_service.reports.national.view import View, value
from survey_service.store import cycles, successions
from survey_service.store import series as stored
from survey_service.store.database import Reader
from survey_service.store.organisations import visible

_ASSESSMENTS = 40  # of one organisation and those it follows
_CYCLES = 12  # whose columns are kept in memory
_MEDIAN = 50


def series_of(tx: Reader, actor: Actor, organisation_id: int, language: str) -> View:
    """Return the series of one organisation, with those of the ones that it follows.

    Raises:
        NotFoundError: There is no such organisation for this actor.
    """
    seen = visible(tx, actor.organisation_id)
    if organisation_id not in seen:
        raise NotFoundError(organisation=organisation_id)
    theirs = [organisation_id, *successions.predecessors(tx, organisation_id)]
    ids = [id_ for id_ in dict.fromkeys(theirs) if id_ in seen]
    known = {one: None for id_ in ids for one in successions.successions(tx, id_)}
    told = [one for one in known if {one.predecessor_id, one.successor_id} <= seen]
    found = [_assessed(tx, actor, id_) for id_ in stored.final(tx, ids, _ASSESSMENTS)]
    return series(organisation_id, found, _of(told, ids), language)


def _of(known: list[Succession], ids: list[int]) -> list[Succession]:
    """Return what leads to the first of the organisations, and what follows that one itself."""
    return [one for one in known if one.successor_id in ids or one.predecessor_id == ids[0]]


def _assessed(tx: Reader, actor: Actor, assessment_id: int) -> Assessed:
    sheet = view(tx, actor, assessment_id, "final")
    organisation, cycle = sheet.assessment.organisation, sheet.assessment.cycle
    return Assessed(
        organisation.id,
        organisation.name,
        "" if cycle is None else cycle.name,
        _on(sheet.assessment),
        sheet.questionnaire,
        sheet.answers,
        sheet.running,
        sheet.profile,
    )


def _on(assessment: Assessment) -> dt.date:
    """Return the day on which the cycle of an assessment ended; where none can be read, it opened."""
    cycle = assessment.cycle
    last = None if cycle is None else _last(cycle.calendar)
    return last or assessment.opened_at.date()


def _last(calendar: Calendar) -> dt.date | None:
    return max((window.closes for window in calendar.windows.values()), default=None)


def medians_of(
    tx: Reader, actor: Actor, kept: KeptColumns, filters: Filters, language: str
) -> View:
    """Return the medians of the cycles that an actor may know of, of those whom they see there."""
    known = cycles.newest(tx, actor, before=None, limit=_CYCLES)
    opened = [one for one in known if one.opened_at is not None]
    own = actor.organisation_id
    seen = None if {one.organisation_id for one in opened} <= {own} else visible(tx, own)
    looked_at = (
        select(kept.of(tx, one), filters, None if one.organisation_id == own else seen)
        for one in opened
    )
    found = zip(opened, looked_at, strict=True)
    return medians([_median(cycle, selection) for cycle, selection in found], language)


def _median(cycle: Cycle, selection: Selection) -> Median:
    counted = selection.counted
    found = distributions(counted.column("").reshape(-1, 1), counted.groups(""), (_MEDIAN,))
    on = _last(cycle.calendar) or dt.date.min
    reference = counted.questionnaire.reference
    if not found.groups:
        return Median(cycle.name, on, reference, 0, None)
    median = value(counted, int(found.quantiles[0, 0, 0]))
    shown = USUAL if median is None else digits(counted.questionnaire, median)
    return Median(cycle.name, on, reference, int(found.counts[0, 0]), median, shown)


def everybody(tx: Reader, actor: Actor, kept: KeptColumns, cycle: Cycle) -> Selection:
    """Return all that an actor sees of a cycle."""
    own = actor.organisation_id
    seen = None if cycle.organisation_id == own else visible(tx, own)
    return select(kept.of(tx, cycle), Filters(), seen)
