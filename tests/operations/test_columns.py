"""Columns of cycles: what is kept in memory is what is stored, whatever happens in between."""

import datetime as dt
from typing import Any

import pytest
from msgspec import Struct

from survey_service.analysis.columns import INDEX
from survey_service.analysis.selection import Selection
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Draft
from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import NOTHING
from survey_service.operations import assessments, cycles, discarding, people, responses, steps
from survey_service.operations.columns import KeptColumns
from survey_service.operations.cycles import Plan
from survey_service.operations.steps import Taking
from survey_service.store import cycles as stored
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.people import Person
from tests.country import Country, settle


class Followed(Struct, frozen=True):
    """A cycle, and its columns as they are kept."""

    db: Database
    country: Country
    cycle: int
    kept: KeptColumns

    async def does(self, operation: Any, login: str, *arguments: Any) -> Any:
        return await self.db.write(operation, self.country.people[login], *arguments)

    async def office(self) -> Actor:
        """Return who coordinates the Office."""
        place, login = self.country.organisations["Office"], "dora"
        id_ = await self.db.write(people.enter, Person(login, login, "coordinator", place))
        return Actor(id_, login, "coordinator", place, login)

    async def looked_at(self) -> Selection:
        """Return the columns as they are kept, once they are those that are read anew."""
        found = await self.db.read(self._of, self.kept)
        anew = await self.db.read(self._of, KeptColumns())
        assert found.members == anew.members
        assert found.codes == anew.codes
        assert found.values.tolist() == anew.values.tolist()
        assert found.grades.tolist() == anew.grades.tolist()
        assert found.compared.tolist() == anew.compared.tolist()
        return found

    def _of(self, tx: Reader, kept: KeptColumns) -> Selection:
        actor = self.country.people["ministry@Agency"]
        cycle: Cycle = stored.fetch(tx, self.cycle, visible_to=actor)
        return kept.of(tx, cycle)


@pytest.fixture
async def followed(db: Database) -> Followed:
    country = await settle(db)
    return Followed(db, country, await db.write(_open, country), KeptColumns())


def _open(tx: Writer, country: Country) -> int:
    always = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
    calendar = Calendar({"self": always, "external": always}, "Asia/Jakarta")
    ministry, places = country.people["ministry@Agency"], country.organisations
    taking_part = (places["Agency"], places["Office"])
    planned = cycles.plan(tx, ministry, Plan("2026", "two-dimensions@1", calendar, taking_part))
    return cycles.open_cycle(tx, ministry, planned.id).id


async def test_columns_follow_whatever_happens(followed: Followed) -> None:
    assert (await followed.looked_at()).members == ()

    opened = await followed.does(assessments.open_in_cycle, "alice", followed.cycle)
    started = await followed.looked_at()
    assert [(one.name, one.state, one.answered) for one in started.members] == [
        ("Agency", "draft", 0)
    ]
    assert started.column(INDEX).tolist() == [NOTHING]

    for code in "ABCDE":
        draft = Draft(Answer(level=4))
        await followed.does(responses.save_response, "alice", opened.id, code, draft)
    assert (await followed.looked_at()).members[0].answered == 5

    await followed.does(steps.take, "alice", opened.id, Taking("submit"))
    handed_in = await followed.looked_at()
    assert handed_in.column(INDEX).tolist() == [4_000_000]
    assert handed_in.column("A").tolist() == [4_000_000]
    assert handed_in.compared.tolist() == [True]

    dora = await followed.office()
    beside = await followed.db.write(assessments.open_in_cycle, dora, followed.cycle)
    assert [one.name for one in (await followed.looked_at()).members] == ["Agency", "Office"]
    await followed.db.write(discarding.discard, dora, beside.id)
    assert [one.name for one in (await followed.looked_at()).members] == ["Agency"]

    ministry, agency = "ministry@Agency", followed.country.organisations["Agency"]
    await followed.does(cycles.withdraw, ministry, followed.cycle, agency, "Merged.")
    assert (await followed.looked_at()).compared.tolist() == [False]
    await followed.does(cycles.restore, ministry, followed.cycle, agency)

    await followed.does(steps.take, "alice", opened.id, Taking("withdraw"))
    assert (await followed.looked_at()).column(INDEX).tolist() == [NOTHING]


async def test_only_as_many_cycles_are_remembered_as_there_is_room_for(followed: Followed) -> None:
    small = KeptColumns(cycles=0)

    found = await followed.db.read(followed._of, small)

    assert found.members == ()
    assert not small._kept


async def test_how_few_are_told_of_no_one_is_kept_with_them(followed: Followed) -> None:
    found = await followed.db.read(followed._of, KeptColumns(fewest=9))

    assert (found.fewest, found.counted.fewest) == (9, 9)
