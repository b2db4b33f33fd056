"""Many organisations of one cycle side by side: how far they are, and what their results are."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.conduct.life import State
from survey_service.maturity.cards import NOTHING, Units, digits, unpacked
from survey_service.maturity.instrument import Questionnaire

Place = State | Literal["withdrawn"] | None
"""Where an organisation stands in a cycle: None while it has not begun."""

_PERCENT = 100 * 10**6  # of which a percentage has six decimals


class Standing(Struct, frozen=True):
    """Where an organisation stands in a cycle.

    `assessment` and `state` are None while it has opened none; of its answers those `to_confirm` were
    carried over, and are not counted as `answered`. `index` is that of the result that
    stands, with its `grade` by code and its `nodes` packed; `own` is the index of its own answers.
    All of them are None while it is being answered. With `withdrawn`, the reason, it is out of it.
    """

    organisation_id: int
    name: str
    kind: str
    assessment: int | None = None
    state: State | None = None
    answered: int = 0
    total: int = 0
    index: Decimal | None = None
    own: Decimal | None = None
    grade: str | None = None
    nodes: bytes | None = None
    withdrawn: str | None = None
    to_confirm: int = 0

    @property
    def counts(self) -> bool:
        """Whether its index is compared: once it is handed in, and unless it is withdrawn."""
        return self.index is not None and self.withdrawn is None

    @property
    def place(self) -> Place:
        """Where it stands; who is withdrawn, nowhere else."""
        return self.state if self.withdrawn is None else "withdrawn"


class Standings(Struct, frozen=True):
    """Organisations side by side, with what is compared as columns, a row for each organisation.

    `index` has as many decimals as `index_digits`; `nodes` has a column for each of the top `codes`,
    of points in percent of what can be reached, with as many as `digits`. `compared` marks the rows
    that are.
    """

    rows: Sequence[Standing]
    codes: tuple[str, ...]
    index: Units
    index_digits: int
    nodes: Units
    digits: int
    compared: NDArray[np.bool_]


def side_by_side(questionnaire: Questionnaire, rows: Sequence[Standing]) -> Standings:
    """Return organisations beside one another.

    Args:
        questionnaire: What they were asked, of all kinds of organisation.
        rows: Where they stand, in the order in which they are shown.
    """
    places = {code: 1 + place for place, code in enumerate(questionnaire.all_nodes)}
    width = 1 + len(places)
    blank = np.full(width, NOTHING, "<i4").tobytes()
    # what is of another length was made so by somebody else, and costs its own row alone
    packed = (row.nodes or b"" for row in rows)
    values = unpacked([one if len(one) == len(blank) else blank for one in packed], width)
    codes = tuple(node.code for node in questionnaire.nodes)
    nodes = values[:, [places[code] for code in codes]]
    unit = digits(questionnaire)
    return Standings(
        rows,
        codes,
        values[:, 0],
        unit,
        _percent(questionnaire, codes, nodes) if questionnaire.points else nodes,
        6 if questionnaire.points else unit,
        np.fromiter((row.counts for row in rows), np.bool_, len(rows)),
    )


def coverage(rows: Iterable[Standing]) -> dict[Place, int]:
    """Return how many stand where; under None those who have not begun."""
    found: dict[Place, int] = {}
    for one in rows:
        found[one.place] = found.get(one.place, 0) + 1
    return found


def by_kind(standings: Standings) -> dict[str, Units]:
    """Return the indices that are compared, by kind of organisation."""
    kinds = np.array([one.kind for one in standings.rows], np.object_)
    present = sorted({one.kind for one in standings.rows if one.counts})
    return {kind: standings.index[standings.compared & (kinds == kind)] for kind in present}


def compared_names(standings: Standings, kind: str | None = None) -> list[str]:
    """Return what those that are compared are called, or those of one kind, in the order of their rows."""
    return [one.name for one in standings.rows if one.counts and (kind is None or one.kind == kind)]


def of_node(standings: Standings, code: str) -> Units:
    """Return the indices of a node that are compared; what has none is `NOTHING`."""
    column: Units = standings.nodes[:, standings.codes.index(code)]
    return column[standings.compared]


def peers(standings: Standings, of: Standing) -> Standings:
    """Return the others of the same kind that are compared."""
    others = [
        place
        for place, one in enumerate(standings.rows)
        if one.counts and one.kind == of.kind and one.organisation_id != of.organisation_id
    ]
    return Standings(
        [standings.rows[place] for place in others],
        standings.codes,
        standings.index[others],
        standings.index_digits,
        standings.nodes[others],
        standings.digits,
        standings.compared[others],
    )


def _percent(questionnaire: Questionnaire, codes: Sequence[str], nodes: Units) -> Units:
    """Return points as how much of them is reached, in percent, exact to the last digit."""
    unit = Fraction(10) ** digits(questionnaire)
    found = np.full(nodes.shape, NOTHING, "<i4")
    for column, code in enumerate(codes):
        lowest, highest = (int(end * unit) for end in questionnaire.spans[code])
        there = nodes[:, column] != NOTHING
        reached = nodes[there, column].astype(np.int64) - lowest
        found[there, column] = reached * _PERCENT // max(highest - lowest, 1)
    return found
