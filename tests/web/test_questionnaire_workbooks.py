"""A questionnaire as a workbook: downloaded by a ministry, changed, checked by the cell, and published."""

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.answer_books import saved, sheets
from tests.country import Country
from tests.web.test_ministry_pages import _hidden
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def ministry(client: Client, country: Country) -> Client:
    """Return the client of a ministry, in English."""
    assert country.people
    client.cookies.set("session", "ministry@Agency")
    client.headers["Accept-Language"] = "en"
    return client


async def downloaded(ministry: Client) -> bytes:
    answer = await ministry.get("/questionnaires/two-dimensions/1/workbook")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('"two-dimensions-1.edit.xlsx"')
    return answer.content


def typed(content: bytes, sheet: str, row: str, column: str, value: str) -> bytes:
    """Return a workbook in which something else is typed: on a sheet, by the row's first cell."""
    found = sheets(content)
    (page,) = [one for one in found if one.name == sheet]
    heads = page.rows[0][1]
    at = heads.index(column) if column in heads else 1
    for _, cells in page.rows:
        if row in cells[:2]:
            cells[at] = value
    return saved(found)


async def uploaded(ministry: Client, content: bytes) -> Response:
    sent = {"file": ("mine.xlsx", content, XLSX)}
    return await ministry.post("/questionnaires/preview", files=sent)


async def test_it_is_downloaded_changed_looked_at_and_published(ministry: Client) -> None:
    changed = typed(await downloaded(ministry), "questionnaire", "version", "", "2")

    seen = await uploaded(ministry, changed)
    done = await post(
        ministry, "/questionnaires", content=_hidden(seen, "content"), file=_hidden(seen, "file")
    )
    as_file = await ministry.get("/questionnaires/two-dimensions/2/yaml")

    assert "What differs from" in seen.text
    assert done.url.path == "/questionnaires/two-dimensions/2"
    assert 'version: "2"' in as_file.text or "version: '2'" in as_file.text


async def test_what_the_checker_finds_names_the_sheet_and_the_cell(ministry: Client) -> None:
    changed = typed(await downloaded(ministry), "questionnaire", "version", "", "2")
    broken = typed(changed, "indicators", "A", "code", "B")
    unreadable = typed(changed, "indicators", "A", "weight", "banyak")

    found = await uploaded(ministry, broken)
    refused = await uploaded(ministry, unreadable)

    assert found.status_code in {200, 422}
    assert "<code>indicators!" in found.text
    assert 'name="content"' not in found.text
    assert refused.status_code == 422
    assert "mine.xlsx:2: indicators!" in refused.text


async def test_a_workbook_of_answers_or_of_nothing_is_no_questionnaire(
    ministry: Client,
) -> None:
    other = await uploaded(ministry, saved(sheets(await downloaded(ministry))[1:]))
    nothing = await uploaded(ministry, b"PK\x03\x04")

    assert (other.status_code, nothing.status_code) == (422, 422)
    assert 'role="alert"' in other.text
    assert 'role="alert"' in nothing.text


async def test_one_of_a_version_that_is_published_asks_for_another_version(
    ministry: Client,
) -> None:
    same = await uploaded(ministry, await downloaded(ministry))

    assert same.status_code == 409
    assert "two-dimensions@1" in same.text
