"""How far a rank can be believed: what ranks become when what was decided is decided otherwise.

Each draw reckons all composites anew, with three things at random (Saisana, Saltelli and Tarantola
2005; OECD and JRC, Handbook on Constructing Composite Indicators, 2008):

    weights    those of siblings, either each of them times 1 - SPREAD to 1 + SPREAD, or all of them
               from a Dirichlet distribution around what they are, which makes any weights of equal
               siblings as likely as any others
    rule       the structure's own, or arithmetic, geometric or harmonic means everywhere, or
               geometric ones above and arithmetic ones in the lowest nodes ("mixed"); for all but its
               own, values at or below zero are brought above it first
    missing    what has no value: left out, the middle of the others, or the lowest of the others

Of the ranks, the 5th to the 95th percent of the draws are the band. The total effect of an assumption
is the part of the variance of all ranks that would be left if everything but it were known (Jansen
1999), taken over all organisations together. Equal seeds give equal figures.
"""

import numpy as np
from msgspec import Struct

from survey_service.analysis.assumptions import Places, Taken, every_way, rules, taken
from survey_service.analysis.composite import Floats, combined, ranks
from survey_service.analysis.correlations import kendall, spearman
from survey_service.analysis.perturbation import Assumption, Model, Ranks, among
from survey_service.analysis.structures import Structure

DRAWS = 1000
MOST = 50_000_000  # ranks that are kept at once, in four bytes each
PERCENTS = (5, 50, 95)
_TOGETHER = 128  # organisations, whose draws are sorted as one
_PAIRED = 1_000_000_000  # comparisons of two ranks, which take about a quarter of a second
_SEEN = 2000  # organisations of whom pairs and effects are told; of more, so many evenly from all
_SETTLED = 95  # draws of 100 in which a settled pair keeps its order


class Robustness(Struct, frozen=True):
    """What ranks become over all draws.

    `reference` has the rank of each organisation as decided, `bands` the ranks at `PERCENTS` of the
    draws, shape (organisations, 3); both 0 for who has no composite. `kept` is the mean share of pairs
    that stand in the order of the reference, `settled` the share of those that do in at least 95 of
    100 draws; None where no two differ. `effects` are total effects, 0 to 1, of the assumptions that
    have more than one way here; None where no rank ever changes. `agreement` has Kendall's tau-b and
    Spearman's rho of the composite with each other way to decide, None where one has all alike.
    """

    seed: int
    draws: int
    reference: Ranks
    bands: Ranks
    kept: float | None
    settled: float | None
    effects: dict[Assumption, float | None]
    agreement: dict[str, tuple[float | None, float | None]]


def robustness(
    structure: Structure, normalised: Floats, index: Floats, seed: int, draws: int = DRAWS
) -> Robustness:
    """Return how far the ranks of a composite can be believed.

    Args:
        structure: Of the composite.
        normalised: Its columns, shape (organisations, columns); see `composite.normalise`.
        index: The composite of each organisation, shape (organisations,).
        seed: Of the random numbers, from 0.
        draws: From 1; organisations times draws are at most `MOST`.
    """
    given = np.array([rank or 0 for rank in ranks(index)], np.int32)
    ranked = given > 0
    reference = given[ranked]
    places = np.flatnonzero(ranked)
    model = Model(structure, [way.only(places) for way in every_way(structure, normalised)])
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = model.drawn(random, draws)
    found = model.ranks(drawn)
    bands = np.zeros((len(index), len(PERCENTS)), np.int32)
    bands[ranked] = _quantiles(found)
    few = _evenly(reference)
    found_few = found if len(few) == len(reference) else among(found, few)
    kept, settled = _pairs(reference[few], found_few)
    return Robustness(
        seed,
        draws,
        given,
        bands,
        kept,
        settled,
        model.of(few).effects(random, drawn, found_few),
        _agreement(structure, normalised, index),
    )


def affordable(organisations: int, draws: int) -> int:
    """Return so many draws, or as many as are kept of so many organisations."""
    return max(min(draws, MOST // max(organisations, 1)), 1)


def _evenly(reference: Ranks) -> Places:
    """Return the places of up to `_SEEN` organisations, evenly from the first to the last."""
    if len(reference) <= _SEEN:
        return np.arange(len(reference))
    return np.argsort(reference, kind="stable")[:: -(-len(reference) // _SEEN)]


def _quantiles(found: Ranks) -> Ranks:
    """Return the ranks at `PERCENTS` of the draws, each one that occurs."""
    draws, organisations = found.shape
    places = [max(-(-percent * draws // 100) - 1, 0) for percent in PERCENTS]
    bands = np.empty((organisations, len(PERCENTS)), np.int32)
    for start in range(0, organisations, _TOGETHER):
        some = slice(start, start + _TOGETHER)
        bands[some] = np.sort(found[:, some].T, axis=1)[:, places]
    return bands


def _pairs(reference: Ranks, found: Ranks) -> tuple[float | None, float | None]:
    """Return how much of the order stays: over all pairs and draws, and of pairs nearly always."""
    count = len(reference)
    step = max(-(-count * count * len(found) // _PAIRED), 1)
    seen = found[::step].astype(np.int16)  # ranks among `_SEEN` at the most: less to fetch
    pairs = kept = settled = 0
    rows = max(_TOGETHER * _TOGETHER * 64 // max(count, 1), 1)
    for start in range(0, count, rows):
        some = slice(start, start + rows)
        ahead = reference[some, None] < reference
        held = np.zeros(ahead.shape, np.int32)
        # made once: memory that is asked for anew at each draw takes twice the time of the work
        counted, less = np.empty(ahead.shape, np.uint8), np.empty(ahead.shape, np.bool_)
        for first in range(0, len(seen), 255):  # what eight bits can count
            counted.fill(0)
            for draw in seen[first : first + 255]:
                np.less(draw[some, None], draw, out=less)
                np.add(counted, less.view(np.uint8), out=counted)
            held += counted
        pairs += int(ahead.sum())
        kept += int(held[ahead].sum(dtype=np.int64))
        settled += int((held[ahead] * 100 >= _SETTLED * len(seen)).sum())
    if not pairs:
        return None, None
    return kept / (pairs * len(seen)), settled / pairs


def _agreement(
    structure: Structure, normalised: Floats, index: Floats
) -> dict[str, tuple[float | None, float | None]]:
    """Return how the composite agrees with itself, decided otherwise: by weights, or by rule."""
    values, all_rules = taken(structure, normalised), rules(structure)
    weighted = any(
        child.weight != branch.children[0].weight
        for branch, _ in structure.branches.values()
        for child in branch.children
    )
    ways = {name: _decided(structure, values, name) for name in all_rules if name != "own"}
    if weighted:
        ways = {"equal_weights": _decided(structure, values, "own", equal=True), **ways}
    return {name: (kendall(index, one), spearman(index, one)) for name, one in ways.items()}


def _decided(structure: Structure, values: Taken, name: str, *, equal: bool = False) -> Floats:
    """Return the composite with another way to combine, and with equal weights where asked for."""
    ends = values.lines[name].ends
    columns = values.own if name == "own" else values.others
    found = combined(structure, columns, rules(structure)[name], ends, equal=equal)
    rounded: Floats = found.values[structure.code].round(10)
    return rounded
