"""What is asked: a questionnaire, and what can be looked up in it."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from msgspec import Meta, Struct, structs

from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity.answer_types import Choice, Ladder, Level, Option
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import (
    Adjustment,
    Bands,
    Combine,
    Crosswalk,
    Gate,
    Grade,
    Lookup,
    Rounding,
)
from survey_service.maturity.texts import Code, Named, Text, Version
from survey_service.maturity.tree import (
    Indicator,
    Node,
    Tier,
    conditions_below,
    leaves_of,
    node_for,
    own_count,
    share_out,
)


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """What levels, options and numbers are worth, from `lowest` to `highest`."""

    lowest: Decimal = Decimal(1)
    highest: Decimal = Decimal(5)


class Limit(NamedTuple):
    """A bound that an index reaches, or has to be above where it does not belong to what begins there."""

    at: Fraction
    belongs: bool

    @classmethod
    def of(cls, grade: Grade) -> "Limit":
        """Return the lower bound of a grade."""
        return cls(Fraction(grade.bound), belongs=grade.above is None)

    def reached(self, index: Fraction) -> bool:
        """Whether an index is beyond the bound, or at one that belongs."""
        return index > self.at or (self.belongs and index == self.at)


class Provenance(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the weights and bounds were read in a source, and what readers must know of it."""

    status: Literal["own", "confirmed", "unconfirmed"]
    note: Text


