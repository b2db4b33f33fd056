"""Tables as Parquet: typed columns that say what they are, written part by part in bounded memory.

It is an extra, `survey-service[parquet]`. Numbers that are kept in whole units are written as whole
numbers, so that every engine sums them to the same.

    parquet.write(columns, parts, path)     # many rows, a part at a time
    parquet.content(columns, rows)          # few rows, as bytes
    parquet.table(table)                    # the same table that `tables` writes as CSV and XLSX
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

from msgspec import Struct
from numpy.typing import NDArray

from survey_service.errors.engines import ExtraMissingError
from survey_service.reports.tables import Table

Type = Literal["string", "integer", "number", "boolean", "date", "datetime"]
"""What the values of a column are, by the names that Frictionless has for them."""

Cell = str | int | float | Decimal | bool | dt.date | dt.datetime | None
Values = Sequence[Cell] | NDArray[Any]
"""The values of a column, None for each that is missing; an array where none is."""

_TOGETHER = 1024  # rows in a part that is made of single rows


class Column(Struct, frozen=True):
    """A column: its name and type, and by language what it is called and what it means."""

    name: str
    type: Type
    titles: Mapping[str, str] = {}
    descriptions: Mapping[str, str] = {}

    @property
    def told(self) -> dict[str, str]:
        """What the file says of the column: `title.en`, `description.en` and so on."""
        titles = {f"title.{language}": text for language, text in self.titles.items()}
        return titles | {f"description.{of}": text for of, text in self.descriptions.items()}


def write(
    columns: Sequence[Column],
    parts: Iterable[Sequence[Values]],
    into: IO[bytes] | Path,
    about: Mapping[str, str] | None = None,
) -> None:
    """Write a file, a part at a time.

    Args:
        columns: Of which each name stands once.
        parts: Each has the values of every column, in the order of the columns. They are made only
            when they are written, and what is raised in making one is raised here.
        into: Has nothing in it; half a file is left there where something is raised.
        about: What the file says of itself.

    Raises:
        ExtraMissingError: The extra is not installed.
    """
    if not is_there():
        raise ExtraMissingError(extra="parquet")
    from survey_service.reports import parquet_files  # noqa: PLC0415 - needs the extra

    parquet_files.write(columns, parts, into, dict(about or {}))


def is_there() -> bool:
    """Whether the extra is installed."""
    return find_spec("arro3") is not None


def content(
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    about: Mapping[str, str] | None = None,
) -> bytes:
    """Return rows as a file; see `write`."""
    made = io.BytesIO()
    write(columns, in_parts(rows), made, about)
    return made.getvalue()


def table(of: Table) -> bytes:
    """Return a table as a file: its headings name the columns, and its name is the title.

    A heading that stood there before gets a number. A column of different things is one of texts.
    """
    names = _each_once(of.headings)
    cells = list(zip(*of.rows, strict=True)) or [()] * len(names)
    columns = [Column(name, _type(some)) for name, some in zip(names, cells, strict=True)]
    return content(columns, of.rows, {"title": of.name})


def in_parts(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Values]]:
    """Yield rows, some at a time, as columns."""
    left = iter(rows)
    while some := list(islice(left, _TOGETHER)):
        yield list(zip(*some, strict=True))


_TYPES: Mapping[Type, set[type]] = {
    "boolean": {bool},
    "integer": {int},
    "number": {int, float, Decimal},
    "date": {dt.date},
    "datetime": {dt.datetime},
}


def _type(cells: Sequence[Cell]) -> Type:
    kinds = {type(cell) for cell in cells if cell is not None}
    return next((type_ for type_, known in _TYPES.items() if kinds and kinds <= known), "string")


def _each_once(names: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        number, other = 1, name
        while other in found:
            number += 1
            other = f"{name} {number}"
        found[other] = None
    return list(found)
