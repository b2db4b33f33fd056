"""Parquet as another library reads it: types, what is missing, what the file says, row groups."""

import datetime as dt
import errno
import io
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from arro3.io import read_parquet
from typing_extensions import Buffer, override

from survey_service.errors.engines import ExtraMissingError
from survey_service.errors.installation import NoSpaceError
from survey_service.reports import parquet
from survey_service.reports.parquet import Column, Values
from survey_service.reports.tables import Cell, Table
from survey_service.store.faults import fault

DAY = dt.date(2026, 11, 26)
MOMENT = dt.datetime(2026, 11, 26, 5, 30, 0, 250_000, tzinfo=dt.UTC)
COLUMNS = [
    Column("name", "string", {"id": "Nama", "en": "Name"}, {"en": "As it was then."}),
    Column("count", "integer"),
    Column("index", "number"),
    Column("named", "boolean"),
    Column("day", "date"),
    Column("at", "datetime"),
]
ROWS = [
    ("Kota Contoh", 3, Decimal("3.47"), True, DAY, MOMENT),
    (None, None, None, None, None, None),
    ("Ñandú", -(2**62), 0.5, False, dt.date(1969, 12, 31), MOMENT - dt.timedelta(days=40_000)),
]


def test_values_come_back_as_they_were_and_missing_ones_as_missing() -> None:
    made = parquet.content(COLUMNS, ROWS)

    found = pq.read_table(io.BytesIO(made))
    assert [str(type_) for type_ in found.schema.types] == [
        "string", "int64", "double", "bool", "date32[day]", "timestamp[us, tz=UTC]",
    ]  # fmt: skip
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("Kota Contoh", 3, 3.47, True, DAY, MOMENT),
        (None, None, None, None, None, None),
        ("Ñandú", -(2**62), 0.5, False, dt.date(1969, 12, 31), MOMENT - dt.timedelta(days=40_000)),
    ]


def test_the_file_says_what_it_is_and_what_its_columns_are() -> None:
    made = parquet.content(COLUMNS, ROWS, {"title": "Siklus 2026"})

    found = pq.read_schema(io.BytesIO(made))
    assert pq.read_metadata(io.BytesIO(made)).metadata[b"title"] == b"Siklus 2026"
    told = {b"title.id": b"Nama", b"title.en": b"Name", b"description.en": b"As it was then."}
    assert found.field("name").metadata.items() >= told.items()
    assert read_parquet(made).schema.field("name").metadata_str["title.id"] == "Nama"


def test_equal_rows_are_equal_bytes() -> None:
    assert parquet.content(COLUMNS, ROWS) == parquet.content(COLUMNS, ROWS)


def test_what_is_no_number_is_missing() -> None:
    made = parquet.content(
        [Column("x", "number")], [(float("nan"),), (float("inf"),), (Decimal("NaN"),), (1,)]
    )

    assert pq.read_table(io.BytesIO(made))["x"].to_pylist() == [None, None, None, 1.0]


def test_parts_are_made_when_they_are_written_and_become_packed_groups_of_rows(
    tmp_path: Path,
) -> None:
    made: list[int] = []
    path = tmp_path / "many.parquet"

    def parts() -> Iterator[Sequence[Values]]:
        for first in range(0, 50_000, 1000):
            made.append(path.stat().st_size)
            rows = range(first, first + 1000)
            yield [np.arange(first, first + 1000), [None if row % 7 else row for row in rows]]

    parquet.write([Column("row", "integer"), Column("seventh", "integer")], parts(), path)

    found = pq.ParquetFile(path)
    assert made[0] < made[25] < made[-1]  # what was made before is on the disk, and not kept
    assert found.metadata.num_row_groups == 7
    assert found.metadata.row_group(0).column(0).compression == "ZSTD"
    assert found.read()["row"].to_pylist() == list(range(50_000))
    assert sum(found.read()["seventh"].drop_null().to_pylist()) == sum(range(0, 50_000, 7))


def test_what_is_raised_in_making_a_part_is_raised_as_it_is() -> None:
    class _LostError(Exception):
        pass

    def parts() -> Iterator[Sequence[Values]]:
        yield [[1]]
        raise _LostError

    with pytest.raises(_LostError):
        parquet.write([Column("x", "integer")], parts(), io.BytesIO())


def test_a_value_of_another_type_than_its_column_is_refused() -> None:
    with pytest.raises(TypeError):
        parquet.content([Column("x", "integer")], [("three",)])


def test_no_rows_are_a_file_with_its_columns() -> None:
    found = pq.read_table(io.BytesIO(parquet.content(COLUMNS, [])))

    assert found.num_rows == 0
    assert found.schema.names == [one.name for one in COLUMNS]


def test_a_table_is_typed_by_what_stands_in_it() -> None:
    rows: list[list[Cell]] = [
        ["a", 1, Decimal("1.5"), DAY, None, 1],
        ["b", None, 2, DAY, None, "two"],
    ]
    headings = ["Name", "Count", "Index", "Day", "Empty", "Name"]

    found = pq.read_table(io.BytesIO(parquet.table(Table("Board", headings, rows))))

    assert found.schema.names == ["Name", "Count", "Index", "Day", "Empty", "Name 2"]
    kinds = [str(type_) for type_ in found.schema.types]
    assert kinds == ["string", "int64", "double", "date32[day]", "string", "string"]
    assert found.schema.metadata[b"title"] == b"Board"
    assert found["Name 2"].to_pylist() == ["1", "two"]


def test_a_table_without_rows_has_its_headings() -> None:
    found = pq.read_table(io.BytesIO(parquet.table(Table("Board", ["Name", "Name"], []))))

    assert found.schema.names == ["Name", "Name 2"]


def test_a_disk_that_is_full_is_told_as_what_it_is() -> None:
    class Full(io.BytesIO):
        @override
        def write(self, _: Buffer) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left on device") as raised:
        parquet.write(COLUMNS, parquet.in_parts(ROWS), Full())

    assert isinstance(fault(raised.value), NoSpaceError)


def test_without_the_extra_it_says_which_one_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arro3", None)

    with pytest.raises(ExtraMissingError) as raised:
        parquet.content(COLUMNS, ROWS)

    assert raised.value.details == {"extra": "parquet"}
