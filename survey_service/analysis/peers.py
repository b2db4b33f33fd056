"""What the others of a kind reach in a cycle, told only where they are too many to tell one of them."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct

from survey_service.analysis.spread import median, spread
from survey_service.analysis.standings import Standing
from survey_service.maturity.cards import NOTHING, Units, digits, unpacked
from survey_service.maturity.instrument import Questionnaire

FEWEST = 5  # others: of fewer, a reader who knows some of them learns what the rest reached


class Peers(Struct, frozen=True):
    """How many others of the kind there are, the middle of their index, and of each node by its code.

    `quarters` are the lower and the upper quartile. Indices are in the terms of the questionnaire;
    what fewer than `FEWEST` others have an index of is left out, `median` and `quarters` None.
    """

    count: int
    median: Decimal | None
    quarters: tuple[Decimal, Decimal] | None
    nodes: dict[str, Decimal]


def peers_of(
    questionnaire: Questionnaire, rows: Sequence[Standing], organisation_id: int, kind: str
) -> Peers | None:
    """Return what the others of a kind reach; None where they are fewer than `FEWEST`.

    Args:
        questionnaire: What the cycle asks, of all kinds of organisation.
        rows: Where all who take part stand.
        organisation_id: Whose peers they are, who is none of them.
        kind: Of organisation.
    """
    width = 1 + len(questionnaire.all_nodes)
    packed = [
        one.nodes
        for one in rows
        if one.counts
        and one.kind == kind
        and one.organisation_id != organisation_id
        # what is of another length went on on another version, or is damaged
        and one.nodes is not None
        and len(one.nodes) == width * np.dtype("<i4").itemsize
    ]
    if len(packed) < FEWEST:
        return None
    values, unit = unpacked(packed, width), digits(questionnaire)
    scale = questionnaire.index_scale
    index = spread(values[:, 0], unit, (scale.lowest, scale.highest))
    enough = index.count >= FEWEST
    return Peers(
        len(packed),
        index.median if enough else None,
        index.quarters if enough else None,
        _medians(questionnaire, values[:, 1:], unit),
    )


def _medians(questionnaire: Questionnaire, nodes: Units, unit: int) -> dict[str, Decimal]:
    found = {}
    for column, code in enumerate(questionnaire.all_nodes):
        known = nodes[:, column][nodes[:, column] != NOTHING]
        middle = median(known, unit) if len(known) >= FEWEST else None
        if middle is not None:
            found[code] = middle
    return found
