"""People over the API: invited, changed, reset, and looking after their own account."""

import pytest
import sqlalchemy as sa

from survey_service.conduct.access import ROLES
from survey_service.operations import secrets
from survey_service.operations.sealing import Sealer
from survey_service.store import attempts, audit
from survey_service.store import secrets as stored
from survey_service.store.database import Database, Reader
from survey_service.store.tables import idempotency
from tests.accounts import (
    STRONG,
    enrolled,
    first_administrator,
    invitation,
    invited_dina,
    redeem,
    sign_in,
    token_in,
)
from tests.country import As, Client, Country


async def test_an_invited_person_sets_a_password_by_a_link_that_works_once(
    client: Client, country: Country
) -> None:
    invited = await invited_dina(client, country)
    await sign_in(client, expects=401)
    token = token_in(invited)

    weak = [
        await redeem(client, token, password, 422)
        for password in ("dina", "dina dina dina", "password123", "indonesia2026")
    ]
    await redeem(client, token)
    spent = await redeem(client, token, expects=410)

    assert invited["account"]["invited"]
    assert not invited["sent"]
    assert {one["title"] for one in weak} == {"weak_password"}
    assert spent["title"] == "spent_link"
    session = await sign_in(client)
    me = await As(client, session["token"])("GET", "/me")
    assert (me["login"], me["invited"]) == ("dina", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "A\nB"), ("name", "A\u2028"), ("login", "dewi\n"), ("email", "a@mail.example\n")],
)
async def test_what_somebody_is_called_is_one_line(
    client: Client, country: Country, field: str, value: str
) -> None:
    wanted = invitation(country, **{field: value})

    refused = await As(client, "administrator@Agency")("POST", "/people", wanted, expects=400)

    assert refused["title"] == "invalid_body"


async def test_a_new_link_replaces_the_one_before(client: Client, country: Country) -> None:
    invited = await invited_dina(client, country)
    path = f"/people/{invited['account']['id']}/link"

    again = await As(client, "administrator@Agency")("POST", path, expects=201)

    await redeem(client, token_in(invited), expects=410)
    await redeem(client, token_in(again))


async def test_who_may_invite_whom_where(client: Client, country: Country) -> None:
    places = country.organisations
    administrator, ministry = As(client, "administrator@Agency"), As(client, "ministry@Agency")

    async def invites(who: As, expects: int, **more: object) -> None:
        await who("POST", "/people", invitation(country, **more), expects=expects)

    await invites(administrator, 403, role="evaluator")
    await invites(administrator, 403, role="ministry")
    await invites(administrator, 404, organisation_id=places["Country"])
    await invites(administrator, 404, organisation_id=places["Elsewhere"])
    await invites(As(client, "alice"), 403)
    await invites(administrator, 201, login="one", organisation_id=places["Office"])
    await invites(ministry, 201, login="two", role="evaluator", organisation_id=places["Country"])
    await invites(administrator, 409, login="one")
    for login in ("", "a b", "<b>", "a\nb", "x" * 101):
        await invites(administrator, 400, login=login)
    for email in ("a", "a@b\r\nBcc: c@d", "a b@c", "<a>@b"):
        await invites(administrator, 400, email=email)


async def test_an_administrator_whom_nobody_stands_above_gives_every_role(
    client: Client, country: Country, db: Database
) -> None:
    first = As(client, await first_administrator(db, country))

    for role in ROLES:
        wanted = invitation(country, role=role, login=role)
        await first("POST", "/people", wanted, expects=201)


async def test_a_changed_account_is_signed_out_and_a_deactivated_one_stays_out(
    client: Client, country: Country
) -> None:
    invited = await invited_dina(client, country)
    await redeem(client, token_in(invited))
    token = (await sign_in(client))["token"]
    administrator, path = As(client, "administrator@Agency"), f"/people/{invited['account']['id']}"
    tag = {"If-Match": (await administrator.ask("GET", path)).headers["ETag"]}
    wanted = {
        "name": "Dina W.",
        "role": "coordinator",
        "organisation_id": country.organisations["Office"],
        "active": False,
    }

    changed = await administrator("PUT", path, wanted, headers=tag)
    stale = await administrator("PUT", path, wanted, headers=tag, expects=409)

    assert (changed["organisation"], changed["active"]) == ("Office", False)
    assert stale["current"]["name"] == "Dina W."
    await As(client, token)("GET", "/me", expects=401)
    await sign_in(client, expects=401)
    await administrator("PUT", path, {**wanted, "role": "ministry"}, headers=tag, expects=403)
    await As(client, "administrator@Elsewhere")("GET", path, expects=404)
    await As(client, "respondent@Elsewhere")("GET", path, expects=404)


