"""A form that is sent twice, as a double click without script does, does a thing once."""

import re

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations.result_exports import KINDS
from survey_service.store import jobs
from survey_service.store.database import Database
from tests.country import Country
from tests.cycles import run_cycle
from tests.files import PDF
from tests.samples import PASSWORD
from tests.web.test_ministry_pages import PLAN
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
A = "/assessments/1/responses/A"


@pytest.fixture
async def alice(client: Client) -> Client:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    return client


def _token(page: str, action: str) -> str:
    """Return by what the form of an action is told apart."""
    form = page.partition(f'method="post" action="{action}"')[2].partition("</form>")[0]
    found = re.search(r'name="once" value="([\w-]+)"', form)
    assert found, action
    return found[1]


async def test_an_assessment_is_opened_once_for_each_form(alice: Client) -> None:
    page = "/questionnaires/two-dimensions/1"
    form = {"questionnaire": "two-dimensions@1"}
    once = _token((await alice.get(page)).text, "/assessments")

    twice = [await post(alice, "/assessments", form, once=once) for _ in range(2)]
    another = await post(
        alice, "/assessments", form, once=_token((await alice.get(page)).text, "/assessments")
    )

    assert [one.url.path for one in twice] == ["/assessments/1/parts/merit"] * 2
    assert another.url.path == "/assessments/2/parts/merit"


async def test_what_is_said_twice_by_one_form_stands_once_and_what_was_changed_stands_too(
    alice: Client,
) -> None:
    await post(alice, "/assessments", questionnaire="two-dimensions@1")
    once = _token((await alice.get("/assessments/1/parts/merit")).text, f"{A}/remarks")

    pages = [
        await post(alice, f"{A}/remarks", text=text, once=once)
        for text in ("Which year?", "Which year?", "Which month?")
    ]

    said = re.findall(r'<p class="note">(.*?)</p>', pages[-1].text)
    assert said == ["Which year?", "Which month?"]


async def test_a_link_and_a_file_are_attached_once(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="two-dimensions@1")
    page = (await alice.get("/assessments/1/parts/merit")).text

    for _ in range(2):
        once = _token(page, f"{A}/links")
        await post(alice, f"{A}/links", url="https://example.go.id/sk", once=once)
        once = _token(page, f"{A}/evidence")
        file = {"file": ("sk.pdf", PDF, "application/pdf")}
        await alice.post(f"{A}/evidence", files=file, data={"once": once}, follow_redirects=True)

    attached = (await alice.get("/api/v1/assessments/1/evidence")).json()["items"]
    assert [one["name"] for one in attached] == ["https://example.go.id/sk", "sk.pdf"]


async def test_a_cycle_is_planned_and_opened_once(client: Client, country: Country) -> None:
    client.headers["Authorization"] = "Bearer ministry@Agency"
    once = _token((await client.get("/cycles/new")).text, "/cycles")

    planned = [await post(client, "/cycles", PLAN, once=once) for _ in range(2)]
    opening = f"{planned[0].url.path}/opening"
    once = _token((await client.get(opening)).text, opening)
    opened = [await post(client, opening, once=once) for _ in range(2)]

    assert planned[0].url.path == planned[1].url.path
    assert [one.status_code for one in opened] == [200, 200]
    known = (await client.get("/api/v1/cycles")).json()["items"]
    assert [one["name"] for one in known] == [PLAN["name"]]


async def test_somebody_is_invited_once_and_the_link_is_shown_again(
    client: Client, country: Country
) -> None:
    client.headers["Authorization"] = "Bearer administrator@Agency"
    form = {
        "login": "dina",
        "name": "Dina",
        "role": "respondent",
        "organisation": str(country.organisations["Agency"]),
    }
    once = _token((await client.get("/people")).text, "/people")

    invited = [await post(client, "/people", form, once=once) for _ in range(2)]

    links = [re.findall(r"/password/[\w-]+", one.text) for one in invited]
    assert links[0] == links[1] != []


async def test_another_person_with_the_same_token_does_a_thing_of_their_own(
    client: Client, country: Country
) -> None:
    form = {"questionnaire": "two-dimensions@1", "once": "the-same"}
    opened = []
    for login in ("alice", "charlie"):
        client.headers["Authorization"] = f"Bearer {login}"
        opened.append((await post(client, "/assessments", form)).url.path)

    assert opened == ["/assessments/1/parts/merit", "/assessments/2/parts/merit"]


async def test_an_export_is_made_once_and_removed_once(
    client: Client, db: Database, country: Country
) -> None:
    await db.write(run_cycle, country, "Cycle 2026", {"Kabupaten A": 2})
    client.headers["Authorization"] = "Bearer ministry@Agency"
    once = _token((await client.get("/exports")).text, "/exports")
    made = [await post(client, "/exports", name="all", once=once) for _ in range(2)]
    once = _token(made[-1].text, "/exports/all/removal")
    removed = [await post(client, "/exports/all/removal", once=once) for _ in range(2)]

    assert [one.url.path for one in made] == ["/exports/all"] * 2
    assert [one.url.path for one in removed] == ["/exports"] * 2
    assert [len(await db.read(jobs.results, kind)) for kind in KINDS] == [1, 1]
