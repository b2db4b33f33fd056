"""An answer that is taken back: unanswered again, as a revision, wherever answers are counted or told."""

import html

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.operations import replay
from survey_service.operations.recomputation import discrepancies
from survey_service.store.database import Database
from tests.country import As, Country
from tests.samples import PASSWORD
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
BASED_ON_ONE = {"If-Match": '"1"'}


@pytest.fixture
async def alice(client: Client, country: Country) -> As:
    return As(client, "alice")


@pytest.fixture
async def path(alice: As) -> str:
    opened = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    return f"/assessments/{opened['id']}"


async def test_it_is_unanswered_again_as_a_revision_and_can_be_answered_anew(
    alice: As, path: str
) -> None:
    await alice.answer(path, "A", 3, "as in the minutes")
    before = await alice("GET", f"{path}/score")

    saved = await alice("DELETE", f"{path}/responses/A", headers=BASED_ON_ONE)
    score = await alice("GET", f"{path}/score")
    assessment = await alice("GET", path)
    again = await alice.answer(path, "A", 5, seen=2)
    revisions = await alice("GET", f"{path}/responses/A/revisions")

    assert (before["index"], score["index"]) == ("3", None)
    assert (saved["answer"], saved["revision"], saved["author"]) == ({}, 2, "alice")
    assert (assessment["answered"], assessment["total"]) == (0, 5)
    assert again["revision"] == 3
    assert [one["answer"] for one in revisions["items"]] == [{"level": 3}, {}, {"level": 5}]


async def test_the_trail_tells_it_and_accounts_for_it(alice: As, path: str, db: Database) -> None:
    await alice.answer(path, "A", 3)
    await alice("DELETE", f"{path}/responses/A", headers=BASED_ON_ONE)

    trail = await alice("GET", f"{path}/trail")
    page = await alice.client.get(f"{path}/trail", headers=alice.headers)

    assert trail["items"][-1]["action"] == "response.take_back"
    assert "took an answer back" in page.text
    assert await db.read(replay.unaccounted) == []
    assert [one async for one in discrepancies(db, mend=False)] == []


async def test_nothing_is_handed_in_with_it(alice: As, path: str) -> None:
    for code in "ABCDE":
        await alice.answer(path, code, 3)
    await alice("DELETE", f"{path}/responses/C", headers=BASED_ON_ONE)

    refused = await alice("POST", f"{path}/steps", {"step": "submit"}, expects=409)

    assert refused["missing"] == ["C"]


async def test_what_others_saved_since_is_not_taken_back(alice: As, path: str) -> None:
    await alice.answer(path, "A", 3)
    await alice.answer(path, "A", 4, seen=1)

    refused = await alice("DELETE", f"{path}/responses/A", expects=409, headers=BASED_ON_ONE)

    assert refused["current"]["answer"] == {"level": 4}


async def test_there_must_be_something_to_take_back(alice: As, path: str) -> None:
    first = {"If-None-Match": "*"}
    refused = await alice("DELETE", f"{path}/responses/A", expects=422, headers=first)
    unknown = await alice("DELETE", f"{path}/responses/Z", expects=404, headers=first)

    assert (refused["title"], unknown["title"]) == ("no_answer", "unknown_indicator")


async def test_a_queue_takes_back_in_its_order(alice: As, path: str) -> None:
    items = [
        {"indicator": "A", "level": 3},
        {"indicator": "A", "taken_back": True, "revision": 1},
        {"indicator": "B", "taken_back": True, "level": 3},
    ]

    first, again = [
        (await alice("POST", f"{path}/responses", {"items": items}))["items"] for _ in range(2)
    ]

    assert [one["status"] for one in first] == [200, 200, 422]
    assert first[1]["saved"]["answer"] == {}
    assert again[1]["saved"] == first[1]["saved"]


async def test_a_score_that_is_taken_back_lets_the_one_before_stand(
    alice: As, path: str, client: Client
) -> None:
    cycle = await _in_review(alice, client)
    inspector = As(client, "inspector@Agency")
    await inspector.answer(cycle, "A", 1, "not seen", "internal")

    await inspector("DELETE", f"{cycle}/responses/A?stage=internal", headers=BASED_ON_ONE)
    refused = await inspector("POST", f"{cycle}/steps", {"step": "pass_on"}, expects=409)
    page = await client.get(f"{cycle}/check/merit", headers=inspector.headers)

    assert "A" in refused["missing"]
    assert "scored differently" not in page.text


async def _in_review(alice: As, client: Client) -> str:
    ministry = As(client, "ministry@Agency")
    window = {"opens": "2020-01-01", "closes": "2040-01-01"}
    plan = {
        "name": "a plan",
        "questionnaire": "two-dimensions@1",
        "windows": dict.fromkeys(("self", "internal", "external"), window),
        "participants": [(await alice("GET", "/me"))["organisation_id"]],
    }
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    opened = await alice("POST", "/assessments", {"cycle": made["id"]}, expects=201)
    path = f"/assessments/{opened['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await As(client, "inspector@Agency")("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    return path


FILLED: list[tuple[str, dict[str, str], dict[str, str]]] = [
    ("own", {"value": "20,5"}, {"value": ""}),
    ("climb", {"choice": "3"}, {"take_back": "on", "choice": "3"}),
    ("done", {"values.open": "1", "values.done": "3"}, {"values.open": "", "values.done": ""}),
    ("list", {"items.plan": "on"}, {}),
    ("words", {"text": "Two lines"}, {"text": " "}),
    ("less", {"choice": "-", "reason": "none"}, {"reason": "none"}),
]


@pytest.mark.parametrize(("indicator", "filled", "emptied"), FILLED)
async def test_a_field_that_is_emptied_counts_no_longer(
    client: Client, indicator: str, filled: dict[str, str], emptied: dict[str, str]
) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    await post(client, "/assessments", questionnaire="answers@1")
    where = f"/assessments/1/responses/{indicator}"
    await post(client, where, filled, revision="0")

    answer = await post(client, where, emptied, revision="1", note="was wrong")
    saved = (await client.get(f"/api/v1{where}")).json()
    page = (await client.get("/assessments/1/parts/all")).text

    assert answer.status_code == 200
    assert (saved["answer"], saved["note"], saved["revision"]) == ({}, "was wrong", 2)
    assert "Taken back" in page
    assert _form(page, indicator).count("checked") == 0


async def test_what_is_refused_tells_what_counts_still(client: Client) -> None:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    await post(client, "/assessments", questionnaire="answers@1")
    where = "/assessments/1/responses/done"
    await post(client, where, {"values.open": "1", "values.done": "3"}, revision="0")

    answer = await post(client, where, {"values.open": "", "values.done": "3"}, revision="1")

    assert answer.status_code == 422
    assert "counting until something else is: 75.0 %" in html.unescape(answer.text)


def _form(page: str, indicator: str) -> str:
    """Return the form of an indicator on a page."""
    return page.partition(f'data-answer="{indicator}"')[2].partition("</form>")[0]
