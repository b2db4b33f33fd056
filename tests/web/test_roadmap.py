"""The way to the next grade on the pages, without script, and by the API; nothing is saved."""

import html
import re
from urllib.parse import urlencode

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
    assert "Good needs “B” at " in kept
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
    assert "needs “Percentage” at 75 or better" in blocked  # 60 + 0.4 * 75 = 90
    assert "It is a number, which no step of the plan raises." in blocked
    assert "90.00 is reached" in aimed
    assert 'name="value.N1" form="sketch" inputmode="decimal" maxlength="40" value="80,5"' in aimed


async def test_without_grades_the_index_is_aimed_at(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="external@1")

    assert 'name="index" inputmode="decimal" maxlength="40" value="5"' in text(
        await alice.get("/assessments/2/roadmap")
    )


async def test_what_the_reader_wants_stands_in_the_address_and_is_there_again(
    alice: Client,
) -> None:
    wanted = {
        "target": "good", "years": "2", "budget": "", "actor.team": "9", "choice.A": "", "choice.B": "=",
        "effort.C": "5", "then.0": "A", "level.0": "4", "first.0": "D", "least.0": "3",
    }  # fmt: skip

    without_script = await post(alice, WAY, wanted)
    by_script = await alice.post(WAY, content=urlencode(wanted), headers=HTMX)
    again = await alice.get(str(without_script.url))

    query = (
        "target=good&years=2&actor.team=9&choice.B=%3D&effort.C=5"
        "&then.0=A&level.0=4&first.0=D&least.0=3"
    )
    assert without_script.url.query.decode() == query
    assert f'data-address="{WAY}?{query}"' in text(by_script)
    assert without_script.text == again.text
    shown = text(again)
    assert 'name="effort.C" form="sketch" min="1" max="5" value="5"' in shown
    assert 'name="actor.team" form="sketch" min="0" max="1000000" value="9"' in shown
    assert 'id="then-1"' in shown


async def test_own_efforts_and_what_comes_first_change_the_plan(alice: Client) -> None:
    plain = text(await alice.get(f"{WAY}?target=good"))
    dear = text(await alice.get(f"{WAY}?target=good&effort.B=5"))
    first = "then.0=B&level.0=2&first.0=E&least.0=5"
    later = text(await alice.get(f"{WAY}?target=good&{first}"))

    assert "B B · 1 → 2 · effort 1" in plain
    assert "B B · 1 → 2 · effort 5" in dear
    assert "E E · 4 → 5" not in plain
    assert "E E · 4 → 5" in later


async def test_an_index_is_aimed_at_instead_of_a_grade(alice: Client) -> None:
    aimed = text(await alice.get(f"{WAY}?target=good&index=1,5"))
    beyond = await alice.get(f"{WAY}?index=9")

    assert "1.50 is reached" in aimed
    assert beyond.status_code == 422
    assert "index" in beyond.text


@pytest.mark.parametrize(
    "query", ["years=0", "effort.A=9", "budget=x", "%zz", "choice=1&choice.A=1"]
)
async def test_an_address_that_says_nothing_sound_is_refused(alice: Client, query: str) -> None:
    assert (await alice.get(f"{WAY}?{query}")).status_code == 400


async def test_the_numbers_of_a_ratio_are_aimed_at(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="answers@1")
    typed = urlencode({"index": "5.1", "values.done/open": "0", "values.done/done": "1"})

    aimed = text(await alice.get(f"/assessments/2/roadmap?{typed}"))
    without = text(await alice.get("/assessments/2/roadmap?index=5.1"))

    assert (
        'name="values.done/done" form="sketch" inputmode="decimal" maxlength="40" value="1"'
        in aimed
    )
    assert "5.10 is reached" in aimed
    assert re.search("<small>done Done · . → ", aimed)
    assert "5.10 cannot be reached like this" in without


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
