"""Assessments keep their organisation as it was, and take over what changed when somebody says so."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from survey_service.i18n import NOTHING
from survey_service.store.database import Database, Writer
from tests.country import As, Client, Country
from tests.pdfs import read
from tests.web.test_pages import post

CITY = {"name": "Kota Baru", "kind": "city", "attributes": {"population": 200_000}}
OFFERED = "The master data of the organisation has changed"


@pytest.fixture
async def opened(client: Client, country: Country) -> str:
    """Open a regency's assessment at (50*40 + 20*100 + 10*100) / 80 = 62.5, which is good."""
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "master-data@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    for code, value in (("A", "40"), ("B", "100"), ("R", "100")):
        nothing = {"If-None-Match": "*"}
        await alice("PUT", f"{path}/responses/{code}", {"value": value}, headers=nothing)
    return path


@pytest.fixture
async def final(client: Client, opened: str) -> str:
    await _step(client, "alice", opened, "submit")
    await _step(client, "inspector@Agency", opened, "begin")
    for who, stage, step in (
        ("inspector@Agency", "internal", "pass_on"),
        ("evaluator@Agency", "external", "finalise"),
    ):
        await As(client, who)("POST", f"{opened}/acceptance", {"stage": stage}, expects=201)
        await _step(client, who, opened, step)
    return opened


async def _step(client: Client, who: str, path: str, step: str, **more: object) -> Any:
    return await As(client, who)("POST", f"{path}/steps", {"step": step, **more}, expects=201)


async def _change(client: Client, country: Country, **changed: object) -> None:
    """Change the Agency's master data, as its ministry may."""
    ministry, agency = As(client, "ministry@Agency"), country.organisations["Agency"]
    read = await ministry.ask("GET", f"/organisations/{agency}")
    known = {name: read.json()[name] for name in ("name", "kind", "parent_id", "attributes")}
    tag = {"If-Match": read.headers["ETag"]}
    await ministry("PUT", f"/organisations/{agency}", {**known, **changed}, headers=tag)


