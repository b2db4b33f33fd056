"""How a composite is made of columns: its tree, its weights, and what is done with values on the way.

`composite` tells what each word means. The files that hold a structure are explained in
`questionnaires/README.md`.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from survey_service.maturity.checking.findings import Place

Rule = Literal["arithmetic", "geometric", "harmonic"]
Normalisation = Literal["none", "min-max", "z-score", "rank", "percentile"]
Transformation = Literal["log", "log1p"]
Code = Annotated[str, Meta(min_length=1, max_length=200)]

Few = Annotated[int, Meta(ge=0, le=1000)]

_LEAST: dict[Transformation, Decimal] = {"log": Decimal(0), "log1p": Decimal(-1)}
_FURTHEST = Decimal(10) ** 20  # what lies nearer is shown with all of its digits


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """An indicator by the name of its column; `inverted` where a lower value is better.

    What lies beyond `lowest` or `highest` counts as the end; with min-max they are also the ends of
    the scale, instead of those that occur. `mean` and `deviation` are those that z-scores go by, of
    a year of reference, say. `normalise` and `winsorise` stand for those of the structure.
    """

    code: Code
    weight: Decimal | None = None
    inverted: bool = False
    lowest: Decimal | None = None
    highest: Decimal | None = None
    normalise: Normalisation | None = None
    transform: Transformation | None = None
    winsorise: Few | None = None
    mean: Decimal | None = None
    deviation: Decimal | None = None


class Branch(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A node: of further nodes, or of indicators, which a name alone may stand for.

    With min-max what its children come to is brought to the ends of the scale once more.
    `present_at_least` stands for that of the structure.
    """

    code: Code
    weight: Decimal | None = None
    combine: Rule | None = None
    normalise: Literal["none", "min-max"] = "none"
    present_at_least: Decimal | None = None
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


class Scores(Struct, frozen=True, forbid_unknown_fields=True):
    """Where z-scores lie: around which mean, how wide, and between which ends, if any."""

    mean: Decimal = Decimal(0)
    deviation: Decimal = Decimal(1)
    lowest: Decimal | None = None
    highest: Decimal | None = None


class Outliers(Struct, frozen=True, forbid_unknown_fields=True):
    """What tells that a column has outliers: more skewness than this, and more (excess) kurtosis."""

    skewness: Decimal = Decimal(2)
    kurtosis: Decimal = Decimal("3.5")


