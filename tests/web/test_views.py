"""A whole cycle in views: as pages and as JSON, for who sees all of it and for who sees only itself."""

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations.national import VIEWS
from survey_service.store.database import Database
from tests.country import As, Country, settle_person
from tests.web.test_access import PLAN
from tests.web.test_results import evaluated

Client = AsyncTestClient[Litestar]
MINISTRY = "ministry@Agency"


async def _cycle(client: Client, country: Country, *names: str) -> str:
    """Open a cycle in which organisations take part; return its path."""
    ministry = As(client, MINISTRY)
    plan = {**PLAN, "participants": [country.organisations[name] for name in names]}
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    return f"/cycles/{made['id']}"


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
        assert problem["title"] == "unknown_choice"
    await ministry("GET", f"{path}/views/moon", expects=404)
    await ministry("GET", f"{path}/views/regions?node=moon", expects=404)
    await ministry("GET", f"{path}/views/regions?node=A", expects=404)  # an indicator
    await ministry("GET", f"{path}/views/movers?since={2**30}", expects=404)


async def test_movers_take_the_newest_earlier_cycle_or_say_that_there_is_none(
    client: Client, country: Country, path: str
) -> None:
    client.cookies.set("session", MINISTRY)
    later = await _cycle(client, country, "Agency")

    first = await client.get(f"{path}/views/movers", headers={"Accept-Language": "en"})
    second = await client.get(f"{later}/views/movers", headers={"Accept-Language": "en"})

    assert "No earlier cycle asked by this version" in first.text
    assert "0 have a result only now, 0 only before." in second.text
    assert f'<option value="{path.rpartition("/")[2]}" selected>' in second.text


async def test_every_view_of_one_who_is_final_has_its_values(
    client: Client, country: Country, path: str
) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))
    ministry = As(client, MINISTRY)
    client.cookies.set("session", MINISTRY)

    found = {
        view: await ministry("GET", f"{path}/views/{view}{_query(view, country)}") for view in VIEWS
    }
    pages = [await client.get(f"{path}/views/{view}{_query(view, country)}") for view in VIEWS]

    assert {page.status_code for page in pages} == {200}
    # Merit: (1*1 + 3*3)/4 = 2.5; oversight: 4; the index: 0.6*2.5 + 0.4*4 = 3.1
    values = {name: [row[1:] for row in view["rows"]] for name, view in found.items()}
    assert values["coverage"][0][0] == 2
    assert values["progress"] == [[1, 1, 1, 1]]
    assert [row[:2] for row in values["distribution"]] == [[1, 0]] * 3
    numbers = [float(cell) for cell in values["heatmap"][0][2:]]
    assert numbers == [3.1, 2.5, 4.0]
    assert [float(row[0]) for row in values["comparison"]] == [3.1, 2.5, 4.0]
    assert [float(cell) for cell in values["regions"][0][1:]] == [3.1, 3.1]
    # of levels 1 to 5: A at 1, B at 3, the others at 4
    assert [(row[0], float(row[4])) for row in found["indicators"]["rows"]][:2] == [
        ("A", 0.0),
        ("B", 50.0),
    ]


async def test_who_sees_one_branch_finds_nobody_else_named(
    client: Client, db: Database, country: Country, path: str
) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))
    office = country.organisations["Office"]
    await db.write(settle_person, "dora", "coordinator", office)
    client.cookies.set("session", "dora")

    for_all = [view for view in VIEWS if view not in {"comparison", "checks"}]
    shown = [await client.get(f"{path}/views/{view}") for view in for_all]
    beside = await client.get(f"{path}/views/comparison{_query('comparison', country)}")
    coverage = await As(client, "dora")("GET", f"{path}/views/coverage")

    assert {page.status_code for page in shown} == {200}
    assert [page for page in shown if "Agency" in page.text] == []
    assert beside.status_code == 404
    assert [row[1] for row in coverage["rows"]] == [1]
