"""Pages that are rendered beside the event loop, as they are sent: a large one keeps nobody waiting."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain
from typing import Any

from litestar import Request, Response
from litestar.background_tasks import BackgroundTask, BackgroundTasks
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response.base import ASGIResponse
from litestar.types import Send
from markupsafe import Markup
from typing_extensions import override


def once_field() -> Markup:
    """Return the hidden field by which a form is told apart from the same one on another page."""
    return Markup('<input type="hidden" name="once" value="{}">').format(secrets.token_urlsafe(12))


class Page(Response[str]):
    """A page that `make` renders once it is sent, and once what it waits for is `ready`."""

    def __init__(
        self,
        make: Callable[[], str],
        status: int,
        ready: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__("", status_code=status, media_type=MediaType.HTML)
        self.make = make
        self.ready = ready

    @override
    def to_asgi_response(
        self,
        app: Any,
        request: Request[Any, Any, Any],
        *,
        background: BackgroundTask | BackgroundTasks | None = None,
        cookies: Iterable[Cookie] | None = None,
        headers: dict[str, str] | None = None,
        is_head_response: bool = False,
        **others: Any,
    ) -> ASGIResponse:
        """Return what renders the page, and sends it."""
        return _Rendered(
            self.make,
            self.ready,
            background=self.background or background,
            cookies=chain(self.cookies, cookies or ()),
            headers={**(headers or {}), **self.headers},
            is_head_response=is_head_response,
            media_type=self.media_type,
            status_code=self.status_code,
        )


class _Rendered(ASGIResponse):
    def __init__(
        self, make: Callable[[], str], ready: Callable[[], Awaitable[None]] | None, **given: Any
    ) -> None:
        super().__init__(**given)
        self._make = make
        self._ready = ready

    @override
    async def start_response(self, send: Send) -> None:
        """Render, now that everything else is known, and begin to send."""
        if not self.is_head_response:
            if self._ready is not None:
                await self._ready()
            self.body = (await asyncio.to_thread(self._make)).encode()
            self.headers["content-length"] = str(len(self.body))
        await super().start_response(send)
