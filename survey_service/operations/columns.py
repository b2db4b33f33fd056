"""The columns of cycles, kept in memory, and brought up to date by what the log says has changed.

Every change of what stands in them is recorded with the assessment that it is about, so the entries
since the last look tell which rows to read again: a view of a whole country costs what changed in it.
Those that have no number yet count among them at every look, until they have one.
"""

import threading
from collections.abc import Callable, Hashable
from functools import partial

from msgspec import Struct, structs

from survey_service.analysis.columns import Columns, columns, renewed
from survey_service.analysis.selection import Selection, whole
from survey_service.analysis.stored_rolling_up import Agency, RollingUp
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.cycles import Cycle
from survey_service.operations import cycles as planned
from survey_service.operations.kept_evidence import KeptEvidence
from survey_service.operations.kept_ranks import KeptRanks
from survey_service.operations.remembered import Remembered
from survey_service.reports.national.view import View
from survey_service.store import columns as stored
from survey_service.store import log
from survey_service.store.database import Reader

KeptViews = Remembered[Hashable, list[View]]
"""Views by what was asked of them."""

_VIEWS = 16  # of each cycle: all long ones in both languages, and a page or two
_FEWER = 4  # where more than one in so many changed, all are read again, which is no slower
_FAR = 100_000  # entries: to look through more of them takes longer than to read all again


class _Kept(Struct, frozen=True):
    """The columns of a cycle as they were when the log had so many entries.

    `views` are long ones of just these columns, so that they are forgotten with them.
    """

    size: int
    digest: str | None
    columns: Columns
    whole: Selection
    views: KeptViews


class _Rolled(Struct, frozen=True):
    """What was `found` of a cycle, and of which agencies `above`; with what it is done again."""

    of: Selection
    above: dict[int, Agency]
    found: Selection
    rolling: RollingUp

    def is_of(self, of: Selection, above: dict[int, Agency]) -> bool:
        """Whether it would be the same, done again."""
        return self.of is of and self.above == above


class _OfCycle:
    """What is kept of one cycle; only who wants it of the same one waits while it is made."""

    def __init__(self) -> None:
        self.kept: _Kept | None = None
        self.reading = threading.Lock()  # else four who ask at once read everything four times
        self._rolled: _Rolled | None = None
        self._rolling = threading.Lock()

    def has_rolled_up(self, of: Selection, above: dict[int, Agency]) -> bool:
        """Whether agencies stand in place of their units already."""
        known = self._rolled
        return known is not None and known.is_of(of, above)

    def rolled_up(self, of: Selection, above: dict[int, Agency]) -> Selection:
        """Return a cycle with agencies in place of their units."""
        with self._rolling:
            if self._rolled is None or not self._rolled.is_of(of, above):
                self._rolled = _rolled(of, above, self._rolled)
            return self._rolled.found


class KeptColumns:
    """Remembers the columns of the cycles that were looked at last.

    Args:
        cycles: Of how many; one of 20,000 assessments with 80 values each takes some 20 MB.
        fewest: Of fewer organisations nothing is told to whom they are not shown one by one.
    """

    def __init__(self, cycles: int = 12, fewest: int = FEWEST) -> None:
        self._fewest = fewest
        self._cycles = Remembered[int, _OfCycle](cycles)
        self.ranks = KeptRanks()
        self.evidence = KeptEvidence()

    def of(self, tx: Reader, cycle: Cycle) -> Selection:
        """Return all of a cycle as the transaction sees it, or as of a later moment."""
        known = self._of(cycle)
        with known.reading:
            found = _brought_up_to_date(tx, cycle, known.kept, self._fewest)
            known.kept = found
        return found.whole

    def rolled_up(self, tx: Reader, cycle: Cycle) -> Selection:
        """Return the same with agencies in place of their units, kept until something changes.

        Raises:
            NotRolledUpError: The questionnaire asks on conditions.
        """
        of = self.of(tx, cycle)
        return self._of(cycle).rolled_up(of, _above(tx, of))

    def rolling_up(self, tx: Reader, cycle: Cycle) -> Callable[[], Selection] | None:
        """Return what puts agencies in place of their units, so that nobody waits for the store meanwhile.

        It raises what `rolled_up` does, which takes no time afterwards; None where it is done.
        """
        of = self.of(tx, cycle)
        known, above = self._of(cycle), _above(tx, of)
        return None if known.has_rolled_up(of, above) else partial(known.rolled_up, of, above)

    def views(self, cycle: Cycle, of: Selection) -> KeptViews | None:
        """Return the views that are remembered of a cycle; None where this is not all of it as it is."""
        kept = self._of(cycle).kept
        return kept.views if kept is not None and kept.whole is of else None

    def _of(self, cycle: Cycle) -> _OfCycle:
        return self._cycles.first(cycle.id, _OfCycle())


def _above(tx: Reader, of: Selection) -> dict[int, Agency]:
    return stored.above(tx, sorted({top.id for one in of.members for top in one.ancestors}))


def _rolled(of: Selection, above: dict[int, Agency], known: _Rolled | None) -> _Rolled:
    if known is None or known.of.questionnaire.reference != of.questionnaire.reference:
        rolling = RollingUp()
    else:
        rolling = known.rolling
    return _Rolled(of, above, rolling.of(of, above), rolling)


def _brought_up_to_date(tx: Reader, cycle: Cycle, known: _Kept | None, fewest: int) -> _Kept:
    size = log.size(tx)
    if known is None or known.digest != cycle.digest or size - known.size > _FAR:
        return _kept(tx, cycle, size, _read(tx, cycle, None), fewest)
    if size < known.size or (size == known.size and not log.is_behind(tx)):
        return known
    changed = stored.changed(tx, cycle.id, known.size)
    if changed is None or len(changed) * _FEWER > len(known.columns.members):
        return _kept(tx, cycle, size, _read(tx, cycle, None), fewest)
    if not changed:
        return structs.replace(known, size=size)
    fresh = _read(tx, cycle, changed)
    gone = sorted(set(changed).difference(one.assessment for one in fresh.members))
    now = renewed(known.columns, fresh, gone)
    all_ = whole(known.whole.questionnaire, now, fewest, known.whole)
    return _Kept(size, cycle.digest, now, all_, KeptViews(_VIEWS))


def _kept(tx: Reader, cycle: Cycle, size: int, found: Columns, fewest: int) -> _Kept:
    all_ = whole(planned.asked(tx, cycle), found, fewest)
    return _Kept(size, cycle.digest, found, all_, KeptViews(_VIEWS))


def _read(tx: Reader, cycle: Cycle, only: list[int] | None) -> Columns:
    asked = planned.asked(tx, cycle)
    return columns(asked, stored.members(tx, cycle.id, only), stored.results(tx, cycle.id, only))
