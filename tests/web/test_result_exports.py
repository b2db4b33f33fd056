"""Exports of all results on pages and in the API: made, seen, taken along, removed."""

import io
import zipfile

import pytest

from survey_service.store.database import Database
from tests.country import As, Client, Country
from tests.cycles import run_cycle
from tests.samples import ON_SQLITE
from tests.web.test_pages import post
from tests.working import all_done

NAME = "2026"
FOLDER = "two-dimensions-1"


@pytest.fixture
async def ministry(client: Client, db: Database, country: Country) -> As:
    await db.write(run_cycle, country, "Cycle 2026", {"Kabupaten A": 2, "Kabupaten B": 4})
    client.cookies.set("session", "ministry@Agency")
    client.cookies.set("language", "en")
    return As(client, "ministry@Agency")


async def test_a_ministry_makes_an_export_on_its_page_takes_it_along_and_removes_it(
    client: Client, db: Database, ministry: As
) -> None:
    way = await client.get("/cycles")
    before = await client.get("/exports")
    made = await post(client, "/exports", name=NAME)
    listed = await client.get("/exports")
    archive = await client.get(f"/exports/{NAME}/file")
    columns = await client.get(f"/exports/{NAME}/file?path={FOLDER}/columns.parquet")
    described = await client.get(f"/exports/{NAME}/file?path=datapackage.json")
    none = await client.get(f"/exports/{NAME}/file?path=../all/datapackage.json")
    removed = await post(client, f"/exports/{NAME}/removal")
    await all_done(db, "export_removal")

    assert '<a role="button" class="secondary" href="/exports">' in way.text
    assert "There is no export yet." in before.text
    assert made.url.path == f"/exports/{NAME}"
    place = client.app.state.services.settings.files
    assert f"<code>{place}/national/{NAME}/{FOLDER}</code>" in made.text
    assert "by ministry@Agency" in made.text
    assert "Cycle 2026" in listed.text
    found = zipfile.ZipFile(io.BytesIO(archive.content))
    assert found.testzip() is None
    assert found.namelist() == [
        "datapackage.json",
        f"{FOLDER}/results/cycle=1/part-00000.parquet",
        f"{FOLDER}/columns.parquet",
        f"{FOLDER}/cycles.parquet",
    ]
    assert archive.headers["content-disposition"] == f'attachment; filename="{NAME}.zip"'
    assert columns.content == found.read(f"{FOLDER}/columns.parquet")
    assert described.headers["content-type"] == "application/json"
    assert none.status_code == 404
    assert removed.url.path == "/exports"
    assert "There is no export yet." in (await client.get("/exports")).text
    assert (await client.get(f"/exports/{NAME}")).status_code == 404


@ON_SQLITE
async def test_what_cannot_be_made_is_said_beside_the_form_and_what_was_typed_stays(
    client: Client, ministry: As
) -> None:
    await post(client, "/exports", name=NAME)
    taken = await post(client, "/exports", name=NAME)
    misnamed = await post(client, "/exports", name="../2026")
    replaced = await post(client, "/exports", name=NAME, replace="on")

    assert taken.status_code == 409
    assert f"There is an export called {NAME} already. Choose another name" in taken.text
    assert f'value="{NAME}"' in taken.text
    assert misnamed.status_code == 422
    assert "../2026 cannot be the name of an export" in misnamed.text
    assert replaced.url.path == f"/exports/{NAME}"


@ON_SQLITE
async def test_one_that_was_cut_off_is_told_as_not_whole_and_can_be_removed(
    client: Client, ministry: As
) -> None:
    kept = client.app.state.services.files
    await kept.put(f"national/half/{FOLDER}/results/cycle=1/part-00000.parquet", b"x")

    listed = await client.get("/exports")
    shown = await client.get("/exports/half")
    fetched = await client.get("/exports/half/file")
    removed = await post(client, "/exports/half/removal")

    assert "not whole" in listed.text
    assert "This export is not whole" in shown.text
    assert "/exports/half/file" not in shown.text
    assert fetched.status_code == 404
    assert removed.url.path == "/exports"
    assert "half" not in (await client.get("/exports")).text


@ON_SQLITE
async def test_programs_make_read_and_remove_the_same(
    client: Client, db: Database, ministry: As
) -> None:
    client.cookies.clear()
    asked = await ministry("POST", "/exports", {"name": NAME}, expects=202)
    await all_done(db, "export")
    job = await ministry("GET", f"/jobs/{asked['id']}")
    read = await ministry("GET", job["result"].removeprefix("/api/v1"))
    listed = await ministry("GET", "/exports")
    archive = await ministry.ask("GET", f"/exports/{NAME}/file")
    taken = await ministry.ask("POST", "/exports", {"name": NAME})
    await ministry("DELETE", f"/exports/{NAME}", expects=202)
    await all_done(db, "export_removal")
    left = await ministry("GET", "/exports")

    assert listed["items"] == [read]
    assert (read["name"], read["whole"], read["made_by"]) == (NAME, True, "ministry@Agency")
    (table,) = read["tables"]
    assert (table["questionnaire"], table["cycles"], table["rows"]) == (
        "two-dimensions@1",
        ["Cycle 2026"],
        2,
    )
    assert table["place"] == f"{read['place']}/{FOLDER}"
    assert len(read["files"]) == 3
    assert zipfile.ZipFile(io.BytesIO(archive.content)).testzip() is None
    assert (taken.status_code, taken.json()["title"]) == (409, "export_taken")
    assert left == {"items": []}


@ON_SQLITE
async def test_a_program_that_asks_again_with_its_key_is_answered_as_the_first_time(
    client: Client, db: Database, ministry: As
) -> None:
    mine, other = {"Idempotency-Key": "mine"}, {"Idempotency-Key": "other"}
    first = await ministry("POST", "/exports", {"name": NAME}, headers=mine, expects=202)
    await all_done(db, "export")

    again = await ministry("POST", "/exports", {"name": NAME}, headers=mine, expects=202)
    anew = await ministry.ask("POST", "/exports", {"name": NAME}, headers=other)

    assert again["id"] == first["id"]
    assert (anew.status_code, anew.json()["title"]) == (409, "export_taken")
