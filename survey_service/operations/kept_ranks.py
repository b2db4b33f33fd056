"""How far ranks can be believed, remembered: who turns the page has not everything drawn anew."""

from functools import partial
from hashlib import blake2b

from survey_service.analysis.composite import Floats
from survey_service.analysis.robustness import Robustness
from survey_service.analysis.robustness import robustness as drawn
from survey_service.analysis.structures import Structure
from survey_service.operations.remembered import Remembered

_Key = tuple[Structure, bytes, int, int]


class KeptRanks:
    """Remembers the analyses that were asked for last, by all that they follow from.

    Args:
        most: How many; one of 20,000 organisations takes about a third of a megabyte.
    """

    def __init__(self, most: int = 16) -> None:
        self._kept = Remembered[_Key, Robustness](most)

    def robustness(
        self, structure: Structure, normalised: Floats, index: Floats, seed: int, draws: int
    ) -> Robustness:
        """Return the same as `analysis.robustness.robustness` of the same."""
        content = blake2b(repr(normalised.shape).encode())
        content.update(normalised.tobytes())
        content.update(index.tobytes())
        key = structure, content.digest(), seed, draws
        draw = partial(drawn, structure, normalised, index, seed, draws)
        return self._kept.made(key, draw)
