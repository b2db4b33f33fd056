"""How the frontier of a node comes from its children's; the rules are those of `combining`.

Of the children it is settled which have a value: the others take effort and have no part.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial, reduce
from itertools import product
from typing import TypeAlias

import numpy as np
from msgspec import Struct

from survey_service.maturity.better_answers import Climb
from survey_service.maturity.combining import (
    Part,
    converted,
    from_logarithm,
    has_enough,
    held,
    in_binary,
    logarithm_of,
    rule_of,
    taken_together,
)
from survey_service.maturity.frontiers import (
    Entry,
    Frontier,
    Join,
    cheapest,
    first_of,
    joined,
    of,
    pruned,
    union,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Node

_DIGITS = 50  # after the point, of logarithms, which are held as whole numbers
_LONG = Context(prec=100)
_STATES = 20_000  # choices of children's values that are followed at one node
_ALL_TAKEN = -(10**40)  # by a part that makes a harmonic mean nothing; no value is as small
_DEAD = -(10**9)  # the logarithm of what makes a geometric mean nothing; none other is as low

Weighed: TypeAlias = Sequence[tuple[Fraction, Frontier]]
"""Frontiers of children that have a value, each with its weight."""

IDLE = of([(0, Fraction(0), lambda: iter(()))], every=False)
"""Takes no effort and has no value; stands for what is not asked."""


class Outcome(Struct, frozen=True):
    """What a node can come to: to have a value, and to have none, with one entry of least effort.

    Where one of them is None, that cannot be. It is `relaxed` where an adjustment was left out, and
    it so promises too much. `reckoned` has what is looked at from elsewhere, as far as it can be
    worth one thing alone.
    """

    valued: Frontier | None
    void: Frontier | None
    relaxed: bool = False
    reckoned: dict[str, Fraction | None] = {}

    @property
    def exact(self) -> bool:
        """Whether no entry was dropped."""
        return all(part.exact for part in (self.valued, self.void) if part is not None)


def mapped(
    found: Frontier, change: Callable[[Fraction], Fraction | None], *, every: bool
) -> Outcome:
    """Return what values change into; those that change into None are gone."""
    values = [change(value) for value in found.fractions]
    there = [at for at, value in enumerate(values) if value is not None]
    gone = [at for at, value in enumerate(values) if value is None]
    left = [value for value in values if value is not None]
    return Outcome(
        pruned(found.picked(there).changed(left), every=every) if there else None,
        cheapest(found.picked(gone)) if gone else None,
    )


def together(found: Sequence[Outcome], *, every: bool) -> Outcome:
    """Return what can be in one way or another."""
    valued = [one.valued for one in found if one.valued is not None]
    void = [one.void for one in found if one.void is not None]
    return Outcome(
        union(valued, every=every) if valued else None,
        cheapest(union(void, every=False)) if void else None,
        any(one.relaxed for one in found),
    )


class Family(Struct, frozen=True):
    """Siblings under `parent`; `every` says whether every value is kept."""

    questionnaire: Questionnaire
    parent: Node | None
    every: bool

    def outcome(
        self, parts: Weighed, extra: Weighed, idle: Sequence[Frontier], applying: int
    ) -> Outcome:
        """Return what siblings come to: the `parts`, the bonus on top, and those that are `idle`.

        Of the siblings, so many are `applying`, the bonus aside.
        """
        if not has_enough(self.questionnaire, self.parent, len(parts), applying):
            return Outcome(
                None, self._beside(self._nothing([*parts, *extra]).void, list(map(cheapest, idle)))
            )
        found = self._combined(parts)
        whole = self.questionnaire.wholes[self.parent.code if self.parent else ""]
        counted = [(weight / whole, one) for weight, one in extra if whole and weight]
        uncounted = [cheapest(one) for weight, one in extra if not (whole and weight)]
        if counted:
            found = self._with_bonus(found, counted)
        beside = [*uncounted, *idle]
        return Outcome(self._beside(found.valued, beside), self._beside(found.void, beside))

    def _with_bonus(self, found: Outcome, counted: Weighed) -> Outcome:
        """Return values with what the bonus adds; a bonus above nothing stands on the lowest end."""
        lowest, _ = self.questionnaire.ends
        least = sum((weight * lowest for weight, _ in counted), Fraction(0))
        extra = self._sum(counted).plus(-least)
        outcomes = []
        if found.valued is not None:
            outcomes.append(Outcome(self._fold([found.valued, extra], np.add), None))
        if found.void is not None:
            alone = self._fold([extra, found.void], first_of)
            outcomes.append(
                mapped(alone, lambda value: lowest + value if value else None, every=self.every)
            )
        return together(outcomes, every=self.every)

    def _beside(self, found: Frontier | None, idle: Sequence[Frontier]) -> Frontier | None:
        """Return a frontier with the effort of what has no value."""
        return None if found is None else self._fold([found, *idle], first_of)

    def _fold(self, parts: Sequence[Frontier], join: Join) -> Frontier:
        return reduce(partial(joined, join=join, every=self.every), parts)

    def _combined(self, parts: Weighed) -> Outcome:
        rule = rule_of(self.questionnaire, self.parent)
        if not parts or rule == "none":
            return self._nothing(parts)
        if rule in {"weakest_link", "lookup"}:
            return self._listed(parts)
        convert = self.parent.convert if self.parent else None
        by_points = convert is not None and convert.over == "points"
        bottom = sum((weight for weight, _ in parts), Fraction(0))
        if rule == "minimum" and not (by_points and bottom):
            lowest = self._fold([one for _, one in parts], np.minimum)
            return self._converted(lowest, nothing=by_points)
        if not bottom:
            return self._nothing(parts)
        if rule == "geometric" and not by_points:
            return self._geometric(parts, bottom)
        if rule == "harmonic" and not by_points:
            return self._harmonic(parts, bottom)
        return self._mean(parts, bottom, in_binary=not by_points and self._in_binary())

    def _in_binary(self) -> bool:
        rule = rule_of(self.questionnaire, self.parent)
        return rule in {"mean", "flat"} and in_binary(self.questionnaire, self.parent)

    def _mean(self, parts: Weighed, bottom: Fraction, *, in_binary: bool) -> Outcome:
        """Return the mean, of exact values or of those that a program holds."""
        if in_binary:
            parts = [(weight, one.changed([*map(held, one.fractions)])) for weight, one in parts]
        found = self._sum([(weight / bottom, one) for weight, one in parts])
        return self._converted(found.changed([*map(held, found.fractions)]) if in_binary else found)

    def _harmonic(self, parts: Weighed, bottom: Fraction) -> Outcome:
        """Return the harmonic mean, by the sum of what each part takes from it."""

        def taken(weight: Fraction, value: Fraction) -> Fraction:
            return -weight / bottom / value if value > 0 else Fraction(_ALL_TAKEN)

        losses = [
            (Fraction(1), part.changed([taken(weight, value) for value in part.fractions]))
            for weight, part in parts
            if weight
        ]
        idle = [(Fraction(0), part) for weight, part in parts if not weight]
        found = self._sum([*losses, *idle])
        means = [Fraction(0) if total <= _ALL_TAKEN else -1 / total for total in found.fractions]
        return self._converted(found.changed(means))

    def _nothing(self, parts: Weighed) -> Outcome:
        """Return that there is no value, whatever the parts are worth."""
        return Outcome(None, self._beside(IDLE, [cheapest(one) for _, one in parts]))

    def _sum(self, parts: Weighed) -> Frontier:
        """Return the sum of values times weights; what weighs nothing takes its least effort."""
        weighing = [one.times(weight) for weight, one in parts if weight]
        idle = [cheapest(one) for weight, one in parts if not weight]
        return self._fold([self._fold(weighing, np.add), *idle], first_of)

    def _converted(self, found: Frontier, *, nothing: bool = False) -> Outcome:
        """Return values as the node's bands turn them; by points, a part of `nothing` has none."""
        if self.parent is None or self.parent.convert is None:
            return Outcome(found, None)

        def convert(value: Fraction) -> Fraction | None:
            parts = [Part(Fraction(not nothing), value)]
            return converted(self.questionnaire, self.parent, parts, value)

        return mapped(found, convert, every=self.every)

    def _geometric(self, parts: Weighed, bottom: Fraction) -> Outcome:
        """Return the geometric mean, by the sum of logarithms as whole numbers."""
        one = 10**_DIGITS

        def logarithm(weight: Fraction, value: Fraction) -> Fraction:
            if value <= 0:
                return Fraction(_DEAD)
            exact = logarithm_of(Part(weight, value), bottom)
            return Fraction(int(exact.scaleb(_DIGITS, _LONG)), one)

        logarithms = [
            (Fraction(1), part.changed([logarithm(weight, value) for value in part.fractions]))
            for weight, part in parts
            if weight
        ]
        idle = [(Fraction(0), part) for weight, part in parts if not weight]

        def mean(total: Fraction) -> Fraction:
            if total < _DEAD // 2:
                return Fraction(0)
            whole = Decimal(total.numerator * (one // total.denominator))
            return from_logarithm(whole.scaleb(-_DIGITS, _LONG))

        found = self._sum([*logarithms, *idle])
        return self._converted(found.changed([mean(total) for total in found.fractions]))

    def _listed(self, parts: Weighed) -> Outcome:
        """Return what a table or the weakest link says of every choice of the children's values."""
        states: dict[tuple[Part, ...], _Chosen] = {(): _Chosen(0)}
        exact = all(one.exact for _, one in parts)
        for weight, one in parts:
            following: dict[tuple[Part, ...], _Chosen] = {}
            for (state, chosen), at in product(states.items(), range(len(one))):
                new = self._state(state, Part(weight, one.value(at)))
                effort = chosen.effort + int(one.efforts[at])
                if new not in following or effort < following[new].effort:
                    following[new] = _Chosen(effort, chosen, one, at)
            exact = exact and len(following) <= _STATES
            states = dict(sorted(following.items(), key=lambda item: item[1].effort)[:_STATES])
        entries: list[Entry] = []
        gone: list[Entry] = []
        for state, chosen in states.items():
            value = taken_together(self.questionnaire, self.parent, state, Fraction(0))
            entry = (chosen.effort, value or Fraction(0), chosen.trail)
            (gone if value is None else entries).append(entry)
        valued = of(entries, every=self.every) if entries else None
        if valued is not None:
            valued.exact = valued.exact and exact
        return Outcome(valued, cheapest(of(gone, every=False)) if gone else None)

    def _state(self, state: tuple[Part, ...], part: Part) -> tuple[Part, ...]:
        """Return what matters of parts with one more: not their order, and not what lies between."""
        convert = self.parent.convert if self.parent else None
        if convert is None or convert.over == "index":
            part = Part(Fraction(1), part.value)
            if rule_of(self.questionnaire, self.parent) == "weakest_link":
                ends = sorted((*state, part), key=lambda one: one.value)
                return (ends[0], ends[-1])
        return tuple(sorted((*state, part), key=lambda one: (one.value, one.weight)))


class _Chosen(Struct, frozen=True):
    """One choice of the children's entries: the last one's, after those before it."""

    effort: int
    before: "_Chosen | None" = None
    frontier: Frontier | None = None
    at: int = 0

    def trail(self) -> Iterator[Climb]:
        """Yield the steps that it stands for."""
        if self.before is not None and self.frontier is not None:
            yield from self.before.trail()
            yield from self.frontier.trail(self.at)
