"""The library's pages: looked at, taken along and published; any questionnaire as a file."""

import io
import shutil
from pathlib import Path

import pytest
from msgspec import structs
from python_calamine import CalamineWorkbook

from survey_service.settings import Settings
from survey_service.store.database import Database
from tests.accounts import first_administrator
from tests.country import Client, Country
from tests.samples import LIBRARY, ON_SQLITE, TINY
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Let the library be a folder with one questionnaire."""
    folder = tmp_path / "library" / "asn-maturity"
    folder.mkdir(parents=True)
    shutil.copy(SHIPPED, folder)
    return structs.replace(settings, questionnaires=folder.parent)


SHIPPED = LIBRARY / "asn-maturity" / "2025.1.yaml"
REFERENCE = "asn-maturity@2025.1"
AT = "/library/asn-maturity/2025.1"


async def test_the_first_administrator_publishes_from_the_library(
    client: Client, country: Country, db: Database
) -> None:
    client.cookies.set("session", await first_administrator(db, country))

    before = await client.get("/questionnaires")
    looked = await client.get(AT, params={"lang": "en"})
    published = await post(client, "/library", reference=REFERENCE)
    again = await post(client, "/library", reference=REFERENCE)
    after = await client.get("/questionnaires")

    assert f'href="{AT}"' in before.text
    assert "our own instrument" in looked.text
    assert "succeeded by version 2026.1" in looked.text
    assert "not published yet" in looked.text
    assert published.url.path == again.url.path == "/questionnaires/asn-maturity/2025.1"
    assert f'href="{AT}"' not in after.text
    assert "not published yet" not in (await client.get(AT, params={"lang": "en"})).text


async def test_others_look_and_do_not_publish(client: Client, country: Country) -> None:
    client.cookies.set("session", "alice")

    listed = await client.get("/questionnaires")
    looked = await client.get(AT)
    refused = await post(client, "/library", reference=REFERENCE)

    assert f'href="{AT}"' in listed.text
    assert 'action="/library"' not in listed.text + looked.text
    assert looked.status_code == 200
    assert refused.status_code == 403


async def test_a_questionnaire_is_taken_along_as_it_is_and_as_a_sheet(
    client: Client, country: Country
) -> None:
    client.cookies.set("session", "alice")

    shipped = await client.get(f"{AT}/yaml")
    published = await client.get("/questionnaires/two-dimensions/1/yaml")
    sheet = await client.get("/questionnaires/two-dimensions/1/xlsx", params={"lang": "en"})

    assert shipped.content == SHIPPED.read_bytes()
    assert published.content == (TINY / "two_dimensions.yaml").read_bytes()
    assert sheet.headers["content-disposition"].endswith('"two-dimensions-1.xlsx"')
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0)
    assert rows.to_python()[0][:4] == ["Code", "What is asked", "Weight", "Answer"]


@pytest.mark.parametrize(
    "path",
    ["/library/asn-maturity/0", "/library/../x", f"{AT}/exe", "/questionnaires/two-dimensions/1/x"],
)
async def test_what_is_not_there_is_not_found(client: Client, country: Country, path: str) -> None:
    client.cookies.set("session", "alice")

    assert (await client.get(path)).status_code == 404


async def test_a_file_that_cannot_be_read_hides_no_other(
    client: Client, country: Country, settings: Settings
) -> None:
    broken = settings.questionnaires / "broken"
    broken.mkdir()
    (broken / "1.yaml").write_text("code: [")
    client.cookies.set("session", "alice")

    listed = await client.get("/questionnaires")

    assert "1.yaml" in listed.text
    assert f'href="{AT}"' in listed.text
