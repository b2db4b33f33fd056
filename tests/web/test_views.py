"""A whole cycle in views: as pages and as JSON, for who sees all of it and for who sees only itself."""

import html
import json
import re
from collections.abc import Sequence
from csv import reader
from io import BytesIO
from zipfile import ZipFile

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from python_calamine import CalamineWorkbook

from survey_service.operations.national import VIEWS
from survey_service.store.database import Database
from survey_service.web.pages import national as pages
from tests.country import As, Country, settle_person
from tests.packages import described
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

        # an organisation that is not compared stands beside nobody
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
    assert "With a result only now: 0; only before: 0." in second.text
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


async def test_of_one_among_nobody_there_is_a_sentence(client: Client, path: str) -> None:
    client.cookies.set("session", MINISTRY)

    page = await client.get(f"{path}/views/comparison", headers={"Accept-Language": "en"})

    assert (page.status_code, "Nobody whom you see has handed in yet." in page.text) == (200, True)


@pytest.mark.parametrize("form", ["csv", "xlsx", "zip"])
async def test_every_view_is_taken_along_as_it_is_shown(
    client: Client, country: Country, path: str, form: str
) -> None:
    await evaluated(client, int(path.rpartition("/")[2]))
    client.cookies.set("session", MINISTRY)

    for view in VIEWS:
        file = f"{path}/views/{view}/file?form={form}&lang=en&kind=regency"
        page, api = await client.get(file), await client.get(f"/api/v1{file}")

        assert (view, page.status_code, api.status_code) == (view, 200, 200)
        read = await As(client, MINISTRY)("GET", f"{path}/views/{view}?lang=en&kind=regency")
        assert len(_rows(form, view, page.content)) == len(read["rows"])
        assert f'.{form}"' in page.headers["Content-Disposition"]


def _rows(form: str, view: str, content: bytes) -> Sequence[Sequence[object]]:
    """Return the rows below the heading."""
    if form == "csv":
        return [*reader(content.decode("utf-8-sig").splitlines())][1:]
    if form == "xlsx":
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        return book.get_sheet_by_index(0).to_python()[1:]
    with ZipFile(BytesIO(content)) as archive:
        told = json.loads(archive.read("datapackage.json"))
        assert view == "progress" or told["asked"]["kind"] == "regency"
        tables = described({name: archive.read(name) for name in archive.namelist()})
        assert len(tables[f"{view}-parquet"]) == len(tables[view])
        return [*reader(archive.read(f"{view}.csv").decode().splitlines())][1:]


async def test_a_page_leads_to_files_of_just_what_it_shows(client: Client, path: str) -> None:
    client.cookies.set("session", MINISTRY)

    page = await client.get(f"{path}/views/coverage?kind=unit&by=kind&lang=en")
    links = re.findall(r'href="([^"]*/file[^"]*)"', page.text)
    refused = await client.get(f"{path}/views/regions/file?by=moon")
    unknown = await client.get(f"{path}/views/moon/file")

    assert [html.unescape(one).partition("?")[2] for one in links] == [
        f"kind=unit&by=kind&lang=en&form={form}" for form in ("csv", "xlsx", "zip")
    ]
    assert (refused.status_code, unknown.status_code) == (422, 404)


async def test_a_view_is_narrowed_to_a_branch_of_the_tree(
    client: Client, country: Country, path: str
) -> None:
    ministry, places = As(client, MINISTRY), country.organisations
    client.cookies.set("session", MINISTRY)

    counts = [
        (await ministry("GET", f"{path}/views/coverage?below={places[name]}"))["rows"][0][1]
        for name in ("Country", "Agency", "Office")
    ]
    await evaluated(client, int(path.rpartition("/")[2]))
    days = [
        (await ministry("GET", f"{path}/views/progress?below={places[name]}"))["rows"]
        for name in ("Agency", "Office")
    ]
    await ministry("GET", f"{path}/views/coverage?below={places['Abroad']}", expects=404)
    await ministry("GET", f"{path}/views/coverage?below={2**30}", expects=404)

    assert counts == [2, 2, 1]
    assert [len(one) for one in days] == [1, 0]


async def test_an_agency_stands_for_its_units(
    client: Client, db: Database, country: Country, path: str
) -> None:
    cycle = int(path.rpartition("/")[2])
    await evaluated(client, cycle)
    await _hand_in(client, db, country, cycle)
    ministry = As(client, MINISTRY)
    client.cookies.set("session", MINISTRY)

    each = await ministry("GET", f"{path}/views/heatmap")
    agencies = await ministry("GET", f"{path}/views/heatmap?rolled=true")
    again = await ministry("GET", f"{path}/views/heatmap?rolled=true")
    page = await client.get(f"{path}/views/heatmap?rolled=true&lang=en")
    counted = await ministry("GET", f"{path}/views/coverage?rolled=true")

    assert [(row[0], float(row[3])) for row in each["rows"]] == [("Agency", 3.1), ("Office", 2.0)]
    # A: (1 + 2) / 2, B: (3 + 2) / 2; merit (1.5 + 3 * 2.5) / 4 = 2.25; oversight (4 + 2) / 2
    assert [[row[0], *map(float, row[3:])] for row in agencies["rows"]] == [
        ["Agency", 2.55, 2.25, 3.0]  # 0.6 * 2.25 + 0.4 * 3
    ]
    assert again == agencies
    assert "Units are rolled up to their agency" in page.text
    assert counted["rows"][0][1] == 2


async def test_who_is_chosen_is_offered_however_many_come_before_them(
    client: Client, db: Database, country: Country, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cycle, office = int(path.rpartition("/")[2]), country.organisations["Office"]
    await evaluated(client, cycle)
    await _hand_in(client, db, country, cycle)
    monkeypatch.setattr(pages, "_OFFERED", 1)
    client.cookies.set("session", MINISTRY)

    page = await client.get(f"{path}/views/comparison?organisation={office}")

    assert f'<option value="{office}" selected>Office</option>' in page.text


async def _hand_in(client: Client, db: Database, country: Country, cycle: int) -> None:
    """Let the Office hand in, with every indicator at level 2."""
    await db.write(settle_person, "dora", "coordinator", country.organisations["Office"])
    dora = As(client, "dora")
    made = await dora("POST", "/assessments", {"cycle": cycle}, expects=201)
    for code in "ABCDE":
        await dora.answer(f"/assessments/{made['id']}", code, 2)
    await dora("POST", f"/assessments/{made['id']}/steps", {"step": "submit"}, expects=201)


async def test_an_agency_finds_itself_among_peers_of_whom_none_is_named(
    client: Client, db: Database, country: Country, path: str
) -> None:
    cycle = int(path.rpartition("/")[2])
    await evaluated(client, cycle)
    await _hand_in(client, db, country, cycle)
    client.cookies.set("session", "dora")

    found = await As(client, "dora")("GET", f"{path}/views/comparison?lang=en")
    page = await client.get(f"{path}/views/comparison?lang=en")
    files = [
        (await client.get(f"{path}/views/comparison/file?form={form}")).content
        for form in ("csv", "zip")
    ]

    assert found["title"] == "Office among its peers"
    assert [row[1:] for row in found["rows"]] == [["2.000000", None, None, None]] * 3
    assert "too few have handed in" in page.text
    assert "Agency" not in page.text.partition("<main")[2].partition("</main")[0]
    assert [one for one in files if b"Agency" in one] == []
    assert "views/heatmap" not in page.text  # who sees only themselves has nobody to sort
