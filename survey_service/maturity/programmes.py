"""Integer programmes of yes and no, each solved the same way every time.

The solver is an extra of the package: it is only looked for when a programme is to be solved.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from math import inf
from typing import TypeAlias

from msgspec import Struct

from survey_service.errors.planning import SolverMissingError

Row: TypeAlias = tuple[float, float, dict[int, int]]
"""The least and the most that columns may add up to, each times a whole number."""


class Solution(Struct, frozen=True):
    """Which columns are chosen; None where nothing is allowed, or was found in time.

    `proven` is whether nothing costs less, or nothing is allowed at all.
    """

    chosen: frozenset[int] | None
    proven: bool


class Programme:
    """Columns that are chosen or not, each with a cost, under rows."""

    def __init__(self) -> None:
        self._costs: list[int] = []
        self._rows: list[Row] = []

    def column(self, cost: int = 0) -> int:
        """Add a column and return its number."""
        self._costs.append(cost)
        return len(self._costs) - 1

    def row(
        self, terms: Mapping[int, int], *, at_least: float = -inf, at_most: float = inf
    ) -> None:
        """Ask that the chosen columns add up to something."""
        self._rows.append((at_least, at_most, {at: each for at, each in terms.items() if each}))

    def solve(self, seconds: float) -> Solution:
        """Return the choice that costs least.

        Raises:
            SolverMissingError: The solver is not installed.
        """
        if find_spec("highspy") is None:
            raise SolverMissingError
        from survey_service.maturity import highs  # noqa: PLC0415 - needs an extra, which may be missing

        return Solution(*highs.solve(self._costs, self._rows, seconds))
