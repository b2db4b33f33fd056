import datetime as dt
from decimal import Decimal

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from survey_service.maturity.conditions import UNREADABLE, Attributes
from survey_service.maturity.texts import Text
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.tables import assessment, questionnaire
from survey_service.store.tables.accounts import session
from survey_service.store.types import Exact, Json, Moment

JAKARTA = dt.timezone(dt.timedelta(hours=7))


async def test_a_moment_keeps_its_instant_whatever_its_zone(db: Database) -> None:
    """SQLite drops offsets: without care, Jakarta would be seven hours wrong."""
    at = dt.datetime(2026, 11, 24, 9, 30, tzinfo=JAKARTA)

    def save(tx: Writer) -> None:
        tx.execute(sa.insert(session).values(token="t", person_id=1, expires_at=at))

    def load(tx: Reader) -> dt.datetime:
        found: dt.datetime = tx.execute(sa.select(session.c.expires_at)).scalar_one()
        return found

    await db.write(save)
    found = await db.read(load)

    assert found == at
    assert found.tzinfo is dt.UTC


async def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    naive = dt.datetime(2026, 11, 24)  # noqa: DTZ001 - the point of the test

    def save(tx: Writer) -> None:
        tx.execute(sa.insert(session).values(token="t", person_id=1, expires_at=naive))

    with pytest.raises(sa.exc.StatementError):
        await db.write(save)


async def test_a_struct_comes_back_as_it_was(db: Database) -> None:
    def load(tx: Reader) -> object:
        return tx.execute(sa.select(questionnaire.c.name).limit(1)).scalar_one()

    assert isinstance(await db.read(load), Text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e16, "x" * 10_001])
def test_what_would_not_come_back_as_it_is_is_never_written(value: object) -> None:
    dialect = sa.create_engine("sqlite://").dialect

    with pytest.raises(msgspec.ValidationError):
        Json(Attributes, UNREADABLE).process_bind_param({"population": value}, dialect)  # type: ignore[dict-item]


def test_nothing_stays_nothing() -> None:
    dialect = sa.create_engine("sqlite://").dialect

    assert Json(Text, Text("?", "?")).process_bind_param(None, dialect) is None
    assert Json(Text, Text("?", "?")).process_result_value(None, dialect) is None
    assert Moment().process_result_value(None, dialect) is None
    assert assessment.c.submitted_at.nullable


@pytest.mark.parametrize(
    ("written", "read"),
    [("3.10", Decimal("3.10")), (None, None), ("three", None), ("NaN", None), ("-1E+3", -1000)],
)
def test_a_decimal_is_read_to_the_last_digit_and_nothing_else_as_one(
    written: str | None, read: Decimal | int | None
) -> None:
    found = Exact().process_result_value(written, sqlite.dialect())

    assert found == read
    assert written != "3.10" or str(found) == "3.10"
