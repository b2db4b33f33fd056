"""What a release of open data tells: of each organisation, and of groups that are large enough.

Organisations are grouped by their kind, and by each attribute that is a text or a yes or no; what is
a number groups nobody. A figure of a group is a count, a mean, or a value that occurs. The lowest and
the highest are left out: they are a single organisation's.

What was told is remembered as `Remembered`, by the codes of which the same organisations have a value:
whoever has two releases can subtract one from the other, and the nodes from the index, see `suppression`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal, TypeVar

import numpy as np
from msgspec import Struct, structs

from survey_service.analysis.distributions import Whole, distributions
from survey_service.analysis.suppression import FEWEST, REST, Member, Told, blocks, told
from survey_service.conduct.assessment import Organisation
from survey_service.maturity.answers import Answer, Given
from survey_service.maturity.cards import NOTHING, digits, exact_unit, unit
from survey_service.maturity.conditions import Attributes
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card

PERCENTS = (25, 50, 75)
WHOLE = ""
"""The grouping that has everybody in one group; and the code of the index."""
KIND = "kind"
ATTRIBUTE = "attribute."
"""What stands before the name of an attribute that organisations are grouped by."""
_UNSAID = "-"
_Given = TypeVar("_Given", bound=Given)


class Row(Struct, frozen=True):
    """An organisation with its final result.

    `nodes` and `worth` have the exact index of every node, and what every indicator is worth, by code;
    what has none is None or not there.
    """

    id: int
    name: str
    kind: str
    attributes: Attributes
    index: Decimal | None
    grade: str | None
    answered: int
    total: int
    nodes: Mapping[str, Decimal | None]
    worth: Mapping[str, Decimal | None]
    answers: Mapping[str, Answer]

    def value(self, code: str) -> Decimal | None:
        """Return the index of a node, or by `WHOLE` that of the whole."""
        return self.index if code == WHOLE else self.nodes.get(code)

    @property
    def member(self) -> Member:
        """The organisation with what tells this result from a corrected one."""
        known = repr((self.index, sorted(self.nodes.items())))
        return self.id, hashlib.sha256(known.encode()).hexdigest()[:16]


class Figure(Struct, frozen=True):
    """The figures of a group and code: how many have a value, their mean, and `PERCENTS` of them."""

    grouping: str
    group: str
    code: str
    count: int
    mean: Decimal | None
    quantiles: tuple[Decimal | None, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells the figure from all others."""
        return self.grouping, self.group, self.code


class Change(Struct, frozen=True):
    """What is otherwise than in the release before.

    `of` an organisation, or a group written as `grouping=group`, that `joined`, `left` or whose `figure`
    by the code of a node `changed` from `before` to `after`; `table` is where that stands.
    """

    what: Literal["joined", "left", "changed"]
    table: str
    of: str
    code: str = ""
    figure: str = ""
    before: str = ""
    after: str = ""


class Edition(Struct, frozen=True):
    """Which of a cycle's releases it is, from 1; 0 for one that nobody published.

    `before` is the SHA-256 of the list of digests of the release that it corrects, "" for none, and
    `reason` why it does; `changes` are all that is otherwise.
    """

    number: int = 0
    before: str = ""
    reason: str = ""
    changes: tuple[Change, ...] = ()


class Release(Struct, frozen=True):
    """What a release tells of a cycle.

    `digest` and `content` are the questionnaire's; `count` organisations have a final result. `rows`
    are None where the release tells of groups alone, none of which is of less than `fewest`. Others may
    use it under the `licence`, named or at an address; "" where nobody has said.
    """

    cycle: str
    questionnaire: Questionnaire
    digest: str
    content: bytes
    count: int
    rows: tuple[Row, ...] | None
    figures: tuple[Figure, ...]
    fewest: int = FEWEST
    edition: Edition = Edition()
    licence: str = ""


class Remembered(Struct, frozen=True):
    """What was told of some codes: the block of each member, as `(id, mark, group)`."""

    codes: tuple[str, ...]
    blocks: tuple[tuple[int, str, str], ...]


def codes(questionnaire: Questionnaire) -> tuple[str, ...]:
    """Return the codes of which groups are told: the index, and every node."""
    return (WHOLE, *questionnaire.all_nodes)


def groupings(rows: Sequence[Row]) -> dict[str, dict[int, str]]:
    """Return the group of each row by its place, by what they are grouped by."""
    found: dict[str, dict[int, str]] = {WHOLE: {}, KIND: {}}
    for place, row in enumerate(rows):
        found[WHOLE][place], found[KIND][place] = REST, row.kind
        for name, value in row.attributes.items():
            group = str(value).lower() if isinstance(value, bool) else value
            if isinstance(group, str) and group != REST:
                found.setdefault(ATTRIBUTE + name, {})[place] = group
    return {name: found[name] for name in sorted(found)}


def figures(questionnaire: Questionnaire, rows: Sequence[Row]) -> list[Figure]:
    """Return the figures of all groups, however small: not to be told as they are."""
    units = _units(questionnaire, rows)
    found: list[Figure] = []
    for grouping, groups in groupings(rows).items():
        found += _figures(questionnaire, grouping, units[list(groups)], list(groups.values()))
    return found


