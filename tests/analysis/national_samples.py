"""Assessments of a cycle of two dimensions, with results as they are stored."""

import numpy as np

from survey_service.analysis.columns import Member, Packed
from survey_service.conduct.life import State
from survey_service.maturity.cards import NOTHING
from survey_service.maturity.conditions import Attributes
from tests.samples import tiny

ASKED = tiny("two_dimensions")


def member(
    id_: int,
    state: State = "final",
    kind: str = "regency",
    attributes: Attributes | None = None,
    withdrawn: str | None = None,
) -> Member:
    name = f"Agency {id_}"
    return Member(id_, 10 + id_, name, kind, attributes or {}, (), state, 5, 5, withdrawn)


def packed(*nodes: int, grade: str | None = "fair", indicators: tuple[int, ...] = ()) -> Packed:
    """Return a result: the index, merit and oversight in units; and what indicators are worth."""
    values = [*indicators, *[NOTHING] * (5 - len(indicators))]
    return Packed(grade, np.array(nodes, "<i4").tobytes(), np.array(values, "<i4").tobytes())
