"""How far ranks can be believed, remembered: who turns the page has not everything drawn anew."""

import threading
from collections import OrderedDict
from hashlib import blake2b

from survey_service.analysis.composite import Floats
from survey_service.analysis.robustness import Robustness
from survey_service.analysis.robustness import robustness as drawn
from survey_service.analysis.structures import Structure

_Key = tuple[Structure, bytes, int, int]


class KeptRanks:
    """Remembers the analyses that were asked for last, by all that they follow from.

    Args:
        most: How many; one of 20,000 organisations takes about a third of a megabyte.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._kept: OrderedDict[_Key, Robustness] = OrderedDict()
        self._lock = threading.Lock()

    def robustness(
        self, structure: Structure, normalised: Floats, index: Floats, seed: int, draws: int
    ) -> Robustness:
        """Return the same as `analysis.robustness.robustness` of the same."""
        content = blake2b(repr(normalised.shape).encode())
        content.update(normalised.tobytes())
        content.update(index.tobytes())
        key = structure, content.digest(), seed, draws
        with self._lock:
            known = self._kept.pop(key, None)
        if known is None:
            known = drawn(structure, normalised, index, seed, draws)
        with self._lock:
            self._kept[key] = known
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return known
