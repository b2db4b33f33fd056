"""Numbers that are measured against other organisations': one assessment alone says that it cannot."""

import html

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations import questionnaires
from survey_service.store.database import Database
from tests.country import As, Country
from tests.pdfs import read
from tests.samples import TINY

Client = AsyncTestClient[Litestar]
SAID = "so without a value in one assessment alone"


@pytest.fixture
async def path(client: Client, country: Country, db: Database) -> str:
    """Return the path of an assessment of which one number of three is answered."""
    assert country.people
    name = "population.yaml"
    await db.write(questionnaires.publish, (TINY / name).read_bytes(), name)
    alice = As(client, "alice")
    opened = await alice("POST", "/assessments", {"questionnaire": "population@1"}, expects=201)
    path = f"/assessments/{opened['id']}"
    answer = {"value": "20"}
    first = {"If-None-Match": "*"}
    await alice("PUT", f"{path}/responses/more", answer, headers=first)
    return path


async def test_the_page_the_programs_and_the_report_say_so(client: Client, path: str) -> None:
    alice = As(client, "alice")

    score = await alice("GET", f"{path}/score")
    client.cookies.set("session", "alice")
    page = await client.get(f"{path}/result", headers={"Accept-Language": "en"})
    report = await alice.ask("GET", f"{path}/report?lang=en")

    assert score["index"] is None
    assert score["unmeasured"] == ["more"]
    assert SAID in html.unescape(page.text)
    assert "more More is better" in page.text
    said = " ".join(" ".join(one.extract_text() for one in read(report.content).pages).split())
    assert SAID in said
    assert "stands at the highest level" not in said
