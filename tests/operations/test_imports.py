"""Lists taken in by jobs: in pieces, from where they were cut off, and no further than was looked at."""

import datetime as dt
from collections import Counter

import msgspec
import pytest
from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.jobs import LEASE, Job
from survey_service.conduct.organisations import Intended, Listed
from survey_service.conduct.people import ListedPerson
from survey_service.errors import NotFoundError
from survey_service.errors.jobs import ListOutdatedError
from survey_service.operations import jobs, organisations, people
from survey_service.operations.jobs import Tools
from survey_service.operations.one_time_links import Mailing
from survey_service.operations.worker import Worker, _claim
from survey_service.store import audit
from survey_service.store import jobs as stored_jobs
from survey_service.store import organisations as stored
from survey_service.store import people as stored_people
from survey_service.store.database import Database
from survey_service.store.jobs import Claimed
from tests.country import Country, settle
from tests.lists import by_name, entries

CHAIN = [Listed(f"Unit {n}", "unit", f"Unit {n - 1}" if n else "Agency") for n in range(12)]
NAMES = [one.name for one in CHAIN]
MAILING = Mailing("https://survey.example.go.id", "en")


@pytest.fixture(autouse=True)
def one_in_each_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PIECE", 0.0)


@pytest.fixture
async def country(db: Database) -> Country:
    return await settle(db)


async def _requested(db: Database, who: Actor, rows: list[Listed] = CHAIN) -> int:
    plan = await db.read(organisations.preview, who, entries(*rows))
    return await db.write(organisations.request_import, who, plan)


async def _found(db: Database, who: Actor, job_id: int) -> Job:
    return await db.read(jobs.view, who, job_id)


async def _recorded(db: Database, action: str) -> list[str]:
    return await db.read(
        lambda tx: [one.entry.about for one in audit.entries(tx) if one.entry.action == action]
    )


async def _cut_off(db: Database, pieces: int) -> Claimed:
    """Do some pieces of an import, as a worker that is lost then."""
    claimed = await db.write(_claim, "lost", "lists")
    assert claimed is not None
    changes = msgspec.json.decode(claimed.payload, type=tuple[Intended, ...])
    for done in range(pieces):
        await db.write(organisations._take_in_piece, claimed, changes, done)
    return claimed


