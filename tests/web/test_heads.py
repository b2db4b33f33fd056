"""HEAD wherever GET works."""

from litestar.routes import HTTPRoute

from survey_service.store.database import Database
from tests.country import Client, settle


async def test_heads_are_answered_as_gets_are_without_content(client: Client, db: Database) -> None:
    await settle(db)
    as_alice = {"Authorization": "Bearer alice"}
    plain = [
        route.path
        for route in client.app.routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods and "{" not in route.path
    ]
    assert len(plain) > 25

    for path in [*plain, "/nothing"]:
        got = await client.get(path, headers=as_alice, follow_redirects=False)
        head = await client.head(path, headers=as_alice, follow_redirects=False)

        assert head.status_code == got.status_code, path
        assert head.headers.get("content-type") == got.headers.get("content-type"), path
        assert head.content == b"", path


async def test_what_an_address_allows_names_head(client: Client) -> None:
    refused = await client.delete("/sign-in")

    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD, POST"
