"""Which assessments of a cycle are looked at: of a kind, a group, a branch of the country.

What is left out counts nowhere: a view of a selection is that of a smaller country.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.columns import Columns, Member, carry_over
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.life import STAGES, Stage
from survey_service.maturity.cards import NOTHING, Units, digits
from survey_service.maturity.conditions import Attribute
from survey_service.maturity.instrument import Questionnaire

KIND = "kind"
"""Stands for the kind of organisation where attributes stand."""

PERCENT = 100 * 10**6  # what all of a span is, in millionths of a percent


_NO_ROWS = np.empty(0, np.intp)


class Filters(Struct, frozen=True):
    """What is looked at; "" and 0 leave nothing out.

    `value` is that of the attribute called `attribute`, and `below` the id of an organisation above
    those that are meant, or of that one itself.
    """

    kind: str = ""
    attribute: str = ""
    value: str = ""
    below: int = 0


class Selection(Struct, frozen=True, dict=True):
    """Assessments that are looked at, each a row; `values` are those of the results that stand.

    `values` have a column for each of `codes`, shape (rows, codes); `compared` marks the rows whose
    index counts. `grades` are by code, "" where there is none. `columns` are those of the whole cycle,
    of which the rows are those at `rows`; None where agencies stand for their units. Of fewer than
    `fewest` nothing is told to whom they are not shown one by one.
    """

    questionnaire: Questionnaire
    members: Sequence[Member]
    codes: tuple[str, ...]
    values: Units
    grades: NDArray[np.str_]
    compared: NDArray[np.bool_]
    columns: Columns | None = None
    rows: NDArray[np.intp] = _NO_ROWS
    fewest: int = FEWEST

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each code."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def counted(self) -> "Selection":
        """Those alone that are compared."""
        return self.only(self.compared)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of organisation that there are, sorted."""
        return tuple(sorted({one.kind for one in self.members}))

    @cached_property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """The attributes that any of them has, by name, each with its values, sorted."""
        names = sorted({name for one in self.members for name in one.attributes})
        return {name: tuple(sorted({*self.groups(name).tolist()} - {""})) for name in names}

    @cached_property
    def branches(self) -> dict[int, str]:
        """The organisations above some of them, but not above all, by id with their names."""
        counts = Counter(one.organisation for one in self.members)
        above: dict[int, str] = {}
        # most have the same above them as others do: what is counted is each different chain
        for chain, count in Counter(one.ancestors for one in self.members).items():
            for ancestor in chain:
                above[ancestor.id] = ancestor.name
                counts[ancestor.id] += count
        return {id_: name for id_, name in above.items() if counts[id_] < len(self.members)}

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The ids of the organisations."""
        return np.fromiter((one.organisation for one in self.members), np.int64, len(self.members))

    @cached_property
    def digits(self) -> int:
        """How many decimals the values have."""
        return digits(self.questionnaire)

    def at_stage(self, stage: Stage) -> Units:
        """Return the values of a stage, whatever stands; its shape is that of `values`.

        There are none where agencies stand for their units.
        """
        if self.columns is None:
            return np.full_like(self.values, NOTHING)
        found: Units = self.columns.values[stage][self.rows]
        return found

    @cached_property
    def checked(self) -> NDArray[np.bool_]:
        """Which rows have a result that stands of a later stage than the organisation's own."""
        if self.columns is None:
            return np.zeros(len(self.members), np.bool_)
        later: NDArray[np.bool_] = self.columns.stands[self.rows] > STAGES.index("self")
        return later

    def column(self, code: str) -> Units:
        """Return the values of a code."""
        found: Units = self.values[:, self.places[code]]
        return found

    def only(self, rows: NDArray[np.bool_]) -> "Selection":
        """Return some of the rows."""
        members = [one for one, wanted in zip(self.members, rows.tolist(), strict=True) if wanted]
        found = Selection(
            self.questionnaire,
            members,
            self.codes,
            self.values[rows],
            self.grades[rows],
            self.compared[rows],
            self.columns,
            self.rows if self.columns is None else self.rows[rows],
            self.fewest,
        )
        # a copy: others who look at the same may add groups meanwhile
        found._groups.update({by: groups[rows] for by, groups in self._groups.copy().items()})
        return found

    def groups(self, by: str) -> NDArray[np.str_]:
        """Return the group of each row: its kind, or its value of an attribute; "" where it has none.

        By "" all are in the same group, which is called so.
        """
        if by not in self._groups:
            found = (
                [one.kind for one in self.members]
                if by == KIND
                else [_group(one.attributes.get(by)) for one in self.members]
            )
            self._groups.setdefault(by, np.array(found, np.str_))
        return self._groups[by]

    @cached_property
    def _groups(self) -> dict[str, NDArray[np.str_]]:
        return {}

    def reached(self, codes: Sequence[str], of: Units | None = None) -> Units:
        """Return how much of their spans codes reach, in millionths of a percent, cut off.

        The shape is (rows, codes), and the values those that stand, or others of the same shape as
        `values`. Bonuses count as the end of the span.
        """
        found = np.full((len(self.members), len(codes)), NOTHING, "<i4")
        unit = Fraction(10) ** self.digits
        for column, code in enumerate(codes):
            values = (self.values if of is None else of)[:, self.places[code]].astype(np.int64)
            lowest, highest = (int(end * unit) for end in self.questionnaire.spans[code])
            there = values != NOTHING
            part = (values[there] - lowest) * PERCENT // max(highest - lowest, 1)
            found[there, column] = np.clip(part, 0, PERCENT)
        return found


