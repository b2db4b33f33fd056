"""Column types that both engines keep exactly."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

T = TypeVar("T")


class Moment(TypeDecorator[dt.datetime]):
    """An aware moment, kept in UTC; a naive one is refused rather than guessed at."""

    impl = sa.DateTime(timezone=True)  # SQLite drops the offset, hence UTC both ways
    cache_ok = True

    @override
    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value!r}")
        return value.astimezone(dt.UTC)

    @override
    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


class Exact(TypeDecorator[Decimal]):
    """A finite decimal as text, to the last digit: SQLite has only binary numbers.

    What somebody else made of it that is none reads as none, so that it costs no page; `doctor
    --recompute` names it.
    """

    impl = sa.Text
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else str(value)

    @override
    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        try:
            found = None if value is None else Decimal(value)
        except InvalidOperation:
            return None
        return found if found is None or found.is_finite() else None


class Json(TypeDecorator[T], Generic[T]):
    """A value as JSON text, decoded strictly to its type on the way back.

    What would not come back as what it is, as an endless number, is refused when it is written. What
    somebody damaged in the database comes back as `unreadable`, a value that nobody could have
    written: it costs its row, and not the page on which the row stands.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, type_: type[T], unreadable: T) -> None:
        super().__init__()
        self.type_ = type_
        self._unreadable = unreadable  # no part of the key of cached statements: the type decides
        self._decoder = msgspec.json.Decoder(type_)  # made once: else each value looks the type up

    def is_damaged(self, written: Any) -> bool:
        """Whether what stands in the database can no longer be read."""
        return self._decoded(written) is self._unreadable

    @override
    def process_bind_param(self, value: T | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        written = msgspec.json.encode(value)
        self._decoder.decode(written)
        return written.decode()

    @override
    def process_result_value(self, value: Any, dialect: sa.Dialect) -> T | None:
        return None if value is None else self._decoded(value)

    def _decoded(self, written: Any) -> T:
        try:
            return self._decoder.decode(written)
        except (msgspec.DecodeError, TypeError):  # SQLite keeps a number in a column of texts, too
            return self._unreadable