async def test_nobody_changes_their_own_role(client: Client, country: Country) -> None:
    administrator = As(client, "administrator@Agency")
    me = await administrator("GET", "/me")
    path = f"/people/{me['id']}"
    tag = {"If-Match": (await administrator.ask("GET", path)).headers["ETag"]}
    wanted = {"name": "A.", "role": "administrator", "organisation_id": me["organisation_id"]}

    refused = await administrator(
        "PUT", path, {**wanted, "role": "coordinator"}, headers=tag, expects=409
    )
    renamed = await administrator("PUT", path, wanted, headers=tag)

    assert refused["title"] == "own_account"
    assert renamed["name"] == "A."
    await administrator("DELETE", f"{path}/second-factor", expects=409)


async def test_people_are_listed_to_those_beside_and_above_them_without_addresses(
    client: Client, country: Country
) -> None:
    async def sees(who: str) -> set[str]:
        found = (await As(client, who)("GET", "/people"))["items"]
        return {one["organisation"] for one in found}

    assert await sees("ministry@Agency") == {"Country", "Agency"}
    assert await sees("administrator@Agency") == {"Agency"}
    assert await sees("evaluator@Agency") == {"Country", "Agency"}
    assert await sees("alice") == {"Agency"}
    one = country.organisations["Agency"]
    found = await As(client, "ministry@Agency")("GET", f"/people?organisation={one}")
    assert {each["organisation"] for each in found["items"]} == {"Agency"}
    mails = [each["email"] for each in (await As(client, "alice")("GET", "/people"))["items"]]
    assert set(mails) == {None}
    assert all(each["email"] for each in found["items"] if each["login"].startswith("r"))


async def test_changing_a_password_ends_the_other_sessions(
    client: Client, country: Country
) -> None:
    await redeem(client, token_in(await invited_dina(client, country)))
    here, there = [As(client, (await sign_in(client))["token"]) for _ in range(2)]
    other = "kopi lautan gerimis"

    wrong = {"present": "wrong", "password": other}
    await here("PUT", "/me/password", wrong, expects=401)
    await here("PUT", "/me/password", {"present": STRONG, "password": "short"}, expects=422)
    assert len((await here("GET", "/sessions"))["items"]) == 2
    await here("PUT", "/me/password", {"present": STRONG, "password": other})

    await there("GET", "/me", expects=401)
    await here("GET", "/me")
    await sign_in(client, expects=401)
    await sign_in(client, password=other)


async def test_secrets_can_be_replaced(client: Client, country: Country, db: Database) -> None:
    await redeem(client, token_in(await invited_dina(client, country)))
    await enrolled(client, (await sign_in(client))["token"])

    count = await db.write(secrets.reseal, Sealer("new,demo"))

    sealed = [await db.read(_sealed), *(await db.read(_kept))]
    assert count == len(sealed) == 3  # of dina, the log's key, and that of what is typed
    assert all(Sealer("new").open(one) is not None for one in sealed)
    assert all(Sealer("demo").open(one) is None for one in sealed)


def _kept(tx: Reader) -> list[str]:
    return [one.sealed for one in stored.all_kept(tx).values()]


def _sealed(tx: Reader) -> str:
    from survey_service.store import people

    known = people.credential(tx, "dina")
    assert known is not None
    assert known.totp is not None
    return known.totp


async def test_everything_about_people_is_on_record(
    client: Client, country: Country, db: Database
) -> None:
    await redeem(client, token_in(await invited_dina(client, country)))
    await sign_in(client)
    await sign_in(client, expects=401, password="wrong")

    entries = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])

    told = [(entry.actor, entry.action) for entry in entries][-3:]
    assert told == [
        ("administrator@Agency", "person.invite"),
        ("dina", "password.set"),
        ("dina", "session.open"),
    ]
    assert [one.action for one in await db.read(attempts.tallies)] == ["session.refuse"]
    assert all(STRONG not in f"{entry.before}{entry.after}" for entry in entries)


async def test_an_invitation_that_is_repeated_is_one_and_its_link_is_nowhere_in_clear(
    client: Client, country: Country, db: Database
) -> None:
    administrator, key = As(client, "administrator@Agency"), {"Idempotency-Key": "once"}

    first, again = [
        await administrator("POST", "/people", invitation(country), headers=key, expects=201)
        for _ in range(2)
    ]

    assert first == again
    kept = await db.read(lambda tx: [str(row) for row in tx.execute(sa.select(idempotency))])
    assert len(kept) == 1
    assert token_in(first) not in kept[0]
    await redeem(client, token_in(first))
