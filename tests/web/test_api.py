"""The API as a program uses it, on both engines."""

import json
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.web.problems import BODY_LIMIT
from tests.pdfs import conforming
from tests.samples import PASSWORD

Client = AsyncTestClient[Litestar]
TWO = {"questionnaire": "two-dimensions@1"}


async def _as(client: Client, login: str) -> dict[str, str]:
    answer = await client.post("/api/v1/sessions", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 201
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.fixture
async def alice_signed_in(client: Client) -> dict[str, str]:
    return await _as(client, "alice")


@pytest.fixture
async def opened(client: Client, alice_signed_in: dict[str, str]) -> str:
    answer = await client.post("/api/v1/assessments", json=TWO, headers=alice_signed_in)
    assert answer.status_code == 201
    return str(answer.headers["Location"])


async def _take(client: Client, opened: str, step: str, who: dict[str, str]) -> Response:
    return await client.post(f"{opened}/steps", json={"step": step}, headers=who)


def _problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    ), answer.text
    problem: dict[str, Any] = answer.json()
    assert (problem["title"], problem["status"]) == (code, status)
    assert problem["type"] == f"urn:survey-service:{code}"
    assert "error." not in problem["detail"]
    return problem


async def test_published_versions_are_listed_and_read(client: Client) -> None:
    listed = (await client.get("/api/v1/questionnaires")).json()

    assert listed["next"] is None
    found = {(one["code"], one["version"]): one["digest"] for one in listed["items"]}
    assert len(found) == 11
    assert list(found) == sorted(found)
    assert ("asn-maturity", "2026.1") in found
    answer = await client.get("/api/v1/questionnaires/two-dimensions/1")
    assert answer.json()["nodes"][0]["code"] == "merit"
    assert answer.headers["ETag"] == f'"{found["two-dimensions", "1"]}"'


