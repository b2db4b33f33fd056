"""Long views that were looked at last, remembered for as long as nothing of their cycle changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from msgspec import Struct

from survey_service.analysis.selection import Selection
from survey_service.reports.national.view import View


class _Kept(Struct, frozen=True):
    """Views of all of a cycle, as it was."""

    cycle: int
    of: Selection
    views: list[View]


class KeptViews:
    """Remembers views of whole cycles by what was asked of them.

    Args:
        most: How many.
    """

    def __init__(self, most: int = 24) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def views(
        self, cycle: int, of: Selection, asked: Hashable, reckon: Callable[[], list[View]]
    ) -> list[View]:
        """Return what is reckoned of a cycle, or what came of it when the same was asked.

        Args:
            cycle: The id of the cycle.
            of: All of it; the same one as long as nothing changes.
            asked: All that it depends on beside that.
            reckon: Makes the views.
        """
        with self._lock:
            known = self._kept.get((cycle, asked))
            if known is not None and known.of is of:
                self._kept.move_to_end((cycle, asked))
                return known.views
        found = reckon()
        with self._lock:
            for key, one in list(self._kept.items()):
                if one.cycle == cycle and one.of is not of:
                    del self._kept[key]  # which else kept all of the cycle as it was in memory
            self._kept[cycle, asked] = _Kept(cycle, of, found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found
