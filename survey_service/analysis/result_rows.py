"""The results of many assessments as one table: a row for each assessment and stage.

It is what engines read that know nothing of us, so a row says all of itself: whose it is, whether it
is the one that stands for its assessment, and whether it is compared. Numbers are whole units, see
`maturity.cards`; None stands for what there is not.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.columns import INDEX, Columns
from survey_service.analysis.selection import worded
from survey_service.conduct.life import STAGES
from survey_service.maturity.cards import NOTHING, digits
from survey_service.maturity.conditions import Attribute
from survey_service.maturity.instrument import Questionnaire

CYCLE = "cycle"
"""By what files are parted: it stands in their folders, and in no file."""

FORM = 1
"""Of what is written, by which a program of another version is known; changed with what an engine reads."""

TEXTS = ("name", "kind", "state", "stage", "grade")
FLAGS = ("withdrawn", "stands", "compared")
FIXED = (
    "assessment", "organisation", "name", "kind", "state", "withdrawn", "answered", "total",
    "stage", "stands", "compared", "grade",
)  # fmt: skip
"""The columns that every questionnaire has; attributes and numbers follow them."""

Cells = list[Any] | NDArray[Any]
"""The values of a column: an array where none is missing."""


class Number(Struct, frozen=True):
    """A column of numbers: whose they are, "" for the whole, and between which units they lie.

    `parent` is the code of the node above, "" where the whole is; `tier` is index, node or indicator.
    """

    name: str
    code: str
    parent: str
    tier: str
    lowest: int
    highest: int


def attribute_column(name: str) -> str:
    """Return the name of the column of an attribute."""
    return f"attribute.{name}"


def numbers(questionnaire: Questionnaire) -> list[Number]:
    """Return the columns of numbers, in the order of `Columns.codes`."""
    nodes = questionnaire.all_nodes
    above = {child.code: one.code for one in nodes.values() for child in one.children}
    named = [("index", INDEX, "index")]
    named += [(f"index.{code}", code, "node") for code in nodes]
    named += [(f"value.{code}", code, "indicator") for code in questionnaire.indicators]
    unit = Fraction(10) ** digits(questionnaire)
    ends = {code: tuple(int(end * unit) for end in of) for code, of in questionnaire.spans.items()}
    return [
        Number(name, code, above.get(code, ""), tier, *ends[code]) for name, code, tier in named
    ]


def rows(of: Columns, attributes: Sequence[str]) -> list[Cells]:
    """Return the table, as columns: the fixed ones, `attributes`, then the numbers.

    An assessment whose standing result is not there has a row without a stage, so that it is counted.

    Args:
        of: Some assessments of a cycle.
        attributes: The names of those that have a column.
    """
    there = np.stack([(of.values[stage] != NOTHING).any(axis=1) for stage in STAGES])
    everybody = np.arange(len(of.members))
    settled = (of.stands >= 0) & there[of.stands, everybody]
    whose, which = np.nonzero(np.vstack([there, ~settled]).T)
    stands = which == np.where(settled, of.stands, len(STAGES))[whose]
    nobody = np.full_like(of.values[STAGES[0]], NOTHING)
    values = np.stack([*(of.values[stage] for stage in STAGES), nobody])[which, whose]
    members = [of.members[place] for place in whose.tolist()]
    graded = [*(of.grades[stage] for stage in STAGES), np.zeros(len(of.members), "U1")]
    return [
        np.array([one.assessment for one in members], np.int64),
        np.array([one.organisation for one in members], np.int64),
        [one.name for one in members],
        [one.kind for one in members],
        [one.state for one in members],
        [one.withdrawn is not None for one in members],
        np.array([one.answered for one in members], np.int64),
        np.array([one.total for one in members], np.int64),
        [(*STAGES, None)[stage] for stage in which.tolist()],
        stands.tolist(),
        (stands & of.counts[whose]).tolist(),
        [str(graded[stage][row]) or None for row, stage in zip(whose, which, strict=True)],
        *([_worded(one.attributes.get(name)) for one in members] for name in attributes),
        *(_present(column) for column in values.T),
    ]


def _worded(value: Attribute | None) -> str | None:
    return None if value is None else worded(value)


def _present(column: NDArray[np.int32]) -> Cells:
    if (column != NOTHING).all():
        return np.ascontiguousarray(column)
    return [None if value == NOTHING else value for value in column.tolist()]
