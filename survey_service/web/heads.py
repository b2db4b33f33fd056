"""HEAD wherever GET works: the same answer without its content."""

from typing import cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send


def answering_heads(app: ASGIApp) -> ASGIApp:
    """Return an application that answers HEAD as it answers GET, but for the content."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") != "HEAD":
            await app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        asked = {**scope, "method": "GET"}  # a copy: the server must know that it was HEAD
        await app(cast("Scope", asked), receive, send_head)

    return answer
