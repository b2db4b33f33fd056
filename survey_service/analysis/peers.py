"""What the others of a kind reach in a cycle, told only where they are too many to tell one of them."""

from collections.abc import Collection, Sequence
from decimal import Decimal

import numpy as np
from msgspec import Struct

from survey_service.analysis.columns import Member
from survey_service.analysis.selection import KIND, Selection
from survey_service.analysis.spread import median, spread
from survey_service.analysis.standings import Standing
from survey_service.analysis.suppression import FEWEST
from survey_service.maturity.cards import NOTHING, Units, digits, unpacked
from survey_service.maturity.instrument import Questionnaire


class Peers(Struct, frozen=True):
    """How many others of the kind there are, the middle of their index, and of each node by its code.

    `quarters` are the lower and the upper quartile. Indices are in the terms of the questionnaire;
    what fewer than `fewest` others have an index of is left out, `median` and `quarters` None.
    """

    count: int
    median: Decimal | None
    quarters: tuple[Decimal, Decimal] | None
    nodes: dict[str, Decimal]


def peers_of(
    questionnaire: Questionnaire,
    rows: Sequence[Standing],
    organisation_id: int,
    kind: str,
    fewest: int = FEWEST,
) -> Peers | None:
    """Return what the others of a kind reach; None where they are fewer than `fewest`.

    Args:
        questionnaire: What the cycle asks, of all kinds of organisation.
        rows: Where all who take part stand.
        organisation_id: Whose peers they are, who is none of them.
        kind: Of organisation.
        fewest: Of fewer, a reader who knows some of them learns what the rest reached.
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
    if len(packed) < fewest:
        return None
    values, unit = unpacked(packed, width), digits(questionnaire)
    scale = questionnaire.index_scale
    index = spread(values[:, 0], unit, (scale.lowest, scale.highest))
    enough = index.count >= fewest
    return Peers(
        len(packed),
        index.median if enough else None,
        index.quarters if enough else None,
        _medians(questionnaire, values[:, 1:], unit, fewest),
    )


def unnamed_peers(of: Selection, one: Member, seen: Collection[int]) -> Units | None:
    """Return the values of the others of a kind, shape (others, codes), to tell of none of them alone.

    None where those whom the reader does not see are fewer than the selection's `fewest`; and
    `NOTHING` in the columns of codes that fewer of them have a value of.

    Args:
        of: All of a cycle that are compared.
        one: Whose peers they are, who is none of them.
        seen: The ids of organisations that the reader sees, who may know their values.
    """
    others = (of.groups(KIND) == one.kind) & (of.ids != one.organisation)
    unseen = others & ~np.isin(of.ids, np.fromiter(seen, np.int64, len(seen)))
    if unseen.sum() < of.fewest:
        return None
    enough = (of.values[unseen] != NOTHING).sum(axis=0) >= of.fewest
    return np.where(enough, of.values[others], NOTHING).astype("<i4")


def _medians(
    questionnaire: Questionnaire, nodes: Units, unit: int, fewest: int
) -> dict[str, Decimal]:
    found = {}
    for column, code in enumerate(questionnaire.all_nodes):
        known = nodes[:, column][nodes[:, column] != NOTHING]
        middle = median(known, unit) if len(known) >= fewest else None
        if middle is not None:
            found[code] = middle
    return found
