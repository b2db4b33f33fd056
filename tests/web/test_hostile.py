"""Every field of every request with what nobody should send: a clear problem or a value kept as it is.

Whatever comes, there is no 500, the audit trail is whole, and what was kept comes back unchanged.
"""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from httpx import Response

from survey_service.operations.log import verify
from survey_service.store.database import Database
from survey_service.web.api.openapi import described
from tests.country import As, Client, Country
from tests.web.test_access import BODIES, NO_BODY, QUERIES, Route, routes, settled

HOSTILE = {
    "NUL": "a\x00b",
    "control characters": "\x01\x07\x1b[31m\x7f",
    "line breaks": "a\r\nSet-Cookie: x=1\r\n\r\n<p>",
    "bidi": "\u202egpj.exe\u2066",
    "invisible": "\u200b\ufeff\u00ad",
    "combining": "Z\u0351\u036b\u0343\u036a" * 50,
    "astral": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "SQL": "'; drop table person; -- \" or 1=1",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}}${7*7}<%= 7*7 %>{0.__class__}%s%n",
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd\\..\\",
    "long": "x" * 100_000,
    "number": "1e999999999",
    "empty": "",
    "blank": " \t ",
    "lone surrogate": "\ud800",
}
WRONG: list[Any] = [None, True, -1, 2**80, 1.5e308, [], {}, [[]], {"a": {"b": {}}}, "x"]
MORE: dict[str, Any] = {
    "signIn": {"login": "alice", "password": "x", "code": ""},
    "issueToken": {"label": "x", "scope": "read", "days": 1},
    "changePassword": {"present": "x", "password": "y"},
    "confirmSecondFactor": {"ticket": "x", "code": "000000", "password": "x"},
    "renewRecoveryCodes": {"password": "x", "code": "000000"},
    "redeemLink": {"token": "x", "password": "y"},
    "forgotPassword": {"login": "x"},
    "addWebhook": {"url": "https://programs.example/events"},
}
EVERYBODY = {**BODIES, **MORE}
WHO = {
    "planCycle": "ministry@Agency", "changeCycle": "ministry@Agency", "move": "alice",
    "acceptRest": "inspector@Agency", "namePanel": "evaluator@Agency", "scoreAlone": "evaluator@Agency", "addOrganisation": "administrator@Agency",
    "changeOrganisation": "ministry@Agency", "invite": "administrator@Agency",
    "changePerson": "administrator@Agency", "succeed": "ministry@Agency",
    "draftRelease": "ministry@Agency", "publishRelease": "ministry@Agency",
    "keepMapping": "ministry@Agency", "makeExport": "ministry@Agency",
}  # fmt: skip


