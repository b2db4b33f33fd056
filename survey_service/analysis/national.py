"""What is asked of a whole country, in whole numbers: the same from our columns and from any engine.

Counts and sums are whole, quantiles are values that occur, means are cut off: whoever computes them, in
whatever order and on however many machines, comes to the same. `outside.engine` asks an engine for what
`figures` makes of the columns of a cycle.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from survey_service.analysis.columns import INDEX
from survey_service.analysis.distributions import PERCENTS, distributions, strengths
from survey_service.analysis.movers import Moves, moves
from survey_service.analysis.national_coherence import Coherent, national_coherence
from survey_service.analysis.selection import KIND, PERCENT, Selection
from survey_service.maturity.cards import NOTHING
from survey_service.maturity.instrument import Questionnaire

BINS = 20
"""Equal parts of the scale, in which indices are counted."""

MOST = 10
"""Of those who rose and of those who fell, the furthest."""

_QUARTERS = 4


class Spread(Struct, frozen=True):
    """The values of a code in a group: how many have one, how many have none, their sum in units.

    `mean` and `quantiles`, by percent, are in units; None and none of them where nobody has a value.
    """

    group: str
    code: str
    count: int
    missing: int
    total: int
    mean: int | None
    quantiles: Mapping[int, int]


class Histogram(Struct, frozen=True):
    """How many indices of a group lie in each of `BINS` equal parts of the scale."""

    group: str
    counts: tuple[int, ...]


class Reached(Struct, frozen=True):
    """How far an indicator is reached: by how many, in sum, in millionths of a percent of its span.

    `levels` are how many stand in each of the equal steps of the span, the end being one of its own.
    """

    code: str
    count: int
    total: int
    levels: tuple[int, ...]

    @property
    def percent(self) -> float:
        """The mean share of the span that is reached, to be shown."""
        return self.total / max(self.count, 1) * 100 / PERCENT


class Counted(Struct, frozen=True):
    """How many of a group are alike: in a state, or of a grade by its code, "" for none."""

    group: str
    what: str
    count: int


class Claimed(Struct, frozen=True):
    """What was claimed of a code against what was found, over `items` that have both values.

    `over` and `under` count those claimed too high and too low; `total` is the sum of claimed less
    found, in millionths of a percent of the span.
    """

    code: str
    items: int
    over: int
    under: int
    total: int

    @property
    def percent(self) -> float:
        """The mean difference in percent of the span, to be shown."""
        return self.total / max(self.items, 1) * 100 / PERCENT


class Moved(Struct, frozen=True):
    """An organisation with an index in both cycles: values and change in units, and its ranks."""

    organisation: int
    name: str
    before: int
    after: int
    change: int
    rank_before: int
    rank_after: int


class Movement(Struct, frozen=True):
    """How many moved between two cycles, the sum of their changes in units, and who moved furthest.

    `first` are those who rose most, and `last` those who fell most, that one at the end.
    """

    rose: int
    same: int
    fell: int
    joined: int
    left: int
    change: int
    first: tuple[Moved, ...]
    last: tuple[Moved, ...]


class Figures(Struct, frozen=True):
    """What a cycle comes to.

    Args:
        states: How many assessments stand where, the withdrawn ones left out.
        compared: How many are compared, of whom all the other figures are.
        spreads: Of the index and every node, by group, then in the order of the questionnaire.
        histograms: Of the index, by group.
        indicators: From the strongest to the weakest.
        coverage: By group and state, how many stand there, the withdrawn ones left out.
        grades: By group and grade.
        checked: How many have a result of a later stage than their own.
        claims: Of those, by code: the index, every node, every indicator.
        coherence: How the parts go along.
        movement: Since an earlier cycle; None where none is asked for.
    """

    states: Mapping[str, int]
    compared: int
    spreads: Sequence[Spread]
    histograms: Sequence[Histogram]
    indicators: Sequence[Reached]
    coverage: Sequence[Counted]
    grades: Sequence[Counted]
    checked: int
    claims: Sequence[Claimed]
    coherence: Coherent
    movement: Movement | None = None


class Answered(Struct, frozen=True):
    """What an engine answered: of which cycle, with how many decimals, and what codes are called.

    `titles` are by language and code; `tops` are the codes of the uppermost nodes.
    """

    cycle: int
    cycles: tuple[int, ...]
    digits: int
    tops: tuple[str, ...]
    titles: dict[str, dict[str, str]]
    figures: Figures


def figures(of: Selection, by: str = KIND, before: Selection | None = None) -> Figures:
    """Return what the columns of a cycle come to.

    Args:
        of: All of the cycle.
        by: What groups are made by: `kind` or an attribute; "" for none.
        before: All of an earlier cycle that asked the same.
    """
    standing = [
        (group, one.state)
        for group, one in zip(of.groups(by).tolist(), of.members, strict=True)
        if one.withdrawn is None
    ]
    graded = zip(of.counted.groups(by).tolist(), of.counted.grades.tolist(), strict=True)
    checked = of.counted.only(of.counted.checked)
    return Figures(
        dict(sorted(Counter(state for _, state in standing).items())),
        len(of.counted.members),
        _spreads(of.counted, by),
        _histograms(of.counted, by),
        _reached(of.counted),
        counted(Counter(standing)),
        counted(Counter(graded)),
        len(checked.members),
        _claims(checked),
        national_coherence(of),
        None if before is None else _movement(before.counted, of.counted),
    )


def steps(questionnaire: Questionnaire) -> int:
    """Return into how many equal steps a span is parted: those between levels, where there are some."""
    scale = questionnaire.scale
    span = scale.highest - scale.lowest
    whole = span == int(span) and 1 < span <= 2 * _QUARTERS
    return int(span) if whole and not questionnaire.points else _QUARTERS


def bounds(count: int) -> list[int]:
    """Return where each of so many steps of a span begins, and the end, in millionths of a percent."""
    return [PERCENT * step // count for step in range(count + 1)]


def _spreads(counted: Selection, by: str) -> list[Spread]:
    codes = [INDEX, *counted.questionnaire.all_nodes]
    places = [counted.places[code] for code in codes]
    found = distributions(counted.values[:, places], counted.groups(by))
    return [
        spread(
            group,
            code,
            int(found.counts[row, column]),
            int(found.missing[row, column]),
            int(found.totals[row, column]),
            dict(zip(PERCENTS, found.quantiles[row, column].tolist(), strict=True)),
        )
        for row, group in enumerate(found.groups)
        for column, code in enumerate(codes)
    ]


def spread(
    group: str, code: str, count: int, missing: int, total: int, quantiles: Mapping[int, int]
) -> Spread:
    """Return the values of a code in a group, with their mean; what nobody has has no quantiles."""
    if not count:
        return Spread(group, code, 0, missing, 0, None, {})
    return Spread(group, code, count, missing, total, total // count, quantiles)


def _histograms(counted: Selection, by: str) -> list[Histogram]:
    unit = 10**counted.digits
    lowest, highest = (int(end * unit) for end in counted.questionnaire.spans[INDEX])
    column = counted.column(INDEX).astype(np.int64)
    bins = np.clip((column - lowest) * BINS // max(highest - lowest, 1), 0, BINS - 1)
    groups = counted.groups(by)
    return [
        Histogram(name, tuple(np.bincount(bins[groups == name], minlength=BINS).tolist()))
        for name in np.unique(groups).tolist()
    ]


def _reached(counted: Selection) -> list[Reached]:
    codes = tuple(counted.questionnaire.indicators)
    ends, parted = [(0, PERCENT)] * len(codes), bounds(steps(counted.questionnaire))
    found = strengths(codes, counted.reached(codes), ends, parted)
    return [Reached(one.code, one.count, one.total, one.levels) for one in found]


def ranked(found: Sequence[Reached], codes: Sequence[str]) -> list[Reached]:
    """Return indicators from the strongest to the weakest, those alike in the order of `codes`."""
    places = {code: place for place, code in enumerate(codes)}
    return sorted(found, key=lambda one: (-Fraction(one.total, one.count), places[one.code]))


def counted(found: Mapping[tuple[str, str], int]) -> list[Counted]:
    """Return counts by group and what is alike, in their order."""
    return [Counted(group, what, count) for (group, what), count in sorted(found.items())]


def _claims(checked: Selection) -> list[Claimed]:
    codes = (INDEX, *checked.questionnaire.all_nodes, *checked.questionnaire.indicators)
    said, found = (checked.reached(codes, of) for of in (checked.at_stage("self"), checked.values))
    both = (said != NOTHING) & (found != NOTHING)
    apart = np.where(both, said.astype(np.int64) - found, 0)
    sums = (both.sum(0), (apart > 0).sum(0), (apart < 0).sum(0), apart.sum(0))
    rows = zip(codes, *(one.tolist() for one in sums), strict=True)
    return [Claimed(*row) for row in rows]


def _movement(before: Selection, after: Selection) -> Movement:
    found = moves(before.ids, before.column(INDEX), after.ids, after.column(INDEX))
    change, names = found.change, {one.organisation: one.name for one in after.members}
    furthest = np.arange(len(change))
    return Movement(
        int((change > 0).sum()),
        int((change == 0).sum()),
        int((change < 0).sum()),
        len(found.joined),
        len(found.left),
        int(change.sum()),
        tuple(_moved(found, place, names) for place in furthest[:MOST].tolist()),
        tuple(_moved(found, place, names) for place in furthest[-MOST:].tolist()),
    )


def _moved(found: Moves, place: int, names: Mapping[int, str]) -> Moved:
    return Moved(
        int(found.ids[place]),
        names[int(found.ids[place])],
        int(found.before[place]),
        int(found.after[place]),
        int(found.change[place]),
        int(found.rank_before[place]),
        int(found.rank_after[place]),
    )
