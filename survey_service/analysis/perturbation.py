"""Composites of many draws at once, with weights, rule and missing values to be decided in each.

What can be decided, and how, is told in `robustness` and `assumptions`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.assumptions import Lines, Places, Taken, rules
from survey_service.analysis.composite import Floats, enough
from survey_service.analysis.structures import Rule, Structure

Ranks = NDArray[np.int32]
Assumption = Literal["weights", "rule", "missing"]
Chosen = NDArray[np.int64]

SPREAD = 0.25
_TOGETHER = 128  # draws, reckoned as one
_CLOSE = 1024  # organisations, likewise: of more at once, most of the time goes to fetching memory
_EFFECTS = 1024  # draws behind the total effects; their error is a few percent
_WEIGHT = 1e-9  # the least that is drawn, against a mean of 1
_LEAST = 200
_ALIKE = 1e9  # composites of a draw are the same where they are in as many parts of their range
_ENDLESS = 1e290  # what a zero comes to: a logarithm so far below, a reciprocal so large
_NOTHING = 1e-200  # what was made of such, and is zero again
_FAR = -1e100  # no logarithm of anything else is as low


class Drawn(Struct, frozen=True):
    """What was drawn, a row for each draw: weights of each node's children, and the place of a way.

    `weights` has an array for each node, shape (draws, children), each row of sum 1.
    """

    weights: tuple[Floats, ...]
    rule: Chosen
    missing: Chosen

    def first(self, count: int) -> "Drawn":
        """Return the first draws."""
        weights = tuple(one[:count] for one in self.weights)
        return Drawn(weights, self.rule[:count], self.missing[:count])


class Model:
    """Composites of organisations, with weights, rule and missing values to be decided."""

    def __init__(self, structure: Structure, ways: Sequence[Taken]) -> None:
        """Prepare what is decided of values, one for each way to deal with what is missing."""
        self._structure, self._ways = structure, ways
        self._weights = [
            np.array([1.0 if one.weight is None else one.weight for one in branch.children], float)
            for branch, _ in structure.branches.values()
        ]
        self._rules = rules(structure)

    def of(self, places: Places) -> "Model":
        """Return the same of some of the organisations; what is missing stays filled as before."""
        return Model(self._structure, [way.only(places) for way in self._ways])

    @property
    def assumptions(self) -> list[Assumption]:
        """Those that can be decided in more than one way."""
        several: dict[Assumption, bool] = {
            "weights": any(len(one) > 1 for one in self._weights),
            "rule": len(self._rules) > 1,
            "missing": len(self._ways) > 1,
        }
        return [one for one, is_open in several.items() if is_open]

    def drawn(self, random: np.random.Generator, draws: int) -> Drawn:
        """Return so many draws; in half of them each weight varies for itself, in half all of them."""
        around = random.integers(2, size=draws) == 0
        weights = tuple(
            np.where(around[:, None], _around(random, draws, one), _dirichlet(random, draws, one))
            for one in self._weights
        )
        return Drawn(
            weights,
            random.integers(len(self._rules), size=draws),
            random.integers(len(self._ways), size=draws),
        )

    def ranks(self, drawn: Drawn) -> Ranks:
        """Return the ranks of each draw, shape (draws, organisations)."""
        found = np.empty((len(drawn.rule), len(self._ways[0].own)), np.int32)
        for way, taken in enumerate(self._ways):
            own = Filled(self._structure, taken.own)
            others = own if taken.others is taken.own else Filled(self._structure, taken.others)
            for rule, (name, each) in enumerate(self._rules.items()):
                filled_, lines = own if name == "own" else others, taken.lines[name]
                draws = np.flatnonzero((drawn.rule == rule) & (drawn.missing == way))
                for start in range(0, len(draws), _TOGETHER):
                    some = draws[start : start + _TOGETHER]
                    weights = [one[some] for one in drawn.weights]
                    found[some] = _ranked(filled_.scores(each, weights, lines))
        return found

    def effects(
        self, random: np.random.Generator, drawn: Drawn, found: Ranks
    ) -> dict[Assumption, float | None]:
        """Return the total effect of each assumption on all ranks together.

        Args:
            random: Where more is drawn from.
            drawn: What was drawn.
            found: The ranks then.
        """
        # the more organisations, the fewer draws give the same certainty about all of them together
        count = min(
            len(found), _EFFECTS, max(_EFFECTS * _TOGETHER // max(found.shape[1], 1), _LEAST)
        )
        here, base = drawn.first(count), found[:count].astype(float)
        anew = self.drawn(random, count)
        variance = float(base.var(axis=0).sum()) if found.size else 0.0
        effects: dict[Assumption, float | None] = {}
        for one in self.assumptions:
            changed = Drawn(
                anew.weights if one == "weights" else here.weights,
                anew.rule if one == "rule" else here.rule,
                anew.missing if one == "missing" else here.missing,
            )
            if variance:
                moved = float(((self.ranks(changed) - base) ** 2).mean(axis=0).sum())
                effects[one] = min(moved / (2 * variance), 1.0)
            else:
                effects[one] = None
        return effects


class Filled:
    """Organisations with what is missing dealt with, of which weights and rule are to be decided."""

    def __init__(self, structure: Structure, values: Floats) -> None:
        self._parts = [
            _Part(structure, values[start : start + _CLOSE])
            for start in range(0, len(values), _CLOSE)
        ]

    def scores(self, rules_: Mapping[str, Rule], weights: Sequence[Floats], lines: Lines) -> Floats:
        """Return what ranks go by, higher for better, shape (draws, organisations).

        Args:
            rules_: The rule of each node.
            weights: Those of each node's children; see `Drawn`.
            lines: How nodes are brought to a scale.
        """
        none = np.empty((len(weights[0]), 0))
        found = (one.scores(rules_, weights, lines) for one in self._parts)
        return np.concatenate([none, *found], axis=1)


class _Part:
    """Some of the organisations: so few that what is reckoned of them stays close to the processor.

    Nodes are kept as what their own rule adds up (logarithms of geometric means, reciprocals of
    harmonic ones), as far as the node above them adds up the same.
    """

    def __init__(self, structure: Structure, values: Floats) -> None:
        self._branches = structure.branches
        columns = dict(zip(structure.columns, values.T, strict=True))
        self._columns: dict[str, Floats] = {}
        self._masks: dict[str, NDArray[np.bool_] | None] = {}
        there = {code: ~np.isnan(column) for code, column in columns.items()}
        for code, (branch, _) in self._branches.items():
            if not branch.nodes:
                self._columns[code] = np.stack([columns[one.code] for one in branch.columns])
            mask = np.stack([there[child.code] for child in branch.children])
            weighs = np.array([child.weight != 0 for child in branch.children])
            there[code] = (mask & weighs[:, None]).any(axis=0) & enough(
                np.where(mask, 0.0, np.nan), structure.share(branch)
            )
            self._masks[code] = None if mask.all() else mask

    def scores(self, rules_: Mapping[str, Rule], weights: Sequence[Floats], lines: Lines) -> Floats:
        """Return the same as `Filled.scores`."""
        summed: dict[str, Floats] = {}
        kept: dict[str, Rule] = {**rules_, **dict.fromkeys(lines.of, "arithmetic")}
        for (code, (branch, _)), shares in zip(self._branches.items(), weights, strict=True):
            rule, mask = rules_[code], self._masks[code]
            if branch.nodes:
                children = [
                    _turned(summed.pop(node.code), kept[node.code], rule) for node in branch.nodes
                ]
                summed[code] = _of_nodes(children, shares, mask)
            else:
                fixed = _turned(self._columns[code], "arithmetic", rule)
                summed[code] = _of_columns(fixed, shares, mask)
            if code in lines.of:
                least, steep = lines.of[code]
                plain = _turned(summed[code], rule, "arithmetic")
                summed[code] = lines.ends[0] + (plain - least) * steep
        last = next(reversed(self._branches))
        root, rule = summed[last], rules_[last]
        if rule == "geometric" and not root.min(initial=0.0) < _FAR:
            return root  # logarithms stand in the same order
        return _turned(root, rule, "arithmetic")


def _around(random: np.random.Generator, draws: int, weights: Floats) -> Floats:
    changed = weights * random.uniform(1 - SPREAD, 1 + SPREAD, (draws, len(weights)))
    shares: Floats = changed / changed.sum(axis=1, keepdims=True)
    return shares


def _dirichlet(random: np.random.Generator, draws: int, weights: Floats) -> Floats:
    around = weights / weights.mean()
    drawn = random.standard_gamma(around, (draws, len(weights)))
    # what weighs little can come out as nothing, and then whoever has nothing else has no composite
    drawn = np.maximum(drawn, np.where(weights > 0, _WEIGHT, 0.0))
    shares: Floats = drawn / drawn.sum(axis=1, keepdims=True)
    return shares


def _turned(values: Floats, from_: Rule, to: Rule) -> Floats:
    """Return values as a rule adds them up, from how another one did."""
    if from_ == to:
        return values
    if from_ != "arithmetic":
        values = np.exp(values) if from_ == "geometric" else 1 / values
    if to == "arithmetic":
        return values
    nothing = values < _NOTHING
    if not nothing.any():
        return np.log(values) if to == "geometric" else 1 / values
    there = np.where(nothing, 1.0, values)
    if to == "geometric":
        return np.where(nothing, -_ENDLESS, np.log(there))
    return np.where(nothing, _ENDLESS, 1 / there)


def _of_columns(values: Floats, shares: Floats, mask: NDArray[np.bool_] | None) -> Floats:
    """Return sums of columns, shape (children, organisations), by shares, (draws, children)."""
    if mask is None:
        return shares @ values
    return _shared(shares @ np.where(mask, values, 0.0), shares, mask)


def _of_nodes(values: Sequence[Floats], shares: Floats, mask: NDArray[np.bool_] | None) -> Floats:
    """Return sums of nodes, each of shape (draws, organisations), by shares, (draws, children)."""
    total = np.zeros_like(values[0])
    for place, one in enumerate(values):
        part = shares[:, place, None] * one
        if mask is not None:
            part[:, ~mask[place]] = 0.0
        total += part
    return total if mask is None else _shared(total, shares, mask)


def _shared(sums: Floats, shares: Floats, mask: NDArray[np.bool_]) -> Floats:
    """Return sums over what is there as means of it, where it is not all there."""
    some = np.flatnonzero(~mask.all(axis=0))
    with np.errstate(invalid="ignore"):
        sums[:, some] /= shares @ mask[:, some].astype(float)
    return sums


def among(found: Ranks, places: Places) -> Ranks:
    """Return what ranks become among some organisations alone."""
    return _ranked(-found[:, places].astype(float))


def _ranked(scores: Floats) -> Ranks:
    """Return ranks as in competitions, the highest first, of each row.

    One sort of whole numbers, which hold the score in `_ALIKE` steps and below it the place.
    """
    count = scores.shape[1]
    if not count:
        return np.empty(scores.shape, np.int32)
    highest = scores.max(axis=1, keepdims=True)
    span = highest - scores.min(axis=1, keepdims=True)
    span[span == 0] = 1.0
    below = np.rint((highest - scores) * (_ALIKE / span)).astype(np.int64)
    bits = count.bit_length()
    keys = np.sort((below << bits) | np.arange(count), axis=1)
    steps, places = keys >> bits, keys & ((1 << bits) - 1)
    firsts = np.zeros(scores.shape, np.int32)
    firsts[:, 1:] = np.where(steps[:, 1:] != steps[:, :-1], np.arange(1, count, dtype=np.int32), 0)
    found = np.empty(scores.shape, np.int32)
    np.put_along_axis(found, places, np.maximum.accumulate(firsts, axis=1) + 1, axis=1)
    return found
