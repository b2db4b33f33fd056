"""The tree of a questionnaire: nodes of any depth, and the indicators that hang on them."""

from collections.abc import Container, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct, structs

from survey_service.maturity.answer_types import (
    External,
    Item,
    Level,
    Number,
    Option,
    Ratio,
    Units,
    Written,
)
from survey_service.maturity.rules import Combine, Conversion
from survey_service.maturity.texts import Code, Condition, Named, Text

AnswerType = Literal["level", "option", "value", "values", "checked", "text"]
NotApplicable = Literal["reweight", "lowest", "highest", "value", "forbidden"]


class Indicator(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing asked.

    Answered in one of these kinds: with a level of its own `levels` or of a shared `ladder`; with
    one of its `options` or of a shared `choice`; with a `number`; with the numbers of a `ratio`;
    with the items of a `checklist` that are there; with a `text`.

    `weight` counts among siblings; where no sibling has one, they count equally. `by_kind` gives
    the weights for kinds of organisation; a kind that it leaves out is not asked, unless `weight`
    is there for it. `when` says when it is asked at all. `progress: partial` counts the criteria
    met beyond the level reached as a fraction of a level. `bonus` adds to the parent without being
    part of its whole.

    `out_of` is what the values of its levels, options or bands are out of, where they are not on
    the scale: each is worth its fraction of that.

    `not_applicable` says what becomes of the weight when the indicator does not apply:
    `reweight` hands it to the siblings, `lowest` keeps it and counts the lowest value, `highest`
    the highest, as though the target were reached, and `value` the `not_applicable_value`, given as
    those of options are. `forbidden` means that it always applies.
    """

    code: Code
    name: Text
    weight: Decimal | None = None
    by_kind: dict[Code, Decimal] = {}
    when: Condition | None = None
    levels: tuple[Level, ...] = ()
    ladder: Code | None = None
    progress: Literal["whole", "partial"] = "whole"
    options: tuple[Option, ...] = ()
    choice: Code | None = None
    number: Number | None = None
    ratio: Ratio | None = None
    checklist: tuple[Item, ...] = ()
    text: Written | None = None
    out_of: Decimal | None = None
    units: Units | None = None
    external: External | None = None
    bonus: bool = False
    bands: Code | None = None
    guidance: Text | None = None
    evidence: tuple[Text, ...] = ()
    source: str = ""
    not_applicable: NotApplicable = "reweight"
    not_applicable_value: Decimal | None = None

    @property
    def answer_type(self) -> AnswerType:
        """What an answer to it holds."""
        if self.number is not None:
            return "value"
        if self.ratio is not None:
            return "values"
        if self.checklist:
            return "checked"
        if self.text is not None:
            return "text"
        return "option" if self.options or self.choice is not None else "level"

    @property
    def part_of_whole(self) -> bool:
        """Whether it belongs to the whole that siblings make up: no bonus, and no text."""
        return not self.bonus and self.text is None


class Node(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the tree: either further nodes below it, or indicators.

    `weight`, `by_kind`, `when` and `bonus` are those of an indicator. `combine` is how its value
    comes from its children's, the questionnaire's way unless it says its own; `convert` then turns
    it into another. Where fewer than the `least_share` of what it comes from have a value, it has
    none. `outcome` marks a node that measures effects on the public rather than the
    agency's own work. `bands` names the grades of its own index.
    """

    code: Code
    name: Text
    weight: Decimal | None = None
    by_kind: dict[Code, Decimal] = {}
    when: Condition | None = None
    description: Text | None = None
    source: str = ""
    outcome: bool = False
    bonus: bool = False
    combine: Combine | None = None
    lookup: Code | None = None
    least_share: Decimal | None = None
    convert: Conversion | None = None
    bands: Code | None = None
    nodes: tuple["Node", ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @property
    def children(self) -> "tuple[Node | Indicator, ...]":
        """What hangs directly below."""
        return self.nodes or self.indicators

    @property
    def part_of_whole(self) -> bool:
        """Whether it belongs to the whole that siblings make up: no bonus."""
        return not self.bonus

    def walk(self, depth: int = 0) -> "Iterator[tuple[int, Node]]":
        """Yield this node and all below it with their depth, each parent before its children."""
        yield depth, self
        for node in self.nodes:
            yield from node.walk(depth + 1)

    def leaves(self) -> Iterator[Indicator]:
        """Yield every indicator below, in the order asked."""
        for node in self.nodes:
            yield from node.leaves()
        yield from self.indicators


class Tier(Named, frozen=True, forbid_unknown_fields=True):
    """A tier of the tree, from the top; `bands` names the grades of its nodes' indices."""

    bands: Code | None = None


def leaves_of(children: Sequence[Node | Indicator]) -> Iterator[Indicator]:
    """Yield every indicator among siblings and below them, in the order asked."""
    for child in children:
        if isinstance(child, Node):
            yield from child.leaves()
        else:
            yield child


def own_count(thing: Node | Indicator) -> Fraction:
    """Return what something counts among its siblings."""
    return Fraction(1) if thing.weight is None else Fraction(thing.weight)


def flat_count(thing: Node | Indicator) -> Fraction:
    """Return what all indicators of a node, or one itself, count in a mean over all of them."""
    return sum((own_count(leaf) for leaf in leaves_of([thing]) if leaf.part_of_whole), Fraction(0))


def share_out(
    children: Sequence[Node | Indicator],
    whole: Fraction,
    shares: dict[str, Fraction],
    flattened: Container[str],
    parent: str = "",
) -> None:
    """Note in `shares` the weight of each child and of all below it, or its part of the whole.

    What lies in a `flattened` node, by its code, has the part that its indicators have.
    """
    is_flat = parent in flattened
    counted = sum(
        (
            flat_count(child) if is_flat else Fraction(1)
            for child in children
            if child.part_of_whole
        ),
        Fraction(0),
    )
    for child in children:
        if child.weight is None or (is_flat and isinstance(child, Node)):
            each = whole * (flat_count(child) if is_flat else 1) / (counted or 1)
        else:
            each = Fraction(child.weight)
        shares[child.code] = each
        if isinstance(child, Node):
            share_out(child.children, each, shares, flattened, child.code)


def conditions_below(node: Node, above: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every indicator of a node by code, with all conditions on which it is asked.

    `above` are those of the nodes that the node lies in.
    """
    here = (*above, node.when) if node.when else above
    for below in node.nodes:
        yield from conditions_below(below, here)
    for one in node.indicators:
        yield one.code, (*here, one.when) if one.when else here


def _asked_of(thing: Node | Indicator, kind: str) -> bool:
    return not thing.by_kind or kind in thing.by_kind or thing.weight is not None


def node_for(node: Node, kind: str) -> Node | None:
    """Return a node as a kind of organisation sees it; None where nothing of it is asked."""
    if not _asked_of(node, kind):
        return None
    found = structs.replace(
        node,
        weight=node.by_kind.get(kind, node.weight),
        by_kind={},
        nodes=tuple(below for each in node.nodes if (below := node_for(each, kind))),
        indicators=tuple(
            structs.replace(each, weight=each.by_kind.get(kind, each.weight), by_kind={})
            for each in node.indicators
            if _asked_of(each, kind)
        ),
    )
    return found if found.children else None
