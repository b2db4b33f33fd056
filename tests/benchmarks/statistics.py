"""The statistics of a country: how far ranks hold, distributions, movers, and what is suppressed."""

from decimal import Decimal

import numpy as np

from survey_service.analysis.claims import by_organisation
from survey_service.analysis.coherence import Coherence, coherence
from survey_service.analysis.composite import Floats, composite
from survey_service.analysis.distributions import distributions
from survey_service.analysis.movers import moves
from survey_service.analysis.robustness import Robustness, robustness
from survey_service.analysis.structures import Branch, Structure
from survey_service.analysis.suppression import told
from tests.benchmarks.timing import milliseconds

_AGENCIES, _DRAWS = 600, 10_000
_UNITS = 20_000
_FEW = 100


def robust() -> tuple[float, float]:
    """Return the seconds of 10,000 draws with everything at random, and of 100 plain ones."""
    structure, values = _structure(), _values(_AGENCIES)
    ours = milliseconds(lambda: _robust(structure, values, _DRAWS), 3) / 1000
    return ours, milliseconds(lambda: _plainly(values), 3) / 1000


def many() -> float:
    """Return the seconds of 200 draws of all units, which a page has of so many."""
    structure, values = _structure(), _values(_UNITS)
    return milliseconds(lambda: _robust(structure, values, 200), 1) / 1000


def views() -> dict[str, float]:
    """Return the milliseconds of what the views of a ministry reckon."""
    random = np.random.default_rng(2)
    nodes = random.integers(1_000_000, 5_000_000, (_UNITS, 21)).astype(np.int32)
    ids = np.arange(_UNITS)
    kinds = [f"kind {place % 8}" for place in range(_UNITS)]
    regions = [f"region {place % 38}" for place in range(_UNITS)]
    said, found = (random.integers(1, 6, (_UNITS, 60)) * 1_000_000 for _ in range(2))
    structure, values = _structure(), _values(_UNITS)
    groupings = [{(id_, ""): group for id_, group in enumerate(each)} for each in (kinds, regions)]
    return {
        "21 nodes by region": milliseconds(lambda: distributions(nodes, regions), 5),
        "movers": milliseconds(lambda: moves(ids, nodes[:, 0], ids, nodes[:, 1]), 5),
        "coherence of 64 indicators": milliseconds(lambda: _coherence(structure, values), 3),
        "claims of each": milliseconds(lambda: by_organisation(said, found), 3),
        "suppression, two groupings": milliseconds(lambda: told(groupings), 3),
    }


def _robust(structure: Structure, values: Floats, draws: int) -> Robustness:
    found = composite(structure, values)
    return robustness(structure, found.normalised, found.index, 7, draws)


def _coherence(structure: Structure, values: Floats) -> Coherence:
    return coherence(structure, composite(structure, values))


def _plainly(values: Floats) -> Floats:
    """Return ranks as one would write it down: of weighted means, a draw at a time."""
    random = np.random.default_rng(7)
    filled = np.nan_to_num(values, nan=3.0)
    found = []
    for _ in range(_FEW):
        weights = random.dirichlet(np.ones(filled.shape[1]))
        found.append((-filled @ weights).argsort().argsort())
    return np.quantile(found, [0.05, 0.5, 0.95], axis=0)


def _structure() -> Structure:
    """Return a tree of three tiers over 64 indicators."""
    return Structure(
        tuple(
            Branch(
                f"D{top}",
                Decimal(top + 1),
                nodes=tuple(
                    Branch(
                        f"A{top}{at}", indicators=tuple(f"I{top}{at}{leaf}" for leaf in range(4))
                    )
                    for at in range(4)
                ),
            )
            for top in range(4)
        )
    )


def _values(organisations: int) -> Floats:
    random = np.random.default_rng(1)
    values = random.integers(1, 6, (organisations, 64)).astype(float)
    values[random.random(values.shape) < 0.03] = np.nan
    return values