class Questionnaire(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A published, never edited version of an instrument.

    With `points`, indices count points: that of a node or indicator runs from 0 to its weight, and
    the children's add up. Else every index lies on the `scale`. `combine` and `least_share` are
    those of every node that has none of its own; `plus` is what the weakest link gains where another
    child is better. `kinds` are the kinds of organisation that `by_kind` and
    conditions tell apart.
    """

    code: Code
    version: Version
    name: Text
    nodes: Annotated[tuple[Node, ...], Meta(min_length=1)]
    provenance: Provenance | None = None
    tiers: Annotated[tuple[Tier, ...], Meta(max_length=12)] = ()
    grades: Annotated[tuple[Grade, ...], Meta(max_length=50)] = ()
    bands: tuple[Bands, ...] = ()
    indicator_bands: Code | None = None
    description: Text | None = None
    source: str = ""
    scale: Scale = Scale()
    points: bool = False
    combine: Combine = "mean"
    least_share: Decimal | None = None
    plus: Decimal = Decimal("0.5")
    rounding: Rounding | None = None
    kinds: tuple[Named, ...] = ()
    actors: tuple[Named, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    choices: tuple[Choice, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    adjustments: Annotated[tuple[Adjustment, ...], Meta(max_length=500)] = ()
    crosswalks: tuple[Crosswalk, ...] = ()

    @property
    def reference(self) -> str:
        """`code@version`, the way a questionnaire is named everywhere."""
        return f"{self.code}@{self.version}"

    @cached_property
    def all_nodes(self) -> dict[str, Node]:
        """Every node by code, each parent before its children."""
        return {node.code: node for top in self.nodes for _, node in top.walk()}

    @cached_property
    def things(self) -> dict[str, Node | Indicator]:
        """Every node and indicator by code."""
        return {**self.all_nodes, **self.indicators}

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
    def ancestors(self) -> dict[str, tuple[str, ...]]:
        """The codes of the nodes above each indicator, by the indicator's code."""
        found: dict[str, tuple[str, ...]] = {}
        for node in self.all_nodes.values():
            for leaf in node.leaves():
                found[leaf.code] = (*found.get(leaf.code, ()), node.code)
        return found

    @cached_property
    def actor_names(self) -> dict[str, Text]:
        """The names of those who carry out steps, by code."""
        return {actor.code: actor.name for actor in self.actors}

    @cached_property
    def _ladders(self) -> dict[str, tuple[Level, ...]]:
        return {ladder.code: ladder.levels for ladder in self.ladders}

    def levels(self, indicator: Indicator) -> dict[int, Level]:
        """Return the indicator's levels by number, lowest first, its own or its ladder's."""
        levels = indicator.levels if indicator.ladder is None else self._ladders[indicator.ladder]
        first = 1 if levels and levels[0].value is not None else int(self.scale.lowest)
        return dict(enumerate(levels, start=first))

    @cached_property
    def _choices(self) -> dict[str, tuple[Option, ...]]:
        return {choice.code: choice.options for choice in self.choices}

    def options(self, indicator: Indicator) -> tuple[Option, ...]:
        """Return the options to answer the indicator with, its own or its choice's."""
        return indicator.options if indicator.choice is None else self._choices[indicator.choice]

    def option(self, indicator: Indicator, code: str) -> Option | None:
        """Return the option with a code; None if the indicator has none such."""
        return next((one for one in self.options(indicator) if one.code == code), None)

    @cached_property
    def answer_values(self) -> dict[str, dict[int | str, Fraction]]:
        """What each level or option is worth on the scale, by indicator and number or code."""
        answer_values: dict[str, dict[int | str, Fraction]] = {}
        for code, indicator in self.indicators.items():
            if indicator.answer_type == "level":
                answer_values[code] = {
                    number: self.on_scale(indicator, number if level.value is None else level.value)
                    for number, level in self.levels(indicator).items()
                }
            elif indicator.answer_type == "option":
                answer_values[code] = {
                    option.code: self.on_scale(indicator, option.value)
                    for option in self.options(indicator)
                }
        return answer_values

    def on_scale(self, indicator: Indicator, value: Decimal | int) -> Fraction:
        """Return a value of the indicator's, which may be out of something else, on the scale."""
        if indicator.out_of is None:
            return Fraction(value)
        lowest, highest = self.ends
        return lowest + (highest - lowest) * Fraction(value) / Fraction(indicator.out_of)

    @cached_property
    def conditional(self) -> bool:
        """Whether anything of it is asked, adjusted or required on a condition."""
        return bool(self.conditions)

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """The conditions on which anything of it is asked, adjusted or required."""
        gates = [gate for grade in self.grades for gate in grade.gates]
        found = [
            *(thing.when for thing in self.things.values()),
            *(adjustment.when for adjustment in self.adjustments),
            *(condition for gate in gates for condition in (gate.when, gate.require)),
        ]
        return tuple(condition for condition in found if condition)

    def rule(self, node: Node | None) -> Combine:
        """Return how a node, or all of it, comes from its children."""
        return self.combine if node is None or node.combine is None else node.combine

    @cached_property
    def flattened(self) -> frozenset[str]:
        """The codes of all nodes that are a flat mean, or lie in one; "" is the whole."""
        tops = [node for node in self.all_nodes.values() if self.rule(node) == "flat"]
        below = [node.code for top in tops for _, node in top.walk()]
        if self.combine == "flat":
            return frozenset(["", *self.all_nodes])
        return frozenset(below)

    @cached_property
    def members(self) -> dict[str, tuple[Node | Indicator, ...]]:
        """What every node is taken together from, by its code; all of it, by "".

        That is its children, or all indicators below a node that is a flat mean.
        """
        families = {"": self.nodes} | {code: node.children for code, node in self.all_nodes.items()}
        nodes: dict[str, Node | None] = {"": None} | self.all_nodes
        return {
            code: tuple(leaves_of(children)) if self.rule(nodes[code]) == "flat" else children
            for code, children in families.items()
        }

    @cached_property
    def asked_on(self) -> dict[str, tuple[str, ...]]:
        """The conditions of each indicator that is asked on some: those of its nodes, and its own."""
        each = (pair for top in self.nodes for pair in conditions_below(top, ()))
        return {code: conditions for code, conditions in each if conditions}

    @cached_property
    def tables(self) -> dict[str, Lookup]:
        """The look-up tables by code."""
        return {lookup.code: lookup for lookup in self.lookups}

    @cached_property
    def letters(self) -> dict[str, dict[str, Fraction]]:
        """The options of every shared choice with their values, by codes."""
        return {
            choice.code: {option.code: Fraction(option.value) for option in choice.options}
            for choice in self.choices
        }

    def gated(self, gate: Gate) -> list[str]:
        """Return the codes of the nodes or indicators that a gate asks a minimum of."""
        if gate.node is not None:
            return [gate.node]
        tiers = [tier.code for tier in self.tiers]
        depth = tiers.index(gate.every) if gate.every in tiers else -1
        return [code for code, at in self.depths.items() if at == depth]

    def minimum(self, gate: Gate, code: str) -> Fraction:
        """Return the index that a gate asks of what bears the code."""
        lowest, highest = self.spans[code]
        if gate.at_least is not None or gate.percent is None:
            return Fraction(gate.at_least or gate.above or 0)
        return lowest + (highest - lowest) * Fraction(gate.percent) / 100

    @cached_property
    def bounds(self) -> dict[str, tuple[Limit, ...]]:
        """What the index of each node or indicator, of the whole by "", is held against.

        Readers hold that of a node against the grades as well, where both are on one scale.
        """
        graded = [Limit.of(grade) for grade in self.grades]
        bounds = {"": graded} | {code: [*graded] for code in self.all_nodes if not self.points}
        for code, grades in self.banded.items():
            bounds[code] = [*bounds.get(code, ()), *map(Limit.of, grades)]
        for gate in (gate for grade in self.grades for gate in grade.gates):
            for code in filter(self.spans.__contains__, self.gated(gate)):
                limit = Limit(self.minimum(gate, code), belongs=gate.above is None)
                bounds.setdefault(code, []).append(limit)
        return {code: tuple(limits) for code, limits in bounds.items()}

    @cached_property
    def adjusting(self) -> dict[str, tuple[Adjustment, ...]]:
        """The adjustments of each node or indicator that has some, by its code, in order."""
        adjusting: dict[str, tuple[Adjustment, ...]] = {}
        for adjustment in self.adjustments:
            for code in adjustment.on:
                adjusting[code] = (*adjusting.get(code, ()), adjustment)
        return adjusting

    @cached_property
    def banded(self) -> dict[str, tuple[Grade, ...]]:
        """The grades of the index of every node and indicator that has such, by its code."""
        grades = {bands.code: bands.grades for bands in self.bands}
        tiers = [tier.bands for tier in self.tiers]
        named = {
            code: node.bands
            or (tiers[self.depths[code]] if self.depths[code] < len(tiers) else None)
            for code, node in self.all_nodes.items()
        }
        named |= {
            code: indicator.bands or self.indicator_bands
            for code, indicator in self.indicators.items()
        }
        return {code: grades[bands] for code, bands in named.items() if bands in grades}

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """The weight of every node and indicator, or its equal share of its parent's; of 100 in all."""
        shares: dict[str, Fraction] = {}
        share_out(self.nodes, Fraction(100), shares, self.flattened)
        return shares

    @cached_property
    def counts(self) -> dict[str, Fraction]:
        """What every node and indicator counts among its siblings, by code."""
        return {code: own_count(thing) for code, thing in self.things.items()}

    @cached_property
    def wholes(self) -> dict[str, Fraction]:
        """What the members of every node that make up its whole count together; of all, by ""."""
        return {
            code: sum(
                (self.counts[member.code] for member in members if member.part_of_whole), Fraction()
            )
            for code, members in self.members.items()
        }

    @cached_property
    def weights(self) -> dict[str, Decimal]:
        """The same as decimals, for showing."""
        return {code: exact(share) for code, share in self.shares.items()}

    @cached_property
    def ends(self) -> tuple[Fraction, Fraction]:
        """The lowest and the highest end of the scale."""
        return Fraction(self.scale.lowest), Fraction(self.scale.highest)

    @cached_property
    def spans(self) -> dict[str, tuple[Fraction, Fraction]]:
        """The lowest and highest index of every node and indicator by code; of all of it, by ""."""
        whole = sum((self.shares[top.code] for top in self.nodes if not top.bonus), Fraction(0))
        return {code: self._span(share) for code, share in ({"": whole} | self.shares).items()}

    @cached_property
    def furthest(self) -> Fraction:
        """The index that is furthest from 0, of any node or indicator."""
        return max(abs(end) for ends in self.spans.values() for end in ends)

    def _span(self, share: Fraction) -> tuple[Fraction, Fraction]:
        if self.points and share:
            return Fraction(0), share
        return self.ends

    @cached_property
    def expressions(self) -> dict[str, tuple[Fraction, Fraction]]:
        """How a value on the scale becomes an index, by code: times the first, plus the second."""
        start, end = self.ends
        expressions = {}
        for code, (lowest, highest) in self.spans.items():
            factor = (highest - lowest) / (end - start)
            expressions[code] = factor, lowest - start * factor
        return expressions

    @property
    def index_scale(self) -> Scale:
        """The ends of the index of the whole, bonus left aside."""
        lowest, highest = (exact(end) for end in self.spans[""])
        return Scale(lowest, highest)

    @cached_property
    def tells_kinds_apart(self) -> bool:
        """Whether kinds of organisation are asked different things or weighed differently."""
        return any(thing.by_kind for thing in self.things.values())

    def for_kind(self, kind: str) -> "Questionnaire":
        """Return what organisations of a kind are asked, with the weights that hold for them.

        Raises:
            UnknownKindError: Kinds are asked different things, and this is none of them.
        """
        if not self.tells_kinds_apart:
            return self
        if not self.knows(kind):
            expected = ", ".join(one.code for one in self.kinds)
            raise UnknownKindError(kind=kind, expected=expected, questionnaire=self.reference)
        if kind not in self._for_kinds:
            nodes = tuple(found for node in self.nodes if (found := node_for(node, kind)))
            self._for_kinds[kind] = structs.replace(self, nodes=nodes)
        return self._for_kinds[kind]

    def knows(self, kind: str) -> bool:
        """Whether organisations of a kind are asked anything."""
        return not self.tells_kinds_apart or any(one.code == kind for one in self.kinds)

    @cached_property
    def _for_kinds(self) -> "dict[str, Questionnaire]":
        return {}
