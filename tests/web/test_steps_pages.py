"""The life of an assessment on its pages, without script: steps, points, remarks, objections."""

import re

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As, Country, remark_id

Client = AsyncTestClient[Litestar]
ONE = "/assessments/1"


@pytest.fixture
async def opened(client: Client, country: Country) -> str:
    alice = As(client, "alice")
    await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    for code in "ABCDE":
        await alice.answer(ONE, code, 4)
    return ONE


async def _see(client: Client, who: str, path: str = f"{ONE}/result") -> str:
    return (await client.get(path, headers={"Authorization": f"Bearer {who}"})).text


async def _do(client: Client, who: str, path: str, **fields: str) -> Response:
    return await client.post(
        ONE + path, data=fields, headers={"Authorization": f"Bearer {who}"}, follow_redirects=True
    )


def _offered(page: str) -> set[str]:
    return set(re.findall(r'(?:name="step" value|data-step)="(\w+)"', page))


async def test_each_sees_the_steps_that_are_theirs_at_the_time(client: Client, opened: str) -> None:
    before = {
        who: _offered(await _see(client, who)) for who in ("alice", "bob", "inspector@Agency")
    }

    read = await _see(client, "inspector@Agency", f"{ONE}/parts/merit")
    own = await _see(client, "alice", f"{ONE}/parts/merit")
    ways = [
        await _see(client, "inspector@Agency", path) for path in (f"{ONE}/result", "/assessments")
    ]
    await _do(client, "alice", "/steps", step="submit")

    assert ("fieldset disabled" in read, "fieldset disabled" in own) == (True, False)
    assert "You can read the answers; its own team gives them." in read
    assert "data-take-back" not in read
    assert not any("illing in" in page or "Fill in" in page for page in ways)
    assert before == {"alice": {"submit"}, "bob": set(), "inspector@Agency": set()}
    assert _offered(await _see(client, "alice")) == {"withdraw"}
    assert _offered(await _see(client, "inspector@Agency")) == {"begin"}
    assert _offered(await _see(client, "evaluator@Agency")) == set()


async def test_an_assessment_is_returned_with_points_mended_and_made_final(
    client: Client, opened: str
) -> None:
    await _do(client, "alice", "/steps", step="submit")
    await _do(client, "inspector@Agency", "/steps", step="begin")
    early = await _do(client, "inspector@Agency", "/steps", step="pass_on")
    points = "A: Show the minutes.\nMind the year: it is 2026."
    await _do(client, "inspector@Agency", "/steps", step="return", points=points)
    returned = await _do(
        client, "alice", f"/remarks/{await remark_id(client, 1)}/resolution", answer="Attached."
    )
    await _do(client, "alice", "/steps", step="submit")
    await _do(client, "inspector@Agency", "/steps", step="begin")
    await _do(client, "inspector@Agency", "/acceptance", stage="internal")
    await _do(client, "inspector@Agency", "/steps", step="pass_on")
    await _do(client, "evaluator@Agency", "/acceptance", stage="external")
    await _do(client, "evaluator@Agency", "/steps", step="announce")
    await _do(client, "alice", "/remarks", kind="objection", indicator="B", text="Why 4?")
    open_ = await _do(client, "evaluator@Agency", "/steps", step="finalise")
    await _do(
        client,
        "evaluator@Agency",
        f"/remarks/{await remark_id(client, 3)}/resolution",
        answer="As agreed.",
    )
    final = await _do(client, "evaluator@Agency", "/steps", step="finalise")

    assert early.status_code == 409
    assert "Answers still to be scored at this stage: 5" in early.text
    assert 'href="/assessments/1/check/merit#A"' in early.text
    assert "Mind the year: it is 2026." in returned.text
    assert 'href="/assessments/1/parts/merit#A"' in returned.text
    assert open_.status_code == 409
    assert 'href="/assessments/1/check/merit#B"' in open_.text  # the one that is not answered
    assert "Now final" in final.text
    page = await _see(client, "alice")
    assert "Resolved by alice" in page
    assert "Objection" in page
    assert "external evaluation" in page
    assert _offered(await _see(client, "ministry@Agency")) == {"reopen"}


async def test_what_was_typed_for_a_step_that_is_refused_stays(client: Client, opened: str) -> None:
    await _do(client, "alice", "/steps", step="submit")
    await _do(client, "inspector@Agency", "/steps", step="begin")
    await _do(client, "alice", "/steps", step="withdraw")

    late = await _do(client, "alice", "/remarks", kind="objection", text="My long <text>")
    silent = await _do(client, "inspector@Agency", "/steps", step="return", points="  ")

    assert late.status_code == 409
    assert "My long &lt;text&gt;" in late.text
    assert silent.status_code == 422
    assert "at least one point" in silent.text


async def test_an_inspector_checks_answers_one_by_one(client: Client, opened: str) -> None:
    alice = As(client, "alice")
    link = {"name": "minutes of May", "url": "https://example.go.id/x"}
    await alice("POST", f"{ONE}/responses/A/evidence", link, expects=201)
    await _do(client, "alice", "/steps", step="submit")
    await _do(client, "inspector@Agency", "/steps", step="begin")

    first = await _see(client, "inspector@Agency", f"{ONE}/check")
    score = "/stages/internal/responses"
    silent = await _do(client, "inspector@Agency", f"{score}/A", choice="1", revision="0")
    scored = await _do(
        client, "inspector@Agency", f"{score}/A", choice="1", note="only a draft", revision="0"
    )
    stale = await _do(
        client, "inspector@Agency", f"{score}/A", choice="2", note="mine", revision="0"
    )
    accepted = await _do(client, "inspector@Agency", f"{score}/B", choice="4", revision="0")
    passing_on = await _see(client, "inspector@Agency", f"{ONE}/steps/pass_on")

    assert "minutes of May" in first
    assert "to be scored" in first
    assert "<strong>3.55</strong>" in passing_on  # 0.6*(1*1 + 3*4)/4 + 0.4*4, and not the claimed 4
    assert silent.status_code == 422
    assert "say why in the note" in silent.text
    assert "only a draft" in scored.text
    assert "scored differently" in scored.text
    assert stale.status_code == 409
    assert all(words in stale.text for words in ("Yours, not saved", "mine", "only a draft"))
    assert "Accept A as it is" not in accepted.text
    assert "Accept B as it is" not in accepted.text
    kept = await As(client, "inspector@Agency")("GET", f"{ONE}/responses?stage=internal")
    assert [(one["indicator"], one["answer"]["level"]) for one in kept["items"]] == [
        ("A", 1),
        ("B", 4),
    ]


async def test_others_read_and_score_nothing(client: Client, opened: str) -> None:
    await _do(client, "alice", "/steps", step="submit")
    await _do(client, "inspector@Agency", "/steps", step="begin")

    page = await _see(client, "bob", f"{ONE}/check/merit")
    refused = await _do(client, "bob", "/stages/internal/responses/A", choice="1", revision="0")
    nothing = await client.get(f"{ONE}/check/none", headers={"Authorization": "Bearer bob"})

    assert "There is nothing for you to score" in page
    assert '<form method="post"' not in page.partition("<main")[2]
    assert (refused.status_code, nothing.status_code) == (403, 404)