ON_THE_STRICTER = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For what takes long: PostgreSQL refuses what SQLite keeps as it comes."""


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where in a body something could be otherwise."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*place, key)
            yield from _places(each, (*place, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _places(each, (*place, number))


def _with(body: Any, place: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(body)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return changed


def _without(body: Any, place: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(body)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    del inner[place[-1]]
    return changed


def _variants(body: Any) -> Iterator[tuple[str, Any]]:
    for place in _places(body):
        for name, text in HOSTILE.items():
            yield f"{place}: {name}", _with(body, place, text)
        for value in WRONG:
            yield f"{place}: {value!r}", _with(body, place, value)
        yield f"{place}: left out", _without(body, place)
    yield "one too many", {**body, "extra": 1}
    whole: list[Any] = [[], "x", None, 1]
    yield from ((repr(value), value) for value in whole)


def _wrong(what: str, answer: Response) -> str | None:
    """Return what is wrong with an answer to something hostile; None if nothing is."""
    if answer.status_code >= 500:
        return f"{what}: {answer.status_code} {answer.text[:200]}"
    if answer.status_code >= 400:
        problem = answer.headers["content-type"] == "application/problem+json"
        worded = problem and not re.search(r"\b(error|problem)\.\w+", answer.json()["detail"])
        return None if worded else f"{what}: no problem in words: {answer.text[:200]}"
    return None


async def _send(who: As, route: Route, ids: dict[str, Any], body: Any) -> Response:
    path = re.sub(r"{(\w+)(:\w+)?}", lambda found: quote(str(ids[found[1]]), safe=""), route.path)
    headers = {**who.headers, "Content-Type": "application/json", "If-None-Match": "*"}
    if route.name.startswith("change") and "_id" in route.path:
        headers["If-Match"] = f'"{"0" * 32}"'
    content = json.dumps(body).encode()
    return await who.client.request(route.method, path, headers=headers, content=content)


def _described(client: Client) -> list[Route]:
    """Return every operation of the API that takes a JSON body."""
    return [
        Route(operation["operationId"], method.upper(), path, None)
        for path, operations in described(client.app)["paths"].items()
        for method, operation in operations.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]


@ON_THE_STRICTER
async def test_no_body_breaks_anything(client: Client, country: Country, db: Database) -> None:
    BODIES["changePerson"]["organisation_id"] = country.organisations["Agency"]
    world = await settled(client, country, 1)
    found = []
    tried = set()

    for route in _described(client):
        who = As(client, WHO.get(route.name, "alice"))
        tried.add(route.name)
        for what, body in _variants(EVERYBODY[route.name]):
            answer = await _send(who, route, world.ids, body)
            found.append(_wrong(f"{route.name} {what}", answer))

    assert not any(found), "\n".join(one for one in found if one)
    assert tried == set(EVERYBODY)
    assert await db.read(verify, {}) == []


@ON_THE_STRICTER
async def test_no_path_query_or_header_breaks_anything(
    client: Client, country: Country, db: Database
) -> None:
    world = await settled(client, country, 1)
    alice, found = As(client, "alice"), []
    quiet = ("signOut", "signOutEverywhere", "readReport")

    for route in routes(client):
        if not route.path.startswith("/api/") or route.name in quiet:
            continue
        query = QUERIES.get(route.name, "").format(**world.ids)
        body = None if route.method == "GET" or route.name in NO_BODY else EVERYBODY.get(route.name)
        for name, text in HOSTILE.items():
            hostile = quote(text.encode("utf-8", "surrogatepass"), safe="")
            parameters = re.findall(r"{(\w+):str}", route.path)
            path = re.sub(
                r"{(\w+):(\w+)}",
                lambda one, text=hostile: (
                    text if one[2] == "str" else str(world.ids.get(one[1], 1))
                ),  # type: ignore[misc]
                route.path,
            )
            names = [*re.findall(r"(\w+)=", query), "cursor", "stage", "state"]
            asked = [path] if parameters else []
            plain = re.sub(r"{(\w+):\w+}", lambda one: str(world.ids.get(one[1], "x")), route.path)
            if route.method == "GET" or query:
                asked += [f"{plain}?{query}&{each}={hostile}" for each in names]
            for each in asked:
                if len(each) < 60_000:  # a server refuses longer ones before we see them
                    answer = await client.request(
                        route.method, each, json=body, headers=alice.headers
                    )
                    found.append(_wrong(f"{route.name} {name} {each[:80]}", answer))

    assert not any(found), "\n".join(one for one in found if one)
    assert len(found) > 1000
    assert await db.read(verify, {}) == []


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if name not in {"NUL", "lone surrogate"}]
)
async def test_a_text_that_is_kept_comes_back_as_it_was(
    client: Client, country: Country, name: str
) -> None:
    alice, text = As(client, "alice"), HOSTILE[name][:9_000]
    made = await alice("POST", "/assessments", BODIES["openAssessment"], expects=201)
    path = f"/assessments/{made['id']}"

    await alice.answer(path, "A", 3, text)

    assert (await alice("GET", f"{path}/responses/A"))["note"] == text
    assert (await alice("GET", f"{path}/trail"))["items"][-1]["action"] == "response.save"
    page = await client.get(f"{path}/parts/merit", headers=alice.headers)
    assert "<script>alert" not in page.text
    assert "onerror=alert(1)>" not in page.text.replace("&gt;", "")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":1}' * 2, b"null", b'"x"', b'{"level": 1, "level": 2}'],
)  # fmt: skip
async def test_what_is_no_json_is_told_so(client: Client, country: Country, content: bytes) -> None:
    world = await settled(client, country, 1)
    path = f"/assessments/{world.ids['assessment_id']}/responses/B"

    answer = await As(client, "alice").ask(
        "PUT", path, content=content,
        headers={"Content-Type": "application/json", "If-None-Match": "*"},
    )  # fmt: skip

    assert _wrong("", answer) is None
    assert answer.status_code in {400, 200}