def told_of(
    questionnaire: Questionnaire,
    rows: Sequence[Row],
    earlier: Sequence[Remembered] = (),
    fewest: int = FEWEST,
) -> tuple[list[Figure], list[Remembered]]:
    """Return the figures that may be told, and what to remember of them for the next release.

    Args:
        questionnaire: What all of them were asked.
        rows: Those with a final result.
        earlier: What releases before have told.
        fewest: Organisations of whom figures may be told together, from 1.
    """
    members = [row.member for row in rows]
    by_name = {
        name: {members[place]: group for place, group in groups.items()}
        for name, groups in groupings(rows).items()
        if name != WHOLE
    }
    shown: dict[str, set[tuple[str, str]]] = {}
    remembered: list[Remembered] = []
    for alike, there in _alike(questionnaire, rows):
        parts = [
            {member: group for member, group in one.items() if member in there}
            for one in by_name.values()
        ]
        may = told(parts, _before(alike, (*remembered, *earlier)), fewest)
        pairs = {
            (name, group) for name, kept in zip(by_name, may.groups, strict=True) for group in kept
        }
        if may.whole:
            pairs.add((WHOLE, REST))
        shown |= dict.fromkeys(alike, pairs)
        remembered += [Remembered(alike, one) for one in _blocks(parts, may) if one]
    return [
        one
        for one in figures(questionnaire, rows)
        if (one.grouping, one.group) in shown.get(one.code, ())
    ], remembered


def row_of(
    of: Organisation, questionnaire: Questionnaire, card: Card, answers: Mapping[str, Answer]
) -> Row:
    """Return an organisation with its final result, and the answers behind it."""
    values = {code: one.index for code, one in card.nodes.items()}
    return Row(
        of.id,
        of.name,
        of.kind,
        dict(sorted(of.attributes.items())),
        card.index,
        card.grade.code if card.grade else None,
        card.answered,
        card.total,
        {code: values.get(code) for code in questionnaire.all_nodes},
        {code: values.get(code) for code in questionnaire.indicators},
        answers,
    )


def bare(answer: Answer, *, told: bool) -> Answer:
    """Return an answer without what people wrote, and its units without their names.

    A text is kept that a condition looks at: it is `told`, as nothing can be recomputed otherwise.
    """
    units = answer.units and {
        str(number): _unsaid(one, told=told) for number, one in enumerate(answer.units.values(), 1)
    }
    return structs.replace(
        _unsaid(answer, told=told),
        units=units,
        override=None if answer.override is None else _UNSAID,
    )


def _alike(
    questionnaire: Questionnaire, rows: Sequence[Row]
) -> Iterator[tuple[tuple[str, ...], frozenset[Member]]]:
    """Yield codes that the same have a value of, with these; the index and its like first."""
    together: dict[frozenset[Member], list[str]] = {}
    for code in codes(questionnaire):
        there = frozenset(row.member for row in rows if row.value(code) is not None)
        if there:
            together.setdefault(there, []).append(code)
    for there, alike in together.items():
        yield tuple(alike), there


def _before(alike: Sequence[str], known: Sequence[Remembered]) -> list[dict[Member, str]]:
    """Return the blocks in which anything was told before, each once, first what was of these codes.

    Of other codes as well: an index is the weighted sum of its nodes, so that the sums of all who have
    an index less those of all who have this node, too, are a sum over the few who have it not.
    """
    found = sorted(known, key=lambda one: set(alike).isdisjoint(one.codes))
    return [
        {(id_, mark): group for id_, mark, group in one}
        for one in dict.fromkeys(one.blocks for one in found)
    ]


def _blocks(
    parts: Sequence[Mapping[Member, str]], may: Told
) -> Iterator[tuple[tuple[int, str, str], ...]]:
    """Yield the blocks that each grouping is told in; who has no group in it is in the rest."""
    everybody = {member: REST for part in parts for member in part}
    for part, groups in zip(parts, may.groups, strict=True):
        found = blocks({**everybody, **part}, groups, whole=may.whole)
        yield tuple((*member, group) for member, group in sorted(found.items()))


def _figures(
    questionnaire: Questionnaire, grouping: str, units: Whole, groups: Sequence[str]
) -> Iterator[Figure]:
    found, decimals = distributions(units, groups, PERCENTS), digits(questionnaire)
    for row, group in enumerate(found.groups):
        for column, code in enumerate(codes(questionnaire)):
            if count := int(found.counts[row, column]):
                mean = exact_unit(int(found.means[row, column]), decimals)
                quantiles = found.quantiles[row, column].tolist()
                values = tuple(exact_unit(one, decimals) for one in quantiles)
                yield Figure(grouping, group, code, count, mean, values)


def _units(questionnaire: Questionnaire, rows: Sequence[Row]) -> Whole:
    """Return the values of all codes in units, a row for each organisation."""
    decimals, wanted = digits(questionnaire), codes(questionnaire)
    found = np.full((len(rows), len(wanted)), NOTHING, np.int64)
    for place, row in enumerate(rows):
        for column, code in enumerate(wanted):
            if (value := row.value(code)) is not None:
                found[place, column] = unit(value, decimals)
    return found


def _unsaid(one: _Given, *, told: bool) -> _Given:
    return structs.replace(
        one,
        text=one.text if told or one.text is None else _UNSAID,
        not_applicable=None if one.not_applicable is None else _UNSAID,
    )
