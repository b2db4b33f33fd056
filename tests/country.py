"""A small country for tests in which several organisations have to do with one another.

    Country ─ Agency ─ Office          Abroad ─ Elsewhere

Everybody is called by their role and place: `inspector@Agency`. alice coordinates the Agency, bob
audits it, and charlie coordinates Elsewhere, as everywhere in the tests.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from httpx import AsyncClient, Response
from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import ROLES, Actor, Role
from survey_service.conduct.organisations import Listed
from survey_service.operations.organisations import alter
from survey_service.operations.organisations import enter as enter_organisation
from survey_service.operations.people import enter
from survey_service.operations.sessions import digest
from survey_service.store import organisations, people, sessions
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.tables.review import remark

Client = AsyncTestClient[Litestar]

TREE = {
    "Country": ("ministry", None),
    "Agency": ("regency", "Country"),
    "Office": ("unit", "Agency"),
    "Abroad": ("ministry", None),
    "Elsewhere": ("city", "Abroad"),
}
_ABOVE: tuple[Role, ...] = ("evaluator", "ministry")
_HIGH = {"Agency": "Country", "Elsewhere": "Abroad"}


class Country(Struct, frozen=True):
    """The ids of organisations by name, and everybody by login."""

    organisations: dict[str, int]
    people: dict[str, Actor]


async def settle(db: Database) -> Country:
    """Set up the country; everybody's session token is their login."""
    return await db.write(_settle)


def _settle(tx: Writer) -> Country:
    found: dict[str, int] = {}
    for name, (kind, parent) in TREE.items():
        listed, above = Listed(name, kind), found[parent] if parent else None
        known = organisations.identity(tx, name)
        if known is None:
            found[name] = enter_organisation(tx, listed, above)
        else:
            alter(tx, known, listed, above)
            found[name] = known
    folk = {login: settle_person(tx, login, role, found[place]) for login, role, place in _folk()}
    return Country(found, folk)


def _folk() -> list[tuple[str, Role, str]]:
    own: list[tuple[str, Role, str]] = [
        ("alice", "coordinator", "Agency"),
        ("bob", "auditor", "Agency"),
        ("charlie", "coordinator", "Elsewhere"),
    ]
    for agency, high in _HIGH.items():
        for role in ROLES:
            place = high if role in _ABOVE else agency
            own.append((f"{role}@{agency}", role, place))
    return own


def settle_person(tx: Writer, login: str, role: Role, organisation: int) -> Actor:
    """Let somebody be there and signed in; the token of their session is their login."""
    known = people.credential(tx, login)
    person = people.Person(
        login, login, role, organisation, email=f"{login.replace('@', '.')}@mail.example"
    )
    id_ = known.person_id if known else enter(tx, person)
    now = clock.now()
    sessions.add(tx, digest(login), id_, now, now + dt.timedelta(hours=8))
    return Actor(id_, login, role, organisation, login)


async def remark_id(client: Client, number: int) -> int:
    """Return the id of the remark that is the `number`-th: where a write ran again, the server left out some."""
    ids: list[int] = await client.app.state.services.db.read(_remark_ids)
    return ids[number - 1]


def _remark_ids(tx: Reader) -> list[int]:
    return list(tx.execute(sa.select(remark.c.id).order_by(remark.c.id)).scalars())


class As:
    """Somebody who uses the API; every call says what it expects."""

    def __init__(self, client: AsyncClient, login: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {login}"}

    async def __call__(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        expects: int = 200,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Any:
        """Make a request; return what the answer holds."""
        answer = await self.ask(method, path, json, headers=headers, content=content)
        assert answer.status_code == expects, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    async def ask(
        self,
        method: str,
        path: str,
        json: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Response:
        """Make a request; return the answer."""
        return await self.client.request(
            method,
            f"/api/v1{path}",
            json=json,
            content=content,
            headers={**self.headers, **(headers or {})},
        )

    async def answer(
        self, path: str, code: str, level: int, note: str = "", stage: str = "self", seen: int = 0
    ) -> Any:
        """Answer or score an indicator."""
        return await self(
            "PUT",
            f"{path}/responses/{code}?stage={stage}",
            {"level": level, "note": note},
            headers={"If-Match": f'"{seen}"'},
        )
