"""What somebody damaged in the database: values that do not decode to what their column keeps."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from survey_service.store.database import Reader
from survey_service.store.tables import metadata
from survey_service.store.types import Json


class Damaged(Struct, frozen=True):
    """A value that cannot be read: its table, the row by its key (`id=3`), and the column."""

    table: str
    row: str
    column: str


def damaged(tx: Reader) -> Iterator[Damaged]:
    """Yield every value of a JSON column that cannot be read, table by table."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Json):
                yield from _of(tx, table, column, column.type)


def _of(tx: Reader, table: sa.Table, column: sa.Column[Any], type_: Json[Any]) -> Iterator[Damaged]:
    keys = list(table.primary_key.columns)
    rows = tx.execute(sa.select(sa.type_coerce(column, sa.Text), *keys).order_by(*keys))
    for written, *values in rows:
        if written is not None and type_.is_damaged(written):
            named = (f"{key.name}={value}" for key, value in zip(keys, values, strict=True))
            yield Damaged(table.name, " ".join(named), column.name)
