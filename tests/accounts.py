"""dina, whom the tests invite: her link, her password, her second factor; and who was there first."""

import datetime as dt
from typing import Any

import pyotp

from survey_service import clock
from survey_service.operations.sessions import digest
from survey_service.store import people, sessions
from survey_service.store.database import Database, Writer
from survey_service.store.people import Person
from tests.country import As, Client, Country

STRONG = "gambut merpati sembilan"


def invitation(country: Country, **more: object) -> dict[str, Any]:
    return {
        "login": "dina",
        "name": "Dina",
        "role": "respondent",
        "organisation_id": country.organisations["Agency"],
        **more,
    }


async def invited_dina(client: Client, country: Country, **more: object) -> dict[str, Any]:
    administrator = As(client, "administrator@Agency")
    made: dict[str, Any] = await administrator(
        "POST", "/people", invitation(country, **more), expects=201
    )
    return made


def token_in(invited: dict[str, Any]) -> str:
    return str(invited["link"]).rpartition("/")[2]


async def redeem(client: Client, token: str, password: str = STRONG, expects: int = 204) -> Any:
    body = {"token": token, "password": password}
    return await As(client, "")("POST", "/passwords", body, expects=expects)


async def sign_in(client: Client, expects: int = 201, **more: object) -> Any:
    body = {"login": "dina", "password": STRONG, **more}
    return await As(client, "")("POST", "/sessions", body, expects=expects)


async def dina(client: Client, country: Country) -> As:
    """Return dina, who was invited, has set a password, and is signed in."""
    await redeem(client, token_in(await invited_dina(client, country)))
    return As(client, (await sign_in(client))["token"])


async def enrolled(client: Client, token: str, present: str = "") -> tuple[pyotp.TOTP, list[str]]:
    """Set up a second factor for dina; return what makes its codes, and the recovery codes."""
    who = As(client, token)
    offer = await who("POST", "/me/second-factor")
    totp = pyotp.TOTP(offer["secret"])
    wanted = {"ticket": offer["ticket"], "code": totp.at(clock.now()), "password": STRONG}
    made = await who("PUT", "/me/second-factor", {**wanted, "present": present})
    return totp, made["codes"]


async def first_administrator(db: Database, country: Country) -> str:
    """Add an administrator whom nobody stands above; return the token of their session."""
    first = Person("first", "First", "administrator", country.organisations["Country"])

    def add(tx: Writer) -> None:
        now = clock.now()
        sessions.add(tx, digest("first"), people.add(tx, first), now, now + dt.timedelta(hours=1))

    await db.write(add)
    return "first"
