"""Checking and its consequences: what was changed and why, points, objections, and who sees what."""

import re
from typing import Any

import pytest
from httpx import Response

from tests.country import As, Client, Country, remark_id
from tests.files import PDF

ONE = "/assessments/1"
INSPECTOR, EVALUATOR = "inspector@Agency", "evaluator@Agency"


@pytest.fixture
async def opened(client: Client, country: Country) -> str:
    alice = As(client, "alice")
    await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    for code in "ABCDE":
        await alice.answer(ONE, code, 4)
    return ONE


async def _see(client: Client, who: str, path: str) -> str:
    return (await client.get(path, headers={"Authorization": f"Bearer {who}"})).text


async def _do(client: Client, who: str, path: str, **fields: str) -> Response:
    return await client.post(
        ONE + path, data=fields, headers={"Authorization": f"Bearer {who}"}, follow_redirects=True
    )


async def _step(client: Client, who: str, step: str, expects: int = 201, **more: object) -> Any:
    return await As(client, who)("POST", f"{ONE}/steps", {"step": step, **more}, expects=expects)


async def _accept(client: Client, who: str, stage: str) -> None:
    await As(client, who)("POST", f"{ONE}/acceptance", {"stage": stage}, expects=201)


async def _announced(client: Client) -> None:
    """Let the inspectorate lower B, the evaluators accept all, and announce it."""
    await _step(client, "alice", "submit")
    await _step(client, INSPECTOR, "begin")
    await As(client, INSPECTOR).answer(ONE, "B", 2, "no minutes", "internal")
    await _accept(client, INSPECTOR, "internal")
    await _step(client, INSPECTOR, "pass_on")
    await _accept(client, EVALUATOR, "external")
    await _step(client, EVALUATOR, "announce")


def _texts(page: dict[str, Any]) -> list[str]:
    return [one["text"] for one in page["items"]]


async def test_whoever_is_told_of_a_result_is_led_to_what_was_changed_and_why(
    client: Client, opened: str
) -> None:
    await _announced(client)

    home = await _see(client, "alice", "/")
    result = await _see(client, "alice", f"{ONE}/result")
    page = await _see(client, "alice", f"{ONE}/changes")
    file = await client.get(f"{ONE}/changes/csv", headers={"Authorization": "Bearer alice"})

    assert 'href="/assessments/1/changes"' in home
    assert 'href="/assessments/1/changes"' in result
    assert re.findall(r'<section id="(\w)"', page) == ["B"]  # the rest stands as it was answered
    assert "no minutes" in page
    assert "changed: 1; the same, and explained: 0; as the agency answered: 4" in page
    assert page.count("scored differently") == 1
    rows = file.text.lstrip("\ufeff").splitlines()
    assert rows[1].split(",") == ["B", "B", "4", "", "2", "no minutes", "", ""]
    assert len(rows) == 2
    sheet = await client.get(f"{ONE}/changes/xlsx", headers={"Authorization": "Bearer alice"})
    assert sheet.content.startswith(b"PK")


async def test_an_objection_is_written_beside_its_score_with_evidence_and_decided_in_words(
    client: Client, opened: str
) -> None:
    await _announced(client)

    await _do(
        client, "alice", "/remarks", kind="objection", indicator="B", text="Signed in May.",
        url="https://example.go.id/may", back="changes",
    )  # fmt: skip
    attached = await client.post(
        f"{ONE}/responses/B/evidence",
        data={"back": "changes"},
        files={"file": ("may.pdf", PDF, "application/pdf")},
        headers={"Authorization": "Bearer alice"},
    )
    todo = await _see(client, EVALUATOR, "/")
    page = await _see(client, EVALUATOR, f"{ONE}/changes")
    check = await _see(client, EVALUATOR, f"{ONE}/check/merit")
    mute = await _do(
        client,
        EVALUATOR,
        f"/remarks/{await remark_id(client, 1)}/resolution",
        outcome="accepted",
        back="check",
    )
    await _do(
        client, EVALUATOR, "/stages/external/responses/B",
        choice="3", note="signed, not in force", revision="1",
    )  # fmt: skip
    decided = await _do(
        client, EVALUATOR, f"/remarks/{await remark_id(client, 1)}/resolution", outcome="accepted", answer="Level 3.",
        back="changes",
    )  # fmt: skip

    assert "/changes#B" in str(attached.url)
    assert 'href="/assessments/1/changes"' in todo
    assert all(words in page for words in ("Signed in May.", "may.pdf", "Accept the objection"))
    assert "Accept the objection" in check
    assert "Score B otherwise" in page
    assert mute.status_code == 422
    assert all(words in decided.text for words in ("accepted", "Level 3.", "signed, not in force"))
    (remark,) = (await As(client, "alice")("GET", f"{ONE}/remarks"))["items"]
    assert (remark["outcome"], remark["answer"]) == ("accepted", "Level 3.")
    await _step(client, EVALUATOR, "finalise")


