"""Evaluators who score an assessment alone, and then agree: through the API and on the page."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations import notices
from survey_service.store import notices as stored
from survey_service.store.database import Database, Reader
from tests.country import As, Country, settle_person
from tests.queries import noted
from tests.web.test_results import ALWAYS

Client = AsyncTestClient[Litestar]
FIRST, SECOND = "evaluator@Agency", "second@Agency"
HTML = {"Accept-Language": "en"}


@pytest.fixture
async def path(client: Client, db: Database, country: Country) -> str:
    """Let the Agency's assessment be evaluated, by two who could."""
    await db.write(settle_person, SECOND, "evaluator", country.organisations["Country"])
    ministry, alice = As(client, "ministry@Agency"), As(client, "alice")
    plan = {
        "name": "2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations["Agency"]],
    }
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    opened = await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    its = f"/assessments/{opened['id']}"
    for code in "ABCDE":
        await alice.answer(its, code, 4)
    link = {"name": "minutes of May", "url": "https://example.go.id/x"}
    await alice("POST", f"{its}/responses/A/evidence", link, expects=201)
    await alice("POST", f"{its}/steps", {"step": "submit"}, expects=201)
    await As(client, FIRST)("POST", f"{its}/steps", {"step": "begin"}, expects=201)
    return its


@pytest.fixture
async def people(client: Client, path: str) -> list[int]:
    """Name both evaluators, and return their ids."""
    return await _name(client, path)


async def _name(client: Client, path: str) -> list[int]:
    found = [int((await As(client, who)("GET", "/me"))["id"]) for who in (FIRST, SECOND)]
    await As(client, FIRST)("PUT", f"{path}/panel", {"people": found})
    return found


async def _score(client: Client, path: str, who: str, **levels: int) -> None:
    for code, level in levels.items():
        await As(client, who)(
            "PUT",
            f"{path}/panel/scores/{code}",
            {"level": level, "note": f"{who} says so"},
            headers={"If-None-Match": "*"},
        )


async def _both(client: Client, path: str) -> Any:
    await _score(client, path, FIRST, A=4, B=4, C=4, D=4, E=2)
    await As(client, FIRST)("POST", f"{path}/panel/handing-in", expects=201)
    await _score(client, path, SECOND, A=4, B=4, C=4, D=4, E=3)
    return await As(client, SECOND)("POST", f"{path}/panel/handing-in", expects=201)


async def _page(client: Client, who: str, path: str, **form: str) -> tuple[int, str]:
    client.cookies.set("session", who)
    if form:
        answer = await client.post(path, data=form, headers=HTML, follow_redirects=True)
    else:
        answer = await client.get(path, headers=HTML)
    return answer.status_code, answer.text


async def test_nobody_sees_what_others_scored_before_all_are_in(
    client: Client, path: str, people: list[int]
) -> None:
    first, second = As(client, FIRST), As(client, SECOND)
    await _score(client, path, FIRST, A=1, B=4, C=4, D=4, E=2)
    handed = await first("POST", f"{path}/panel/handing-in", expects=201)

    seen = await second("GET", f"{path}/panel")
    _, page = await _page(client, SECOND, f"{path}/panel")
    trail = await second.ask("GET", f"{path}/trail")

    assert [one["person_id"] for one in handed["panel"] if one["handed_in_at"]] == [people[0]]
    assert (seen["met"], seen["spreads"], seen["scores"], seen["own"]) == (False, [], [], [])
    assert seen["left"] == list("ABCDE")
    assert f"{FIRST} says so" not in page
    assert f"{FIRST} says so" not in trail.text
    # and whoever scores as usual waits for them
    refused = await second.ask(
        "PUT", f"{path}/responses/A?stage=external", {"level": 4}, headers={"If-None-Match": "*"}
    )
    assert (refused.status_code, refused.json()["title"]) == (409, "panel_waits")
    await second("POST", f"{path}/acceptance", {"stage": "external"}, expects=409)
    await second("POST", f"{path}/panel/agreement", expects=409)