def whole(
    questionnaire: Questionnaire,
    columns: Columns,
    fewest: int = FEWEST,
    before: Selection | None = None,
) -> Selection:
    """Return all of a cycle.

    Args:
        questionnaire: That of all kinds of organisation.
        columns: All assessments.
        fewest: Of fewer organisations nothing is told to whom they are not shown one by one.
        before: The same cycle as it was; what is the same of its organisations is not counted anew.
    """
    found = Selection(
        questionnaire,
        columns.members,
        columns.codes,
        columns.standing,
        columns.graded,
        columns.counts,
        columns,
        np.arange(len(columns.members)),
        fewest,
    )
    if before is not None and _are_the_same(before.members, found.members):
        carry_over(before, found, ("kinds", "attributes", "branches", "ids", "_groups"))
    return found


def _are_the_same(some: Sequence[Member], others: Sequence[Member]) -> bool:
    """Whether members are the same organisations, known by the same."""
    return len(some) == len(others) and all(
        one is other or _known(one) == _known(other)
        for one, other in zip(some, others, strict=True)
    )


def _known(one: Member) -> tuple[object, ...]:
    return one.organisation, one.kind, one.attributes, one.ancestors


def select(of: Selection, filters: Filters, visible: Collection[int] | None = None) -> Selection:
    """Return what is looked at.

    Args:
        of: All of a cycle.
        filters: What is left out.
        visible: The ids of organisations that the reader sees; None for all.
    """
    if filters == Filters() and visible is None:
        return of
    rows = np.ones(len(of.members), np.bool_)
    if filters.kind:
        rows &= of.groups(KIND) == filters.kind
    if filters.attribute:
        rows &= of.groups(filters.attribute) == filters.value
    if filters.below:
        under = (_is_below(one, filters.below) for one in of.members)
        rows &= np.fromiter(under, np.bool_, len(rows))
    if visible is not None:
        rows &= np.isin(of.ids, np.fromiter(visible, np.int64, len(visible)))
    return of.only(rows)


def _group(value: Attribute | None) -> str:
    return "" if value is None else worded(value)


def worded(value: Attribute) -> str:
    """Return the value of an attribute in words, as filters name it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_below(one: Member, top: int) -> bool:
    return top == one.organisation or any(above.id == top for above in one.ancestors)
