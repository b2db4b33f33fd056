"""Columns of cycles: what is kept in memory is what is stored, whatever happens in between."""

import asyncio
import datetime as dt
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec import Struct, structs
from sqlalchemy import event
from typing_extensions import override

from survey_service.analysis.columns import INDEX
from survey_service.analysis.selection import Selection
from survey_service.analysis.stored_rolling_up import Agency, RollingUp
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Draft
from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.conduct.evidence import Space
from survey_service.i18n import LANGUAGES
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import NOTHING
from survey_service.operations import (
    assessments,
    cycles,
    discarding,
    evidence,
    log,
    national,
    people,
    responses,
    steps,
)
from survey_service.operations.columns import KeptColumns
from survey_service.operations.cycles import Plan
from survey_service.operations.national import Loaded, Wanted
from survey_service.operations.reckoning import Reckoning
from survey_service.operations.steps import Taking
from survey_service.reports.national.view import Asked
from survey_service.store import cycles as stored
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.people import Person
from tests.country import Country, settle

MINISTRY = "ministry@Agency"


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

    async def handed_in(self, level: int, url: str) -> int:
        """Return an assessment that alice handed in, which shows something for A."""
        opened = await self.does(assessments.open_in_cycle, "alice", self.cycle)
        sheet = await self.db.read(assessments.view, self.country.people["alice"], opened.id)
        for code in "ABCDE":
            seen = sheet.responses[code].revision if code in sheet.responses else 0
            draft = Draft(Answer(level=level), revision=seen)
            await self.does(responses.save_response, "alice", opened.id, code, draft)
        await self.does(attach, "alice", opened.id, "A", url)
        await self.does(steps.take, "alice", opened.id, Taking("submit"))
        found: int = opened.id
        return found

    async def checks(self) -> list[str]:
        """Return what there is to look at of those who wait, once it is as it is read anew."""
        kept, anew = [
            (await structs.replace(self, kept=one).viewed("checks", "en")).seen().view.rows
            for one in (self.kept, KeptColumns())
        ]
        assert kept == anew
        return [str(row[5]) for row in kept]

    async def viewed(self, view: str, language: str = "id", **asked: Any) -> Loaded:
        """Return what a view is made of that is asked for something, once all has its number."""
        await log.number_all(self.db)
        actor, wanted = (
            self.country.people[MINISTRY],
            Wanted(self.cycle, view, asked=Asked(**asked)),
        )
        return await self.db.read(national.load, actor, self.kept, wanted, language)

    def _of(self, tx: Reader, kept: KeptColumns) -> Selection:
        return kept.of(tx, self._cycle(tx))

    def _cycle(self, tx: Reader) -> Cycle:
        found: Cycle = stored.fetch(tx, self.cycle, visible_to=self.country.people[MINISTRY])
        return found


@pytest.fixture
async def followed(db: Database) -> Followed:
    country = await settle(db)
    return Followed(db, country, await db.write(_open, country), KeptColumns())


UNSUPPORTED = (
    "rose by half the scale or more with nothing new to show: B, C, D, E; "
    "high without evidence: B, C, D, E"
)
LIMITS = evidence.Limits(1, 9, Space(9, 9))


def attach(tx: Writer, actor: Actor, assessment: int, code: str, url: str) -> None:
    """Show something for an answer."""
    wanted = evidence.Wanted(code, "decree")
    evidence.attach_link(tx, actor, assessment, wanted, url, LIMITS)


def take_away(tx: Writer, actor: Actor, assessment: int, code: str, url: str) -> None:
    """Take away what is shown for an answer."""
    known = evidence.list_all(tx, actor, assessment, code)
    for one in known:
        if one.url == url:
            evidence.remove(tx, actor, assessment, one.id)


def _open(tx: Writer, country: Country, name: str = "2026") -> int:
    always = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
    calendar = Calendar({"self": always, "external": always}, "Asia/Jakarta")
    ministry, places = country.people["ministry@Agency"], country.organisations
    taking_part = (places["Agency"], places["Office"])
    planned = cycles.plan(tx, ministry, Plan(name, "two-dimensions@1", calendar, taking_part))
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


async def test_what_answers_that_wait_are_supported_by_follows_both_cycles(
    followed: Followed,
) -> None:
    now = structs.replace(followed, cycle=await followed.db.write(_open, followed.country, "2027"))
    before = await followed.handed_in(1, "https://example.go.id/old")
    assert await now.checks() == []

    its = await now.handed_in(5, "https://example.go.id/new")
    assert await now.checks() == [UNSUPPORTED]

    for operation, of in ((attach, its), (attach, before), (take_away, its), (take_away, before)):
        await followed.does(steps.take, "alice", of, Taking("withdraw"))
        await followed.does(operation, "alice", of, "B", "https://example.go.id/seal")
        await followed.does(steps.take, "alice", of, Taking("submit"))
        await now.checks()
    assert await now.checks() == [UNSUPPORTED]


