"""Who is told of what, in the feed and by mail, once each."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.notices import MAILED_FOR, Choice, Kind, News, Notice
from survey_service.errors import NotFoundError
from survey_service.operations import (
    assessments,
    cycles,
    deadlines,
    extensions,
    jobs,
    notices,
    remarks,
    teamwork,
    worker,
)
from survey_service.operations.cycles import Plan
from survey_service.operations.jobs import Tools
from survey_service.operations.sealing import sealer_of
from survey_service.operations.worker import Worker
from survey_service.outside.mail import Mail
from survey_service.store import jobs as stored_jobs
from survey_service.store import notices as stored
from survey_service.store import tables
from survey_service.store.database import Database, Writer
from survey_service.store.jobs import Wanted
from tests.country import Country, settle
from tests.post import Post, text


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    made.controller.start()
    yield made
    made.controller.stop()


@pytest.fixture
async def country(db: Database) -> Country:
    found = await settle(db)
    await db.write(_write_to_alice)
    return found


def _write_to_alice(tx: Writer) -> None:
    person = tables.person
    alice = sa.update(person).where(person.c.login == "alice")
    tx.execute(alice.values(email="alice@mail.example"))


@pytest.fixture
async def mailing(tools: Tools, post: Post) -> Tools:
    """Return what jobs are done with, where there is a mail server."""
    return structs.replace(tools, mail=Mail(post.address, ""))


async def _told(db: Database, actor: Actor) -> list[Notice]:
    return await db.read(notices.list_all, actor, before=None, limit=100)


async def _news(db: Database, actor: Actor, kind: Kind, key: str = "x") -> None:
    news = News(kind, key, "assessments/1", "Agency", actor.organisation_id, "charlie")
    await db.write(notices.tell, [actor], news)


async def _choose(db: Database, actor: Actor, kind: Kind, choice: Choice, language: str) -> None:
    await db.write(notices.choose, actor, language, {kind: choice})


async def test_who_gets_a_part_is_told_and_who_takes_it_is_not(
    db: Database, country: Country
) -> None:
    alice, respondent = country.people["alice"], country.people["respondent@Agency"]
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")

    await db.write(teamwork.assign, alice, opened.id, "A", respondent.id)
    await db.write(teamwork.assign, alice, opened.id, "B", alice.id)

    told = await _told(db, respondent)
    assert [(one.kind, one.about) for one in told] == [
        ("assigned", f"assessments/{opened.id}/parts/A")
    ]
    assert await _told(db, alice) == []


async def test_who_is_mentioned_or_chosen_is_told_of_the_comment(
    db: Database, country: Country
) -> None:
    alice, respondent = country.people["alice"], country.people["respondent@Agency"]
    inspector = country.people["inspector@Agency"]
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")

    said = "@inspector@Agency and @charlie, look"
    made = await db.write(remarks.comment, alice, opened.id, "A", said, respondent.id, shared=True)

    assert made.text == f"@respondent@Agency {said}"
    kinds = [[one.kind for one in await _told(db, each)] for each in (respondent, inspector)]
    assert kinds == [["mentioned"], ["mentioned"]]
    assert await _told(db, country.people["charlie"]) == []


async def test_who_is_not_to_see_a_comment_is_not_told_of_it(
    db: Database, country: Country
) -> None:
    alice, respondent = country.people["alice"], country.people["respondent@Agency"]
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")

    said = "@inspector@Agency and @respondent@Agency, look"
    await db.write(remarks.comment, alice, opened.id, "A", said)

    assert [one.kind for one in await _told(db, respondent)] == ["mentioned"]
    assert await _told(db, country.people["inspector@Agency"]) == []


async def test_what_is_urgent_is_sent_at_once_and_once_in_the_readers_language(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice = mailing.db, country.people["alice"]
    inspector = country.people["inspector@Agency"]
    await db.write(notices.choose_language, inspector, "id")
    await _news(db, alice, "returned")
    await _news(db, inspector, "overdue")
    await _news(db, inspector, "overdue")

    await Worker(mailing).work_until_idle()
    await Worker(mailing).work_until_idle()

    letters = {one["To"]: one for one in post.box.received}
    assert len(post.box.received) == len(letters) == 2
    english, indonesian = letters["alice@mail.example"], letters["inspector.Agency@mail.example"]
    assert "Hello alice" in text(english)
    assert "Yth. inspector@Agency" in text(indonesian)
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert english["List-Unsubscribe"].strip("<>") in text(english)


async def test_the_rest_comes_in_one_letter_a_day(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice = mailing.db, country.people["alice"]
    for number in range(3):
        await _news(db, alice, "announced", f"{number}")
    await _news(db, alice, "ready")

    await Worker(mailing).work_until_idle()
    await _news(db, alice, "mentioned", "later")
    await db.write(notices.send, notices.Letter(alice.id, daily=True), "again")
    await Worker(mailing).work_until_idle()

    (letter,) = post.box.received
    assert letter["Subject"] == "2 notifications from the reform assessments"
    assert "announced 3 times" in text(letter)


async def test_what_somebody_has_seen_or_does_not_want_is_not_sent(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice = mailing.db, country.people["alice"]
    await _choose(db, alice, "announced", "never", "en")
    await _news(db, alice, "announced", "unwanted")
    await _news(db, alice, "mentioned", "seen")
    await db.write(notices.see, alice, 10**6)
    await _news(db, alice, "assigned", "wanted")

    await Worker(mailing).work_until_idle()

    (letter,) = post.box.received
    assert "assigned" in letter["Subject"]
    feed = await db.read(notices.feed, alice, before=None, limit=10)
    assert (len(feed.notices), feed.unseen) == (3, 1)


async def test_a_letter_that_was_not_taken_is_sent_again_with_the_same_content(
    tools: Tools, post: Post, country: Country
) -> None:
    db, alice = tools.db, country.people["alice"]
    await _news(db, alice, "returned")
    await Worker(structs.replace(tools, mail=Mail("smtp://127.0.0.1:1", ""))).work_until_idle()
    await db.write(_due_now)

    await Worker(structs.replace(tools, mail=Mail(post.address, ""))).work_until_idle()

    assert ["returned the assessment" in text(one) for one in post.box.received] == [True]


def _due_now(tx: Writer) -> None:
    waiting = tables.metadata.tables["job"]
    tx.execute(sa.update(waiting).where(waiting.c.kind == "notices").values(due_at=clock.now()))


async def test_who_is_deactivated_and_of_whom_nothing_is_to_be_seen_are_told_nothing(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice, bob = mailing.db, country.people["alice"], country.people["bob"]
    await _news(db, alice, "returned")
    foreign = News("overdue", "x", "x", "Elsewhere", country.organisations["Elsewhere"])
    await db.write(notices.tell, [bob], foreign)
    await db.write(_deactivate, "person", alice.id)

    await Worker(mailing).work_until_idle()

    assert post.box.received == []
    assert await _told(db, bob) == []


async def test_of_an_organisation_that_is_deactivated_nobody_is_told(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice = mailing.db, country.people["alice"]
    await _news(db, alice, "returned")
    await db.write(_deactivate, "organisation", alice.organisation_id)

    await Worker(mailing).work_until_idle()

    assert post.box.received == []
    assert await db.read(stored.around, alice.organisation_id) == []


def _deactivate(tx: Writer, table: str, id_: int) -> None:
    found = tables.metadata.tables[table]
    tx.execute(sa.update(found).where(found.c.id == id_).values(active=False))


async def test_what_is_old_is_not_sent_once_there_is_a_mail_server(
    tools: Tools, mailing: Tools, post: Post, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, now = country.people["alice"], clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - MAILED_FOR - dt.timedelta(hours=1))
    await _news(tools.db, alice, "returned")
    await Worker(tools).work_until_idle()
    monkeypatch.setattr(clock, "now", lambda: now)

    await Worker(mailing).work_until_idle()

    assert post.box.received == []


async def test_the_link_to_unsubscribe_ends_all_mail_and_holds_for_its_reader_alone(
    mailing: Tools, post: Post, country: Country
) -> None:
    db, alice, sealer = mailing.db, country.people["alice"], sealer_of(mailing.settings)
    await _news(db, alice, "returned", "first")
    await Worker(mailing).work_until_idle()
    found = re.search(r"/unsubscribe/(\S+)", text(post.box.received[0]))
    assert found is not None

    await notices.unsubscribe(db, sealer, found[1], "-")
    await _news(db, alice, "returned", "second")
    await Worker(mailing).work_until_idle()

    assert len(post.box.received) == 1
    with pytest.raises(NotFoundError):
        await notices.unsubscribe(db, sealer, sealer.sign("1"), "-")
    await db.write(_deactivate, "person", alice.id)
    with pytest.raises(NotFoundError):
        await notices.unsubscribe(db, sealer, found[1], "-")


async def test_a_report_that_took_long_is_told_to_those_who_asked(
    db: Database, tools: Tools, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, now = country.people["alice"], clock.now()
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")

    async def made(_: Tools, __: object) -> str:
        return ""

    monkeypatch.setattr(worker, "WORK", {**worker.WORK, "report": made})
    about = f"assessments/{opened.id}/report?lang=id"
    monkeypatch.setattr(clock, "now", lambda: now - dt.timedelta(minutes=2))
    await db.write(jobs.enqueue, alice, Wanted("report", "slow", "{}", about, "Agency"))
    monkeypatch.setattr(clock, "now", lambda: now)
    await db.write(jobs.enqueue, alice, Wanted("report", "quick", "{}", about, "Agency"))

    await Worker(tools).work_until_idle()

    assert [(one.kind, one.about) for one in await _told(db, alice)] == [
        ("ready", f"assessments/{opened.id}/report.pdf?lang=id")
    ]


async def _cycle(db: Database, country: Country, last: dt.date) -> int:
    """Return an open cycle whose own stage ends on a day, in which the Agency takes part."""
    planner = country.people["ministry@Agency"]
    windows = {
        "self": Window(dt.date(2020, 1, 1), last),
        "internal": Window(dt.date(2020, 1, 1), dt.date(2090, 1, 1)),
        "external": Window(dt.date(2020, 1, 1), dt.date(2090, 1, 1)),
    }
    calendar = Calendar(windows, "Asia/Jakarta")  # type: ignore[arg-type] # stages
    agency = country.organisations["Agency"]
    planned = await db.write(
        cycles.plan, planner, Plan("Round", "two-dimensions@1", calendar, (agency,))
    )
    await db.write(cycles.open_cycle, planner, planned.id)
    return planned.id


@pytest.mark.parametrize(("days", "kind"), [(14, "due"), (2, "due_soon"), (-1, "overdue")])
async def test_a_last_day_is_told_of_once_to_the_team_that_has_not_handed_in(
    tools: Tools, country: Country, days: int, kind: str
) -> None:
    today = clock.now().astimezone(Calendar({}, "Asia/Jakarta").zone).date()
    cycle_id = await _cycle(tools.db, country, today + dt.timedelta(days=days))

    for _ in range(2):
        for one in await tools.db.read(deadlines.news_of_the_day):
            await tools.db.write(notices.tell, [one.reader], one.news)

    told = await _told(tools.db, country.people["alice"])
    assert [(one.kind, one.about, one.name) for one in told] == [
        (kind, f"cycles/{cycle_id}", "Round")
    ]
    assert await _told(tools.db, country.people["evaluator@Agency"]) == []


async def test_who_has_more_time_is_told_of_the_last_day_of_its_own(
    db: Database, country: Country
) -> None:
    today = clock.now().astimezone(Calendar({}, "Asia/Jakarta").zone).date()
    cycle_id = await _cycle(db, country, today - dt.timedelta(days=1))
    agency, own = country.organisations["Agency"], today + dt.timedelta(days=7)
    ministry = country.people["ministry@Agency"]

    more = extensions.Wanted(agency, own, "A flood.")
    await db.write(extensions.extend, ministry, cycle_id, more)

    told = await db.read(deadlines.news_of_the_day)
    assert {(one.news.kind, one.news.day) for one in told} == {("due", own)}


async def test_the_days_work_tells_of_last_days_and_comes_again(
    mailing: Tools, post: Post, country: Country
) -> None:
    today = clock.now().astimezone(Calendar({}, "Asia/Jakarta").zone).date()
    await _cycle(mailing.db, country, today + dt.timedelta(days=7))

    await Worker(mailing).work_until_idle()

    assert {one["To"] for one in post.box.received} == {
        "alice@mail.example", "coordinator.Agency@mail.example", "respondent.Agency@mail.example",
    }  # fmt: skip
    assert await mailing.db.read(stored_jobs.has_unfinished, "deadlines")