async def test_what_supports_an_objection_is_added_and_nothing_is_taken_away(
    client: Client, opened: str
) -> None:
    alice, respondent = As(client, "alice"), As(client, "respondent@Agency")
    link = {"name": "x", "url": "https://example.go.id"}
    kept = await alice("POST", f"{ONE}/responses/A/evidence", link, expects=201)
    await _step(client, "alice", "submit")
    closed = await alice("POST", f"{ONE}/responses/A/evidence", link, expects=409)
    await _step(client, "alice", "withdraw")
    await _announced(client)

    await alice("DELETE", f"{ONE}/evidence/{kept['id']}", expects=409)
    await respondent("POST", f"{ONE}/responses/B/evidence", link, expects=409)
    await alice("POST", f"{ONE}/responses/B/evidence", link, expects=201)

    assert closed["title"] == "closed"
    page = await _see(client, "alice", f"{ONE}/parts/merit")
    assert "Take away" not in page


async def test_points_are_written_at_the_indicator_and_given_on_return(
    client: Client, opened: str
) -> None:
    alice, inspector = As(client, "alice"), As(client, INSPECTOR)
    early = {"kind": "point", "indicator": "A", "text": "x"}
    await inspector("POST", f"{ONE}/remarks", early, expects=409)
    await _step(client, "alice", "submit")
    await _step(client, INSPECTOR, "begin")
    await _do(client, INSPECTOR, "/points", indicator="A", text="Show the minutes.")
    await _do(client, INSPECTOR, "/points", indicator="B", text="A slip.")
    beyond = await _do(client, INSPECTOR, "/points", indicator="Z", text="x")
    page = await _do(client, INSPECTOR, f"/points/{await remark_id(client, 2)}/removal", x="x")
    unseen = await alice("GET", f"{ONE}/remarks")
    trail = await alice("GET", f"{ONE}/trail")
    await alice(
        "POST",
        f"{ONE}/remarks/{await remark_id(client, 1)}/resolution",
        {"outcome": "done"},
        expects=404,
    )
    await inspector(
        "POST",
        f"{ONE}/remarks/{await remark_id(client, 1)}/resolution",
        {"outcome": "done"},
        expects=404,
    )

    await _step(client, INSPECTOR, "return", points=[{"text": "Mind the year."}])

    assert beyond.status_code == 404
    assert "Show the minutes." in page.text
    assert "A slip." not in page.text
    assert unseen["items"] == []
    assert not any("minutes" in (one["after"] or "") for one in trail["items"])
    given = await alice("GET", f"{ONE}/remarks")
    assert _texts(given) == ["Show the minutes.", "Mind the year."]
    top = await _see(client, "alice", f"{ONE}/parts/oversight")
    assert "Points to correct that are not answered: 2" in top
    assert "Show the minutes." in top
    await inspector(
        "DELETE", f"{ONE}/remarks/{await remark_id(client, 1)}", expects=409
    )  # it is the agency's now


