"""Lists in pages: items, and a cursor for the next page."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from litestar.params import FromQuery, QueryParameter
from msgspec import Meta, Struct

from survey_service.errors.requests import InvalidCursorError
from survey_service.maturity.texts import END

T = TypeVar("T")
Id = Annotated[int, Meta(ge=1, le=2**31 - 1)]
LONGEST = 100  # items in one page


Filter = FromQuery[Annotated[int, QueryParameter(ge=0, le=2**31 - 1)]]
"""The id of what a list is narrowed to; 0 for everything."""

Cursor = FromQuery[
    Annotated[str | None, QueryParameter(schema_extra={"pattern": rf"^[0-9]{{1,9}}{END}"})]
]
"""Where a list goes on: what `next` of the page before was."""


class Page(Struct, Generic[T], frozen=True):
    """Some items, and the `cursor` that asks for those after them; None at the end."""

    items: list[T]
    next: str | None


def paged(found: list[T], place: Callable[[T], int]) -> Page[T]:
    """Return a page of up to `LONGEST` items of those found, where one more tells that there are more.

    Args:
        found: Up to `LONGEST` + 1 items.
        place: The number of an item, which the next page goes on after.
    """
    more = str(place(found[LONGEST - 1])) if len(found) > LONGEST else None
    return Page(found[:LONGEST], more)


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
