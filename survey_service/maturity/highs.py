"""HiGHS, the solver of integer programmes; only where the extra is installed."""

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
from typing_extensions import override

_NODES = 20_000  # after as many branches it ends, everywhere alike; the time is far off


class _Quiet(highspy.Highs):
    """Says nothing; else it prints its name as it is made, into what programs read."""

    @override
    def enableCallbacks(self) -> Any:  # - its name is theirs
        self.setOptionValue("output_flag", False)  # noqa: FBT003 - the option is a switch
        return super().enableCallbacks()  # type: ignore[no-untyped-call] # theirs has no types


def solve(
    costs: Sequence[int], rows: Sequence[tuple[float, float, dict[int, int]]], seconds: float
) -> tuple[frozenset[int] | None, bool]:
    """Return which columns cost least under rows, None where none is found; and if that is proven."""
    solver = _Quiet()  # type: ignore[no-untyped-call] # theirs has no types
    for name, value in {
        "threads": 1,  # the first programme of a process settles it, another number fails
        "random_seed": 0,
        "mip_rel_gap": 0.0,
        "mip_max_nodes": _NODES,
        "time_limit": seconds,
    }.items():
        solver.setOptionValue(name, value)
    count = len(costs)
    places = np.arange(count, dtype=np.int32)
    solver.addVars(count, np.zeros(count), np.ones(count))
    solver.changeColsCost(count, places, np.array(costs, dtype=float))
    kinds = np.array([highspy.HighsVarType.kInteger] * count)
    solver.changeColsIntegrality(count, places, kinds)
    for lower, upper, terms in rows:
        at = np.array(list(terms), dtype=np.int32)
        solver.addRow(lower, upper, len(terms), at, np.array(list(terms.values()), dtype=float))
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, True
    values = solver.getSolution().col_value
    there = (
        solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    )
    chosen = frozenset(at for at, value in enumerate(values) if value > 0.5)  # noqa: PLR2004 - 0 or 1
    if status == highspy.HighsModelStatus.kTimeLimit:
        return None, False  # how far it came depends on the machine
    return chosen if there else None, status == highspy.HighsModelStatus.kOptimal
