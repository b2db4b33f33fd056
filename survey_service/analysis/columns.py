"""The assessments of a cycle as columns: a row for each, and what is known of it side by side.

All that a ministry looks at nationally is read from these: views, exports, releases. Values are
whole numbers of a unit, `NOTHING` where there is none; see `maturity.cards`.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.life import STAGES, Stage, State, settled, standing
from survey_service.maturity.cards import NOTHING, Units, unpacked
from survey_service.maturity.conditions import Attributes
from survey_service.maturity.instrument import Questionnaire

T = TypeVar("T", bound=np.generic)

INDEX = ""
"""Stands for the whole questionnaire where others stand for a node or an indicator."""


class Member(Struct, frozen=True):
    """An assessment of a cycle, and its organisation as it was when that was taken over.

    `withdrawn` is the reason for which it is out of the cycle; None while it takes part. `handed_in`
    and `final` are the moments, in UTC, at which it was so for the first time; None until it is.
    """

    assessment: int
    organisation: int
    name: str
    kind: str
    attributes: Attributes
    ancestors: tuple[Ancestor, ...]
    state: State
    answered: int
    total: int
    withdrawn: str | None = None
    handed_in: dt.datetime | None = None
    final: dt.datetime | None = None


class Packed(Struct, frozen=True):
    """A result as it is stored: its grade by code, and its values, packed."""

    grade: str | None
    nodes: bytes
    indicators: bytes


class Columns(Struct, frozen=True, dict=True):
    """The assessments of a cycle, ascending.

    `values` has a matrix for each stage, with a row for each member and a column for each of `codes`:
    the index, every node, every indicator, in the order of the questionnaire. `grades` are by code,
    "" where there is none.
    """

    members: tuple[Member, ...]
    codes: tuple[str, ...]
    values: dict[Stage, Units]
    grades: dict[Stage, NDArray[np.str_]]

    @cached_property
    def stands(self) -> NDArray[np.int8]:
        """The place among `STAGES` of the stage whose result is the member's; -1 while there is none."""
        places = {state: STAGES.index(standing(state)) for state in _settled(self.members)}
        found = (places.get(one.state, -1) for one in self.members)
        return np.fromiter(found, np.int8, len(self.members))

    @cached_property
    def counts(self) -> NDArray[np.bool_]:
        """Which members are compared: those with an index that are not withdrawn."""
        out = np.array([one.withdrawn is not None for one in self.members], np.bool_)
        compared: NDArray[np.bool_] = (self.standing[:, 0] != NOTHING) & ~out
        return compared

    @cached_property
    def standing(self) -> Units:
        """The values of the result of each member that stands."""
        found = np.full((len(self.members), len(self.codes)), NOTHING, "<i4")
        for place, stage in enumerate(STAGES):
            rows = self.stands == place
            found[rows] = self.values[stage][rows]
        return found

    @cached_property
    def graded(self) -> NDArray[np.str_]:
        """The grade, by code, of the result of each member that stands; "" where there is none."""
        choices = [self.grades[stage] for stage in STAGES]
        return np.select([self.stands == place for place in range(len(STAGES))], choices, "")

    def only(self, rows: NDArray[np.bool_]) -> "Columns":
        """Return the columns of some members; `rows` has one for each."""
        return Columns(
            tuple(self.members[row] for row in np.flatnonzero(rows)),
            self.codes,
            {stage: values[rows] for stage, values in self.values.items()},
            {stage: grades[rows] for stage, grades in self.grades.items()},
        )


def columns(
    questionnaire: Questionnaire,
    members: Sequence[Member],
    results: dict[Stage, dict[int, Packed]],
) -> Columns:
    """Return members and their results as columns.

    Args:
        questionnaire: What the cycle asks, of all kinds of organisation.
        members: Ascending by assessment.
        results: By stage and assessment. One that is packed otherwise, as it went on on another
            version or was damaged, counts as none.
    """
    nodes, indicators = 1 + len(questionnaire.all_nodes), len(questionnaire.indicators)
    codes = (INDEX, *questionnaire.all_nodes, *questionnaire.indicators)
    values: dict[Stage, Units] = {}
    grades: dict[Stage, NDArray[np.str_]] = {}
    for stage in STAGES:
        of_stage = results.get(stage, {})
        found = [of_stage.get(one.assessment, _NONE) for one in members]
        values[stage] = np.hstack(
            [
                _matrix([one.nodes for one in found], nodes),
                _matrix([one.indicators for one in found], indicators),
            ]
        )
        grades[stage] = np.array([one.grade or "" for one in found], np.str_)
    return Columns(tuple(members), codes, values, grades)


