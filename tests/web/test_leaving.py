"""Who is deactivated, alone or with their organisation, is out at once; what was theirs goes on."""

import asyncio
from typing import Any

import pytest

from survey_service.store.database import Database
from tests.accounts import STRONG, dina, invited_dina, redeem, sign_in, token_in
from tests.country import As, Client, Country


async def _change(who: As, path: str, **changed: object) -> Any:
    """Change an organisation or an account, on how it is now."""
    found = await who.ask("GET", path)
    kept = {"name", "kind", "parent_id", "attributes", "active", "second_factor"}
    if "people" in path:
        kept = {"name", "role", "organisation_id", "email", "active"}
    body = {name: value for name, value in found.json().items() if name in kept} | changed
    return await who("PUT", path, body, headers={"If-Match": found.headers["ETag"]})


async def _by_list(client: Client, country: Country, *, active: bool) -> None:
    rows = f"name,kind,parent,active\nAgency,regency,Country,{'yes' if active else 'no'}\n"
    await As(client, "ministry@Agency")(
        "POST", "/organisations/import?apply=true", content=rows.encode(),
        headers={"Content-Type": "text/csv"},
    )  # fmt: skip


async def _one_by_one(client: Client, country: Country, *, active: bool) -> None:
    path = f"/organisations/{country.organisations['Agency']}"
    await _change(As(client, "ministry@Agency"), path, active=active)


@pytest.mark.parametrize("how", [_one_by_one, _by_list])
async def test_people_of_a_deactivated_organisation_are_out_and_do_not_come_back_by_themselves(
    client: Client, country: Country, how: Any
) -> None:
    who = await dina(client, country)
    token = As(client, (await who("POST", "/tokens", {"label": "board"}, expects=201))["secret"])
    invited = await invited_dina(client, country, login="eko", name="Eko")

    await how(client, country, active=False)

    await who("GET", "/me", expects=401)
    await token("GET", "/me", expects=401)
    await sign_in(client, expects=401)
    await redeem(client, token_in(invited), expects=410)
    await As(client, "ministry@Agency")("GET", "/me")  # whose organisation stands above
    await As(client, "charlie")("GET", "/me")
    await how(client, country, active=True)
    await who("GET", "/me", expects=401)
    await token("GET", "/me", expects=401)
    await redeem(client, token_in(invited), expects=410)
    assert await sign_in(client)


async def test_a_link_of_a_deactivated_person_does_not_come_back_with_them(
    client: Client, country: Country
) -> None:
    invited = await invited_dina(client, country)
    path, administrator = f"/people/{invited['account']['id']}", As(client, "administrator@Agency")

    await _change(administrator, path, active=False)
    await redeem(client, token_in(invited), expects=410)
    await _change(administrator, path, active=True)

    await redeem(client, token_in(invited), STRONG, expects=410)


async def test_nobody_shuts_themselves_out_with_their_organisation(
    client: Client, country: Country
) -> None:
    administrator = As(client, "administrator@Agency")
    path = f"/organisations/{country.organisations['Agency']}"
    found = await administrator.ask("GET", path)
    body = {name: value for name, value in found.json().items() if name != "id"}
    headers = {"If-Match": found.headers["ETag"]}

    refused = await administrator(
        "PUT", path, {**body, "active": False}, headers=headers, expects=409
    )

    assert refused["title"] == "own_organisation"
    await administrator("GET", path)


async def test_nor_by_a_list(client: Client, country: Country) -> None:
    ministry = As(client, "ministry@Agency")
    rows = "name,kind,parent,active\nCountry,ministry,,no\n"
    headers = {"Content-Type": "text/csv"}

    refused = await ministry.ask(
        "POST", "/organisations/import?apply=true", content=rows.encode(), headers=headers
    )

    assert refused.status_code == 409
    assert refused.json()["title"] == "own_organisation"
    await ministry("GET", "/me")


async def _assigned(client: Client, country: Country) -> tuple[str, int, int]:
    """Return an assessment in which two parts are dina's, her id, and alice's."""
    account = (await invited_dina(client, country))["account"]
    alice, person = As(client, "alice"), country.people["alice"].id
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    for code, who in (("merit", account["id"]), ("D", account["id"]), ("E", person)):
        await alice("PUT", f"{path}/assignments/{code}", {"person_id": who})
    return path, account["id"], person


@pytest.mark.parametrize("how", ["deactivated", "moved", "auditor"])
async def test_what_is_assigned_to_who_left_shows_and_is_reassigned_in_one_step(
    client: Client, country: Country, how: str
) -> None:
    path, dina_id, alice_id = await _assigned(client, country)
    alice = As(client, "alice")
    changes: dict[str, dict[str, object]] = {
        "deactivated": {"active": False},
        "moved": {"organisation_id": country.organisations["Office"]},
        "auditor": {"role": "auditor"},
    }
    before = await alice("GET", f"{path}/work")

    await _change(As(client, "administrator@Agency"), f"/people/{dina_id}", **changes[how])
    left = await alice("GET", f"{path}/work")
    page = await client.get(f"{path}/parts/merit", headers=alice.headers)
    await alice("PUT", f"{path}/assignments/A", {"person_id": dina_id}, expects=404)
    given = await alice("PUT", f"{path}/assignees/{dina_id}", {"person_id": alice_id})

    assert before["leavers"] == []
    assert left["leavers"] == [{"person_id": dina_id, "person": "Dina", "codes": ["D", "merit"]}]
    assert {one["code"] for one in left["assignments"] if one["left"]} == {"D", "merit"}
    assert "Dina has left the team; still assigned: 2." in page.text
    assert "Dina, who left" in page.text
    assert {(one["code"], one["person_id"]) for one in given} == {
        ("D", alice_id),
        ("merit", alice_id),
    }
    after = await alice("GET", f"{path}/work")
    assert after["leavers"] == []
    assert {one["person_id"] for one in after["assignments"]} == {alice_id}


async def test_what_was_anothers_is_reassigned_on_the_page_by_a_coordinator_alone(
    client: Client, country: Country
) -> None:
    path, dina_id, _ = await _assigned(client, country)
    await _change(As(client, "administrator@Agency"), f"/people/{dina_id}", active=False)
    respondent, alice = As(client, "respondent@Agency"), As(client, "alice")
    form = {"person": "0", "part": "merit"}

    refused = await client.post(
        f"{path}/assignees/{dina_id}", data=form, headers=respondent.headers
    )
    done = await client.post(
        f"{path}/assignees/{dina_id}", data=form, headers=alice.headers, follow_redirects=False
    )

    assert refused.status_code == 403
    assert done.headers["location"] == f"{path}/parts/merit"
    assert {one["code"] for one in (await alice("GET", f"{path}/work"))["assignments"]} == {"E"}
    await alice("PUT", f"{path}/assignees/{dina_id}", {"person_id": None}, expects=404)


async def test_a_session_that_is_opened_meanwhile_is_worth_nothing_either(
    client: Client, country: Country, db: Database
) -> None:
    await dina(client, country)

    opened, _ = await asyncio.gather(
        client.post("/api/v1/sessions", json={"login": "dina", "password": STRONG}),
        _one_by_one(client, country, active=False),
    )

    if opened.status_code == 201:
        await As(client, opened.json()["token"])("GET", "/me", expects=401)
