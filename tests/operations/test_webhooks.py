"""What programs are told, at a real server on this machine, which stands for one on the internet."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec import Struct
from standardwebhooks.webhooks import Webhook as Independent

from survey_service import clock
from survey_service.conduct import webhooks as decided
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.errors import NotFoundError
from survey_service.errors.jobs import PrivateAddressError, WebhookError, WebhookLimitError
from survey_service.operations import assessments, jobs, secrets, webhooks
from survey_service.operations.jobs import Tools
from survey_service.operations.sealing import Sealer, sealer_of
from survey_service.operations.webhooks import Issued
from survey_service.operations.worker import Worker
from survey_service.outside import webhooks as outside
from survey_service.store import tables
from survey_service.store.database import Database, Writer


class Program(Struct):
    """A program that is told: its address, what it answers, and what arrived."""

    url: str
    answer: str
    received: list[tuple[Mapping[str, str], bytes]]


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    made = Program("", "200 OK", [])

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        named = dict(line.split(": ", 1) for line in head[1:] if line)
        sent = {name.lower(): value for name, value in named.items()}
        made.received.append((sent, await reader.readexactly(int(sent["content-length"]))))
        to = f"Location: {made.url}\r\n" if made.answer.startswith("3") else ""
        writer.write(f"HTTP/1.1 {made.answer}\r\n{to}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    made.url = f"http://program.localhost:{server.sockets[0].getsockname()[1]}/hook"
    yield made
    server.close()


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine count as one on the internet, and a name of it lead here."""
    monkeypatch.setattr(decided, "is_public", lambda address: address == "127.0.0.1")
    real = socket.getaddrinfo

    def found(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        here = host == "program.localhost"
        return real("127.0.0.1" if here else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", found)


async def _hook(db: Database, actor: Actor, program: Program, sealer: Sealer) -> Issued:
    """Add an address; it is then that of the program, which speaks no TLS."""
    made = await db.write(webhooks.add, actor, "https://example.go.id/hook", sealer)
    await db.write(_point, made.id, program.url)
    return made


def _point(tx: Writer, webhook_id: int, url: str) -> None:
    hook = tables.metadata.tables["webhook"]
    tx.execute(sa.update(hook).where(hook.c.id == webhook_id).values(url=url))


async def _happens(db: Database, alice: Actor) -> Assessment:
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    await db.write(webhooks.tell, opened, "submit")
    return opened


@pytest.fixture
def sealer(tools: Tools) -> Sealer:
    return sealer_of(tools.settings)


async def test_a_program_is_told_signed_and_only_of_what_its_owner_sees(
    tools: Tools, alice: Actor, charlie: Actor, program: Program, sealer: Sealer, internet: None
) -> None:
    hook = await _hook(tools.db, alice, program, sealer)
    await _hook(tools.db, charlie, program, sealer)

    opened = await _happens(tools.db, alice)
    await Worker(tools).work_until_idle()

    ((sent, body),) = program.received
    said = Independent(hook.secret).verify(body, dict(sent))
    assert (said["type"], said["data"]["assessment"]) == ("assessment.submit", opened.id)
    assert sent["host"].startswith("program.localhost:")


async def test_what_is_not_taken_is_sent_again_under_the_same_id(
    tools: Tools, alice: Actor, program: Program, sealer: Sealer, internet: None
) -> None:
    await _hook(tools.db, alice, program, sealer)
    await _happens(tools.db, alice)
    for program.answer in ("500 Oh", "200 OK"):
        await tools.db.write(_due_now)
        await Worker(tools).work_until_idle()

    ids = [sent["webhook-id"] for sent, _ in program.received]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def _due_now(tx: Writer) -> None:
    job = tables.metadata.tables["job"]
    tx.execute(sa.update(job).where(job.c.kind == "webhook").values(due_at=clock.now()))


async def test_a_redirect_is_not_followed(program: Program, internet: None) -> None:
    program.answer = "302 Found"

    with pytest.raises(WebhookError):
        await outside.send(program.url, {}, b"{}")

    assert len(program.received) == 1


async def test_a_name_that_leads_to_a_private_address_is_refused_before_anything_is_sent(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(PrivateAddressError):
        await outside.send(program.url.replace("program.localhost", "localhost"), {}, b"{}")

    assert program.received == []


async def test_a_name_is_looked_up_once_and_that_address_is_the_one_connected_to(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a name could lead to the internet when it is looked at, and here when it is used."""
    real, asked = socket.getaddrinfo, []

    def found(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        first = host == "rebinding.example" and asked.count(host) == 1
        return real("203.0.113.9" if first else "127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(decided, "is_public", lambda address: address == "203.0.113.9")
    monkeypatch.setattr(outside, "SECONDS", 0.5)

    with pytest.raises(WebhookError):
        await outside.send(program.url.replace("program.localhost", "rebinding.example"), {}, b"{}")

    assert asked.count("rebinding.example") == 1
    assert program.received == []


async def test_a_new_secret_and_the_one_before_sign_for_a_day(
    tools: Tools, alice: Actor, program: Program, sealer: Sealer, internet: None
) -> None:
    first = await _hook(tools.db, alice, program, sealer)
    second = await tools.db.write(webhooks.renew, alice, first.id, sealer)
    await tools.db.write(secrets.reseal, sealer)

    await tools.db.write(webhooks.ping, alice, first.id)
    await Worker(tools).work_until_idle()

    ((sent, body),) = program.received
    for secret in (first.secret, second.secret):
        assert Independent(secret).verify(body, dict(sent)) == json.loads(body)


async def test_nothing_is_sent_once_an_address_is_removed_or_its_owner_deactivated(
    tools: Tools, alice: Actor, program: Program, sealer: Sealer, internet: None
) -> None:
    removed = await _hook(tools.db, alice, program, sealer)
    await _hook(tools.db, alice, program, sealer)
    await _happens(tools.db, alice)
    await tools.db.write(webhooks.remove, alice, removed.id)
    await tools.db.write(_deactivate, alice.id)

    await Worker(tools).work_until_idle()

    assert program.received == []


def _deactivate(tx: Writer, person_id: int) -> None:
    person = tables.person
    tx.execute(sa.update(person).where(person.c.id == person_id).values(active=False))


async def test_a_secret_that_cannot_be_opened_is_told(
    tools: Tools, alice: Actor, program: Program, internet: None
) -> None:
    hook = await _hook(tools.db, alice, program, Sealer("another one"))
    job_id = await tools.db.write(webhooks.ping, alice, hook.id)

    await Worker(tools).work_until_idle()

    found = await tools.db.read(jobs.view, alice, job_id)
    assert found.error is not None
    assert (found.state, found.error.code) == ("dead", "webhook_secret")


async def test_addresses_are_ones_own_and_few(
    db: Database, alice: Actor, charlie: Actor, sealer: Sealer
) -> None:
    made = await db.write(webhooks.add, alice, "https://example.go.id", sealer)
    for _ in range(4):
        await db.write(webhooks.add, alice, "https://example.go.id", sealer)

    with pytest.raises(WebhookLimitError):
        await db.write(webhooks.add, alice, "https://example.go.id", sealer)
    with pytest.raises(NotFoundError):
        await db.write(webhooks.remove, charlie, made.id)
