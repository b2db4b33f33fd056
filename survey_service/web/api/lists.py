"""Lists in pages: items, and a cursor for the next page."""

from typing import Generic, TypeVar

from msgspec import Struct

from survey_service.errors import InvalidCursorError

T = TypeVar("T")
LONGEST = 100  # items in one page


class Page(Struct, Generic[T], frozen=True):
    """Some items, and the `cursor` that asks for those after them; None at the end."""

    items: list[T]
    next: str | None


def number(cursor: str | None) -> int | None:
    """Return the number that a cursor stands for.

    Raises:
        InvalidCursorError: It is none that we gave.
    """
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > 9:  # noqa: PLR2004 - what an id column holds
        raise InvalidCursorError(cursor=cursor)
    return int(cursor)
