"""What organisations and people are called: a line that can be read, in lists, mails and exports."""

import re

from survey_service.characters import is_blank
from survey_service.errors import InvalidNameError

LINE = r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]*"
"""One line: no line break, of whatever kind, and nothing that only steers a terminal."""

LONGEST = 200  # letters


def is_name(text: str) -> bool:
    """Whether somebody can be called so."""
    return not is_blank(text) and len(text) <= LONGEST and bool(re.fullmatch(LINE, text))


def require_name(text: str) -> None:
    """Raise `InvalidNameError` where nobody can be called so."""
    if not is_name(text):
        raise InvalidNameError(name=text[:LONGEST], most=LONGEST)
