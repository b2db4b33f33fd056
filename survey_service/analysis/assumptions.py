"""What can be decided otherwise of a composite: how values are combined, and what is done with gaps.

The structure's own way takes values as they are, unless its means cannot; the other ways take them
brought to where every mean can.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.composite import Floats, combined
from survey_service.analysis.structures import Rule, Structure

Places = NDArray[np.intp]
Missing = Literal["left_out", "median", "lowest"]

_ONTO = (1.0, 100.0)  # where values at or below zero are brought, so that every rule can take them
_WAYS: tuple[Missing, ...] = get_args(Missing)


class Lines(Struct, frozen=True):
    """How nodes are brought to a scale between two ends: see `normalising.line`."""

    ends: tuple[float, float]
    of: dict[str, tuple[float, float]]


class Taken(Struct, frozen=True):
    """Values with what is missing dealt with, as the structure's own means take them, and as others.

    Both are of shape (organisations, columns), and often the same; `lines` are by the way to combine.
    """

    own: Floats
    others: Floats
    lines: dict[str, Lines]

    def only(self, places: Places) -> "Taken":
        """Return those of some organisations; nodes are brought to the scale of all of them."""
        own = self.own[places]
        others = own if self.others is self.own else self.others[places]
        return Taken(own, others, self.lines)


def rules(structure: Structure) -> dict[str, dict[str, Rule]]:
    """Return the ways to combine, by name, that differ: the rule of each node by its code."""
    own = {code: rule for code, (_, rule) in structure.branches.items()}
    everywhere: tuple[Rule, ...] = get_args(Rule)
    mixed: dict[str, Rule] = {
        code: "geometric" if branch.nodes else "arithmetic"
        for code, (branch, _) in structure.branches.items()
    }
    named: dict[str, dict[str, Rule]] = {
        "own": own,
        **{rule: dict.fromkeys(own, rule) for rule in everywhere},
        "mixed": mixed,
    }
    found: dict[str, dict[str, Rule]] = {}
    for name, one in named.items():
        if one not in found.values():
            found[name] = one
    return found


def every_way(structure: Structure, normalised: Floats) -> list[Taken]:
    """Return values with what is missing dealt with in every way.

    Args:
        structure: Of the composite.
        normalised: Its columns, shape (organisations, columns).
    """
    ways = _WAYS if np.isnan(normalised).any() else _WAYS[:1]
    return [taken(structure, filled(normalised, way)) for way in ways]


def taken(structure: Structure, values: Floats) -> Taken:
    """Return values as they are where the structure's own means can take them, and for the others.

    Args:
        structure: Of the composite.
        values: Of its columns, normalised, shape (organisations, columns).
    """
    others, plain = positive(values), structure.ends
    above = plain if plain[0] > 0 else _ONTO
    means = {rule for _, rule in structure.branches.values()}
    as_is = means == {"arithmetic"} or not (values < 0).any()
    own = values if as_is else others
    return Taken(
        own,
        others,
        {
            name: lines(structure, own, each, plain if as_is else above)
            if name == "own"
            else lines(structure, others, each, above)
            for name, each in rules(structure).items()
        },
    )


def lines(
    structure: Structure, values: Floats, rules_: Mapping[str, Rule], ends: tuple[float, float]
) -> Lines:
    """Return how nodes are brought to a scale by a way to combine, with weights as they are."""
    scaled = [code for code, (one, _) in structure.branches.items() if one.normalise != "none"]
    if not scaled:
        return Lines(ends, {})
    found = combined(structure, values, rules_, ends).lines
    return Lines(ends, {code: found.get(code, (0.0, 0.0)) for code in scaled})


def filled(normalised: Floats, way: Missing) -> Floats:
    """Return values with what is missing dealt with; a column without any keeps none.

    Args:
        normalised: Shape (organisations, columns).
        way: What is done.
    """
    found = normalised.copy()
    for column in found.T:
        gaps = np.isnan(column)
        if way != "left_out" and not gaps.all():
            there = column[~gaps]
            column[gaps] = np.median(there) if way == "median" else there.min()
    return found


def positive(values: Floats) -> Floats:
    """Return values that every rule can take: brought above zero by one line where some are not."""
    there = values[~np.isnan(values)]
    if not there.size or there.min() > 0:
        return values
    least, span = there.min(), (there.max() - there.min()) or 1.0
    low, high = _ONTO
    moved: Floats = low + (high - low) * ((values - least) / span)
    return moved
