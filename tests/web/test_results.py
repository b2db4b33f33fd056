"""Lists, boards, tables and the API show what was stored when it came about, and score nothing."""

from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.maturity import scoring
from survey_service.store.database import Database, Writer
from tests.country import As, Country

Client = AsyncTestClient[Litestar]
ALWAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}


@pytest.fixture
async def cycle(client: Client, country: Country) -> str:
    """Let the Agency be final at 3.4 of 4 it gave itself, and the Office at work, one answer of five."""
    ministry = As(client, "ministry@Agency")
    both = [country.organisations[name] for name in ("Agency", "Office")]
    plan = {
        "name": "2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": both,
    }
    made = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{made['id']}/opening", expects=201)
    await evaluated(client, made["id"])
    return f"/cycles/{made['id']}"


async def evaluated(client: Client, cycle: int) -> None:
    alice, evaluator = As(client, "alice"), As(client, "evaluator@Agency")
    made = await alice("POST", "/assessments", {"cycle": cycle}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 4)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await evaluator.answer(path, "A", 1, "no minutes", "external")  # 3 levels, 0.15 each
    await evaluator.answer(path, "B", 3, "not in force", "external")  # 0.45
    await evaluator("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "finalise"}, expects=201)


async def _page(client: Client, who: str, path: str) -> str:
    client.cookies.set("session", who)
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def _refuse(*_: object) -> NoReturn:
    raise AssertionError("scored")


async def test_nothing_that_shows_many_scores_any(
    client: Client, cycle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = As(client, "alice")
    monkeypatch.setattr(scoring.Reckoning, "card", _refuse)

    found = {
        path: await _page(client, "ministry@Agency", path)
        for path in (
            "/assessments",
            cycle,
            f"{cycle}/board",
            f"{cycle}/tables/index?form=csv",
            f"{cycle}/tables/verified?form=csv",
            f"{cycle}/tables/indicators?form=csv",
        )
    }
    score = await alice("GET", "/assessments/1/score")
    results = (await alice("GET", "/assessments/1/results"))["items"]

    assert "<strong>3.10</strong> <small>Good</small>" in found["/assessments"]
    assert ">3.10<" in found[cycle]
    assert ">3.10<" in found[f"{cycle}/board"]
    assert "Agency,regency,final,3.1,Good,5," in found[f"{cycle}/tables/index?form=csv"]
    assert "Agency,4,3.1,-0.9" in found[f"{cycle}/tables/verified?form=csv"]
    headings, *rows = found[f"{cycle}/tables/indicators?form=csv"].splitlines()
    (agency,) = (row for row in rows if row.startswith("Agency,"))
    (begun,) = (row for row in rows if row.startswith("Office,"))
    assert headings.endswith("merit Merit,A A,B B,oversight Oversight,C C,D D,E E")
    assert agency == "Agency,regency,final,3.1,Good,5,0,,2.5,1,3,4,4,4,4"
    assert begun.endswith(",0,,,,,,,,")
    assert (score["index"], score["grade"], score["complete"]) == ("3.1", "good", True)
    assert [(one["stage"], one["running"]["index"], one["scoring"]) for one in results] == [
        ("self", "4", scoring.SCORING_VERSION),
        ("internal", "4", scoring.SCORING_VERSION),
        ("external", "3.1", scoring.SCORING_VERSION),
        ("final", "3.1", scoring.SCORING_VERSION),
    ]


async def test_what_is_being_answered_shows_how_far_it_is_and_no_index(
    client: Client, country: Country, cycle: str, db: Database
) -> None:
    await db.write(_move, country.people["charlie"].id, country.organisations["Office"])
    charlie, number = As(client, "charlie"), int(cycle.rpartition("/")[2])
    made = await charlie("POST", "/assessments", {"cycle": number}, expects=201)
    await charlie.answer(f"/assessments/{made['id']}", "A", 3)

    listed = await _page(client, "ministry@Agency", "/assessments?name=Office")
    shown = await _page(client, "ministry@Agency", f"{cycle}?state=draft")
    ministry = As(client, "ministry@Agency")
    progress = (await ministry("GET", f"{cycle}/progress"))["items"]
    newest = (await ministry("GET", "/assessments"))["items"][0]

    assert '<progress max="5" value="1"' in listed
    assert '<progress max="5" value="1"' in shown
    assert ">3.00<" not in listed + shown
    told = ("organisation", "state", "answered", "total", "index", "grade")
    assert [tuple(one[name] for name in told) for one in progress] == [
        ("Agency", "final", 5, 5, "3.1", "good"),
        ("Office", "draft", 1, 5, None, None),
    ]
    assert (newest["answered"], newest["total"]) == (1, 5)


def _move(tx: Writer, person: int, organisation: int) -> None:
    moved = sa.text("update person set organisation_id = :organisation where id = :person")
    tx.execute(moved, {"organisation": organisation, "person": person})


async def test_a_result_is_shown_as_it_came_about_and_not_worked_out_again(
    client: Client, cycle: str, db: Database
) -> None:
    await db.write(_edit)

    page = await _page(client, "alice", "/assessments/1/result")
    score = await As(client, "alice")("GET", "/assessments/1/score?counting=everything")

    assert '<p class="index">3.07</p>' in page
    assert score["index"] == "3.07"


def _edit(tx: Writer) -> None:
    """Let the stored card say what no answers are worth."""
    before, after = '"index":"3.1"', '"index":"3.07"'
    edited = sa.text("update result set running = replace(running, :before, :after)")
    tx.execute(edited, {"before": before, "after": after})


async def test_the_page_tells_which_result_stood_after_each_step(
    client: Client, cycle: str
) -> None:
    page = await _page(client, "alice", "/assessments/1/result")

    story = page.partition('id="history"')[2]
    assert story.count("<strong>4.00</strong> Good") == 2  # handed in, and begun
    assert story.count("<strong>3.10</strong> Good") == 1


async def test_nothing_is_settled_while_it_is_answered(client: Client, country: Country) -> None:
    alice = As(client, "alice")
    made: dict[str, Any] = await alice(
        "POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201
    )

    results = await alice("GET", f"/assessments/{made['id']}/results")

    assert results == {"items": [], "next": None}
    await As(client, "charlie")("GET", f"/assessments/{made['id']}/results", expects=404)
