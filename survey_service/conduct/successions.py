"""Agencies that are merged, split or renamed: who follows whom, since when.

Results stay with whom they were; what follows has its own, and its series begins with theirs.
"""

import datetime as dt
from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from survey_service.errors.writing import NoSuccessionError

SuccessionKind = Literal["merge", "split", "rename"]


class Succession(Struct, frozen=True):
    """That one organisation follows another one, by their ids and names."""

    kind: SuccessionKind
    on: dt.date
    predecessor_id: int
    predecessor: str
    successor_id: int
    successor: str


def require_sound(
    kind: SuccessionKind, predecessors: Collection[object], successors: Collection[object]
) -> None:
    """Raise `NoSuccessionError` unless it is so many that follow so many, and nobody themselves.

    A merger has several predecessors and one successor, a split one and several, a renaming one each.
    """
    fits = {
        "merge": len(predecessors) > 1 and len(successors) == 1,
        "split": len(predecessors) == 1 and len(successors) > 1,
        "rename": len(predecessors) == len(successors) == 1,
    }
    if not fits[kind] or set(predecessors) & set(successors):
        raise NoSuccessionError(succession=kind)
