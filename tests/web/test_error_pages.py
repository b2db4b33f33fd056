"""What people are told where a page cannot be shown."""

import re

import pytest

from tests.country import Client, Country
from tests.samples import ON_SQLITE
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

MISSING = {
    "/assessments/99/result": "This assessment does not exist, or is not shown to you.",
    "/assessments/99/parts/X": "This assessment does not exist, or is not shown to you.",
    "/assessments/99999999999999999999": "This assessment does not exist, or is not shown to you.",
    "/cycles/99": "This cycle does not exist, or is not shown to you.",
    "/jobs/99": "This request does not exist, or is not shown to you.",
    "/questionnaires/no/1": "This questionnaire does not exist, or is not published.",
    "/nowhere/at/all": "There is no page at this address, or it is not shown to you.",
}


async def _page(client: Client, path: str, who: str, language: str) -> tuple[int, str]:
    headers = {"Cookie": f"session={who}", "Accept-Language": language}
    answer = await client.get(path, headers=headers)
    return answer.status_code, answer.text


@pytest.mark.parametrize("path", MISSING)
async def test_a_page_that_there_is_not_speaks_of_the_thing_and_keeps_the_menu(
    client: Client, country: Country, path: str
) -> None:
    status, page = await _page(client, path, "alice", "en")

    assert status == 404
    assert f"<h1 data-refused>{MISSING[path]}</h1>" in page
    assert '<a href="/questionnaires"' in page
    assert "Sign out" in page
    assert "Check the address, or go on from a list." in page


async def test_from_an_assessment_that_there_is_not_the_way_leads_to_those_there_are(
    client: Client, country: Country
) -> None:
    _, page = await _page(client, "/assessments/99/result", "alice", "id")

    assert (
        "<h1 data-refused>Penilaian ini tidak ada, atau tidak ditampilkan kepada Anda.</h1>" in page
    )
    assert '<a role="button" href="/assessments">Penilaian</a>' in page
    assert "Periksa alamatnya" in page


async def test_an_address_for_forms_alone_says_so_without_a_word_on_methods(
    client: Client, country: Country
) -> None:
    status, page = await _page(client, "/people/links", "alice", "en")

    assert status == 405
    assert "it only takes what a form sends" in page
    assert not re.search(r"\b(GET|POST|method|parameter|key)\b", page.split("<main")[1])


async def test_an_address_that_is_mistyped_names_no_parameter(
    client: Client, country: Country
) -> None:
    status, page = await _page(client, "/assessments?cycle=much", "alice", "en")

    assert status == 400
    assert "The address of this page is incomplete or mistyped." in page
    assert "parameter" not in page


async def test_whoever_is_not_signed_in_is_shown_where_to(client: Client) -> None:
    answer = await client.get("/nowhere", headers={"Accept-Language": "en"})

    assert answer.status_code == 404
    assert 'href="/sign-in">Sign in</a>' in answer.text
    assert '<nav class="menu"' not in answer.text


async def test_what_somebody_may_not_says_whom_to_ask(client: Client, country: Country) -> None:
    client.cookies.set("session", "bob")

    answer = await post(client, "/assessments", questionnaire="two-dimensions@1")

    assert answer.status_code == 403
    assert '<nav class="menu"' in answer.text
    assert 'href="/assessments"' in answer.text
