"""The columns of cycles, kept in memory, and brought up to date by what the log says has changed.

Every change of what stands in them is recorded with the assessment that it is about, so the entries
since the last look tell which rows to read again: a view of a whole country costs what changed in it.
Those that have no number yet count among them at every look, until they have one.
"""

import threading
from collections import OrderedDict

from msgspec import Struct, structs

from survey_service.analysis.columns import Columns, columns, renewed
from survey_service.analysis.selection import Selection, whole
from survey_service.analysis.stored_rolling_up import Agency, RollingUp
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.cycles import Cycle
from survey_service.operations import cycles as planned
from survey_service.operations.kept_ranks import KeptRanks
from survey_service.store import columns as stored
from survey_service.store import log
from survey_service.store.database import Reader

_FEWER = 4  # where more than one in so many changed, all are read again, which is no slower
_FAR = 100_000  # entries: to look through more of them takes longer than to read all again


class _Kept(Struct, frozen=True):
    """The columns of a cycle as they were when the log had so many entries."""

    size: int
    digest: str | None
    columns: Columns
    whole: Selection


class _Rolled(Struct, frozen=True):
    """What was `found` of a cycle, and of which agencies `above`; with what it is done again."""

    of: Selection
    above: dict[int, Agency]
    found: Selection
    rolling: RollingUp


class KeptColumns:
    """Remembers the columns of the cycles that were looked at last.

    Args:
        cycles: Of how many; one of 20,000 assessments with 80 values each takes some 20 MB.
        fewest: Of fewer organisations nothing is told to whom they are not shown one by one.
    """

    def __init__(self, cycles: int = 12, fewest: int = FEWEST) -> None:
        self._cycles, self._fewest = cycles, fewest
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._rolled: OrderedDict[int, _Rolled] = OrderedDict()
        self.ranks = KeptRanks()
        self._lock = threading.Lock()  # else four who ask at once read everything four times

    def of(self, tx: Reader, cycle: Cycle) -> Selection:
        """Return all of a cycle as the transaction sees it, or as of a later moment."""
        with self._lock:
            found = _brought_up_to_date(tx, cycle, self._kept.pop(cycle.id, None), self._fewest)
            self._kept[cycle.id] = found
            while len(self._kept) > self._cycles:
                self._kept.popitem(last=False)
        return found.whole

    def rolled_up(self, tx: Reader, cycle: Cycle) -> Selection:
        """Return the same with agencies in place of their units, kept until something changes.

        Raises:
            NotRolledUpError: The questionnaire asks on conditions.
        """
        of = self.of(tx, cycle)
        above = stored.above(tx, sorted({top.id for one in of.members for top in one.ancestors}))
        with self._lock:
            known = self._rolled.pop(cycle.id, None)
            if known is None or known.of is not of or known.above != above:
                known = _rolled(of, above, known)
            self._rolled[cycle.id] = known
            while len(self._rolled) > self._cycles:
                self._rolled.popitem(last=False)
        return known.found


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
    return _Kept(
        size, cycle.digest, now, whole(known.whole.questionnaire, now, fewest, known.whole)
    )


def _kept(tx: Reader, cycle: Cycle, size: int, found: Columns, fewest: int) -> _Kept:
    return _Kept(size, cycle.digest, found, whole(planned.asked(tx, cycle), found, fewest))


def _read(tx: Reader, cycle: Cycle, only: list[int] | None) -> Columns:
    asked = planned.asked(tx, cycle)
    return columns(asked, stored.members(tx, cycle.id, only), stored.results(tx, cycle.id, only))
