"""How a composite is made of columns: its tree, its weights, and what is done with values on the way.

`composite` tells what each word means. The files that hold a structure are explained in
`questionnaires/README.md`.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from survey_service.maturity.checking.findings import Place

Rule = Literal["arithmetic", "geometric", "harmonic"]
Normalisation = Literal["none", "min-max", "z-score"]
Code = Annotated[str, Meta(min_length=1, max_length=200)]

_FURTHEST = Decimal(10) ** 20  # what lies nearer is shown with all of its digits


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """An indicator by the name of its column; `inverted` where a lower value is better.

    `lowest` and `highest` are ends of its own for min-max, instead of those that occur; what lies
    beyond them counts as the end.
    """

    code: Code
    weight: Decimal | None = None
    inverted: bool = False
    lowest: Decimal | None = None
    highest: Decimal | None = None


class Branch(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A node: of further nodes, or of indicators, which a name alone may stand for."""

    code: Code
    weight: Decimal | None = None
    combine: Rule | None = None
    nodes: tuple["Branch", ...] = ()
    indicators: tuple[Code | Column, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The indicators directly below."""
        return tuple(Column(one) if isinstance(one, str) else one for one in self.indicators)

    @property
    def children(self) -> "tuple[Branch | Column, ...]":
        """What hangs directly below."""
        return self.nodes or self.columns


class Structure(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """What a composite is made of, and how.

    `unit` names the column of the organisations' names, the first one where it is None. `range` are
    the ends of min-max: by default 0 and 100, and 1 and 100 where a mean is geometric or harmonic,
    which need values above zero. `deviation` is that of z-scores. `combine` is one rule, or one for
    each tier from the top; a node may have its own. A node has a value where at least
    `present_at_least` of its children have one, as a share of their number, and at least one.
    """

    nodes: tuple[Branch, ...] = ()
    indicators: tuple[Code | Column, ...] = ()
    code: Code = "index"
    unit: Code | None = None
    normalise: Normalisation = "none"
    range: tuple[Decimal, Decimal] | None = None
    deviation: Literal["sample", "population"] = "sample"
    combine: Rule | tuple[Rule, ...] = "arithmetic"
    present_at_least: Decimal = Decimal(0)

    @cached_property
    def root(self) -> Branch:
        """The composite itself as a node, with the rule of its tier."""
        return Branch(self.code, None, self.rule(0), self.nodes, self.indicators)

    @cached_property
    def branches(self) -> dict[str, tuple[Branch, Rule]]:
        """Every node with its rule by code, each one before its parent, so the composite last."""
        return dict(self._below(self.root, 0))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every indicator by code, in the order of the tree."""
        return {one.code: one for branch, _ in self.branches.values() for one in branch.columns}

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The ends of min-max."""
        if self.range is not None:
            return float(self.range[0]), float(self.range[1])
        rules = {rule for _, rule in self.branches.values()}
        return (0.0 if rules == {"arithmetic"} else 1.0), 100.0

    def rule(self, tier: int) -> Rule:
        """Return the rule of a tier, 0 for the composite; the last one holds for all below."""
        if isinstance(self.combine, str):
            return self.combine
        return self.combine[min(tier, len(self.combine) - 1)]

    def _below(self, branch: Branch, tier: int) -> Iterator[tuple[str, tuple[Branch, Rule]]]:
        for node in branch.nodes:
            yield from self._below(node, tier + 1)
        yield branch.code, (branch, branch.combine or self.rule(tier))


class Fault(Struct, frozen=True):
    """What is wrong with a structure: at which place, which `problem.*`, and its details."""

    at: Place
    reason: str
    details: dict[str, str] = {}


def faults(structure: Structure) -> Iterator[Fault]:
    """Yield what a structure says that cannot be; nothing where it is sound."""
    if structure.combine == ():
        yield Fault(("combine",), "no_rule")
        return
    if structure.range is not None and not _ascends(structure.range):
        yield Fault(("range",), "ends")
    if not _lies(structure.present_at_least, Decimal(1)):
        yield Fault(("present_at_least",), "bound", {"expected": "0 - 1"})
    yield from _faults(structure, structure.root, (), {structure.code})


def _faults(structure: Structure, branch: Branch, at: Place, seen: set[str]) -> Iterator[Fault]:
    if bool(branch.nodes) == bool(branch.indicators):
        yield Fault(at, "nodes_or_indicators")
    kind = "nodes" if branch.nodes else "indicators"
    yield from _weight_faults(branch, (*at, kind))
    for place, child in enumerate(branch.children):
        here: Place = (*at, kind, place)
        if child.code in seen:
            yield Fault(here, "code_twice", {"code": child.code})
        seen.add(child.code)
        if isinstance(child, Branch):
            yield from _faults(structure, child, here, seen)
        else:
            yield from _column_faults(structure, child, here)


def _weight_faults(branch: Branch, at: Place) -> Iterator[Fault]:
    weights = [child.weight for child in branch.children]
    given = [weight for weight in weights if weight is not None]
    if given and len(given) < len(weights):
        yield Fault(at, "some_weights")
    if not all(_lies(weight, _FURTHEST) for weight in given):
        yield Fault(at, "bound", {"expected": "weight >= 0"})
    elif given and not any(given):
        yield Fault(at, "no_weight")


def _column_faults(structure: Structure, column: Column, at: Place) -> Iterator[Fault]:
    ends = [end for end in (column.lowest, column.highest) if end is not None]
    if structure.normalise == "none" and column.inverted:
        yield Fault(at, "not_normalised", {"word": "inverted"})
    if structure.normalise != "min-max" and ends:
        yield Fault(at, "not_normalised", {"word": "lowest, highest"})
    if not _ascends(ends):
        yield Fault(at, "ends")


def _lies(value: Decimal, highest: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= highest


def _ascends(ends: Sequence[Decimal]) -> bool:
    known = all(end.is_finite() and abs(end) <= _FURTHEST for end in ends)
    return known and all(one < other for one, other in pairwise(ends))
