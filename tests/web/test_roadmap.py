"""The way to the next grade on the pages, without script, and by the API; nothing is saved."""

import html

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As
from tests.samples import PASSWORD
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
WAY = "/assessments/1/roadmap"
HTMX = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
async def alice(client: Client) -> Client:
    """Yield the client with alice signed in, and A, B and C at level 1."""
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    await post(client, "/assessments", questionnaire="two-dimensions@1")
    for code in "ABC":
        await post(client, f"/assessments/1/responses/{code}", choice="1", revision="0")
    return client


def text(answer: Response) -> str:
    return html.unescape(answer.text)


async def test_the_page_plans_to_the_next_grade(alice: Client) -> None:
    page = text(await alice.get(WAY))

    assert '<option value="good" selected>' in page
    assert "Good is reached" in page
    assert "A low score alone is no priority" in page
    assert "To two." in page
    assert "A A · 1 → 2 · effort 1 · Team" in page
    assert "<svg" in page
    assert "Numbers to aim at" not in page


async def test_the_plan_is_adjusted_by_hand_and_nothing_is_saved(alice: Client) -> None:
    adjusted = text(await post(alice, WAY, {"target": "good", "choice.A": "5", "choice.B": "="}))
    kept = text(await post(alice, WAY, {"target": "good", "choice.A": "=", "choice.B": "="}))

    assert "Good is reached" in adjusted
    assert "B B" not in adjusted.split("Adjust the plan")[0]
    assert "To four." in adjusted
    assert "Good cannot be reached like this" in kept
    assert "Good needs B " in kept
    assert 'value="=" selected' in adjusted
    assert 'value="5" selected' in adjusted
    assert (await alice.get("/assessments/1/parts/merit")).text.count('value="5" checked') == 0


async def test_several_years_are_told_and_what_does_not_fit(alice: Client) -> None:
    years = text(await post(alice, WAY, target="good", years="3", budget="9"))
    short = text(await post(alice, WAY, target="good", years="1", budget="1"))

    assert "year 1" in years
    assert "which does not fit into the years." in short


async def test_what_is_wrong_is_said_in_the_fragment_as_well(alice: Client) -> None:
    for fields in ("target=best", "target=good&choice.A=9", "target=good&choice.X=1"):
        wrong = await alice.post(WAY, content=fields, headers=HTMX)

        assert wrong.status_code in {404, 422}
        assert 'class="problem"' in wrong.text
        assert "<html" not in wrong.text


async def test_a_grade_that_is_reached_needs_no_step(alice: Client) -> None:
    assert "no step is needed" in text(await post(alice, WAY, target="fair"))


async def test_numbers_are_aimed_at(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="kinds@1")

    blocked = text(await post(alice, "/assessments/2/roadmap", {"target": "90"}))
    aimed = text(await post(alice, "/assessments/2/roadmap", {"target": "90", "value.N1": "80,5"}))

    assert "Numbers to aim at" in blocked
    assert "needs Percentage 75" in blocked  # 60 + 0.4 * 75 = 90
    assert "It is a number, which no step of the plan raises." in blocked
    assert "90.00 is reached" in aimed
    assert 'name="value.N1" inputmode="decimal" value="80,5"' in aimed


async def test_without_grades_the_index_is_aimed_at(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="external@1")

    assert 'name="target" inputmode="decimal" value="5"' in text(
        await alice.get("/assessments/2/roadmap")
    )


@pytest.mark.usefixtures("country")
async def test_the_api_plans_with_wishes(client: Client) -> None:
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}/roadmap"

    found = await alice("POST", path, {"target": "good", "wishes": {"excluded": ["A"]}})
    planned = await alice(
        "POST", path, {"target": "good", "years": 2, "budget": {"each": 9, "actors": {"": 8}}}
    )

    assert found["reached"] is True
    assert found["proven"] is True
    assert "A" not in {step["indicator"] for step in found["steps"]}
    assert found["steps"][0]["before"] is None
    assert {step["year"] for step in planned["steps"]} <= {1, 2}
    await alice("POST", path, {"target": "best"}, expects=422)
    await alice("POST", path, {"target": "good", "years": 0}, expects=400)
