"""A cycle that has results keeps them: who has handed in is withdrawn, visibly, and can come back."""

from typing import Any

import pytest
import sqlalchemy as sa

from survey_service.store import cycles
from survey_service.store.database import Database, Writer
from tests.country import As, Client, Country
from tests.web.test_pages import post

ALWAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}
MERGED = "Merged with the Office."


def _plan(country: Country, *names: str) -> dict[str, Any]:
    return {
        "name": "2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations[name] for name in names],
    }


@pytest.fixture
async def cycle(client: Client, country: Country) -> str:
    """Open a cycle of Agency and Office, in which the Agency has handed in at 4."""
    ministry, alice = As(client, "ministry@Agency"), As(client, "alice")
    made = await ministry("POST", "/cycles", _plan(country, "Agency", "Office"), expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    opened = await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    for code in "ABCDE":
        await alice.answer(f"/assessments/{opened['id']}", code, 4)
    await alice("POST", f"/assessments/{opened['id']}/steps", {"step": "submit"}, expects=201)
    return f"/cycles/{made['id']}"


async def _change(client: Client, cycle: str, plan: object, expects: int = 200) -> Any:
    ministry = As(client, "ministry@Agency")
    tag = {"If-Match": (await ministry.ask("GET", cycle)).headers["ETag"]}
    return await ministry("PUT", cycle, plan, headers=tag, expects=expects)


async def _withdraw(client: Client, country: Country, cycle: str, expects: int = 201) -> Any:
    body = {"organisation_id": country.organisations["Agency"], "reason": MERGED}
    who = As(client, "ministry@Agency")
    return await who("POST", f"{cycle}/withdrawals", body, expects=expects)


async def _page(client: Client, who: str, path: str) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_who_has_handed_in_is_not_simply_left_out(
    client: Client, country: Country, cycle: str
) -> None:
    refused = await _change(client, cycle, _plan(country, "Office"), expects=409)
    smaller = await _change(client, cycle, _plan(country, "Agency"))

    assert (refused["title"], refused["organisations"]) == ("handed_in", "Agency")
    assert smaller["participants"] == [country.organisations["Agency"]]  # the Office had not begun


async def test_nor_is_who_got_it_back_to_mend(client: Client, country: Country, cycle: str) -> None:
    evaluator = As(client, "evaluator@Agency")
    await evaluator("POST", "/assessments/1/steps", {"step": "begin"}, expects=201)
    points = {"step": "return", "points": [{"text": "Show the minutes."}]}
    await evaluator("POST", "/assessments/1/steps", points, expects=201)

    refused = await _change(client, cycle, _plan(country, "Office"), expects=409)

    assert refused["title"] == "handed_in"


async def test_who_is_withdrawn_stays_visible_with_the_reason_and_is_not_compared(
    client: Client, country: Country, cycle: str
) -> None:
    before = await _page(client, "ministry@Agency", f"{cycle}/board")
    changed = await _withdraw(client, country, cycle)

    who = "ministry@Agency"
    board, table = [
        await _page(client, who, f"{cycle}/{part}") for part in ("board", "tables/index?form=csv")
    ]
    agency = country.organisations["Agency"]
    assert [(one["organisation_id"], one["reason"]) for one in changed["withdrawn"]] == [
        (agency, MERGED)
    ]
    assert agency in changed["participants"]
    assert "1 organisation is compared" in before
    assert "Nothing is compared yet" in board
    assert MERGED in board
    assert f"Agency,regency,withdrawn,4,Good,5,0,{MERGED}" in table
    for path in (cycle, f"{cycle}?state=withdrawn", "/assessments", "/assessments/1/result"):
        assert MERGED in await _page(client, who, path), path
    assert MERGED not in await _page(client, who, f"{cycle}?state=submitted")
    assert "state=withdrawn" in await _page(client, who, "/")
    progress = (await As(client, "alice")("GET", f"{cycle}/progress"))["items"]
    assert [(one["withdrawn"], one["index"]) for one in progress] == [
        (MERGED, "4"),
        (None, None),  # the Office, below the Agency
    ]


async def test_nothing_is_done_on_what_is_withdrawn_until_it_takes_part_again(
    client: Client, country: Country, cycle: str
) -> None:
    evaluator, begin = As(client, "evaluator@Agency"), {"step": "begin"}
    await _withdraw(client, country, cycle)
    waits = await _page(client, "evaluator@Agency", "/")

    refused = await evaluator("POST", "/assessments/1/steps", begin, expects=409)
    opening = {"cycle": int(cycle.rpartition("/")[2])}
    await As(client, "alice")("POST", "/assessments", opening, expects=404)
    agency = country.organisations["Agency"]
    ministry = As(client, "ministry@Agency")
    restored = await ministry("DELETE", f"{cycle}/withdrawals/{agency}")
    await evaluator("POST", "/assessments/1/steps", begin, expects=201)

    assert (refused["title"], refused["because"]) == ("withdrawn", MERGED)
    assert "Nothing waits for you" in waits
    assert restored["withdrawn"] == []
    trail = await _page(client, "alice", "/assessments/1/trail")
    assert "withdrew the organisation" in trail
    assert MERGED in trail
    assert "take part in the cycle again" in trail


async def test_withdrawing_says_why_once_and_for_who_takes_part(
    client: Client, country: Country, cycle: str
) -> None:
    ministry, path = As(client, "ministry@Agency"), f"{cycle}/withdrawals"
    agency = country.organisations["Agency"]
    silent = {"organisation_id": agency, "reason": " "}
    stranger = {"organisation_id": country.organisations["Country"], "reason": "x"}

    mute = await ministry("POST", path, silent, expects=422)
    await ministry("POST", path, stranger, expects=404)
    early = await ministry("DELETE", f"{path}/{agency}", expects=409)
    await _withdraw(client, country, cycle)
    twice = await _withdraw(client, country, cycle, expects=409)
    kept = await _change(client, cycle, _plan(country, "Agency", "Office"))
    gone = await _change(client, cycle, _plan(country, "Office"), expects=409)

    assert (mute["title"], early["title"]) == ("step_reason", "not_withdrawn")
    assert twice["title"] == "withdrawn"
    assert len(kept["withdrawn"]) == 1  # changing the cycle leaves it withdrawn
    assert gone["title"] == "handed_in"


async def test_of_a_planned_cycle_nobody_is_withdrawn(client: Client, country: Country) -> None:
    ministry = As(client, "ministry@Agency")
    made = await ministry("POST", "/cycles", _plan(country, "Agency"), expects=201)

    refused = await _withdraw(client, country, f"/cycles/{made['id']}", expects=409)

    assert refused["title"] == "wrong_state"
    page = f"/cycles/{made['id']}/participants/{country.organisations['Agency']}"
    assert "not open yet" in await _page(client, "ministry@Agency", page)


async def test_on_pages_one_is_withdrawn_and_taken_back_in(
    client: Client, country: Country, cycle: str
) -> None:
    one = f"{cycle}/participants/{country.organisations['Agency']}"
    listed = await _page(client, "ministry@Agency", cycle)
    shown = await _page(client, "ministry@Agency", one)

    mute = await post(client, f"{one}/withdrawal", reason=" ")
    gone = await post(client, f"{one}/withdrawal", reason=MERGED)
    again = await post(client, f"{one}/withdrawal", reason="Once more")
    back = await post(client, f"{one}/restoration", x="x")
    twice = await post(client, f"{one}/restoration", x="x")

    assert one in listed
    assert "Withdraw from the cycle" in shown
    assert mute.status_code == 422
    assert str(gone.url).endswith("?state=withdrawn")
    assert MERGED in gone.text
    assert again.status_code == 409
    assert (back.status_code, twice.status_code) == (200, 409)
    assert "Withdraw from the cycle" in back.text
    assert one not in await _page(client, "alice", cycle)


async def test_who_its_planner_does_not_see_stays_in_a_cycle(
    client: Client, country: Country, cycle: str, db: Database
) -> None:
    """The Office has moved to another ministry since: changing the cycle does not take it out."""
    await db.write(_place, country.organisations["Office"], country.organisations["Abroad"])

    await _change(client, cycle, {**_plan(country, "Agency"), "name": "New"})

    both = sorted(country.organisations[name] for name in ("Agency", "Office"))
    assert await db.read(cycles.participants, int(cycle.rpartition("/")[2])) == both


def _place(tx: Writer, organisation: int, parent: int) -> None:
    moved = sa.text("update organisation set parent_id = :parent where id = :organisation")
    tx.execute(moved, {"parent": parent, "organisation": organisation})
