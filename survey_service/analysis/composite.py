"""Composite indicators: values brought to one scale (see `normalising`), and combined up a tree.

    arithmetic   sum(w * x) / sum(w)
    geometric    product(x ** (w / sum(w))), nothing where a value is below zero
    harmonic     sum(w) / sum(w / x), 0 where a value is zero, and nothing where one is below

Sums run over the children that have a value, so that these share the weight of the others. All
values are floating-point numbers and `nan` where there is none; what is shown is rounded to
`DIGITS` significant digits, so that who has the same also gets the same rank.
"""

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from math import isfinite

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.normalising import line, normalise
from survey_service.analysis.structures import Rule, Structure

Floats = NDArray[np.float64]

DIGITS = 12
_SHOWN = Context(prec=DIGITS)


class Composite(Struct, frozen=True):
    """What organisations come to, a row for each.

    `normalised` has a column for each of `columns`, `nodes` for each of `codes`, each before its
    parent, so that the last one is the composite. `alike` are the columns, and the nodes brought to
    a scale, that have no value on it because all organisations have the same, or none; `below` the
    nodes whose mean had to be left out somewhere because a value was below zero.
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


class Combined(Struct, frozen=True):
    """Columns and nodes by code, shape (organisations,).

    `below` are the nodes whose mean had to be left out somewhere because a value was below zero,
    `lines` how nodes were brought to a scale; see `normalising.line`.
    """

    values: dict[str, Floats]
    below: tuple[str, ...]
    lines: dict[str, tuple[float, float]]


def composite(structure: Structure, values: Floats) -> Composite:
    """Return the composite of each organisation, and all that it is made of.

    Args:
        structure: A sound one; see `structures.faults`.
        values: Of its columns in their order, shape (organisations, columns). Those that are to have
            a logarithm lie above what `Structure.above` says.
    """
    covered = enough(values.T, structure.covered_at_least)
    normalised, alike = normalise(structure, np.where(covered[:, None], values, np.nan))
    rules = {code: rule for code, (_, rule) in structure.branches.items()}
    found = combined(structure, normalised, rules, structure.ends)
    codes = tuple(structure.branches)
    nodes = np.stack([found.values[code] for code in codes], axis=1)
    level = [code for code, (one, _) in structure.branches.items() if code not in found.lines]
    return Composite(
        tuple(structure.columns),
        normalised,
        codes,
        nodes,
        (*alike, *(code for code in level if structure.branches[code][0].normalise != "none")),
        found.below,
    )


def combined(
    structure: Structure,
    normalised: Floats,
    rules: Mapping[str, Rule],
    ends: tuple[float, float],
    *,
    equal: bool = False,
) -> Combined:
    """Return what columns come to, up the tree.

    Args:
        structure: The tree.
        normalised: Its columns, shape (organisations, columns).
        rules: The mean of each node.
        ends: Of the scale to which some nodes are brought.
        equal: Whether siblings weigh the same, whatever is said.
    """
    found = dict(zip(structure.columns, normalised.T, strict=True))
    below, lines = [], {}
    for code, (branch, _) in structure.branches.items():
        children = np.stack([found[child.code] for child in branch.children])
        weights = [1.0 if equal or one.weight is None else one.weight for one in branch.children]
        weighs = np.array(weights, float)
        mean = power_mean(children, weighs, rules[code])
        if np.any(np.isnan(mean) & ~np.isnan(children[weighs > 0]).all(axis=0)):
            below.append(code)
        mean[~enough(children, structure.share(branch))] = np.nan
        if branch.normalise == "min-max":
            if (along := line(mean, ends)) is None:
                mean[:] = np.nan
            else:
                lines[code] = along
                mean = ends[0] + (mean - along[0]) * along[1]
        found[code] = mean
    return Combined(found, tuple(below), lines)


def power_mean(values: Floats, weights: Floats, rule: Rule) -> Floats:
    """Return the weighted mean of the values that are there.

    Args:
        values: Shape (children, organisations).
        weights: From 0, shape (children,).
        rule: Which mean.
    """
    there = ~np.isnan(values) & (weights > 0)[:, None]
    shares = np.where(there, weights[:, None], 0.0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
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