async def test_only_as_many_cycles_are_remembered_as_there_is_room_for(followed: Followed) -> None:
    small = KeptColumns(cycles=0)

    found = await followed.db.read(followed._of, small)

    assert found.members == ()
    assert not len(small._cycles)


async def test_how_few_are_told_of_no_one_is_kept_with_them(followed: Followed) -> None:
    found = await followed.db.read(followed._of, KeptColumns(fewest=9))

    assert (found.fewest, found.counted.fewest) == (9, 9)


async def test_one_cycle_is_looked_at_while_another_is_read(followed: Followed) -> None:
    other = structs.replace(
        followed, cycle=await followed.db.write(_open, followed.country, "2027")
    )
    begun, going_on = threading.Event(), threading.Event()

    def waiting(*_: object) -> None:
        begun.set()
        assert going_on.wait(20)

    def read_slowly(tx: Reader) -> Selection:
        cycle = followed._cycle(tx)
        event.listen(tx, "before_cursor_execute", waiting)
        try:
            return followed.kept.of(tx, cycle)
        finally:
            event.remove(tx, "before_cursor_execute", waiting)

    slow = asyncio.create_task(followed.db.read(read_slowly))
    assert await asyncio.to_thread(begun.wait, 20)
    try:
        found = await asyncio.wait_for(followed.db.read(other._of, followed.kept), 10)
    finally:
        going_on.set()
    await slow

    assert found.members == ()


@pytest.mark.parametrize("view", ["coherence", "correlations", "claims", "assumptions"])
async def test_a_long_view_is_remembered_whatever_is_asked_that_it_does_not_read(
    followed: Followed, view: str
) -> None:
    before = await followed.viewed(view, limit=50)
    once = before.seen()

    again = await followed.viewed(view, start=100, limit=50, by="kind", node="merit", one=7)

    assert (before.long, again.long) == (True, False)
    assert [id(one) for one in again.seen().beneath] == [id(one) for one in once.beneath]
    assert again.seen().view.words is once.view.words
    assert (await followed.viewed(view, "en", limit=50)).long


@pytest.mark.parametrize("view", ["robustness", "claimants"])
async def test_another_part_of_the_rows_is_another_view(followed: Followed, view: str) -> None:
    (await followed.viewed(view, limit=50)).seen()

    assert not (await followed.viewed(view, limit=50, by="kind")).long
    assert (await followed.viewed(view, start=50, limit=50)).long
    assert (await followed.viewed(view)).long


async def test_views_are_forgotten_with_what_they_are_of(followed: Followed) -> None:
    kept = KeptColumns(cycles=1)
    followed = structs.replace(followed, kept=kept)
    other = structs.replace(
        followed, cycle=await followed.db.write(_open, followed.country, "2027")
    )
    (await followed.viewed("claims", limit=50)).seen()
    cycle, all_ = await followed.db.read(lambda tx: (followed._cycle(tx), followed._of(tx, kept)))
    assert kept.views(cycle, all_) is not None

    await followed.does(assessments.open_in_cycle, "alice", followed.cycle)
    changed = await followed.viewed("claims", limit=50)
    changed.seen()
    await other.looked_at()

    assert changed.long
    assert kept.views(cycle, all_) is None
    assert (await followed.viewed("claims", limit=50)).long


async def test_agencies_are_put_in_place_of_their_units_while_nobody_waits_for_the_store(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    ministry, reading, rolled = followed.country.people[MINISTRY], [0], list[int]()
    wanted = Wanted(followed.cycle, "heatmap", rolled=True)
    await log.number_all(followed.db)

    async def read(query: Any, *arguments: Any) -> Any:
        reading[0] += 1
        found = await followed.db.read(query, ministry, *arguments)
        reading[0] -= 1
        return found

    class Watched(RollingUp):
        @override
        def of(self, of: Selection, above: Mapping[int, Agency]) -> Selection:
            rolled.append(reading[0])
            return super().of(of, above)

    monkeypatch.setattr("survey_service.operations.columns.RollingUp", Watched)

    loaded = [
        await Reckoning().loaded(read, followed.kept, wanted, language) for language in LANGUAGES
    ]

    assert [one.seen().view.count for one in loaded] == [0, 0]
    assert rolled == [0]