async def test_a_list_that_was_cut_off_is_taken_in_from_there_and_each_change_once(
    tools: Tools, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _requested(db, who)
    await _cut_off(db, pieces=5)
    halfway = await _found(db, who, job_id)
    later = clock.now() + LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    await Worker(tools).work_until_idle()

    assert (halfway.progress, halfway.total) == (5, 12)
    assert (await _found(db, who, job_id)).state == "done"
    added = await _recorded(db, "organisation.add")
    ids = [await db.read(stored.identity, name) for name in NAMES]
    assert Counter(added[-12:]) == Counter(f"organisations/{id_}" for id_ in ids)
    there = await by_name(db)
    assert [there[name] for name in NAMES] == CHAIN
    said = await db.read(organisations.requested, who, job_id)
    assert [one.after for one in said.changes] == CHAIN


async def test_a_worker_that_lost_a_list_adds_nothing_more(
    tools: Tools, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    await _requested(db, who)
    lost = await _cut_off(db, pieces=1)
    later = clock.now() + LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    await Worker(tools).work_until_idle()
    changes = msgspec.json.decode(lost.payload, type=tuple[Intended, ...])
    more = (structs.replace(changes[0], after=Listed("More", "unit", "Agency")),)

    with pytest.raises(jobs.LostJobError):
        await db.write(organisations._take_in_piece, lost, more, 0)

    assert "More" not in await by_name(db)


async def test_a_list_that_is_cancelled_is_visibly_in_part_and_can_go_on(
    tools: Tools, country: Country
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _requested(db, who)
    before = await _recorded(db, "organisation.add")
    await _cut_off(db, pieces=4)
    await db.write(jobs.cancel, who, job_id)
    await Worker(tools).work_until_idle()
    part = await by_name(db)
    cancelled = await _found(db, who, job_id)

    await db.write(jobs.start_again, who, job_id)
    await Worker(tools).work_until_idle()

    assert (cancelled.state, cancelled.progress) == ("cancelled", 4)
    assert [name for name in NAMES if name in part] == NAMES[:4]
    assert set(NAMES) <= (await by_name(db)).keys()
    assert len(await _recorded(db, "organisation.add")) == len(before) + len(NAMES)


@pytest.mark.parametrize(
    ("meanwhile", "stopped_at"),
    [
        (Listed("Unit 0", "body", "Agency"), 0),  # added by somebody else
        (Listed("UNIT\u00a00", "body", "Agency"), 0),
    ],
)
async def test_a_list_goes_no_further_once_somebody_changed_what_it_is_about(
    tools: Tools, country: Country, meanwhile: Listed, stopped_at: int
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _requested(db, who)
    await db.write(stored.insert, meanwhile, country.organisations["Agency"])

    await Worker(tools).work_until_idle()

    found = await _found(db, who, job_id)
    assert (found.state, found.progress) == ("dead", stopped_at)
    assert found.error is not None
    assert (found.error.code, found.error.details) == ("list_outdated", {"name": "Unit 0"})
    left = await db.read(organisations.preview, who, entries(*CHAIN))
    assert left.changes[0].after.name == meanwhile.name


async def test_a_list_goes_no_further_once_its_owner_may_not(
    tools: Tools, country: Country
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _requested(db, who)
    await _cut_off(db, pieces=2)
    await db.write(stored_jobs.give_back, await _held(db, job_id), clock.now())
    account = await db.read(stored_people.own_account, who.id)
    await db.write(stored_people.update, structs.replace(account, active=False))

    await Worker(tools).work_until_idle()

    found = await _found(db, country.people["ministry@Agency"], job_id)
    assert (found.state, found.progress) == ("dead", 2)
    assert found.error is not None
    assert found.error.code == "not_active"


async def _held(db: Database, job_id: int) -> Claimed:
    return Claimed(job_id, "organisations", "", None, "", "lost", 1, 2, "")


async def test_a_list_cannot_move_anything_below_itself_by_what_others_move_meanwhile(
    tools: Tools, country: Country
) -> None:
    """The list puts A below B; before it is taken in, somebody puts B below A."""
    db, who, agency = tools.db, country.people["ministry@Agency"], country.organisations["Agency"]
    a, b = Listed("A", "unit", "Agency"), Listed("B", "unit", "Agency")
    ids = [await db.write(stored.insert, one, agency) for one in (a, b)]
    moved = Intended("change", a, structs.replace(a, parent="B"), ids[0], ids[1], None, agency)
    await db.write(stored.update, ids[1], b, ids[0])

    with pytest.raises(ListOutdatedError):
        await db.write(organisations.apply, who, [moved])


PEOPLE = [
    ListedPerson(f"p{n}", f"Person {n}", "respondent", "Agency", f"p{n}@mail.example" if n % 2 else "")
    for n in range(6)
]  # fmt: skip


async def _own(db: Database, who: Actor) -> list[Job]:
    return await db.read(jobs.list_own, who, before=None, limit=9)


async def _invited(db: Database, who: Actor, mailing: Mailing | None) -> int:
    plan = await db.read(people.preview, who, PEOPLE)
    return await db.write(people.request_import, who, plan, mailing)


async def test_people_are_invited_in_pieces_by_mail_or_by_links_to_hand_over(
    tools: Tools, country: Country
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _invited(db, who, MAILING)

    await Worker(tools).work_until_idle()
    links = await db.write(people.links, who, job_id)
    again = await db.write(people.links, who, job_id)

    assert (await _found(db, who, job_id)).progress == 6
    assert [one.account.login for one in links] == ["p0", "p2", "p4"]
    assert not {one.token for one in links} & {one.token for one in again}
    assert [one.kind for one in await _own(db, who)] == ["people"]  # what is sent is no news
    failed = await db.read(jobs.list_dead, who, limit=9)
    assert {one.name for one in failed} == {"Person 1", "Person 3", "Person 5"}
    assert await _recorded(db, "person.links") == [f"jobs/{job_id}"] * 2
    for other in (country.people["ministry@Agency"], country.people["administrator@Elsewhere"]):
        with pytest.raises(NotFoundError):
            await db.write(people.links, other, job_id)


async def test_people_who_were_invited_before_a_cut_get_their_links_all_the_same(
    tools: Tools, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _invited(db, who, None)
    claimed = await db.write(_claim, "lost", "lists")
    assert claimed is not None
    wanted = msgspec.json.decode(claimed.payload, type=people.Invitations)
    await db.write(people._take_in_piece, claimed, wanted, 0, [])
    later = clock.now() + LEASE + dt.timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    await Worker(tools).work_until_idle()

    links = await db.write(people.links, who, job_id)
    assert [one.account.login for one in links] == [one.login for one in PEOPLE]
    assert len(await _recorded(db, "person.invite")) == len(PEOPLE)


async def test_a_list_of_people_stops_where_a_name_was_taken_meanwhile(
    tools: Tools, country: Country
) -> None:
    db, who = tools.db, country.people["administrator@Agency"]
    job_id = await _invited(db, who, None)
    taken = stored_people.Person("p3", "x", "respondent", who.organisation_id)
    await db.write(stored_people.add, taken)

    await Worker(tools).work_until_idle()

    found = await _found(db, who, job_id)
    assert (found.state, found.progress) == ("dead", 3)
    assert found.error is not None
    assert found.error.code == "login_taken"
