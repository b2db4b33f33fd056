"""The library that writes Parquet, which is an extra: only `parquet` imports this, once it is there."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from io import BufferedWriter, RawIOBase
from pathlib import Path
from typing import IO, Any

import numpy as np
from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet
from typing_extensions import Buffer, override

from survey_service.reports.parquet import Column, Type, Values

_ROWS = 8192  # in a row group: while one is packed, nothing else runs in this process (50 ms)
_COMPRESSION = "zstd(3)"
_FIRST_DAY = dt.date(1970, 1, 1)
_FIRST_MOMENT = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def write(
    columns: Sequence[Column],
    parts: Iterable[Sequence[Values]],
    into: IO[bytes] | Path,
    about: dict[str, str],
) -> None:
    """Write a file, a part at a time; see `parquet.write`."""
    fields = [
        Field(one.name, _TYPES[one.type], nullable=True, metadata=one.told) for one in columns
    ]
    schema = Schema(fields, metadata=about)
    raised: list[Exception] = []
    batches = _batches(columns, schema, parts, raised)
    with into.open("wb") if isinstance(into, Path) else nullcontext(into) as file:
        try:
            with BufferedWriter(_Watched(file, raised)) as watched:
                write_parquet(
                    RecordBatchReader.from_batches(schema, batches),
                    watched,
                    compression=_COMPRESSION,
                    max_row_group_size=_ROWS,
                    key_value_metadata=about,
                )
        except BaseException:  # the library panics over a full disk, which is no `Exception`
            if raised:  # which the library has made an error of its own of
                raise raised[0] from None
            raise


class _Watched(RawIOBase):
    """A file that remembers what is raised in writing it."""

    def __init__(self, file: IO[bytes], raised: list[Exception]) -> None:
        self._file, self._raised = file, raised

    @override
    def write(self, content: Buffer, /) -> int:
        try:
            return self._file.write(content)
        except OSError as error:
            self._raised.append(error)
            raise

    @override
    def writable(self) -> bool:
        return True


def _batches(
    columns: Sequence[Column],
    schema: Schema,
    parts: Iterable[Sequence[Values]],
    raised: list[Exception],
) -> Iterator[RecordBatch]:
    try:
        for part in parts:
            arrays = [_array(one.type, given) for one, given in zip(columns, part, strict=True)]
            yield RecordBatch.from_arrays(arrays, schema=schema)
    except Exception as error:
        raised.append(error)
        raise


def _array(type_: Type, values: Values) -> Array:
    if isinstance(values, np.ndarray):
        return Array.from_numpy(values).cast(_TYPES[type_])
    if type_ not in _TURNED:
        return Array(values, _TYPES[type_])
    into, turn = _TURNED[type_]
    return Array([None if one is None else turn(one) for one in values], into).cast(_TYPES[type_])


def _finite(value: Any) -> float | None:
    """Return a number, and None for what is none: it would spread over every mean."""
    number = float(value)
    return number if math.isfinite(number) else None


def _day(value: Any) -> int:
    return int((value - _FIRST_DAY).days)


def _moment(value: Any) -> int:
    return int((value - _FIRST_MOMENT) // _MICROSECOND)


_TYPES: Mapping[Type, DataType] = {
    "string": DataType.string(),
    "integer": DataType.int64(),
    "number": DataType.float64(),
    "boolean": DataType.bool(),
    "date": DataType.date32(),
    "datetime": DataType.timestamp("us", tz="UTC"),
}
_TURNED: Mapping[Type, tuple[DataType, Callable[[Any], str | float | None]]] = {
    "string": (DataType.string(), str),
    "number": (DataType.float64(), _finite),
    "date": (DataType.int32(), _day),
    "datetime": (DataType.int64(), _moment),
}
"""What the library takes of values that are not as it knows them, and how they become that."""
