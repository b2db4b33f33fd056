"""Signing in under a name as phones write it, or by an address; accounts whose names resemble."""

import pytest
import sqlalchemy as sa
from msgspec import structs

from survey_service.conduct.access import Actor
from survey_service.errors.accounts import LoginTakenError
from survey_service.operations import people
from survey_service.store import people as stored
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.people import Person
from survey_service.store.tables import person


def _found(tx: Reader, *typed: str) -> list[str | None]:
    found = [stored.credential(tx, one) for one in typed]
    return [None if one is None else one.login for one in found]


def _add(tx: Writer, alice: Actor, login: str, email: str | None = None) -> int:
    return stored.add(tx, Person(login, login, "auditor", alice.organisation_id, email=email))


async def test_capitals_and_blanks_around_a_name_do_not_matter(db: Database, alice: Actor) -> None:
    found = await db.read(_found, "alice", "Alice", " ALICE ", "al ice", "")

    assert found == ["alice", "alice", "alice", None, None]


async def test_an_address_stands_for_a_name_where_one_person_has_it(
    db: Database, alice: Actor
) -> None:
    await db.write(_add, alice, "dina", "dina@Mail.example")
    await db.write(_add, alice, "eka", "shared@mail.example")
    await db.write(_add, alice, "feri", "shared@mail.example")
    await db.write(_add, alice, "gita", "alice")  # an address that is somebody's name tells nothing

    found = await db.read(_found, "Dina@mail.example ", "shared@mail.example", "alice")

    assert found == ["dina", None, "alice"]


async def test_an_address_follows_when_it_is_changed(db: Database, alice: Actor) -> None:
    id_ = await db.write(_add, alice, "dina", "dina@mail.example")

    def change(tx: Writer) -> None:
        stored.update(tx, structs.replace(stored.own_account(tx, id_), email="New@mail.example"))

    await db.write(change)

    assert await db.read(_found, "dina@mail.example", "new@MAIL.example") == [None, "dina"]


async def test_a_name_that_differs_in_capitals_only_is_taken(db: Database, alice: Actor) -> None:
    administrator = structs.replace(alice, role="administrator")
    wanted = Person("Alice", "Alice", "auditor", alice.organisation_id)

    with pytest.raises(LoginTakenError):
        await db.write(people.invite, administrator, wanted, None)
    id_ = await db.write(people.enter, structs.replace(wanted, login=" ALICE"))

    assert id_ == alice.id  # the command gives a new password, as for the name itself


async def test_accounts_from_before_that_resemble_sign_in_as_they_are_written(
    db: Database, alice: Actor
) -> None:
    other = await db.write(_add, alice, "x")

    def collide(tx: Writer) -> None:
        values = {"login": "Alice", "login_key": " Alice"}  # as the migration leaves them
        tx.execute(sa.update(person).where(person.c.id == other).values(values))

    await db.write(collide)

    assert await db.read(_found, "Alice", "alice", "ALICE") == ["Alice", "alice", "alice"]
