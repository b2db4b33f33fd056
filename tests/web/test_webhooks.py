"""Addresses of programs, on the page and in the API."""

import re

from tests.country import As, Client, Country


def _as(login: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {login}", "Accept-Language": "en"}


async def test_a_page_shows_a_secret_once_and_refuses_what_is_no_address(
    client: Client, country: Country
) -> None:
    refused = await client.post(
        "/webhooks", data={"url": "https://127.0.0.1/hook"}, headers=_as("alice")
    )
    added = await client.post(
        "/webhooks", data={"url": "https://example.go.id/hook"}, headers=_as("alice")
    )
    found = re.search(r"/webhooks/(\d+)/secret", added.text)
    assert found is not None
    renewed = await client.post(f"/webhooks/{found[1]}/secret", headers=_as("alice"))
    shown = await client.get("/webhooks", headers=_as("alice"))
    await client.post(f"/webhooks/{found[1]}/removal", headers=_as("alice"))
    after = await client.get("/webhooks", headers=_as("alice"))

    assert refused.status_code == 422
    assert "Nothing can be sent to https://127.0.0.1/hook" in refused.text
    assert ["whsec_" in page.text for page in (added, renewed, shown)] == [True, True, False]
    assert ["example.go.id/hook" in page.text for page in (shown, after)] == [True, False]


async def test_a_program_looks_after_its_own_addresses(client: Client, country: Country) -> None:
    alice, charlie = As(client, "alice"), As(client, "charlie")
    made = await alice("POST", "/webhooks", {"url": "https://example.go.id"}, expects=201)
    path = f"/webhooks/{made['id']}"

    renewed = await alice("POST", f"{path}/secret", expects=201)
    await charlie("POST", f"{path}/secret", expects=404)
    listed = await alice("GET", "/webhooks")
    await alice("DELETE", path, expects=204)

    assert renewed["secret"] != made["secret"]
    assert [sorted(one) for one in listed["items"]] == [["id", "made_at", "url"]]
    assert (await alice("GET", "/webhooks"))["items"] == []