async def test_the_team_answers_each_point_as_done_or_says_why_not(
    client: Client, opened: str
) -> None:
    await _step(client, "alice", "submit")
    await _step(client, INSPECTOR, "begin")
    points = [{"text": "Show it.", "indicator": "A"}, {"text": "Count anew.", "indicator": "B"}]
    await _step(client, INSPECTOR, "return", points=points)

    at_it = f"/responses/A/remarks/{await remark_id(client, 1)}/resolution"
    await _do(client, "alice", at_it, outcome="done", answer="Attached.")
    mute = await _do(
        client, "alice", f"/remarks/{await remark_id(client, 2)}/resolution", outcome="declined"
    )
    wrong = await _do(
        client,
        "alice",
        f"/remarks/{await remark_id(client, 2)}/resolution",
        outcome="rejected",
        answer="x",
    )
    await _do(
        client,
        "alice",
        f"/remarks/{await remark_id(client, 2)}/resolution",
        outcome="declined",
        answer="It is right.",
    )

    assert (mute.status_code, wrong.status_code) == (422, 422)
    found = (await As(client, INSPECTOR)("GET", f"{ONE}/remarks"))["items"]
    assert [(one["outcome"], one["answer"]) for one in found] == [
        ("done", "Attached."),
        ("declined", "It is right."),
    ]
    page = await _see(client, "alice", f"{ONE}/parts/merit")
    assert "not answered" not in page.partition("<h1")[2].partition("<form")[0]


async def test_what_the_team_comments_stays_with_the_team_unless_it_is_shared(
    client: Client, opened: str
) -> None:
    alice, respondent = As(client, "alice"), As(client, "respondent@Agency")
    await _do(client, "alice", "/responses/A/remarks", text="Is this enough?")
    await _do(client, "alice", "/remarks", text="We moved house.", shared="on")

    form = await _see(client, "alice", f"{ONE}/parts/merit")
    seen = {
        who: _texts(await As(client, who)("GET", f"{ONE}/remarks"))
        for who in ("respondent@Agency", INSPECTOR, EVALUATOR, "bob")
    }
    trail = await As(client, "bob")("GET", f"{ONE}/trail")
    await As(client, INSPECTOR)(
        "POST", f"{ONE}/remarks/{await remark_id(client, 1)}/resolution", {}, expects=404
    )
    await respondent(
        "POST", f"{ONE}/remarks/{await remark_id(client, 1)}/resolution", {}, expects=201
    )
    said = await As(client, INSPECTOR)("POST", f"{ONE}/remarks", {"text": "Thanks."}, expects=201)

    assert "Only your team sees this comment" in form
    assert "team only" in form
    assert seen.pop("respondent@Agency") == ["Is this enough?", "We moved house."]
    assert set(map(tuple, seen.values())) == {("We moved house.",)}
    told = [one["after"] for one in trail["items"] if one["action"].startswith("remark")]
    assert len(told) == 1
    assert said["audience"] == "all"
    assert "Thanks." in _texts(await alice("GET", f"{ONE}/remarks"))
    inspected = await _see(client, INSPECTOR, f"{ONE}/result")
    assert "Everybody who sees this assessment sees this comment" in inspected


def _plain(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.partition("<main")[2]).split())


async def test_handing_in_shows_what_is_odd_is_confirmed_and_gives_a_receipt(
    client: Client, opened: str
) -> None:
    alice = As(client, "alice")
    link = {"name": "x", "url": "https://example.go.id"}
    await alice("POST", f"{ONE}/responses/A/evidence", link, expects=201)
    none = await _see(client, "alice", f"{ONE}/receipt")
    await _do(client, "alice", "/remarks", text="Enough?")

    page = await _see(client, "alice", f"{ONE}/steps/submit")
    receipt = await _do(client, "alice", "/steps", step="submit")
    (step,) = (await alice("GET", f"{ONE}/steps"))["items"]

    assert "Nothing was handed in yet." in none
    assert "Answers that have no evidence: 4." in page
    assert "Comments that nobody has resolved: 1." in page
    assert 'name="step" value="submit"' in page
    assert receipt.url.path == f"{ONE}/receipt"
    told = _plain(receipt.text)
    assert all(words in told for words in ("Number 1-1", "4.00", step["digest"], "the same"))
    await _step(client, "alice", "withdraw")
    await alice.answer(ONE, "A", 3, seen=1)
    assert "no longer those" in await _see(client, "alice", f"{ONE}/receipt")


