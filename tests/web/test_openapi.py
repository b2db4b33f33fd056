"""The API's description: what it tells, and that it needs no internet."""

import re
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

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
