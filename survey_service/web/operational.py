"""For those who run the service: whether it is well, and what it does."""

import asyncio
from typing import Any

from litestar import Request, Response, get
from litestar.types import Message, Scope
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.process_collector import ProcessCollector

from survey_service.errors.installation import DatabaseUnavailableError, FilesUnavailableError
from survey_service.store.faults import require_space
from survey_service.store.schema import require_newest
from survey_service.web.access import PUBLIC
from survey_service.web.context import Services

REGISTRY = CollectorRegistry()
ANSWERS = Counter(
    "survey_answers", "Answers by method and status.", ["method", "status"], registry=REGISTRY
)
ProcessCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_PATIENCE = 5  # seconds; whoever asks whether we are ready does not wait for long


async def count(message: Message, scope: Scope) -> None:
    """Count every answer."""
    if message["type"] == "http.response.start":
        ANSWERS.labels(scope["method"], message["status"]).inc()  # type: ignore[typeddict-item] # HTTP


@get("/health", opt=PUBLIC, include_in_schema=False)
async def health() -> dict[str, str]:
    """Answer `ok` while the process is alive; this waits for nothing."""
    return {"status": "ok"}


@get("/ready", opt=PUBLIC, include_in_schema=False)
async def ready(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Answer `ok` when requests can be served.

    The database answers and is up to date, files can be kept, and there is space for more.
    """
    services: Services = request.app.state.services
    try:
        async with asyncio.timeout(_PATIENCE):
            await services.db.read(require_newest)
    except TimeoutError as error:
        raise DatabaseUnavailableError from error
    try:
        async with asyncio.timeout(_PATIENCE):
            await services.files.require_working()
    except TimeoutError as error:
        raise FilesUnavailableError from error
    require_space(services.settings)
    return {"status": "ok"}


@get("/metrics", opt=PUBLIC, include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the counters in Prometheus's text format; of several workers, their sums."""
    services: Services = request.app.state.services
    registry = REGISTRY
    if services.settings.workers > 1:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library is typed in part
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
