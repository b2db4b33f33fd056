"""How many follow how many."""

from contextlib import nullcontext

import pytest

from survey_service.conduct.successions import SuccessionKind, require_sound
from survey_service.errors.writing import NoSuccessionError


@pytest.mark.parametrize(
    ("kind", "before", "after", "fits"),
    [
        ("merge", "AB", "C", True),
        ("merge", "A", "C", False),
        ("merge", "AB", "CD", False),
        ("merge", "AB", "A", False),
        ("split", "A", "BC", True),
        ("split", "A", "B", False),
        ("split", "A", "AB", False),
        ("rename", "A", "B", True),
        ("rename", "AB", "C", False),
    ],
)
def test_a_succession_is_of_so_many_to_so_many(
    kind: SuccessionKind,
    before: str,
    after: str,
    fits: bool,  # noqa: FBT001
) -> None:
    with nullcontext() if fits else pytest.raises(NoSuccessionError):
        require_sound(kind, before, after)
