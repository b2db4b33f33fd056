"""What is asked: a questionnaire, its tree of nodes, its indicators and their levels."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Words = Annotated[str, Meta(min_length=1, max_length=4000)]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
Version = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20)]
Effort = Annotated[int, Meta(ge=1, le=5)]


class Text(Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in every language of the product; none may be missing."""

    id: Words
    en: Words

    def in_(self, language: str) -> str:
        """Return the words in `language`; Indonesian where it is none of ours."""
        return self.en if language == "en" else self.id


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    """A code with its name: a tier of the tree, or somebody who carries out a step."""

    code: Code
    name: Text


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do to climb to a level from the one below, by whom, and how hard that is.

    `who` is the code of one of the questionnaire's `actors`; `effort` runs from 1 (a decision
    within a unit's own means) to 5 (several years, several agencies).
    """

    do: Text
    who: Code
    effort: Effort


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """A step of a ladder: reached when its criteria and those of all lower levels are met."""

    criteria: Annotated[tuple[Text, ...], Meta(min_length=1)]
    name: Text | None = None
    step: Step | None = None


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """Levels that several indicators share, as instruments with generic criteria have them."""

    code: Code
    levels: Annotated[tuple[Level, ...], Meta(min_length=2)]


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to choose from, and what it is worth on the questionnaire's scale."""

    code: Code
    text: Text
    value: Decimal


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """Options that several indicators share, such as the letters from AA to E."""

    code: Code
    options: Annotated[tuple[Option, ...], Meta(min_length=2)]


class Number(Struct, frozen=True, forbid_unknown_fields=True):
    """A number to be entered, on the questionnaire's scale, with at most `decimals` decimals."""

    decimals: Annotated[int, Meta(ge=0, le=8)] = 2


class Indicator(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing asked, in one of three kinds.

    Answered with a level of its own `levels` or of a shared `ladder`; with one of its `options` or
    of a shared `choice`; or with a `number`.

    `weight` counts among siblings; where no sibling has one, they count equally.
    `not_applicable` says what becomes of the weight when the indicator does not apply:
    `reweight` hands it to the siblings, `forbidden` means that it always applies.
    """

    code: Code
    name: Text
    weight: Decimal | None = None
    levels: tuple[Level, ...] = ()
    ladder: Code | None = None
    options: tuple[Option, ...] = ()
    choice: Code | None = None
    number: Number | None = None
    guidance: Text | None = None
    evidence: tuple[Text, ...] = ()
    source: str = ""
    not_applicable: Literal["reweight", "forbidden"] = "reweight"

    @property
    def kind(self) -> Literal["level", "option", "value"]:
        """What an answer to it holds."""
        if self.number is not None:
            return "value"
        return "option" if self.options or self.choice is not None else "level"


class Node(Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the tree: either further nodes below it, or indicators.

    `outcome` marks a node that measures effects on the public rather than the agency's own work.
    """

    code: Code
    name: Text
    weight: Decimal | None = None
    description: Text | None = None
    source: str = ""
    outcome: bool = False
    nodes: tuple["Node", ...] = ()
    indicators: tuple[Indicator, ...] = ()

    @property
    def children(self) -> tuple["Node | Indicator", ...]:
        """What hangs directly below."""
        return self.nodes or self.indicators

    def walk(self, depth: int = 0) -> Iterator[tuple[int, "Node"]]:
        """Yield this node and all below it with their depth, each parent before its children."""
        yield depth, self
        for node in self.nodes:
            yield from node.walk(depth + 1)

    def leaves(self) -> Iterator[Indicator]:
        """Yield every indicator below, in the order asked."""
        for node in self.nodes:
            yield from node.leaves()
        yield from self.indicators


class Gate(Struct, frozen=True, forbid_unknown_fields=True):
    """A minimum that a grade also asks for: of one `node`, or of `every` node of a tier."""

    at_least: Decimal
    node: Code | None = None
    every: Code | None = None
    reason: Text | None = None


class Grade(Struct, frozen=True, forbid_unknown_fields=True):
    """A named band of the index, up to the next grade's.

    Its lower bound is either `from`, which belongs to it, or `above`, which does not.
    """

    code: Code
    name: Text
    at_least: Decimal | None = field(name="from", default=None)
    above: Decimal | None = None
    gates: tuple[Gate, ...] = ()
    meaning: Text | None = None

    @property
    def bound(self) -> Decimal:
        """The lower bound, whichever way it is given."""
        return self.at_least or self.above or Decimal(0)

    def reached(self, index: Fraction) -> bool:
        """Whether an index lies in the band or higher."""
        return index >= self.bound if self.above is None else index > self.above


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """What levels, options and numbers are worth, and so the index, from `lowest` to `highest`."""

    lowest: Decimal = Decimal(1)
    highest: Decimal = Decimal(5)


class Provenance(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the weights and bounds were read in a source, and what readers must know of it."""

    status: Literal["own", "confirmed", "unconfirmed"]
    note: Text


class Questionnaire(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A published, never edited version of an instrument."""

    code: Code
    version: Version
    name: Text
    provenance: Provenance
    tiers: Annotated[tuple[Named, ...], Meta(min_length=1)]
    grades: Annotated[tuple[Grade, ...], Meta(min_length=1)]
    nodes: Annotated[tuple[Node, ...], Meta(min_length=1)]
    description: Text | None = None
    source: str = ""
    scale: Scale = Scale()
    actors: tuple[Named, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def reference(self) -> str:
        """`code@version`, the way a questionnaire is named everywhere."""
        return f"{self.code}@{self.version}"

    @cached_property
    def all_nodes(self) -> dict[str, Node]:
        """Every node by code, each parent before its children."""
        return {node.code: node for top in self.nodes for _, node in top.walk()}

    @cached_property
    def depths(self) -> dict[str, int]:
        """How deep each node lies by code; 0 is the top tier."""
        return {node.code: depth for top in self.nodes for depth, node in top.walk()}

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """Every indicator by code, in the order asked."""
        return {leaf.code: leaf for top in self.nodes for leaf in top.leaves()}

    @cached_property
    def parents(self) -> dict[str, Node]:
        """The node that each indicator hangs on, by the indicator's code."""
        return {leaf.code: node for node in self.all_nodes.values() for leaf in node.indicators}

    @cached_property
    def actor_names(self) -> dict[str, Text]:
        """The names of those who carry out steps, by code."""
        return {actor.code: actor.name for actor in self.actors}

    @cached_property
    def _ladders(self) -> dict[str, tuple[Level, ...]]:
        return {ladder.code: ladder.levels for ladder in self.ladders}

    def levels(self, indicator: Indicator) -> tuple[Level, ...]:
        """Return the indicator's levels, lowest first, its own or its ladder's."""
        return indicator.levels if indicator.ladder is None else self._ladders[indicator.ladder]

    def level(self, indicator: Indicator, number: int) -> Level:
        """Return the level that the scale numbers `number`."""
        return self.levels(indicator)[number - int(self.scale.lowest)]

    @cached_property
    def _choices(self) -> dict[str, tuple[Option, ...]]:
        return {choice.code: choice.options for choice in self.choices}

    def options(self, indicator: Indicator) -> tuple[Option, ...]:
        """Return the options to answer the indicator with, its own or its choice's."""
        return indicator.options if indicator.choice is None else self._choices[indicator.choice]

    def option(self, indicator: Indicator, code: str) -> Option | None:
        """Return the option with a code; None if the indicator has none such."""
        return next((one for one in self.options(indicator) if one.code == code), None)
