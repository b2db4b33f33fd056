"""Composite indicators: values brought to one scale, and combined up a tree.

    min-max    low + (high - low) * (x - least) / (greatest - least), over all organisations
    z-score    (x - mean) / deviation, of a sample (over n - 1) unless said otherwise
    inverted   the other way round: what was least becomes greatest

    arithmetic   sum(w * x) / sum(w)
    geometric    product(x ** (w / sum(w))), nothing where a value is below zero
    harmonic     sum(w) / sum(w / x), 0 where a value is zero, and nothing where one is below

Sums run over the children that have a value, so that these share the weight of the others. All
values are floating-point numbers and `nan` where there is none; what is shown is rounded to
`DIGITS` significant digits, so that who has the same also gets the same rank.
"""

from decimal import Context, Decimal
from fractions import Fraction
from math import isfinite

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.structures import Rule, Structure

Floats = NDArray[np.float64]

DIGITS = 12
_SHOWN = Context(prec=DIGITS)
_SMALL = 1e-9  # against the largest: what a deviation of equal floating-point numbers comes to


class Composite(Struct, frozen=True):
    """What organisations come to, a row for each.

    `normalised` has a column for each of `columns`, `nodes` for each of `codes`, each before its
    parent, so that the last one is the composite. `alike` are the columns that have no normalised
    value because all organisations have the same, or none; `below` the nodes whose mean had to be
    left out somewhere because a value was below zero.
    """

    columns: tuple[str, ...]
    normalised: Floats
    codes: tuple[str, ...]
    nodes: Floats
    alike: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def index(self) -> Floats:
        """The composite itself, shape (organisations,)."""
        whole: Floats = self.nodes[:, -1]
        return whole


def composite(structure: Structure, values: Floats) -> Composite:
    """Return the composite of each organisation, and all that it is made of.

    Args:
        structure: A sound one; see `structures.faults`.
        values: Of its columns in their order, shape (organisations, columns).
    """
    columns = tuple(structure.columns)
    normalised, alike = normalise(structure, values)
    found = dict(zip(columns, normalised.T, strict=True))
    below = []
    for code, (branch, rule) in structure.branches.items():
        children = np.stack([found[child.code] for child in branch.children])
        weights = np.array(
            [1.0 if one.weight is None else one.weight for one in branch.children], float
        )
        combined = power_mean(children, weights, rule)
        if np.any(np.isnan(combined) & ~np.isnan(children[weights > 0]).all(axis=0)):
            below.append(code)
        combined[~enough(children, structure.present_at_least)] = np.nan
        found[code] = combined
    codes = tuple(structure.branches)
    nodes = np.stack([found[code] for code in codes], axis=1)
    return Composite(columns, normalised, codes, nodes, tuple(alike), tuple(below))


def normalise(structure: Structure, values: Floats) -> tuple[Floats, list[str]]:
    """Return values on one scale, and the columns that tell nobody apart and so have none on it.

    Args:
        structure: Says how.
        values: Shape (organisations, columns).
    """
    found, alike = np.array(values, float), []
    for place, column in enumerate(structure.columns.values()):
        there = ~np.isnan(found[:, place])
        given = found[there, place]
        if structure.normalise == "none":
            continue
        if structure.normalise == "z-score":
            normal = _z_scores(given, degrees=structure.deviation == "sample")
        else:
            ends = column.lowest, column.highest
            normal = _min_max(given, ends, structure.ends, inverted=column.inverted)
        if normal is None:
            alike.append(column.code)
            found[:, place] = np.nan
        else:
            turned = column.inverted and structure.normalise == "z-score"
            found[there, place] = -normal if turned else normal
    return found, alike


def power_mean(values: Floats, weights: Floats, rule: Rule) -> Floats:
    """Return the weighted mean of the values that are there.

    Args:
        values: Shape (children, organisations).
        weights: From 0, shape (children,).
        rule: Which mean.
    """
    there = ~np.isnan(values) & (weights > 0)[:, None]
    shares = np.where(there, weights[:, None], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = shares / shares.sum(axis=0)
        if rule == "arithmetic":
            plain: Floats = np.where(there, shares * values, 0.0).sum(axis=0) / there.any(axis=0)
            return plain
        turned = np.log(values) if rule == "geometric" else 1 / values
        mean = np.where(there, shares * turned, 0.0).sum(axis=0)
        found: Floats = np.exp(mean) if rule == "geometric" else 1 / mean
    found[(there & (values == 0)).any(axis=0)] = 0.0
    found[(there & (values < 0)).any(axis=0) | ~there.any(axis=0)] = np.nan
    return found


def enough(children: Floats, at_least: Decimal) -> NDArray[np.bool_]:
    """Return whose children are there to at least a share of their number, and at least one.

    Args:
        children: Shape (children, organisations).
        at_least: 0 to 1; compared exactly, so that 7 of 10 are 0.7.
    """
    present = (~np.isnan(children)).sum(axis=0)
    least = max(-(-Fraction(at_least) * len(children) // 1), 1)
    found: NDArray[np.bool_] = present >= int(least)
    return found


def shown(value: float) -> Decimal | None:
    """Return a figure as it is shown, to `DIGITS` significant digits; None where there is none."""
    if not isfinite(value):
        return None
    return (_SHOWN.create_decimal(repr(value)) + 0).normalize(_SHOWN)


def ranks(values: Floats) -> list[int | None]:
    """Return ranks as in competitions, the highest value first: 1, 2, 2, 4; None without a value.

    Values that are shown alike have the same rank.
    """
    figures = [shown(value) for value in values.tolist()]
    descending = sorted((one for one in figures if one is not None), reverse=True)
    first: dict[Decimal, int] = {}
    for place, one in enumerate(descending, start=1):
        first.setdefault(one, place)
    return [None if one is None else first[one] for one in figures]


def _z_scores(given: Floats, *, degrees: bool) -> Floats | None:
    if len(given) <= degrees:
        return None
    deviation = float(given.std(ddof=int(degrees)))
    if deviation <= _SMALL * float(np.abs(given).max()):
        return None
    normal: Floats = (given - given.mean()) / deviation
    return normal


def _min_max(
    given: Floats,
    ends: tuple[Decimal | None, Decimal | None],
    onto: tuple[float, float],
    *,
    inverted: bool,
) -> Floats | None:
    if not len(given):
        return None
    least = float(given.min() if ends[0] is None else ends[0])
    greatest = float(given.max() if ends[1] is None else ends[1])
    if least >= greatest:
        return None
    way = np.clip((given - least) / (greatest - least), 0.0, 1.0)
    return onto[0] + (onto[1] - onto[0]) * (1 - way if inverted else way)
