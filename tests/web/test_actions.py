"""Actions on the pages and by the API: planned, changed, shown to those above, and what became of them."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from icalendar import Calendar

from survey_service import clock
from survey_service.operations import deadlines
from survey_service.operations.sessions import digest
from survey_service.store import people, sessions
from survey_service.store.database import Database, Writer
from tests.country import As, Client, Country
from tests.files import PDF
from tests.web.test_pages import post

TODAY = clock.now().date()
DUE = TODAY + dt.timedelta(days=7)
LATE = TODAY - dt.timedelta(days=3)
AGENCY = {"questionnaire": "two-dimensions@1"}
OURS = "/assessments/1/actions"
PDF_SENT = {"Content-Type": "application/pdf"}


@pytest.fixture
async def alice(client: Client, country: Country) -> As:
    """Return alice, with all that her agency is asked answered with level 2."""
    assert country.people
    alice = As(client, "alice")
    await alice("POST", "/assessments", AGENCY, expects=201)
    for code in "ABCDE":
        await alice.answer("/assessments/1", code, 2)
    return alice


async def planned(alice: As, code: str = "A", path: str = OURS, **more: object) -> dict[str, Any]:
    """Return an action that alice plans: to level 3."""
    step = {"indicator": code, "after": {"level": 3}, **more}
    made = await alice("POST", path, {"actions": [step]}, expects=201)
    return dict(made["items"][0])


async def page(client: Client, who: str, path: str, status: int = 200) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status, (path, answer.text[:500])
    return html.unescape(answer.text)


async def test_the_steps_of_a_plan_become_actions_once(client: Client, alice: As) -> None:
    way = await page(client, "alice", "/assessments/1/roadmap?target=good")
    steps = re.findall(r'name="(step\.\d+)" value=(?:"|\')(\{.*?\})(?:"|\') checked', way)
    chosen = {**dict(steps), "owner": "", "due": DUE.isoformat()}

    await post(client, "/assessments/1/roadmap/actions", chosen)
    shown = await post(client, "/assessments/1/roadmap/actions", chosen)
    again = await page(client, "alice", "/assessments/1/roadmap?target=good")

    found = (await alice("GET", OURS))["items"]
    assert steps
    assert len(found) == len(steps)
    assert {one["action"]["due"] for one in found} == {DUE.isoformat()}
    assert {one["owner"] for one in found} == {"Team"}
    assert found[0]["action"]["before"] == {"level": 2}
    assert shown.url.path == OURS
    assert "is an action" in again
    assert "checked" not in again


async def test_a_later_year_is_due_a_year_later(client: Client, alice: As) -> None:
    step = '{"indicator": "A", "before": null, "after": {"level": 3}, "year": %s}'
    leap = {"step.1": step % 1, "step.2": step.replace('"A"', '"B"') % 2, "due": "2028-02-29"}

    client.cookies.set("session", "alice")
    await post(client, "/assessments/1/roadmap/actions", leap)

    found = (await alice("GET", OURS))["items"]
    assert [one["action"]["due"] for one in found] == ["2028-02-29", "2029-02-28"]


async def test_what_cannot_become_an_action_is_said_beside_the_plan(
    client: Client, alice: As
) -> None:
    client.cookies.set("session", "alice")
    step = '{"indicator": "A", "before": null, "after": {"level": 3}}'

    none = await post(client, "/assessments/1/roadmap/actions", {"query": "target=good"})
    wrong = await post(client, "/assessments/1/roadmap/actions", {"step.1": step, "due": "soon"})
    broken = await post(client, "/assessments/1/roadmap/actions", {"step.1": "{"})
    beyond = [
        await post(client, "/assessments/1/roadmap/actions", {"step.1": one, "due": due})
        for one, due in (
            (step.replace("}}", '}, "year": 2}'), "9999-12-31"),
            (step.replace("}}", '}, "year": 21}'), "2027-01-01"),
        )
    ]

    assert (none.status_code, wrong.status_code, broken.status_code) == (422, 422, 400)
    assert [one.status_code for one in beyond] == [422, 400]
    assert "Choose at least one step." in none.text
    assert 'value="soon"' in wrong.text
    assert (await alice("GET", OURS))["items"] == []


async def test_an_action_is_added_by_hand_and_its_list_is_narrowed_and_sorted_by_address(
    client: Client, alice: As
) -> None:
    empty = await page(client, "alice", OURS)
    form = await page(client, "alice", f"{OURS}?indicator=B")
    wrong = await post(client, OURS, {"indicator": "B", "choice": "4", "due": "soon"})
    added = await post(client, OURS, {"indicator": "B", "choice": "4", "owner": "Biro SDM"})
    await planned(alice, "A", due=LATE.isoformat())

    both = await page(client, "alice", f"{OURS}?sort=indicator")
    overdue = await page(client, "alice", f"{OURS}?state=overdue")
    none = await page(client, "alice", f"{OURS}?state=done")

    assert "No action is planned in this assessment yet." in empty
    assert "answered 2 now" in form
    assert '<option value="3" selected>' in form
    assert wrong.status_code == 422
    assert 'value="4" selected' in wrong.text
    assert added.url.path == OURS
    assert "Biro SDM" in both
    assert both.index(f"{OURS}/2") < both.index(f"{OURS}/1")
    assert f"{OURS}/2" in overdue
    assert f"{OURS}/1" not in overdue
    assert "Nothing matches." in none


async def test_an_action_is_changed_on_what_was_seen_and_tells_its_story(
    client: Client, alice: As, country: Country
) -> None:
    made = await planned(alice)
    path = f"{OURS}/{made['id']}"
    form = await page(client, "alice", path)
    seen = {"seen": re.findall(r'name="seen" value="(\w+)"', form)[0], "choice": "4"}
    person = str(country.people["respondent@Agency"].id)

    dropped = await post(client, path, {**seen, "state": "dropped"})
    saved = await post(client, path, {**seen, "state": "started", "person": person, "notes": "n"})
    stale = await post(client, path, {**seen, "state": "done"})

    assert "Say why the action is dropped." in dropped.text
    assert stale.status_code == 409
    story = html.unescape(saved.text)
    assert 'planned an action on <span class="code">A</span>: 2 → <strong>3</strong>' in story
    assert 'changed the action on <span class="code">A</span>: 2 → <strong>4</strong>' in story
    found = (await alice("GET", path)) | {"at": None}
    assert (found["state"], found["owner_id"]) == ("started", int(person))
    assert "respondent@Agency" in await page(client, "alice", OURS)


async def test_files_and_links_show_that_it_is_done(client: Client, alice: As) -> None:
    path = f"{OURS}/{(await planned(alice))['id']}"
    client.cookies.set("session", "alice")
    file = {"file": ("proof.pdf", PDF, "application/pdf")}

    uploaded = await client.post(f"{path}/evidence", files=file, follow_redirects=True)
    await post(client, f"{path}/links", url="https://example.go.id/x")
    wrong = await post(client, f"{path}/links", url="ftp://x")
    nothing = await client.post(f"{path}/evidence", files={"file": ("", b"")})
    taken = await post(client, f"{path}/evidence/2/removal", {"x": "x"})
    twice = await post(client, f"{path}/evidence/2/removal", {"x": "x"})
    back = await alice(
        "POST", f"{path}/evidence", {"name": "x", "url": "https://example.go.id/x"}, expects=201
    )
    once = await alice(
        "POST", f"{path}/evidence/files?name=b.pdf", content=PDF, headers=PDF_SENT, expects=201
    )

    assert "proof.pdf" in uploaded.text
    assert (wrong.status_code, nothing.status_code, twice.status_code) == (422, 422, 409)
    assert "taken away by alice" in taken.text
    assert (back["id"], back["removed_at"]) == (2, None)
    assert (once["id"], once["name"]) == (1, "proof.pdf")
    content = await alice.ask("GET", f"{path}/evidence/1/content")
    assert content.content == PDF
    assert (await alice.ask("GET", f"{path}/evidence/2/content")).status_code == 404


async def test_who_is_not_of_the_team_reads_and_outsiders_see_nothing(
    client: Client, alice: As, country: Country
) -> None:
    path = f"{OURS}/{(await planned(alice))['id']}"
    owner = {"after": {"level": 3}, "owner_id": country.people["charlie"].id}
    tag = (await alice.ask("GET", path)).headers["etag"]

    for login in ("inspector@Agency", "evaluator@Agency", "ministry@Agency", "bob"):
        shown = await page(client, login, path)
        assert "Nothing is attached yet." in shown
        assert "<textarea" not in shown
        await As(client, login)("PUT", path, owner, headers={"If-Match": tag}, expects=403)
    await page(client, "charlie", path, 404)
    assert (await As(client, "charlie")("GET", "/actions"))["items"] == []
    await alice("PUT", path, owner, headers={"If-Match": tag}, expects=404)


async def test_the_ministry_finds_those_overdue_across_agencies_and_takes_them_along(
    client: Client, alice: As
) -> None:
    charlie = As(client, "charlie")
    theirs = await charlie("POST", "/assessments", AGENCY, expects=201)
    await planned(charlie, "B", f"/assessments/{theirs['id']}/actions", due=LATE.isoformat())
    await planned(alice, "A", due=LATE.isoformat(), owner="=1+1")
    await planned(alice, "B", due=DUE.isoformat())

    overdue = await page(client, "ministry@Agency", "/actions?state=overdue&sort=organisation")
    named = await page(client, "ministry@Agency", "/actions?name=nowhere")
    empty = await page(client, "auditor@Elsewhere", "/actions?mine=1")
    csv = await page(client, "ministry@Agency", "/actions/tables/csv?state=overdue")
    client.cookies.set("session", "ministry@Agency")
    xlsx = await client.get("/actions/tables/xlsx?state=overdue")
    by_api = await As(client, "ministry@Agency")("GET", "/actions?which=overdue&name=agen")

    assert "1 to 1 of 1" in overdue
    assert "Agency" in overdue
    assert "Elsewhere" not in overdue
    assert "Nothing matches." in named
    assert "Nothing matches." in empty
    assert csv.count("\n") == 2
    assert "'=1+1" in csv
    assert xlsx.content.startswith(b"PK")
    assert [one["overdue"] for one in by_api["items"]] == [True]


async def test_actions_are_on_the_first_page_in_the_calendar_and_in_the_daily_letter_of_their_owner(
    client: Client, alice: As, country: Country, db: Database
) -> None:
    respondent = country.people["respondent@Agency"]
    await planned(alice, "A", due=DUE.isoformat(), owner_id=respondent.id)
    await planned(alice, "B", due=DUE.isoformat(), owner="Biro SDM")
    await planned(alice, "C", due=LATE.isoformat())

    theirs = await page(client, respondent.login, "/")
    nobodys = await page(client, "alice", "/")
    told = await db.read(deadlines.news_of_actions, TODAY)
    made = await client.post("/notices/calendar", headers={"Authorization": "Bearer alice"})
    link = re.search(r"/calendar/[\w-]+\.ics", made.text)
    assert link is not None
    days = Calendar.from_ical((await client.get(link[0])).content).walk("VEVENT")

    assert f'href="{OURS}/1"' in theirs
    assert f'href="{OURS}/2"' not in theirs
    assert "made you the owner of an action" in theirs
    assert f'href="{OURS}/2"' in nobodys
    assert 'class="late"' in nobodys
    assert sorted((one.reader.login, one.news.kind, one.news.about) for one in told) == sorted(
        [
            (respondent.login, "action_due", "assessments/1/actions/1"),
            ("alice", "action_due", "assessments/1/actions/2"),
            ("coordinator@Agency", "action_due", "assessments/1/actions/2"),
            ("alice", "action_overdue", "assessments/1/actions/3"),
            ("coordinator@Agency", "action_overdue", "assessments/1/actions/3"),
        ]
    )
    assert [str(one["UID"]).partition("@")[0] for one in days] == ["action-3", "action-2"]
    assert "C C" in str(days[0]["SUMMARY"])


async def test_the_next_assessment_tells_what_became_of_each(client: Client, alice: As) -> None:
    for code in "ABCD":
        await planned(alice, code)
    done = (await alice.ask("GET", f"{OURS}/2")).headers["etag"]
    change = {"after": {"level": 3}, "state": "done"}
    await alice("PUT", f"{OURS}/2", change, headers={"If-Match": done})
    second = await alice("POST", "/assessments", AGENCY, expects=201)
    path = f"/assessments/{second['id']}"
    before = await alice("GET", f"{path}/action-outcomes")
    for code, level in {"A": 4, "B": 3, "C": 2, "D": 3, "E": 1}.items():
        await alice.answer(path, code, level)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    inspector = As(client, "inspector@Agency")
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await inspector.answer(path, "A", 3, "so", "internal")
    await inspector.answer(path, "B", 2, "why", "internal")
    await inspector("POST", f"{path}/acceptance", {"stage": "internal"}, expects=201)
    hidden = await alice("GET", f"{path}/action-outcomes")
    await inspector("POST", f"{path}/steps", {"step": "pass_on"}, expects=201)

    after = await alice("GET", f"{path}/action-outcomes")
    result = await page(client, "alice", f"{path}/result")
    third = await alice("POST", "/assessments", AGENCY, expects=201)
    still = await alice("GET", f"/assessments/{third['id']}/action-outcomes")

    def told(found: Any) -> dict[str, str]:
        return {one["action"]["indicator"]: one["outcome"] for one in found["items"]}

    assert set(told(before).values()) == {"unanswered"}
    assert told(hidden) == {"A": "reached", "B": "reached", "C": "missed", "D": "reached"}
    assert told(after) == {"A": "verified", "B": "not_confirmed", "C": "missed", "D": "verified"}
    assert "answered as reached, not verified" in result
    assert "B" not in told(still) or len(told(still)) == 4


async def test_a_later_version_tells_of_what_it_asks_as_well(client: Client, alice: As) -> None:
    first = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
    path = f"/assessments/{first['id']}"
    steps = [{"indicator": code, "after": {"level": 4}} for code in ("1", "3")]
    await alice("POST", f"{path}/actions", {"actions": steps}, expects=201)
    second = await alice("POST", "/assessments", {"questionnaire": "new@1"}, expects=201)

    found = (await alice("GET", f"/assessments/{second['id']}/action-outcomes"))["items"]

    assert [(one["action"]["indicator"], one["indicator"], one["outcome"]) for one in found] == [
        ("1", None, "not_asked"),
        ("3", "2", "unanswered"),
    ]
    assert "not asked any more" in await page(
        client, "alice", f"/assessments/{second['id']}/actions"
    )


async def test_numbers_items_and_options_are_aimed_at_by_hand(client: Client, alice: As) -> None:
    made = await alice("POST", "/assessments", {"questionnaire": "kinds@1"}, expects=201)
    path = f"/assessments/{made['id']}/actions"
    client.cookies.set("session", "alice")

    form = await page(client, "alice", f"{path}?indicator=N1")
    number = await post(client, path, {"indicator": "N1", "value": "80,5"})
    shown = await page(client, "alice", f"{path}/1")
    unknown = await post(client, path, {"indicator": "X", "choice": "1"})

    assert 'name="value"' in form
    assert number.url.path == path
    assert 'name="value" inputmode="decimal" autocomplete="off" required value="80.5"' in shown
    assert unknown.status_code == 404


async def follow(
    client: Client, agency: int, kind: str, *successors: str, **more: object
) -> list[int]:
    """Let the Agency be followed by others; return their ids."""
    named = {"predecessors": ["Agency"], "successors": list(successors)}
    wanted = {"kind": kind, "on": "2026-01-01", **named, **more}
    ministry = As(client, "ministry@Agency")
    done = await ministry("POST", f"/organisations/{agency}/successions", wanted, expects=201)
    return list(done["successors"])


async def test_what_follows_an_agency_goes_on_with_its_actions(
    client: Client, alice: As, country: Country, db: Database
) -> None:
    await planned(alice, "A", due=LATE.isoformat())
    await planned(alice, "B", due=DUE.isoformat(), owner_id=country.people["respondent@Agency"].id)
    await follow(client, country.organisations["Agency"], "rename", "Union")
    await db.write(_sign_in_again, "alice", "inspector@Agency", "respondent@Agency")

    listed = await page(client, "alice", "/actions?state=overdue")
    mine = await page(client, "alice", "/")
    shown = await page(client, "alice", f"{OURS}/1")
    told = await db.read(deadlines.news_of_actions, TODAY)
    tag = (await alice.ask("GET", f"{OURS}/1")).headers["etag"]
    colleague = country.people["respondent@Agency"].id
    change = {"after": {"level": 4}, "owner_id": colleague, "state": "started"}
    changed = await alice("PUT", f"{OURS}/1", change, headers={"If-Match": tag})
    link = {"name": "Decree", "url": "https://example.org/decree"}
    await alice("POST", f"{OURS}/1/evidence", link, expects=201)
    done = await page(client, "respondent@Agency", f"{OURS}/1")
    notices = await page(client, "respondent@Agency", "/")

    assert f'href="{OURS}/1"' in listed
    assert f'href="{OURS}/1"' in mine
    assert '<textarea name="notes"' in shown
    assert 'href="/assessments/1/result"' not in shown
    assert {(one.reader.login, one.news.about) for one in told} == {
        ("alice", "assessments/1/actions/1"),
        ("coordinator@Agency", "assessments/1/actions/1"),
        ("respondent@Agency", "assessments/1/actions/2"),
    }
    assert changed["owner_id"] == colleague
    assert ">Decree</a>" in done
    assert "made you the owner of an action" in notices
    await page(client, "alice", "/assessments/1/result", 404)
    await As(client, "inspector@Agency")(
        "PUT", f"{OURS}/1", change, expects=403, headers={"If-Match": tag}
    )
    await page(client, "charlie", f"{OURS}/1", 404)


async def test_each_part_of_a_split_agency_goes_on_with_its_actions(
    client: Client, alice: As, country: Country, db: Database
) -> None:
    await planned(alice, "A")
    await planned(alice, "B")
    people = [country.people[login].id for login in ("alice", "respondent@Agency")]
    placed = [
        {"person_id": one, "successor": place}
        for one, place in zip(people, ("East", "West"), strict=True)
    ]
    agency = country.organisations["Agency"]
    await follow(client, agency, "split", "East", "West", people=placed)
    await db.write(_sign_in_again, "alice", "respondent@Agency")
    west_ = As(client, "respondent@Agency")

    for one, who, whose in ((1, alice, people[0]), (2, west_, people[1])):
        tag = (await who.ask("GET", f"{OURS}/{one}")).headers["etag"]
        change = {"after": {"level": 3}, "owner_id": whose, "state": "done"}
        await who("PUT", f"{OURS}/{one}", change, headers={"If-Match": tag})

    both = (await As(client, "ministry@Agency")("GET", "/actions?which=done"))["items"]
    assert [one["action"]["owner_id"] for one in both] == people


def _sign_in_again(tx: Writer, *logins: str) -> None:
    """Let people who were moved have sessions anew, as their next sign-in gives them."""
    now = clock.now()
    for login in logins:
        known = people.credential(tx, login)
        assert known is not None
        sessions.add(tx, digest(login), known.person_id, now, now + dt.timedelta(hours=1))