def renewed(old: Columns, new: Columns, gone: Sequence[int]) -> Columns:
    """Return columns in which some assessments are as in `new`; what is `gone` is in neither.

    Args:
        old: All of a cycle as it was.
        new: Those that changed since, as they are.
        gone: Assessments that changed and are in the cycle no longer.
    """
    rows = [_row(old, one.assessment) for one in new.members]
    if not gone and -1 not in rows:  # which is far quicker where there are many
        return _replaced(old, new, np.array(rows, np.intp))
    changed = {*gone, *(one.assessment for one in new.members)}
    kept = np.array([one.assessment not in changed for one in old.members], np.bool_)
    left = old.only(kept)
    ids = [one.assessment for one in (*left.members, *new.members)]
    order = np.argsort(np.array(ids, np.int64))
    both = (*left.members, *new.members)
    return Columns(
        tuple(both[place] for place in order),
        old.codes,
        {stage: np.vstack([left.values[stage], new.values[stage]])[order] for stage in STAGES},
        {stage: np.concatenate([left.grades[stage], new.grades[stage]])[order] for stage in STAGES},
    )


def _row(of: Columns, assessment: int) -> int:
    """Return the row of an assessment; -1 where it has none."""
    row = bisect_left(of.members, assessment, key=attrgetter("assessment"))
    there = row < len(of.members) and of.members[row].assessment == assessment
    return row if there else -1


def _replaced(old: Columns, new: Columns, rows: NDArray[np.intp]) -> Columns:
    """Return columns in which those in some rows are as in `new`."""
    members = list(old.members)
    for row, one in zip(rows.tolist(), new.members, strict=True):
        members[row] = one
    found = Columns(
        tuple(members),
        old.codes,
        {stage: _with(old.values[stage], rows, new.values[stage]) for stage in STAGES},
        {stage: _with(old.grades[stage], rows, new.grades[stage]) for stage in STAGES},
    )
    if _stand_alike(old, found, rows):
        carry_over(old, found, ("stands", "counts", "standing", "graded"))
    return found


def _stand_alike(old: Columns, new: Columns, rows: NDArray[np.intp]) -> bool:
    """Whether nobody's result is another, or stands otherwise, as where an answer was saved."""
    return all(
        old.values[stage] is new.values[stage] and old.grades[stage] is new.grades[stage]
        for stage in STAGES
    ) and all(
        (old.members[row].state, old.members[row].withdrawn)
        == (new.members[row].state, new.members[row].withdrawn)
        for row in rows.tolist()
    )


def carry_over(of: Struct, into: Struct, names: Sequence[str]) -> None:
    """Let what was worked out of one hold for another, of which it is the same."""
    into.__dict__.update({name: of.__dict__[name] for name in names if name in of.__dict__})


def _with(of: NDArray[T], rows: NDArray[np.intp], new: NDArray[T]) -> NDArray[T]:
    if np.array_equal(of[rows], new):
        return of  # as where an answer was saved: results come of steps
    found: NDArray[T] = of.astype(np.promote_types(of.dtype, new.dtype))  # of words as long as any
    found[rows] = new
    return found


_NONE = Packed(None, b"", b"")


def _settled(members: Sequence[Member]) -> set[State]:
    return {state for state in {one.state for one in members} if settled(state)}


def _matrix(packed: Sequence[bytes], width: int) -> Units:
    blank = np.full(width, NOTHING, "<i4").tobytes()
    return unpacked([one if len(one) == len(blank) else blank for one in packed], width)
