"""The application behind a real server, in the test's own event loop: requests at once, and streams."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from httpx import AsyncClient
from litestar import Litestar

from tests.working import until


@asynccontextmanager
async def live(app: Litestar) -> AsyncIterator[AsyncClient]:
    """Serve an application on a port of its own; yield a client with nobody signed in."""
    config = uvicorn.Config(app, port=0, log_level="warning", access_log=False, lifespan="on")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: _started(server))
    port = server.servers[0].sockets[0].getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    try:
        async with AsyncClient(base_url=address, follow_redirects=True, timeout=120) as client:
            yield client
    finally:
        server.should_exit = True
        await serving


async def _started(server: uvicorn.Server) -> bool:
    return bool(server.started) or server.should_exit
