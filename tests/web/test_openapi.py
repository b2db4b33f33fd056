"""The API's description: what schemathesis makes of it, and that it needs no internet."""

import re
from collections.abc import Callable
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from litestar import Litestar
from litestar.testing import AsyncTestClient, TestClient
from schemathesis import Case

from survey_service.app import create_app
from survey_service.settings import Settings
from survey_service.web.api.openapi import described
from tests.samples import HERE, PASSWORD

Client = AsyncTestClient[Litestar]


async def test_the_document_tells_bodies_problems_and_access(client: Client) -> None:
    document: dict[str, Any] = (await client.get("/api/v1/openapi.json")).json()

    save = document["paths"]["/api/v1/assessments/{assessment_id}/responses/{indicator}"]["put"]
    body = document["components"]["schemas"]["Sent"]
    assert save["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("/Sent")
    assert body["additionalProperties"] is False
    assert "application/problem+json" in save["responses"]["default"]["content"]
    assert save["security"] == [{"session": []}]
    names = {one["name"] for one in save["parameters"]}
    assert names == {"assessment_id", "indicator", "stage", "If-Match", "If-None-Match"}


@pytest.mark.parametrize("path", ["/api/v1/docs", "/sign-in"])
async def test_no_page_asks_another_host_for_anything(client: Client, path: str) -> None:
    page = (await client.get(path)).text

    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', page) == []
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        assert (await client.get(asset)).status_code == 200


def test_no_request_that_the_document_allows_breaks_the_service(
    db: object, settings: Settings
) -> None:
    """Schemathesis makes up requests; an answer is as told, or problem details, never our fault."""
    app = create_app(settings)
    schema = schemathesis.openapi.from_dict(described(app))
    with TestClient(app, base_url=HERE) as client:
        alice = _signed_in(client)
        client.post(
            "/api/v1/assessments", json={"questionnaire": "two-dimensions@1"}, headers=alice
        )
        for found in schema.get_all_operations():
            operation = cast("Any", found).ok()
            if operation.path.endswith(("/report", "/sessions/current")):
                continue  # the first is slow, the second ends the session
            _try(operation, lambda case: _answers_well(client, case, alice))


def _signed_in(client: TestClient[Litestar]) -> dict[str, str]:
    credentials = {"login": "alice", "password": PASSWORD}
    token = client.post("/api/v1/sessions", json=credentials).json()["token"]
    return {"Authorization": f"Bearer {token}"}


def _try(operation: Any, check: Callable[[Case[Any]], None]) -> None:
    @hypothesis_settings(
        max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def each(case: Case[Any]) -> None:
        check(case)

    each()


def _answers_well(client: TestClient[Litestar], case: Case[Any], who: dict[str, str]) -> None:
    request = case.as_transport_kwargs()
    answer = client.request(
        request["method"],
        request["url"],
        params=request.get("params"),
        json=request.get("json"),
        headers={**dict(request.get("headers") or {}), **who},
    )

    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