class Structure(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """What a composite is made of, and how.

    `unit` names the column of the organisations' names, the first one where it is None. `range` are
    the ends of min-max: by default 0 and 100, and 1 and 100 where a mean is geometric or harmonic,
    which need values above zero. `deviation` is that of z-scores. Of a column with outliers up to
    `winsorise` values are brought in. `combine` is one rule, or one for each tier from the top; a
    node may have its own. A node has a value where at least `present_at_least` of its children have
    one, as a share of their number, and at least one; and who has less than `covered_at_least` of
    all indicators is left out altogether.
    """

    nodes: tuple[Branch, ...] = ()
    indicators: tuple[Code | Column, ...] = ()
    code: Code = "index"
    unit: Code | None = None
    normalise: Normalisation = "none"
    range: tuple[Decimal, Decimal] | None = None
    deviation: Literal["sample", "population"] = "sample"
    z_scores: Scores = Scores()
    winsorise: Few = 0
    outliers: Outliers = Outliers()
    combine: Rule | tuple[Rule, ...] = "arithmetic"
    present_at_least: Decimal = Decimal(0)
    covered_at_least: Decimal = Decimal(0)

    @cached_property
    def root(self) -> Branch:
        """The composite itself as a node, with the rule of its tier."""
        return Branch(self.code, combine=self.rule(0), nodes=self.nodes, indicators=self.indicators)

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

    @cached_property
    def above(self) -> dict[str, Decimal]:
        """What values must lie above to have a logarithm, by column, where nothing brings them there."""
        return {
            code: _LEAST[one.transform]
            for code, one in self.columns.items()
            if one.transform is not None and one.lowest is None
        }

    def way(self, column: Column) -> Normalisation:
        """Return how a column is normalised."""
        return column.normalise or self.normalise

    def share(self, branch: Branch) -> Decimal:
        """Return which share of its children a node needs."""
        own = branch.present_at_least
        return self.present_at_least if own is None else own

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
    if structure.range is not None and not _ascends(*structure.range):
        yield Fault(("range",), "ends")
    scores, outliers = structure.z_scores, structure.outliers
    if not _ascends(scores.lowest, scores.highest):
        yield Fault(("z_scores",), "ends")
    if not (_is_known(scores.mean) and _is_above(scores.deviation)):
        yield Fault(("z_scores",), "bound", {"expected": "deviation > 0"})
    if not (_lies(outliers.skewness, _FURTHEST) and _lies(outliers.kurtosis, _FURTHEST)):
        yield Fault(("outliers",), "bound", {"expected": "skewness, kurtosis >= 0"})
    yield from _share_fault(structure.present_at_least, ("present_at_least",))
    yield from _share_fault(structure.covered_at_least, ("covered_at_least",))
    yield from _faults(structure, structure.root, (), {structure.code})


def _faults(structure: Structure, branch: Branch, at: Place, seen: set[str]) -> Iterator[Fault]:
    if bool(branch.nodes) == bool(branch.indicators):
        yield Fault(at, "nodes_or_indicators")
    if branch.present_at_least is not None:
        yield from _share_fault(branch.present_at_least, (*at, "present_at_least"))
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


def _share_fault(share: Decimal, at: Place) -> Iterator[Fault]:
    if not _lies(share, Decimal(1)):
        yield Fault(at, "bound", {"expected": "0 - 1"})


def _weight_faults(branch: Branch, at: Place) -> Iterator[Fault]:
    weights = [child.weight for child in branch.children]
    given = [weight for weight in weights if weight is not None]
    if given and len(given) < len(weights):
        yield Fault(at, "some_weights")
    if not all(_lies(weight, _FURTHEST) and _has_digits(weight) for weight in given):
        yield Fault(at, "bound", {"expected": "weight >= 0"})
    elif given and not any(given):
        yield Fault(at, "no_weight")


def _column_faults(structure: Structure, column: Column, at: Place) -> Iterator[Fault]:
    way = structure.way(column)
    given = [one for one in (column.mean, column.deviation) if one is not None]
    if way == "none" and column.inverted:
        yield Fault(at, "not_normalised", {"word": "inverted"})
    if given and (way != "z-score" or len(given) == 1):
        yield Fault(at, "mean_and_deviation")
    elif given and not (_is_known(given[0]) and _is_above(given[1])):
        yield Fault(at, "bound", {"expected": "deviation > 0"})
    if not _ascends(column.lowest, column.highest):
        yield Fault(at, "ends")
    elif column.transform is not None and _is_at_most(column.lowest, _LEAST[column.transform]):
        expected = f"lowest > {_LEAST[column.transform]}"
        yield Fault(at, "bound", {"expected": expected})


def _lies(value: Decimal, highest: Decimal) -> bool:
    return value.is_finite() and 0 <= value <= highest


def _is_known(value: Decimal) -> bool:
    return value.is_finite() and abs(value) <= _FURTHEST and _has_digits(value)


def _has_digits(value: Decimal) -> bool:
    """Whether what is more than nothing is so as a floating-point number too, and well away from it."""
    return not value or abs(value) >= 1 / _FURTHEST


def _is_above(value: Decimal) -> bool:
    return _is_known(value) and value > 0


def _is_at_most(value: Decimal | None, other: Decimal) -> bool:
    return value is not None and value <= other


def _ascends(*ends: Decimal | None) -> bool:
    """Whether those ends that are given are numbers that ascend, as floating-point numbers too."""
    given = [end for end in ends if end is not None]
    return all(map(_is_known, given)) and all(
        float(one) < float(other) for one, other in pairwise(given)
    )
