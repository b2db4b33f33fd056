"""What a program has read already need not be sent again: entity tags on every read of the API."""

import hashlib

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from survey_service.web.context import known_tags


class Unchanged(ASGIMiddleware):
    """Answers a GET of the API with 304 where the reader has just this already.

    An answer that brings a tag keeps it: that of a response is the revision, which saves name.
    """

    scopes = (ScopeType.HTTP,)

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Pass the request on; an answer without a tag is held until it is known whole."""
        if scope["method"] != "GET" or not scope["path"].startswith("/api/"):  # type: ignore[typeddict-item] # HTTP alone
            await next_app(scope, receive, send)
            return
        known = Headers.from_scope(scope).get("if-none-match")
        held: list[Message] = []

        async def hold(message: Message) -> None:
            if not held and message["type"] != "http.response.start":  # the start went out already
                await send(message)
                return
            held.append(message)
            start = held[0]
            if len(held) == 1 and _has_tag(start) and not _is_known(start, known):
                held.clear()
                await send(start)
            elif message["type"] == "http.response.body" and not message["more_body"]:
                for each in _told(known, held):
                    await send(each)

        await next_app(scope, receive, hold)


def _has_tag(start: Message) -> bool:
    return "ETag" in MutableScopeHeaders.from_message(start)


def _is_known(start: Message, known: str | None) -> bool:
    return MutableScopeHeaders.from_message(start)["ETag"].strip('"') in known_tags(known)


def _told(known: str | None, held: list[Message]) -> list[Message]:
    """Return what to tell a reader who knows what bears the tags `known`."""
    start, *bodies = held
    if start["type"] != "http.response.start" or start["status"] != 200:  # noqa: PLR2004
        return held
    headers = MutableScopeHeaders.from_message(start)
    content = b"".join(one["body"] for one in bodies if one["type"] == "http.response.body")
    tag = headers.setdefault("ETag", f'"{hashlib.sha256(content).hexdigest()[:32]}"')
    headers.setdefault("Cache-Control", "private, no-cache")
    if tag.strip('"') not in known_tags(known):
        return held
    start["status"] = 304
    del headers["Content-Length"]
    return [start, {"type": "http.response.body", "body": b"", "more_body": False}]
