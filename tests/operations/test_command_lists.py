"""Lists that are taken in from the command line, and undone there as one step; on both engines."""

import datetime as dt

import pytest

from survey_service import clock
from survey_service.conduct.organisations import Listed
from survey_service.errors.writing import (
    CannotBeUndoneError,
    ChangedSinceError,
    NothingToUndoError,
)
from survey_service.operations import command_lists
from survey_service.store import organisations
from survey_service.store.database import Database
from tests.country import Country, settle
from tests.lists import entries


@pytest.fixture
async def country(db: Database) -> Country:
    return await settle(db)


async def _import(db: Database, *rows: Listed) -> None:
    await command_lists.import_list(db, "agencies.csv", entries(*rows))


async def _standing(db: Database) -> dict[str, tuple[str, bool]]:
    tree = await db.read(organisations.standings)
    return {one.listed.name: (one.listed.kind, one.listed.active) for one in tree.values()}


async def test_the_list_taken_in_last_is_undone_as_one_step(db: Database, country: Country) -> None:
    await _import(db, Listed("Desk", "unit", "Office"), Listed("Office", "body", "Agency"))

    seen, _ = await db.read(command_lists.reversed_list)
    found, plan = await command_lists.undo(db)

    assert seen.file == found.file == "agencies.csv"
    assert [one.after.name for one in plan.changes] == ["Desk", "Office"]
    assert (await _standing(db))["Office"] == ("unit", True)
    assert (await _standing(db))["Desk"] == ("unit", False)
    with pytest.raises(NothingToUndoError):
        await command_lists.undo(db)


async def test_it_is_not_undone_over_what_was_changed_since(db: Database, country: Country) -> None:
    await _import(db, Listed("Office", "body", "Agency"))
    await _import(db, Listed("Office", "city", "Agency"))
    await command_lists.undo(db)
    await _import(db, Listed("Desk", "unit", "Office"))
    await command_lists.undo(db)

    await command_lists.undo(db)  # the first one, over which nothing lies any more

    assert (await _standing(db))["Office"] == ("unit", True)


async def test_any_list_is_undone_whose_rows_nobody_changed_since(
    db: Database, country: Country
) -> None:
    await _import(db, Listed("Office", "body", "Agency"))
    await _import(db, Listed("Elsewhere", "body", "Abroad"))
    await _import(db, Listed("Elsewhere", "regency", "Abroad"))
    newest, middle, oldest = await db.read(command_lists.recent)

    with pytest.raises(ChangedSinceError) as refused:
        await command_lists.undo(db, middle.id)
    await command_lists.undo(db, oldest.id)
    with pytest.raises(CannotBeUndoneError):
        await command_lists.undo(db, oldest.id)
    await command_lists.undo(db, newest.id)
    await command_lists.undo(db, middle.id)

    assert refused.value.details["name"] == "Elsewhere"
    standing = await _standing(db)
    assert (standing["Office"][0], standing["Elsewhere"][0]) == ("unit", "city")
    assert await db.read(command_lists.recent) == []


async def test_after_a_day_it_is_not_undone(
    db: Database, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _import(db, Listed("Office", "body", "Agency"))
    later = clock.now() + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    with pytest.raises(NothingToUndoError):
        await command_lists.undo(db)

    assert (await _standing(db))["Office"] == ("body", True)
