"""What answers that wait to be checked are supported by, kept in memory as the columns of cycles are.

To look through all evidence of a country takes a second, and hardly any of it changes from one look to
the next: that of an assessment is read again once the log has an entry about it, or about the one before.
"""

import threading
from collections.abc import Iterator

import numpy as np
from msgspec import Struct, structs

from survey_service.analysis.selection import Selection
from survey_service.operations.remembered import Remembered
from survey_service.reports.national.check_order import Shown, jumps
from survey_service.store import check_order as stored
from survey_service.store import columns, log
from survey_service.store.database import Reader

_FAR = 100_000  # entries: to look through more of them takes longer than to read all again


class Compared(Struct, frozen=True):
    """Those who wait to be checked in a cycle, and what stood the cycle before; None without one.

    Both cycles are of one owner: whoever sees somebody in the one does so in the other, so that what is
    read for one reader is as true for the next.
    """

    cycle: int
    waiting: Selection
    earlier: int | None = None
    before: Selection | None = None


class _Row(Struct, frozen=True):
    """Of an assessment: whose it is, then for each indicator whether it has evidence, and has some that is new."""

    organisation: int
    flags: bytes


class _Known(Struct, frozen=True):
    """Rows by assessment, as they were when the log had so many entries."""

    size: int = 0
    rows: dict[int, _Row] = {}


class _OfCycle:
    """What is kept of a cycle; only who wants it of the same one waits while it is read."""

    def __init__(self) -> None:
        self.known = _Known()
        self.reading = threading.Lock()


class KeptEvidence:
    """Remembers what the answers of those who wait are supported by.

    Args:
        cycles: Of how many; 20,000 assessments with 50 answers each take some 4 MB.
    """

    def __init__(self, cycles: int = 4) -> None:
        self._cycles = Remembered[tuple[int, int | None, str], _OfCycle](cycles)

    def of(self, tx: Reader, wanted: Compared) -> Shown:
        """Return it as the transaction sees it, or as of a later moment."""
        asked = wanted.waiting.questionnaire.reference
        kept = self._cycles.first((wanted.cycle, wanted.earlier, asked), _OfCycle())
        with kept.reading:
            known = _brought_up_to_date(tx, wanted, kept.known)
            if known.size >= kept.known.size:
                kept.known = known
        return _shown(wanted.waiting, known.rows)


def _brought_up_to_date(tx: Reader, wanted: Compared, known: _Known) -> _Known:
    size = log.size(tx)
    rows = _holding(tx, wanted, known, size)
    new = np.array([one.assessment not in rows for one in wanted.waiting.members], np.bool_)
    if new.any():
        some = structs.replace(wanted, waiting=wanted.waiting.only(new))
        rows = rows | dict(_read(tx, some))
    return _Known(size, rows)


def _holding(tx: Reader, wanted: Compared, known: _Known, size: int) -> dict[int, _Row]:
    """Return the rows that are still as they were."""
    if not known.rows or size < known.size or (size == known.size and not log.is_behind(tx)):
        return known.rows
    if size - known.size > _FAR:
        return {}
    own = columns.changed(tx, wanted.cycle, known.size)
    others = [] if wanted.earlier is None else columns.changed(tx, wanted.earlier, known.size)
    if own is None or others is None:
        return {}
    changed, whose = set(own), stored.whose(tx, others) if others else set()
    if not changed and not whose:
        return known.rows
    return {
        id_: one
        for id_, one in known.rows.items()
        if id_ not in changed and one.organisation not in whose
    }


def _read(tx: Reader, wanted: Compared) -> Iterator[tuple[int, _Row]]:
    members, codes = wanted.waiting.members, tuple(wanted.waiting.questionnaire.indicators)
    places = {code: place for place, code in enumerate(codes)}
    ids = [one.assessment for one in members]
    rows = {id_: row for row, id_ in enumerate(ids)}
    flags = np.zeros((len(ids), 2, len(codes)), np.bool_)
    for id_, supported in stored.supported(tx, ids).items():
        flags[rows[id_], 0, [places[code] for code in supported if code in places]] = True
    if wanted.earlier is not None and wanted.before is not None:
        for place, jumped in jumps(wanted.waiting, wanted.before):
            some = [ids[row] for row in jumped.tolist()]
            fresh = stored.fresh(tx, wanted.earlier, codes[place], some)
            flags[[rows[id_] for id_ in fresh], 1, place] = True
    for one, own in zip(members, flags, strict=True):
        yield one.assessment, _Row(one.organisation, own.tobytes())


def _shown(waiting: Selection, rows: dict[int, _Row]) -> Shown:
    width = len(waiting.questionnaire.indicators)
    together = b"".join(rows[one.assessment].flags for one in waiting.members)
    flags = np.frombuffer(together, np.bool_).reshape(len(waiting.members), 2, width)
    return Shown(flags[:, 0], flags[:, 1])