async def test_what_a_step_lacks_stands_where_it_is_to_be_confirmed(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    await alice.answer(ONE, "A", 4)

    page = await _see(client, "alice", f"{ONE}/steps/submit")
    refused = await _do(client, "alice", "/steps", step="submit")
    others = await client.get(f"{ONE}/steps/submit", headers={"Authorization": "Bearer bob"})
    early = await client.get(f"{ONE}/steps/finalise", headers={"Authorization": "Bearer alice"})

    assert 'href="/assessments/1/parts/merit#B"' in page
    assert 'name="step" value="submit"' not in page
    assert refused.status_code == 409
    assert 'href="/assessments/1/parts/merit#B"' in refused.text
    assert (others.status_code, early.status_code) == (403, 403)


async def test_handing_in_again_says_which_points_are_open(client: Client, opened: str) -> None:
    await _step(client, "alice", "submit")
    await _step(client, INSPECTOR, "begin")
    points = [{"text": "Show it.", "indicator": "A"}, {"text": "All."}]
    before = await _see(client, INSPECTOR, f"{ONE}/steps/return")
    await _step(client, INSPECTOR, "return", points=points)
    await _do(client, "alice", f"/remarks/{await remark_id(client, 2)}/resolution", outcome="done")

    page = await _see(client, "alice", f"{ONE}/steps/submit")

    assert "Points written down: 0" in before
    assert "Points to correct that are not answered: 1." in page
    assert 'href="/assessments/1/parts/merit#A"' in page


async def test_accepting_and_passing_on_show_what_was_changed_and_what_nobody_proves(
    client: Client, opened: str
) -> None:
    await _step(client, "alice", "submit")
    await _step(client, INSPECTOR, "begin")
    await As(client, INSPECTOR).answer(ONE, "B", 2, "no minutes", "internal")
    await _do(client, INSPECTOR, "/points", indicator="A", text="Show it.")

    accepting = await _see(client, INSPECTOR, f"{ONE}/acceptance?stage=internal")
    lacking = await _see(client, INSPECTOR, f"{ONE}/steps/pass_on")
    await _do(client, INSPECTOR, "/acceptance", stage="internal")
    passing = _plain(await _see(client, INSPECTOR, f"{ONE}/steps/pass_on"))
    returning = await _see(client, INSPECTOR, f"{ONE}/steps/return")

    assert "Answers that you accept: 4" in accepting
    assert "Answers that have no evidence: 4." in accepting
    assert "Answers still to be scored at this stage: 4" in lacking
    assert "differ from what the agency answered: 1. Which B" in passing
    assert "you wrote down and that the agency gets only if" in passing
    assert "Points written down: 1" in returning
    assert "Show it." in returning


async def test_accepting_an_objection_without_another_score_is_odd(
    client: Client, opened: str
) -> None:
    await _announced(client)
    await _do(client, "alice", "/remarks", kind="objection", indicator="B", text="Signed.")
    said = {"outcome": "accepted", "answer": "Yes."}
    await _do(client, EVALUATOR, f"/remarks/{await remark_id(client, 1)}/resolution", **said)

    before = await _see(client, EVALUATOR, f"{ONE}/steps/finalise")
    await As(client, EVALUATOR).answer(ONE, "B", 3, "signed", "external", seen=1)
    after = await _see(client, EVALUATOR, f"{ONE}/steps/finalise")

    assert "accepted while the score was not changed: 1." in before
    assert "accepted while" not in after


async def test_opening_a_cycle_is_confirmed_and_shows_what_is_odd(
    client: Client, country: Country
) -> None:
    ministry = As(client, "ministry@Agency")
    window = {"opens": "2020-01-01", "closes": "2020-02-01"}
    plan = {
        "name": "Past", "questionnaire": "organisations@1", "windows": {"self": window, "external": window},
    }  # fmt: skip
    await ministry("POST", "/cycles", plan, expects=201)
    office = {**plan, "participants": [country.organisations["Office"]]}
    later = {"opens": "2090-01-01", "closes": "2090-02-01"}
    office["windows"] = {"self": later, "external": later}
    await ministry("POST", "/cycles", office, expects=201)

    empty = await _see(client, "ministry@Agency", "/cycles/1/opening")
    unasked = await _see(client, "ministry@Agency", "/cycles/2/opening")
    await ministry("POST", "/cycles/2/opening", expects=201)
    again = await client.get(
        "/cycles/2/opening", headers={"Authorization": "Bearer ministry@Agency"}
    )

    assert "Nobody takes part yet." in empty
    assert "The last day of the self-assessment is over." in empty
    assert "a kind that the questionnaire is not meant for: 1." in unasked
    assert "has not begun as of today" in unasked
    assert again.status_code == 409
