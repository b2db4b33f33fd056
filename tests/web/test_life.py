"""The life of an assessment over the API, by everybody who takes part in it, on both engines."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from survey_service import clock
from survey_service.operations import questionnaires
from survey_service.store.database import Database
from tests.country import As, Client, Country
from tests.samples import TINY

TWO = {"questionnaire": "two-dimensions@1"}
CODES = "ABCDE"


@pytest.fixture
async def opened(client: Client, country: Country) -> str:
    made = await As(client, "alice")("POST", "/assessments", TWO, expects=201)
    return f"/assessments/{made['id']}"


async def _step(who: As, path: str, step: str, expects: int = 201, **more: object) -> Any:
    return await who("POST", f"{path}/steps", {"step": step, **more}, expects=expects)


async def _handed_in(client: Client, path: str) -> None:
    alice = As(client, "alice")
    for code in CODES:
        await alice.answer(path, code, 4)
    await _step(alice, path, "submit")


async def test_from_a_draft_to_a_final_result_with_everybodys_scores_side_by_side(
    client: Client, opened: str
) -> None:
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    evaluator, ministry = As(client, "evaluator@Agency"), As(client, "ministry@Agency")
    await _handed_in(client, opened)

    await _step(inspector, opened, "begin")
    await inspector.answer(opened, "A", 3, "no minutes", "internal")
    unchecked = await _step(inspector, opened, "pass_on", 409)
    accepted = await inspector("POST", f"{opened}/acceptance", {"stage": "internal"}, expects=201)
    points = [{"indicator": "A", "text": "Show the minutes."}]
    await _step(inspector, opened, "return", points=points)

    assert unchecked["missing"] == ["B", "C", "D", "E"]
    assert accepted["indicators"] == ["B", "C", "D", "E"]
    listed = await alice("GET", f"{opened}/remarks")
    assert [(one["kind"], one["indicator"]) for one in listed["items"]] == [("point", "A")]

    await alice.answer(opened, "A", 3, "you are right", seen=1)
    point = listed["items"][0]["id"]
    await alice("POST", f"{opened}/remarks/{point}/resolution", {"answer": "Done."}, expects=201)
    await _step(alice, opened, "submit")
    await _step(inspector, opened, "begin")
    again = await _step(inspector, opened, "pass_on", 409)
    await inspector("POST", f"{opened}/acceptance", {"stage": "internal"}, expects=201)
    await _step(inspector, opened, "pass_on")

    assert again["missing"] == ["A"]  # the answer is another one than was scored

    await evaluator.answer(opened, "B", 2, "only a draft", "external")
    await evaluator("POST", f"{opened}/acceptance", {"stage": "external"}, expects=201)
    hidden = await alice("GET", f"{opened}/responses/B?stage=external", expects=404)
    await _step(evaluator, opened, "announce")
    objection = await alice(
        "POST",
        f"{opened}/remarks",
        {"kind": "objection", "indicator": "B", "text": "It was signed in May."},
        expects=201,
    )
    open_ = await _step(evaluator, opened, "finalise", 409)
    resolution = f"{opened}/remarks/{objection['id']}/resolution"
    mute = await evaluator("POST", resolution, {}, expects=422)
    await evaluator.answer(opened, "B", 3, "signed, not in force", "external", seen=1)
    await evaluator("POST", resolution, {"answer": "Level 3 then."}, expects=201)
    final = await _step(evaluator, opened, "finalise")

    assert hidden["title"] == "not_found"
    assert (open_["title"], mute["title"]) == ("open_objections", "answer_required")
    assert final["state"] == "final"
    compared = {
        one["indicator"]: one for one in (await alice("GET", f"{opened}/comparisons"))["items"]
    }
    assert {
        stage: scored["answer"]["level"] for stage, scored in compared["B"]["scores"].items()
    } == {"self": 4, "internal": 4, "external": 3}
    assert (compared["A"]["differs"], compared["B"]["differs"]) == (False, True)
    assert compared["B"]["scores"]["external"]["note"] == "signed, not in force"
    scores = {
        stage: (await alice("GET", f"{opened}/score?stage={stage}"))["index"]
        for stage in ("self", "internal", "external", "final")
    }
    # A 3, B 4 or 3, C 4 in merit (60: C thrice); D, E 4 in the other dimension (40)
    assert scores["internal"] == scores["self"]
    assert float(scores["external"]) < float(scores["internal"])
    assert scores["final"] == scores["external"]
    assert (await alice("GET", f"{opened}/score"))["index"] == scores["final"]

    await _step(ministry, opened, "reopen", 422)
    reopened = await _step(ministry, opened, "reopen", reason="A wrong year was evaluated.")
    taken = (await alice("GET", f"{opened}/steps"))["items"]

    assert (reopened["state"], reopened["reopened"]) == ("external_evaluation", 1)
    assert [one["step"] for one in taken] == [
        "submit", "begin", "return", "submit", "begin", "pass_on", "announce", "finalise", "reopen",
    ]  # fmt: skip
    assert taken[-1]["reason"] == "A wrong year was evaluated."
    assert taken[-1]["author"] == "ministry@Agency"


@pytest.mark.parametrize(
    ("who", "step", "status"),
    [
        ("alice", "begin", 403),
        ("alice", "finalise", 403),
        ("evaluator@Agency", "begin", 403),  # the inspectorate is first
        ("bob", "withdraw", 403),
        ("inspector@Agency", "withdraw", 403),
        ("ministry@Agency", "begin", 403),
        ("ministry@Agency", "reopen", 409),
        ("inspector@Agency", "pass_on", 409),
        ("alice", "submit", 409),
        ("charlie", "withdraw", 404),
        ("inspector@Elsewhere", "begin", 404),
        ("evaluator@Elsewhere", "begin", 404),
        ("ministry@Elsewhere", "reopen", 404),
    ],
)
async def test_a_step_is_for_some_at_some_time(
    client: Client, opened: str, who: str, step: str, status: int
) -> None:
    await _handed_in(client, opened)

    await _step(As(client, who), opened, step, status, reason="x")

    state = (await As(client, "alice")("GET", opened))["state"]
    assert state == "submitted"


async def test_two_people_taking_the_same_step_at_once_take_it_once(
    client: Client, opened: str
) -> None:
    await _handed_in(client, opened)
    inspector = As(client, "inspector@Agency")

    answers = await asyncio.gather(
        *(inspector.ask("POST", f"{opened}/steps", {"step": "begin"}) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    taken = (await inspector("GET", f"{opened}/steps"))["items"]
    assert [one["step"] for one in taken] == ["submit", "begin"]


async def test_another_score_says_why_and_never_touches_the_answer(
    client: Client, opened: str
) -> None:
    await _handed_in(client, opened)
    inspector, path = As(client, "inspector@Agency"), f"{opened}/responses/A?stage=internal"
    await _step(inspector, opened, "begin")

    silent = await inspector("PUT", path, {"level": 1}, expects=422, headers={"If-None-Match": "*"})
    await inspector.answer(opened, "A", 1, "nothing there", "internal")
    stale = await inspector(
        "PUT", path, {"level": 2, "note": "x"}, expects=409, headers={"If-None-Match": "*"}
    )
    early = await As(client, "alice").ask(
        "PUT", f"{opened}/responses/A", {"level": 5}, headers={"If-Match": '"1"'}
    )

    assert (silent["title"], stale["title"]) == ("reason_required", "stale_revision")
    assert stale["current"]["answer"] == {"level": 1}
    assert early.status_code == 409
    assert (await inspector("GET", f"{opened}/responses/A"))["answer"] == {"level": 4}
    history = await inspector("GET", f"{opened}/responses/A/revisions?stage=internal")
    assert [one["revision"] for one in history["items"]] == [1]


async def test_the_agency_sees_no_scores_before_they_are_given_out(
    client: Client, opened: str
) -> None:
    await _handed_in(client, opened)
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    await _step(inspector, opened, "begin")
    await inspector.answer(opened, "A", 1, "a secret reason", "internal")

    for path in ("/comparisons", "/trail", "/responses?stage=internal", "/score?stage=internal"):
        answer = await alice.ask("GET", opened + path)
        assert answer.status_code == 200
        assert "secret" not in answer.text
    revisions = await alice("GET", f"{opened}/responses/A/revisions?stage=internal")
    assert revisions["items"] == []
    assert "secret" in (await inspector.ask("GET", f"{opened}/trail")).text

    await _step(inspector, opened, "return", points=[{"text": "See A."}])
    assert "secret" in (await alice.ask("GET", f"{opened}/comparisons")).text
    assert "secret" in (await alice.ask("GET", f"{opened}/trail")).text


async def test_returning_needs_points_on_what_is_asked(client: Client, opened: str) -> None:
    await _handed_in(client, opened)
    inspector = As(client, "inspector@Agency")
    await _step(inspector, opened, "begin")

    nothing = await _step(inspector, opened, "return", 422)
    unknown = await _step(
        inspector, opened, "return", 404, points=[{"indicator": "Z", "text": "x"}]
    )

    assert (nothing["title"], unknown["title"]) == ("points_missing", "unknown_indicator")


async def test_comments_are_resolved_once_and_by_those_who_work_on_it(
    client: Client, opened: str
) -> None:
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    remarks = f"{opened}/remarks"

    said = {"text": "Which year?", "indicator": "A", "shared": True}
    made = await alice("POST", remarks, said, expects=201)
    await As(client, "bob")("POST", remarks, {"text": "x"}, expects=403)
    await alice("POST", remarks, {"text": "x", "indicator": "Z"}, expects=404)
    await alice("POST", remarks, {"text": "x", "kind": "objection"}, expects=409)
    done = await inspector("POST", f"{remarks}/{made['id']}/resolution", {}, expects=201)
    again = await alice("POST", f"{remarks}/{made['id']}/resolution", {}, expects=409)
    missing = await alice("POST", f"{remarks}/999/resolution", {}, expects=404)

    assert done["resolved_by"] == "inspector@Agency"
    assert (again["title"], missing["title"]) == ("resolved", "not_found")


async def test_parts_are_assigned_and_answers_called_ready(
    client: Client, opened: str, country: Country
) -> None:
    alice, respondent = As(client, "alice"), As(client, "respondent@Agency")
    person = {"person_id": country.people["respondent@Agency"].id}
    stranger = {"person_id": country.people["charlie"].id}

    await alice("PUT", f"{opened}/assignments/merit", person)
    await alice("PUT", f"{opened}/assignments/merit", stranger, expects=404)
    await alice("PUT", f"{opened}/assignments/nothing", person, expects=404)
    await respondent("PUT", f"{opened}/assignments/merit", person, expects=403)
    await respondent("PUT", f"{opened}/responses/A/ready", {"ready": True}, expects=404)
    await respondent.answer(opened, "A", 3)
    await respondent("PUT", f"{opened}/responses/A/ready", {"ready": True})

    work = await alice("GET", f"{opened}/work")
    assert work["assignees"]["A"]["person"] == "respondent@Agency"
    assert [one["indicator"] for one in work["ready"]] == ["A"]

    await respondent.answer(opened, "A", 4, seen=1)
    assert (await alice("GET", f"{opened}/work"))["ready"] == []
    await alice("PUT", f"{opened}/assignments/merit", {"person_id": None})
    assert (await alice("GET", f"{opened}/work"))["assignments"] == []
    await respondent("PUT", f"{opened}/responses/A/ready", {"ready": False})


async def test_a_clock_that_goes_backwards_mixes_nothing_up(
    client: Client, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = As(client, "alice")
    await alice.answer(opened, "A", 2)
    started = clock.now()

    monkeypatch.setattr(clock, "now", lambda: started - dt.timedelta(hours=1))
    await alice.answer(opened, "A", 3, seen=1)

    history = (await alice("GET", f"{opened}/responses/A/revisions"))["items"]
    assert [one["answer"]["level"] for one in history] == [2, 3]
    assert history[0]["saved_at"] > history[1]["saved_at"]


async def test_moving_to_another_version_is_previewed_and_loses_nothing(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "old@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "123":
        await alice.answer(path, code, 3, f"note {code}")
    link = {"name": "minutes", "url": "https://example.go.id/x"}
    for code in "13":
        await alice("POST", f"{path}/responses/{code}/evidence", link, expects=201)

    outlook = await alice("GET", f"{path}/successor?questionnaire=new@1")
    moved = await alice("POST", f"{path}/successor", {"questionnaire": "new@1"}, expects=201)

    assert outlook == {
        "carried": [],
        "to_confirm": ["2"],  # 3 of the old one, by another number
        "dropped": ["1", "2"],
        "added": ["1", "3"],
    }
    after = f"/assessments/{moved['id']}"
    carried = (await alice("GET", f"{after}/responses"))["items"]
    assert [(one["indicator"], one["carried_from"], one["note"]) for one in carried] == [
        ("2", "old@1", "note 3")
    ]
    handed = (await alice("GET", f"{after}/evidence"))["items"]
    assert [(one["indicator"], one["url"]) for one in handed] == [("2", link["url"])]
    assert (await alice("GET", path))["superseded_by"] == moved["id"]
    assert len((await alice("GET", f"{path}/responses"))["items"]) == 3
    for method, below, body in (
        ("POST", "successor", {"questionnaire": "new@1"}),
        ("POST", "steps", {"step": "submit"}),
        ("PUT", "responses/1", {"level": 1}),
    ):
        headers = {"If-Match": '"1"'}
        await alice(method, f"{path}/{below}", body, expects=409, headers=headers)


async def test_a_new_version_touches_no_assessment_of_an_old_one(
    client: Client, opened: str, db: Database
) -> None:
    alice = As(client, "alice")
    await alice.answer(opened, "A", 3)
    before = await alice("GET", opened), await alice("GET", f"{opened}/score")
    newer = (TINY / "two_dimensions.yaml").read_text().replace('version: "1"', 'version: "2"')

    await db.write(questionnaires.publish, newer.encode(), "newer.yaml")

    assert (await alice("GET", opened), await alice("GET", f"{opened}/score")) == before
    outlook = await alice("GET", f"{opened}/successor?questionnaire=two-dimensions@2")
    assert (outlook["carried"], outlook["dropped"]) == (["A"], [])