async def test_an_assessment_is_opened_answered_scored_and_handed_in(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    for code, level in {"A": 5, "B": 5, "C": 1, "D": 1, "E": 1}.items():
        answer = await client.put(
            f"{opened}/responses/{code}",
            json={"level": level, "note": "seen"},
            headers={**alice_signed_in, "If-None-Match": "*"},
        )
        assert answer.status_code == 200
        assert answer.headers["ETag"] == '"1"'

    score = (await client.get(f"{opened}/score", headers=alice_signed_in)).json()
    submitted = await _take(client, opened, "submit", alice_signed_in)

    assert score["index"] == "3.4"  # (60*5 + 40*1) / 100
    assert score["grade"] == "fair"
    assert score["complete"] is True
    assert score["refused"] == [
        {"grade": "good", "reason": "Oversight is at 1.00, and the minimum is 2.00."}
    ]
    assert score["nodes"]["merit"] == {"index": "5", "weight": "60", "answered": 2, "total": 2}
    assert submitted.json()["state"] == "submitted"
    again = await _take(client, opened, "withdraw", alice_signed_in)
    assert again.json()["state"] == "draft"


async def test_options_and_exact_numbers_are_saved_and_scored(
    client: Client, alice_signed_in: dict[str, str]
) -> None:
    opening = {"questionnaire": "kinds@1"}
    answer = await client.post("/api/v1/assessments", json=opening, headers=alice_signed_in)
    opened = answer.headers["Location"]

    await _save(client, opened, alice_signed_in, "L1", {"option": "B"}, "*")
    number = await _save(client, opened, alice_signed_in, "N1", {"value": 0.1}, "*")
    wrong = await _save(client, opened, alice_signed_in, "Y1", {"level": 1}, "*")
    huge = await _save(client, opened, alice_signed_in, "N1", {"value": "1e999999999"}, '"1"')

    score = await client.get(f"{opened}/score", headers=alice_signed_in)
    assert number.json()["answer"] == {"value": "0.1"}
    assert score.json()["index"] == "40.54"  # 0.6*67.5 + 0.4*0.1
    _problem(wrong, 422, "wrong_kind")
    assert (
        len(_problem(huge, 422, "invalid_value")["detail"]) < 200
    )  # not a thousand million digits


async def test_the_official_score_counts_everything(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    await _save(client, opened, alice_signed_in, "A", {"level": 5}, "*")

    running = await client.get(f"{opened}/score", headers=alice_signed_in)
    official = await client.get(f"{opened}/score?counting=everything", headers=alice_signed_in)

    assert running.json()["index"] == "5"
    assert official.json()["index"] == "1.6"  # 0.6*(1*5 + 3*1)/4 + 0.4*1


async def test_responses_are_read_with_the_revision_to_base_a_save_on(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    await _save(client, opened, alice_signed_in, "A", {"level": 2}, "*")
    read = await client.get(f"{opened}/responses/A", headers=alice_signed_in)

    saved = await _save(
        client, opened, alice_signed_in, "A", {"not_applicable": "none"}, read.headers["ETag"]
    )
    listed = await client.get(f"{opened}/responses", headers=alice_signed_in)
    revisions = await client.get(f"{opened}/responses/A/revisions", headers=alice_signed_in)

    assert saved.json()["revision"] == 2
    assert [one["answer"] for one in listed.json()["items"]] == [{"not_applicable": "none"}]
    assert [one["answer"] for one in revisions.json()["items"]] == [
        {"level": 2},
        {"not_applicable": "none"},
    ]


async def test_a_stale_save_is_409_with_both_versions(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    await _save(client, opened, alice_signed_in, "A", {"level": 2, "note": "first"}, "*")

    stale = await _save(client, opened, alice_signed_in, "A", {"level": 4, "note": "mine"}, '"0"')

    problem = _problem(stale, 409, "stale_revision")
    assert (problem["current"]["answer"], problem["current"]["note"]) == ({"level": 2}, "first")
    assert (problem["sent"]["answer"], problem["sent"]["note"]) == ({"level": 4}, "mine")
    unchanged = await client.get(f"{opened}/responses/A", headers=alice_signed_in)
    assert unchanged.json()["note"] == "first"


async def test_a_repeated_save_is_answered_as_the_first(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    answers = [
        await _save(client, opened, alice_signed_in, "A", {"level": 2}, "*") for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"level": 9}', 422, "invalid_level"),
        ('{"level": 3, "not_applicable": "x"}', 422, "two_answers"),
        ("{}", 422, "no_answer"),
        ('{"not_applicable": " "}', 422, "reason_missing"),
        ('{"level": "3"}', 400, "invalid_body"),
        ('{"level": 3.5}', 400, "invalid_body"),
        ('{"level": 3, "color": 1}', 400, "invalid_body"),
        ('{"level": 3, "note": 4}', 400, "invalid_body"),
        ('{"level": 3, "note": "a\\u0000b"}', 400, "invalid_body"),
        ('{"value": 1e999999999}', 422, "wrong_kind"),
        ('{"level": 3', 400, "invalid_body"),
        ("[3]", 400, "invalid_body"),
        ("", 400, "invalid_body"),
        ('{"level": 1' + "0" * 30 + "}", 422, "invalid_level"),
        ('{"level": 1' + "0" * 9999 + "}", 400, "invalid_body"),
        ('{"level": NaN}', 400, "invalid_body"),
        ('{"note": ' + "[" * 100_000, 400, "invalid_body"),
        (b'{"level": 3, "note": "\xff"}', 400, "invalid_body"),
    ],
)
async def test_a_body_that_does_not_fit_is_refused_and_nothing_saved(
    client: Client,
    alice_signed_in: dict[str, str],
    opened: str,
    body: str | bytes,
    status: int,
    code: str,
) -> None:
    headers = {**alice_signed_in, "If-None-Match": "*", "Content-Type": "application/json"}

    answer = await client.put(f"{opened}/responses/A", content=body, headers=headers)

    _problem(answer, status, code)
    listed = await client.get(f"{opened}/responses", headers=alice_signed_in)
    assert listed.json()["items"] == []


async def test_a_refusal_says_where_and_what_was_expected(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    answer = await _save(client, opened, alice_signed_in, "A", {"level": "3"}, "*")

    problem = _problem(answer, 400, "invalid_body")
    assert (problem["where"], problem["found"]) == ("level", "str")
    assert "level: expected int | null, found str" in problem["detail"]


@pytest.mark.parametrize("language", ["id", "en"])
async def test_errors_speak_the_readers_language(client: Client, language: str) -> None:
    answer = await client.get(
        "/api/v1/questionnaires/nothing/1", headers={"Accept-Language": language}
    )

    detail = _problem(answer, 404, "unknown_questionnaire")["detail"]
    assert detail.startswith({"id": "Tidak ada kuesioner", "en": "There is no"}[language])


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "precondition_required"),
        ({"If-Match": "3"}, 400, "invalid_revision"),
        ({"If-Match": 'W/"3"'}, 400, "invalid_revision"),
        ({"If-None-Match": '"3"'}, 400, "invalid_request"),
        ({"If-Match": '"7"'}, 409, "stale_revision"),
    ],
)
async def test_a_save_must_say_what_it_is_based_on(
    client: Client,
    alice_signed_in: dict[str, str],
    opened: str,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = await client.put(
        f"{opened}/responses/A", json={"level": 3}, headers={**alice_signed_in, **headers}
    )

    _problem(answer, status, code)


async def test_a_body_that_is_too_large_is_refused(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    large = json.dumps({"level": 3, "note": "x" * BODY_LIMIT})

    answer = await client.put(
        f"{opened}/responses/A",
        content=large,
        headers={**alice_signed_in, "If-None-Match": "*", "Content-Type": "application/json"},
    )

    _problem(answer, 413, "too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
async def test_json_must_call_itself_json(
    client: Client, alice_signed_in: dict[str, str], kind: str
) -> None:
    answer = await client.post(
        "/api/v1/assessments",
        content=json.dumps(TWO),
        headers={**alice_signed_in, "Content-Type": kind},
    )

    _problem(answer, 415, "media_type")


async def test_an_unknown_indicator_version_or_assessment_is_not_found(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    unknown = await _save(client, opened, alice_signed_in, "Z", {"level": 1}, "*")
    never = await client.get(f"{opened}/responses/A", headers=alice_signed_in)
    missing = await client.get("/api/v1/assessments/999", headers=alice_signed_in)
    version = await client.post(
        "/api/v1/assessments", json={"questionnaire": "two-dimensions@9"}, headers=alice_signed_in
    )

    _problem(unknown, 404, "unknown_indicator")
    _problem(never, 404, "not_found")
    _problem(missing, 404, "not_found")
    _problem(version, 404, "unknown_questionnaire")


async def test_a_closed_assessment_takes_no_answer(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    incomplete = await _take(client, opened, "submit", alice_signed_in)
    for code in "ABCDE":
        await _save(client, opened, alice_signed_in, code, {"level": 3}, "*")
    await _take(client, opened, "submit", alice_signed_in)

    late = await _save(client, opened, alice_signed_in, "A", {"level": 4}, '"1"')

    assert _problem(incomplete, 409, "incomplete")["missing"] == ["A", "B", "C", "D", "E"]
    _problem(late, 409, "closed")


async def test_an_outsider_cannot_tell_a_foreign_assessment_from_none(
    client: Client, opened: str
) -> None:
    charlie = await _as(client, "charlie")

    for path in ("", "/score", "/report", "/responses", "/responses/A", "/responses/A/revisions"):
        foreign = await client.get(opened + path, headers=charlie)
        unknown = await client.get(f"/api/v1/assessments/999{path}", headers=charlie)
        assert _without_id(foreign) == _without_id(unknown)
        assert foreign.status_code == 404


async def test_the_same_idempotency_key_opens_one_assessment(
    client: Client, alice_signed_in: dict[str, str]
) -> None:
    headers = {**alice_signed_in, "Idempotency-Key": "once"}

    first, second = [
        await client.post("/api/v1/assessments", json=TWO, headers=headers) for _ in range(2)
    ]
    other = await client.post(
        "/api/v1/assessments", json={"questionnaire": "asn-maturity@2026.1"}, headers=headers
    )

    assert first.json() == second.json()
    _problem(other, 422, "idempotency_key_reused")


async def test_lists_come_in_pages(client: Client, alice_signed_in: dict[str, str]) -> None:
    for _ in range(101):
        await client.post("/api/v1/assessments", json=TWO, headers=alice_signed_in)

    first = (await client.get("/api/v1/assessments", headers=alice_signed_in)).json()
    second = await client.get(
        f"/api/v1/assessments?cursor={first['next']}", headers=alice_signed_in
    )

    assert len(first["items"]) == 100
    assert len(second.json()["items"]) == 1
    assert second.json()["next"] is None
    _problem(
        await client.get("/api/v1/assessments?cursor=x", headers=alice_signed_in),
        400,
        "invalid_cursor",
    )


async def test_signing_out_ends_the_token(client: Client, alice_signed_in: dict[str, str]) -> None:
    await client.delete("/api/v1/sessions/current", headers=alice_signed_in)

    answer = await client.get("/api/v1/assessments", headers=alice_signed_in)

    _problem(answer, 401, "sign_in_required")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_a_wrong_password_is_refused(client: Client) -> None:
    answer = await client.post("/api/v1/sessions", json={"login": "alice", "password": "x"})

    _problem(answer, 401, "wrong_password")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/_generated", 404, "not_found"),
        ("GET", "/api/v1/_generated/openapi.json", 404, "not_found"),
        ("PATCH", "/api/v1/assessments", 405, "method_not_allowed"),
        ("GET", "/api/v1/assessments/abc", 404, "not_found"),
        ("GET", "/api/v1/assessments/-1", 404, "not_found"),
        ("GET", f"/api/v1/assessments/{2**31}", 404, "not_found"),
        ("GET", "/api/v1/questionnaires/%00/1", 400, "invalid_request"),
        ("GET", "/api/v1/actions?name=%00", 400, "invalid_request"),
        ("GET", "/api/v1/assessments/1/score?counting=x", 400, "invalid_request"),
    ],
)
async def test_every_error_is_problem_details(
    client: Client,
    alice_signed_in: dict[str, str],
    method: str,
    path: str,
    status: int,
    code: str,
) -> None:
    _problem(await client.request(method, path, headers=alice_signed_in), status, code)


async def test_the_report_is_a_pdf_made_once_for_each_content(
    client: Client, alice_signed_in: dict[str, str], opened: str
) -> None:
    await _save(client, opened, alice_signed_in, "A", {"level": 3}, "*")

    first = await client.get(f"{opened}/report?lang=id", headers=alice_signed_in)
    second = await client.get(f"{opened}/report?lang=id", headers=alice_signed_in)

    assert first.headers["content-type"] == "application/pdf"
    assert conforming(first.content)
    assert first.content == second.content
    assert (
        'filename="report-Agency-two-dimensions-1-id.pdf"' in first.headers["content-disposition"]
    )


def _without_id(answer: Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "assessment"}


async def _save(
    client: Client, opened: str, who: dict[str, str], code: str, body: object, seen: str
) -> Response:
    base = {"If-None-Match": seen} if seen == "*" else {"If-Match": seen}
    return await client.put(f"{opened}/responses/{code}", json=body, headers={**who, **base})
