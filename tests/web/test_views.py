"""A whole cycle in views: as pages and as JSON, for who sees all of it and for who sees only itself."""

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations.national import VIEWS
from tests.country import As, Country
from tests.web.test_access import PLAN

Client = AsyncTestClient[Litestar]
MINISTRY = "ministry@Agency"


async def _cycle(client: Client, country: Country, *names: str) -> str:
    """Open a cycle in which organisations take part; return its path."""
    ministry = As(client, MINISTRY)
    plan = {**PLAN, "participants": [country.organisations[name] for name in names]}
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    return f"/cycles/{made['id']}"


async def _finished(client: Client, level: int) -> None:
    """Let the Agency hand in the same level of all, and the ministry find it so."""
    alice, ministry = As(client, "alice"), As(client, MINISTRY)
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, level)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)


@pytest.fixture
async def path(client: Client, country: Country) -> str:
    return await _cycle(client, country, "Agency", "Office")


def _query(view: str, country: Country) -> str:
    return f"?organisation={country.organisations['Agency']}" if view == "comparison" else ""


@pytest.mark.parametrize("language", ["id", "en"])
async def test_every_view_of_a_cycle_in_which_nobody_handed_in_is_a_page_and_json(
    client: Client, country: Country, path: str, language: str
) -> None:
    client.cookies.set("session", MINISTRY)
    client.cookies.set("language", language)

    for view in VIEWS:
        page = await client.get(f"{path}/views/{view}{_query(view, country)}")
        read = await As(client, MINISTRY).ask("GET", f"{path}/views/{view}{_query(view, country)}")

        # of one among nobody there is nothing
        expected = 404 if view == "comparison" else 200
        assert (view, page.status_code) == (view, expected)
        assert (view, read.status_code) == (view, expected)


async def test_who_has_not_begun_is_counted_by_kind(client: Client, path: str) -> None:
    ministry = As(client, MINISTRY)

    found = await ministry("GET", f"{path}/views/coverage?by=kind")
    fewer = await ministry("GET", f"{path}/views/coverage?kind=nothing")

    columns = [one["name"] for one in found["fields"]]
    assert columns[:3] == ["group", "participants", "not_begun"]
    assert sum(row[1] for row in found["rows"]) == 2
    assert sum(row[2] for row in found["rows"]) == 2
    assert fewer["rows"] == []


async def test_a_view_says_what_cannot_be_chosen(client: Client, path: str) -> None:
    ministry = As(client, MINISTRY)

    for asked in ("regions?by=moon", "heatmap?sort=moon", "heatmap?tier=9", "coverage?sort=group"):
        problem = await ministry("GET", f"{path}/views/{asked}", expects=422)
        assert problem["code"] == "unknown_choice"
    await ministry("GET", f"{path}/views/moon", expects=404)
    await ministry("GET", f"{path}/views/regions?node=moon", expects=404)
    await ministry("GET", f"{path}/views/regions?node=A", expects=404)  # an indicator
    await ministry("GET", f"{path}/views/movers?since={2**30}", expects=404)


async def test_movers_take_the_newest_earlier_cycle_or_say_that_there_is_none(
    client: Client, country: Country, path: str
) -> None:
    client.cookies.set("session", MINISTRY)
    later = await _cycle(client, country, "Elsewhere")

    first = await client.get(f"{path}/views/movers", headers={"Accept-Language": "en"})
    second = await client.get(f"{later}/views/movers", headers={"Accept-Language": "en"})

    assert "No earlier cycle asked by this version" in first.text
    assert "0 have a result only now, 0 only before." in second.text
    assert f'<option value="{path.rpartition("/")[2]}" selected>' in second.text


async def test_an_agency_sees_only_itself(client: Client, country: Country, path: str) -> None:
    found = await As(client, "alice")("GET", f"{path}/views/coverage")

    assert [row[1] for row in found["rows"]] == [1]