async def _offer(client: Client, who: str, path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is offered, and the header to take it over with."""
    read = await As(client, who).ask("GET", f"{path}/organisation")
    assert read.status_code == 200, read.text
    return read.json(), {"If-Match": read.headers["ETag"]}


async def _page(client: Client, who: str, path: str) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_what_is_final_stays_whatever_becomes_of_the_organisation(
    client: Client, country: Country, final: str
) -> None:
    alice = As(client, "alice")
    before = await alice("GET", f"{final}/score?counting=everything")

    await _change(client, country, **CITY)

    known = (await alice("GET", final))["organisation"]
    report = await alice.ask("GET", f"{final}/report?lang=en")
    page = await _page(client, "alice", f"{final}/result")
    assert await alice("GET", f"{final}/score?counting=everything") == before
    assert (before["index"], before["grade"]) == ("62.5", "good")
    assert (known["name"], known["kind"], known["attributes"]) == ("Agency", "regency", {})
    assert [one["name"] for one in known["ancestors"]] == ["Country"]
    cover = read(report.content).pages[0].extract_text()
    assert "Agency" in cover
    assert "Kota Baru" not in cover + page


async def test_while_it_is_answered_a_change_is_offered_with_what_it_would_change(
    client: Client, country: Country, opened: str
) -> None:
    before = await _page(client, "alice", f"{opened}/result")
    await _change(client, country, **CITY)

    offer, _ = await _offer(client, "alice", opened)
    pages = [await _page(client, "alice", f"{opened}/{part}") for part in ("result", "parts/all")]
    team = await _page(client, "respondent@Agency", f"{opened}/result")
    others = await _page(client, "ministry@Agency", f"{opened}/result")

    assert OFFERED not in before
    assert [(one["what"], one["before"], one["after"]) for one in offer["changes"]] == [
        ("name", "Agency", "Kota Baru"),
        ("kind", "regency", "city"),
        ("attribute", None, 200_000),
    ]
    effect = offer["effect"]
    assert (effect["opened"], effect["closed"]) == (["U", "Z"], ["R"])
    assert [(one["code"], one["before"], one["after"]) for one in effect["reweighted"]] == [
        ("A", "50", "60"),
        ("B", "20", "10"),
    ]
    for page in pages:
        assert "62.50 Good (3/3) → 48.57 Fair (2/4)" in page  # (60*40 + 10*100) / 70
        assert "Apply today" in page
    assert OFFERED in team
    assert "Apply today" not in team
    assert OFFERED not in others


async def test_the_team_takes_a_change_over_and_the_trail_and_the_steps_tell(
    client: Client, country: Country, opened: str
) -> None:
    await _change(client, country, **CITY)
    path, alice = f"{opened}/organisation", As(client, "alice")
    offer, tag = await _offer(client, "alice", opened)
    assert offer["may_take_over"]
    assert not offer["needs_reason"]
    await As(client, "respondent@Agency")("POST", path, {}, headers=tag, expects=403)
    await As(client, "ministry@Agency")("POST", path, {}, headers=tag, expects=403)

    taken = await alice("POST", path, {}, headers=tag, expects=201)

    assert taken["organisation"]["name"] == "Kota Baru"
    assert (await alice("GET", f"{opened}/score"))["grade"] == "fair"
    assert [one["step"] for one in (await alice("GET", f"{opened}/steps"))["items"]] == [
        "take_over"
    ]
    trail = await _page(client, "alice", f"{opened}/trail")
    assert (
        f"Name: Agency → Kota Baru; Kind: regency → city; population: {NOTHING} → 200,000" in trail
    )
    again, tag = await _offer(client, "alice", opened)
    assert (again["changes"], again["effect"]) == ([], None)
    refused = await alice("POST", path, {}, headers=tag, expects=409)
    assert refused["title"] == "nothing_changed"


async def test_nothing_else_is_taken_over_than_was_shown(
    client: Client, country: Country, opened: str
) -> None:
    await _change(client, country, **CITY)
    path, alice = f"{opened}/organisation", As(client, "alice")
    _, shown = await _offer(client, "alice", opened)
    page = await _page(client, "alice", path)
    await _change(client, country, attributes={})

    stale = await alice("POST", path, {}, headers=shown, expects=409)
    unseen = await alice("POST", path, {}, expects=428)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    typed = await post(client, path, seen=seen[1])
    moved = await _page(client, "alice", path)
    seen = re.search(r'name="seen" value="(\w+)"', moved)
    assert seen is not None
    done = await post(client, path, seen=seen[1])

    assert (stale["title"], unseen["title"]) == ("stale_edit", "precondition_required")
    assert typed.status_code == 409
    assert done.url.path == f"{opened}/result"
    assert (await alice("GET", opened))["organisation"]["attributes"] == {}


async def test_after_handing_in_only_a_ministry_takes_it_over_and_says_why(
    client: Client, country: Country, final: str
) -> None:
    await _change(client, country, **CITY)
    path, ministry = f"{final}/organisation", As(client, "ministry@Agency")
    offer, tag = await _offer(client, "ministry@Agency", final)
    await As(client, "alice")("POST", path, {"reason": "x"}, headers=tag, expects=403)
    assert OFFERED not in await _page(client, "alice", f"{final}/result")

    silent = await ministry("POST", path, {"reason": " "}, headers=tag, expects=422)
    page = await _page(client, "ministry@Agency", f"{final}/result")
    await ministry("POST", path, {"reason": "A new law."}, headers=tag, expects=201)

    assert offer["needs_reason"]
    assert silent["title"] == "step_reason"
    assert "62.50 Good (3/3) → 48.57 Fair (2/4)" in page
    score = await ministry("GET", f"{final}/score?counting=everything")
    assert (score["index"], score["grade"], score["complete"]) == ("34", "fair", False)
    # what opened is unanswered and counts as the lowest: (60*40 + 10*100 + 10*0 + 20*0) / 100
    last = (await ministry("GET", f"{final}/steps"))["items"][-1]
    assert (last["step"], last["before"], last["after"]) == ("take_over", "final", "final")
    assert last["reason"] == "A new law."
    assert "A new law." in await _page(client, "alice", f"{final}/result")


async def test_a_kind_that_is_not_asked_cannot_be_taken_over(
    client: Client, country: Country, opened: str
) -> None:
    await _change(client, country, kind="province")
    path, alice = f"{opened}/organisation", As(client, "alice")
    offer, tag = await _offer(client, "alice", opened)

    refused = await alice("POST", path, {}, headers=tag, expects=422)
    page = await _page(client, "alice", f"{opened}/parts/all")

    assert (offer["asked"], offer["effect"]) == (False, None)
    assert (refused["title"], refused["kind"]) == ("unknown_kind", "province")
    assert "The questionnaire is not asked of this kind" in page
    assert (await alice("GET", f"{opened}/score"))["index"] == "62.5"


async def test_an_answer_that_is_no_longer_asked_holds_up_nobody(
    client: Client, country: Country, opened: str
) -> None:
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    remark = {"text": "Which villages?", "indicator": "R"}
    await alice("POST", f"{opened}/remarks", remark, expects=201)
    await _change(client, country, kind="city")
    _, tag = await _offer(client, "alice", opened)
    await alice("POST", f"{opened}/organisation", {}, headers=tag, expects=201)
    nothing = {"If-None-Match": "*"}
    await alice("PUT", f"{opened}/responses/U", {"value": "10"}, headers=nothing)

    await _step(client, "alice", opened, "submit")
    await _step(client, "inspector@Agency", opened, "begin")
    accepted = await inspector("POST", f"{opened}/acceptance", {"stage": "internal"}, expects=201)
    await _step(client, "inspector@Agency", opened, "pass_on")

    assert accepted["indicators"] == ["A", "B", "U"]
    assert "Which villages?" in await _page(client, "alice", f"{opened}/result")


async def test_what_goes_on_in_another_assessment_takes_nothing_over(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
    old = f"/assessments/{made['id']}"
    await _change(client, country, name="Kota Baru")
    new = await alice("POST", f"{old}/successor", {"questionnaire": "new@1"}, expects=201)

    _, tag = await _offer(client, "alice", old)
    refused = await alice("POST", f"{old}/organisation", {}, headers=tag, expects=403)

    assert refused["title"] == "forbidden"
    assert new["organisation"]["name"] == "Agency"
    assert OFFERED in await _page(client, "alice", f"/assessments/{new['id']}/result")


async def test_an_assessment_is_found_by_the_name_of_then_and_of_now(
    client: Client, country: Country, opened: str
) -> None:
    await _change(client, country, name="Kota Baru")

    found = [
        await _page(client, "ministry@Agency", f"/assessments?name={name}")
        for name in ("agenc", "kota bar", "Elsewhere")
    ]

    assert [f"{opened}/result" in page for page in found] == [True, True, False]
    assert "Agency" in found[1]


async def test_one_odd_assessment_takes_no_page_from_anybody(
    client: Client, country: Country, final: str, db: Database
) -> None:
    """A database from before may hold one of a kind that its questionnaire does not know."""
    ministry, path = As(client, "ministry@Agency"), f"{final}/organisation"
    await db.write(_make_odd)

    for who in ("alice", "inspector@Agency", "ministry@Agency"):
        for page in ("/", "/assessments"):
            assert "unexpected" not in await _page(client, who, page)
    listed = await _page(client, "ministry@Agency", "/assessments")
    explained = await _page(client, "alice", f"{final}/result")
    opening = {"questionnaire": "master-data@1"}
    opened = await As(client, "alice")("POST", "/assessments", opening, expects=201)
    newer = await _page(client, "alice", f"/assessments/{opened['id']}/parts/all")
    _, tag = await _offer(client, "ministry@Agency", final)
    await ministry("POST", path, {"reason": "Mended."}, headers=tag, expects=201)

    assert "not asked of this kind" in listed
    assert "is not meant for organisations of the kind" in explained
    assert "Two" in newer
    assert (await ministry("GET", f"{final}/score"))["index"] == "62.5"
    assert "is not meant for" not in await _page(client, "alice", f"{final}/result")


def _make_odd(tx: Writer) -> None:
    tx.execute(sa.text("update assessment set organisation_kind = 'province'"))
    tx.execute(sa.text("delete from result"))
