"""Many organisations of one cycle side by side: how far they are, and what their indices are."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service.conduct.life import State


class Standing(Struct, frozen=True):
    """Where an organisation stands in a cycle.

    `assessment` and `state` are None while it has opened none; `index` is the one that stands, with
    its `grade` by name and that of each dimension in `nodes`; `own` is the index of its own answers.
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
    nodes: Mapping[str, Decimal | None] = {}

    @property
    def counts(self) -> bool:
        """Whether its index is compared: once it is handed in, and not before."""
        return self.index is not None and self.state not in {None, "draft", "returned"}


def coverage(standings: Iterable[Standing]) -> dict[State | None, int]:
    """Return how many stand in each state; under None those who have not begun."""
    found: dict[State | None, int] = {}
    for one in standings:
        found[one.state] = found.get(one.state, 0) + 1
    return found


def by_kind(standings: Iterable[Standing]) -> dict[str, list[Decimal]]:
    """Return the indices that are compared, by kind of organisation."""
    found: dict[str, list[Decimal]] = {}
    for one in standings:
        if one.counts and one.index is not None:
            found.setdefault(one.kind, []).append(one.index)
    return found


def of_node(standings: Iterable[Standing], code: str) -> list[Decimal]:
    """Return the indices of a dimension that are compared."""
    found = (one.nodes.get(code) for one in standings if one.counts)
    return [index for index in found if index is not None]


def peers(standings: Sequence[Standing], of: Standing) -> list[Standing]:
    """Return the others of the same kind that are compared."""
    return [
        one
        for one in standings
        if one.counts and one.kind == of.kind and one.organisation_id != of.organisation_id
    ]


def median(values: Sequence[Decimal]) -> Decimal | None:
    """Return the median, exact; None of nothing."""
    return statistics.median(values) if values else None
