"""What organisations and people are called: a line that can be read, in lists, mails and exports."""

import re

from survey_service.characters import is_blank, normal
from survey_service.errors.organisations import InvalidNameError

LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"
"""One line: no line break, of whatever kind, and nothing that only steers a terminal."""

LONGEST = 200  # letters
_NUMBERS = re.compile(r"([0-9]+)")


def in_order(name: str) -> tuple[str | int, ...]:
    """Return by what names are put in order, as readers do: whatever the case, numbers by their value."""
    parts = _NUMBERS.split(normal(name))
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts))


def is_name(text: str) -> bool:
    """Whether somebody can be called so."""
    return not is_blank(text) and len(text) <= LONGEST and bool(re.fullmatch(LINE, text))


def require_name(text: str) -> None:
    """Raise `InvalidNameError` where nobody can be called so."""
    if not is_name(text):
        raise InvalidNameError(name=text[:LONGEST], most=LONGEST)
