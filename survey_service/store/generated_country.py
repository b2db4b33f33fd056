"""Rows by the thousand, put in as they are: for a country that is made up to be measured."""

from collections.abc import Iterable, Mapping
from typing import Literal

import sqlalchemy as sa

from survey_service.store.database import Writer
from survey_service.store.tables import (
    assessment,
    evidence,
    organisation,
    participant,
    response,
    result,
    revision,
    step,
)

Row = Mapping[str, object]
Many = Literal[
    "organisation",
    "participant",
    "assessment",
    "step",
    "response",
    "revision",
    "evidence",
    "result",
]

_TABLES: Mapping[Many, sa.Table] = {
    "organisation": organisation,
    "participant": participant,
    "assessment": assessment,
    "step": step,
    "response": response,
    "revision": revision,
    "evidence": evidence,
    "result": result,
}


def add(tx: Writer, table: Many, rows: Iterable[Row]) -> None:
    """Put rows into a table; they have the same columns."""
    if found := list(rows):
        tx.execute(sa.insert(_TABLES[table]), found)


def add_numbered(tx: Writer, table: Many, rows: Iterable[Row]) -> list[int]:
    """Put rows into a table that numbers them; return their ids, in the same order."""
    into, new = _TABLES[table], list(rows)
    insert = sa.insert(into).returning(into.c.id, sort_by_parameter_order=True)
    return list(tx.execute(insert, new).scalars()) if new else []