async def test_once_all_are_in_the_spread_is_seen_and_one_score_needs_a_reason(
    client: Client, path: str, people: list[int]
) -> None:
    met = await _both(client, path)
    first = As(client, FIRST)

    with noted() as statements:
        agreed = await first("POST", f"{path}/panel/agreement", expects=201)
    again = await first("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    at = f"{path}/responses/E?stage=external"
    new = {"If-None-Match": "*"}
    bare = await first.ask("PUT", at, {"level": 3}, headers=new)
    settled = await first("PUT", at, {"level": 3, "note": "we looked again"}, headers=new)

    assert met["met"]
    assert [one["indicator"] for one in met["spreads"] if len(one["answers"]) > 1] == ["E"]
    assert {one["person_id"] for one in met["scores"]} == set(people)
    assert (met["agreement"]["items"], met["agreement"]["raw"]) == (5, 0.8)
    assert agreed["codes"] == list("ABCD")
    looked = [one for one in statements if "FROM independent_score" in one]
    assert 0 < len(looked) < len("ABCD")  # once for all of them, and not for each
    assert again["indicators"] == []  # E, on which they differ, is not accepted unseen
    assert (bare.status_code, bare.json()["title"]) == (422, "reason_required")
    assert (settled["answer"]["level"], settled["note"]) == (3, "we looked again")
    assert (await first("GET", f"{path}/panel"))["unsettled"] == []
    await first("POST", f"{path}/steps", {"step": "finalise"}, expects=201)


async def test_the_trail_tells_who_scored_what_to_those_alone_who_evaluate(
    client: Client, path: str, people: list[int]
) -> None:
    await _both(client, path)
    await As(client, FIRST)("POST", f"{path}/panel/agreement", expects=201)
    sent = {"level": 3, "note": "we looked again"}
    at = f"{path}/responses/E?stage=external"
    await As(client, FIRST)("PUT", at, sent, headers={"If-None-Match": "*"})
    await As(client, FIRST)("POST", f"{path}/steps", {"step": "finalise"}, expects=201)

    evaluators = (await As(client, FIRST).ask("GET", f"{path}/trail")).text
    agency = (await As(client, "alice").ask("GET", f"{path}/trail")).text

    assert "panel.meet" in evaluators
    assert f"{SECOND} says so" in evaluators
    assert "panel." not in agency
    assert "we looked again" in agency  # the one score, with its reason
    for who in ("alice", "inspector@Agency", "ministry@Agency"):
        await As(client, who)("GET", f"{path}/panel", expects=403)
    await As(client, "evaluator@Elsewhere")("GET", f"{path}/panel", expects=404)


async def test_what_was_handed_in_is_changed_no_more_and_must_be_whole(
    client: Client, path: str, people: list[int]
) -> None:
    first = As(client, FIRST)
    await _score(client, path, FIRST, A=1)

    early = await first.ask("POST", f"{path}/panel/handing-in")
    await _score(client, path, FIRST, B=1, C=1, D=1, E=1)
    stale = await first.ask(
        "PUT", f"{path}/panel/scores/A", {"level": 2}, headers={"If-None-Match": "*"}
    )
    await first("PUT", f"{path}/panel/scores/A", {"level": 2}, headers={"If-Match": '"1"'})
    await first("POST", f"{path}/panel/handing-in", expects=201)
    late = await first.ask(
        "PUT", f"{path}/panel/scores/A", {"level": 3}, headers={"If-Match": '"2"'}
    )

    assert (early.status_code, early.json()["title"]) == (409, "incomplete")
    assert early.json()["missing"] == list("BCDE")
    assert stale.status_code == 409
    assert (late.status_code, late.json()["title"]) == (409, "scores_handed_in")


async def test_a_panel_can_be_changed_and_begins_anew_once_it_has_met(
    client: Client, db: Database, country: Country, path: str, people: list[int]
) -> None:
    first = As(client, FIRST)
    third = await db.write(settle_person, "third", "evaluator", country.organisations["Country"])
    await _both(client, path)

    anew = await first("PUT", f"{path}/panel", {"people": [people[0], third.id]})
    wrong = [
        await first.ask("PUT", f"{path}/panel", {"people": each})
        for each in ([people[0]], [people[0], country.people["alice"].id])
    ]
    outsider = await As(client, SECOND).ask("POST", f"{path}/panel/handing-in")

    assert [one["handed_in_at"] for one in anew["panel"]] == [None, None]
    assert (anew["own"], anew["left"]) == ([], list("ABCDE"))
    assert {one.status_code for one in wrong} == {422}
    assert outsider.json()["title"] == "panel"


async def test_who_is_taken_off_no_longer_holds_up_the_others(
    client: Client, db: Database, country: Country, path: str
) -> None:
    third = await db.write(settle_person, "third", "evaluator", country.organisations["Country"])
    people = await _name(client, path)
    await As(client, FIRST)("PUT", f"{path}/panel", {"people": [*people, third.id]})
    assert not (await _both(client, path))["met"]

    found = await As(client, FIRST)("PUT", f"{path}/panel", {"people": people})

    assert found["met"]
    assert len(found["spreads"]) == 5


async def test_what_was_scored_of_an_answer_that_was_changed_since_counts_no_more(
    client: Client, path: str, people: list[int]
) -> None:
    first, alice = As(client, FIRST), As(client, "alice")
    await _both(client, path)
    points = [{"text": "correct this", "indicator": "A"}]
    await first("POST", f"{path}/steps", {"step": "return", "points": points}, expects=201)
    await alice.answer(path, "A", 3, seen=1)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await first("POST", f"{path}/steps", {"step": "begin"}, expects=201)

    found = await first("GET", f"{path}/panel")

    assert [one["indicator"] for one in found["spreads"]] == list("BCDE")


async def test_the_page_leads_from_naming_to_one_score(
    client: Client, path: str, country: Country
) -> None:
    panel = f"{path}/panel"
    ids = [int((await As(client, who)("GET", "/me"))["id"]) for who in (FIRST, SECOND)]

    status, few = await _page(client, FIRST, panel, **{f"people.{ids[0]}": "on"})
    assert (status, "A panel is of 2 to 20" in few) == (422, True)
    status, named = await _page(client, FIRST, panel, **{f"people.{id_}": "on" for id_ in ids})
    assert (status, "still scoring" in named) == (200, True)
    assert ("minutes of May" in named, "Everything is scored." in named) == (True, False)
    assert 'name="choice" value="4" checked' not in named  # nothing claimed is filled in

    page = ""
    for who, level in ((FIRST, "2"), (SECOND, "3")):
        for code in "ABCDE":
            choice = level if code == "E" else "4"
            status, _ = await _page(
                client, who, f"{panel}/scores/{code}", choice=choice, note=f"{who} says so"
            )
            assert status == 200
        status, page = await _page(client, who, f"{panel}/handing-in", x="x")
        assert status == 200
    assert "2 \u00d7 1, 3 \u00d7 1" in page
    assert "to be discussed" in page
    assert "Of 5 indicators, 80 % of all pairs of scores agree." in page

    status, page = await _page(client, FIRST, f"{panel}/agreement", x="x")
    assert "Set the" not in page
    status, page = await _page(client, FIRST, f"{panel}/consensus/E", choice="3")
    assert (status, "Say why" in page or "reason" in page) == (422, True)
    status, page = await _page(
        client, FIRST, f"{panel}/consensus/E", choice="3", note="we looked again"
    )
    assert (status, "to be discussed" in page) == (200, False)
    assert "Everything is settled." in page
    status, _ = await _page(client, FIRST, f"{panel}/consensus/nothing", choice="3")
    assert status in {404, 422}


async def test_a_panel_is_told_when_it_is_named_when_all_are_in_and_when_all_is_settled(
    client: Client, db: Database, path: str, people: list[int]
) -> None:
    first, second = As(client, FIRST), As(client, SECOND)
    named = await db.read(_told, people[1])
    await _name(client, path)  # once more, and nobody is told again
    await _score(client, path, FIRST, A=4, B=4, C=4, D=4, E=2)
    await first("POST", f"{path}/panel/handing-in", expects=201)
    waiting = await db.read(_told, people[1])
    await _score(client, path, SECOND, A=4, B=4, C=4, D=4, E=3)
    await second("POST", f"{path}/panel/handing-in", expects=201)
    met = await db.read(_told, people[0])
    await second("POST", f"{path}/panel/agreement", expects=201)
    left = await db.read(_told, people[0])

    at, new = f"{path}/responses/E?stage=external", {"If-None-Match": "*"}
    await second("PUT", at, {"level": 3, "note": "we looked again"}, headers=new)
    await second("PUT", at, {"level": 2, "note": "once more"}, headers={"If-Match": '"1"'})
    await first("PUT", at, {"level": 3, "note": "corrected"}, headers={"If-Match": '"2"'})

    assert named == waiting == ["panel", "handed_in"]
    assert met == left == ["panel_met", "handed_in"]
    assert await db.read(_told, people[0]) == ["panel_settled", *met]
    assert await db.read(_told, people[1]) == named
    _, page = await _page(client, FIRST, "/notices")
    assert "Agency: the panel has settled every score" in page
    assert f'href="{path}/panel"' in page


def _told(tx: Reader, person_id: int) -> list[str]:
    """Return what somebody was told, newest first."""
    (actor,) = stored.actors(tx, [person_id])
    return [one.kind for one in notices.list_all(tx, actor, before=None, limit=100)]
