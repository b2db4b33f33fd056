"""Jobs asked for, claimed, taken over, cancelled and started again, on both engines."""

import asyncio
import datetime as dt
from collections import Counter

import pytest
from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LEASE, Failure, Kind, most_attempts
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.jobs import JobStateError, NotActiveError
from survey_service.operations import jobs
from survey_service.operations.worker import _claim
from survey_service.store import audit, people
from survey_service.store import jobs as stored
from survey_service.store.database import Database
from survey_service.store.jobs import Claimed, Wanted
from tests.country import Country, settle


def _wanted(key: str = "", kind: Kind = "mail") -> Wanted:
    return Wanted(kind, key or jobs.unique(kind), "{}", "people/1", "Dewi")


async def _asked(db: Database, who: Actor | None, key: str = "", kind: Kind = "mail") -> int:
    return await db.write(jobs.enqueue, who, _wanted(key, kind))


async def _claimed(db: Database, worker: str = "one", kind: Kind = "mail") -> Claimed:
    found = await db.write(_claim, worker, "mail" if kind == "mail" else "reports")
    assert found is not None
    return found


@pytest.fixture
async def country(db: Database) -> Country:
    return await settle(db)


async def test_people_take_turns(db: Database, alice: Actor, bob: Actor) -> None:
    for _ in range(5):
        await _asked(db, alice)
    first = await _claimed(db)
    await _asked(db, bob)

    owners = [first.person_id] + [(await _claimed(db)).person_id for _ in range(5)]

    assert owners == [alice.id, alice.id, bob.id, alice.id, alice.id, alice.id]


async def test_what_several_ask_for_is_one_job_at_the_earliest_turn(
    db: Database, alice: Actor, bob: Actor
) -> None:
    asked = [await _asked(db, alice, f"key {number}") for number in range(4)]

    shared = await _asked(db, bob, "key 3")

    assert shared == asked[3]
    order = [(await _claimed(db)).id for _ in range(4)]
    assert order == [asked[0], asked[3], asked[1], asked[2]]
    assert (await db.read(jobs.view, bob, shared)).mine


async def test_a_key_is_new_again_once_its_job_ended(db: Database, alice: Actor) -> None:
    first = await _asked(db, alice, "key")
    await db.write(stored.finish, await _claimed(db), "", clock.now())

    assert await _asked(db, alice, "key") != first


async def test_what_several_workers_claim_at_once_is_each_done_by_one(
    db: Database, alice: Actor
) -> None:
    asked = [await _asked(db, alice) for _ in range(24)]

    async def work(name: str) -> list[int]:
        done = []
        while (found := await db.write(_claim, name, "mail")) is not None:
            assert await db.write(stored.finish, found, "", clock.now())
            done.append(found.id)
        return done

    done = [one for each in await asyncio.gather(*map(work, "abcd")) for one in each]

    assert Counter(done) == Counter(asked)


async def test_a_job_whose_worker_is_lost_is_taken_over_and_the_lost_one_writes_no_more(
    db: Database, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await _asked(db, alice)
    lost = await _claimed(db, "lost")
    too_early = await db.write(_claim, "other", "mail")
    _later(monkeypatch, LEASE + dt.timedelta(seconds=1))

    other = await _claimed(db, "other")

    assert too_early is None
    assert (other.id, other.attempt) == (job_id, 2)
    now = clock.now()
    assert not await db.write(stored.finish, lost, "", now)
    assert not await db.write(stored.extend, lost, now)
    assert not await db.read(stored.is_held, lost)
    with pytest.raises(jobs.LostJobError):
        await db.write(jobs.advance, lost, 1)
    assert await db.write(stored.extend, other, now + LEASE)


async def test_a_job_that_loses_every_worker_is_given_up(
    db: Database, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await _asked(db, alice, kind="report")
    for attempt in range(most_attempts("report")):
        await _claimed(db, f"worker {attempt}", "report")
        _later(monkeypatch, (LEASE + dt.timedelta(seconds=1)) * (attempt + 1))

    nothing = await db.write(_claim, "another", "reports")

    assert nothing is None
    found = await db.read(jobs.view, alice, job_id)
    assert (found.state, found.error) == ("dead", Failure("abandoned"))


async def test_what_is_given_back_is_done_as_if_it_had_not_been_claimed(
    db: Database, alice: Actor
) -> None:
    await _asked(db, alice)
    first = await _claimed(db)

    await db.write(stored.give_back, first, clock.now())

    assert (await _claimed(db, "two")).attempt == first.attempt


async def test_a_job_is_seen_by_those_who_asked_and_those_who_look_after_them(
    db: Database, country: Country
) -> None:
    folk = country.people
    job_id = await _asked(db, folk["alice"])
    nobodys = await _asked(db, None)

    seen = {login for login, one in folk.items() if await _sees(db, one, job_id)}
    watched = {login for login, one in folk.items() if await _sees(db, one, nobodys)}

    assert seen == {"alice", "administrator@Agency", "ministry@Agency"}
    assert watched == {"ministry@Agency", "ministry@Elsewhere"}  # at the top of their trees
    assert not (await db.read(jobs.view, folk["ministry@Agency"], job_id)).mine
    for beyond in (0, -1, 2**40):
        assert not await _sees(db, folk["alice"], beyond)


async def _sees(db: Database, who: Actor, job_id: int) -> bool:
    try:
        await db.read(jobs.view, who, job_id)
    except NotFoundError:
        return False
    return True


async def test_each_sees_how_many_come_before(db: Database, alice: Actor, bob: Actor) -> None:
    asked = [await _asked(db, alice) for _ in range(3)]
    await _asked(db, bob)
    await _claimed(db)

    ahead = [(await db.read(jobs.view, alice, one)).ahead for one in asked]

    assert ahead == [0, 2, 3]  # bob's one comes before alice's third
    told = {one.id: one.ahead for one in await db.read(stored.progress, asked)}
    assert [told[one] for one in asked] == ahead
    assert await db.read(stored.count_unfinished, alice) == 3


async def test_a_job_that_is_cancelled_is_its_workers_no_longer(
    db: Database, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await _asked(db, alice)
    claimed = await _claimed(db)

    await db.write(jobs.cancel, alice, job_id)

    assert not await db.write(stored.finish, claimed, "", clock.now())
    assert (await db.read(jobs.view, alice, job_id)).state == "cancelled"
    with pytest.raises(JobStateError):
        await db.write(jobs.cancel, alice, job_id)
    _later(monkeypatch, LEASE * 2)
    assert await db.write(_claim, "two", "mail") is None


async def test_who_cancels_what_others_asked_for_as_well_only_leaves(
    db: Database, alice: Actor, bob: Actor
) -> None:
    job_id = await _asked(db, alice, "key")
    await _asked(db, bob, "key")

    await db.write(jobs.cancel, alice, job_id)

    assert not await _sees(db, alice, job_id)
    assert (await db.read(jobs.view, bob, job_id)).state == "waiting"
    await db.write(jobs.cancel, bob, job_id)
    assert (await db.read(jobs.view, bob, job_id)).state == "cancelled"


async def test_who_looks_after_people_finds_what_failed_and_starts_it_again(
    db: Database, country: Country
) -> None:
    alice, administrator = country.people["alice"], country.people["administrator@Agency"]
    job_id = await _asked(db, alice)
    claimed = await _claimed(db)
    await db.write(stored.advance, claimed, 3, "kept")
    await db.write(stored.bury, claimed, Failure("mail"), clock.now())

    found = await db.read(jobs.list_dead, administrator, limit=5)
    again = await db.write(jobs.start_again, administrator, job_id)

    assert [one.id for one in found] == [job_id]
    assert await db.read(jobs.list_dead, alice, limit=5) == []
    assert again == job_id
    resumed = await _claimed(db)
    assert (resumed.attempt, resumed.progress, resumed.result) == (1, 3, "kept")
    assert await db.read(jobs.list_dead, administrator, limit=5) == []
    with pytest.raises(JobStateError):
        await db.write(jobs.start_again, alice, job_id)
    acts = [one.entry.action for one in await db.read(lambda tx: list(audit.entries(tx)))]
    assert acts[-1] == "job.start_again"


async def test_what_was_asked_for_since_is_not_done_twice(db: Database, alice: Actor) -> None:
    old = await _asked(db, alice, "key")
    await db.write(jobs.cancel, alice, old)
    new = await _asked(db, alice, "key")

    assert await db.write(jobs.start_again, alice, old) == new
    assert (await db.read(jobs.view, alice, old)).state == "cancelled"


async def test_a_token_that_only_reads_decides_nothing(db: Database, alice: Actor) -> None:
    job_id = await _asked(db, alice)
    reading = Actor(alice.id, "alice", "coordinator", alice.organisation_id, "alice", "read")

    for decide in (jobs.cancel, jobs.start_again):
        with pytest.raises(ForbiddenError):
            await db.write(decide, reading, job_id)
    assert (await db.read(jobs.view, reading, job_id)).state == "waiting"


async def test_nothing_is_done_on_behalf_of_who_may_not_sign_in(
    db: Database, country: Country
) -> None:
    alice, ministry = country.people["alice"], country.people["ministry@Agency"]
    await _asked(db, alice)
    await _asked(db, None)
    account = await db.read(people.account, alice.id, visible_to=ministry)

    acting = await db.read(jobs.acting, await _claimed(db))
    await db.write(people.update, _inactive(account))

    assert (acting.login, acting.scope) == ("alice", "write")
    for claimed in (await _lost(db, alice), await _claimed(db)):
        with pytest.raises(NotActiveError):
            await db.read(jobs.acting, claimed)


def _inactive(account: people.Account) -> people.Account:
    return structs.replace(account, active=False)


async def _lost(db: Database, who: Actor) -> Claimed:
    return Claimed(1, "mail", "{}", who.id, "", "one", 1, 0, "")


def _later(monkeypatch: pytest.MonkeyPatch, by: dt.timedelta) -> None:
    moment = dt.datetime.now(dt.UTC) + by  # noqa: TID251 - the real one
    monkeypatch.setattr(clock, "now", lambda: moment)
