"""The application, built and wired in one place."""

import asyncio
import gc
import hashlib
import signal
import sys
import threading
import zoneinfo
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.static_files import create_static_files_router

from survey_service.maturity.answers import ends
from survey_service.operations import log, questionnaires, secrets
from survey_service.operations.columns import KeptColumns
from survey_service.operations.job_progress import Following
from survey_service.operations.jobs import tools_for
from survey_service.operations.kept_papers import KeptPapers
from survey_service.operations.recomputation import require_caught_up
from survey_service.operations.sealing import sealer_of
from survey_service.operations.worker import Worker
from survey_service.outside.single_sign_on import Provider
from survey_service.processes import end_with_parent, give_back_memory
from survey_service.reports.edition import edition
from survey_service.reports.pages import Pages
from survey_service.reports.rendering import ASSETS
from survey_service.settings import GRACE, Settings, from_environment
from survey_service.store.database import is_postgresql
from survey_service.store.schema import require_newest
from survey_service.web import operational, problems, security
from survey_service.web.access import NOBODY, PUBLIC, guard
from survey_service.web.admission import Admission
from survey_service.web.caching import Unchanged
from survey_service.web.context import Services, context
from survey_service.web.heads import answering_heads
from survey_service.web.rendered import once_field
from survey_service.web.routes import API, PAGES

_STATIC = Path(__file__).with_name("web") / "static"
_TEMPLATES = Path(__file__).with_name("web") / "templates"
_SWITCH = (
    0.001  # seconds that a thread at work keeps the event loop waiting, of which there are some
)
_YEAR = 365 * 24 * 3600  # seconds


_COMPRESSION = CompressionConfig(
    "gzip",
    gzip_compress_level=5,
    minimum_size=1000,
    # Files are sent as they are, and their length is known; and a stream's events at once.
    exclude=r"/(content|events)\Z",
)


def create_app(settings: Settings) -> Litestar:
    """Return the application; it opens its store when it starts and closes it when it stops."""
    app = Litestar(
        route_handlers=[
            Router("/api/v1", route_handlers=API, middleware=[Unchanged()]),
            *PAGES,
            _static(),
        ],
        state=State({"services": services(settings)}),
        lifespan=[_running],
        dependencies={"context": Provide(context, sync_to_thread=False)},
        guards=[guard],
        before_request=security.admit,
        before_send=[security.add_headers, operational.count],
        exception_handlers={Exception: _failed},
        request_max_body_size=problems.BODY_LIMIT,
        # Around the router's tags: given to Litestar as its setting, compression runs before them, and
        # the time in a gzip header makes another tag of the same answer each second.
        middleware=[DefineMiddleware(CompressionMiddleware, config=_COMPRESSION)],
        logging_config=None,  # whoever starts a server decides where its log goes
        openapi_config=OpenAPIConfig(
            title="Survey service",
            version="1",
            description="Reform-maturity questionnaires: answer, score, report.",
            # Litestar derives the document; ours, with what it cannot know, is openapi.json.
            openapi_router=Router(
                "/api/v1/_generated", route_handlers=[], opt=NOBODY, include_in_schema=False
            ),
            render_plugins=[],
            use_handler_docstrings=True,
        ),
    )
    # Around the whole application, routing too: what is refused must cost next to nothing.
    app.asgi_handler = Admission(answering_heads(app.asgi_handler), settings.under_way)
    return app


def from_the_environment() -> Litestar:
    """Return the application as the environment describes it, for a server to start."""
    end_with_parent(2 * GRACE)
    give_back_memory()
    return create_app(from_environment())


def services(settings: Settings) -> Services:
    """Return what the application works with; on the embedded store it does jobs itself."""
    tools = tools_for(settings)
    following = Following(tools.db)
    return Services(
        settings=settings,
        db=tools.db,
        files=tools.files,
        sealer=sealer_of(settings),
        mail=tools.mail,
        provider=_provider(settings),
        renderer=tools.renderer,
        following=following,
        columns=KeptColumns(fewest=settings.smallest_group),
        papers=KeptPapers(),
        worker=None if is_postgresql(settings.database) else Worker(tools, following),
        pages=Pages(
            _TEMPLATES,
            zone=zoneinfo.ZoneInfo(settings.time_zone),
            static=static_path(),
            ends=ends,
            once=once_field,
        ),
    )


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret)


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    wired: Services = app.state.services
    wired.settings.require_safe()
    sys.setswitchinterval(_SWITCH)
    try:
        await wired.db.read(require_newest)
        await wired.db.read(require_caught_up)
        await wired.db.read(questionnaires.require_unchanged, wired.settings.questionnaires)
        await secrets.take_over(wired.db, wired.settings)
        await log.require_key(wired.db, wired.sealer, wired.settings.address)
        templates = wired.settings.report_templates
        await asyncio.to_thread(edition, templates)  # reads every file of ours
        gc.freeze()  # else it looks through all that we import, now and then, for a tenth of a second
        async with _beside(log.keep_numbered(wired.db)), _working(wired.worker):
            with _on_signal(wired.following.close):  # else open streams hold up the end
                yield
    finally:
        gc.unfreeze()
        wired.following.close()
        await wired.db.close()
        wired.renderer.close()


@asynccontextmanager
async def _beside(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Run work beside what is done here, and end it with that."""
    running = asyncio.create_task(work)
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _working(worker: Worker | None) -> AsyncIterator[None]:
    """Have jobs done meanwhile; the one at hand is given back at the end."""
    if worker is None:
        yield
        return
    working = asyncio.create_task(worker.work())
    try:
        yield
    finally:
        worker.stop()
        await working


@contextmanager
def _on_signal(act: Callable[[], None]) -> Iterator[None]:
    """Have something done as soon as the process is told to end, before what the server does then."""
    loop = asyncio.get_running_loop()
    main = threading.current_thread() is threading.main_thread()
    known = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)} if main else {}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(act)
        handler = known[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    served = {one: handler for one, handler in known.items() if callable(handler)}
    for one in served:
        signal.signal(one, told)
    try:
        yield
    finally:
        for one, handler in served.items():
            signal.signal(one, handler)


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    return problems.answer(request, error)


def _static() -> Router:
    return create_static_files_router(
        static_path(),
        [_STATIC, ASSETS],
        cache_control=CacheControlHeader(public=True, max_age=_YEAR, immutable=True),
        opt=PUBLIC,
        include_in_schema=False,
    )


def static_path() -> str:
    """Return where static files lie: elsewhere once one changes, so that browsers keep them for ever.

    They name one another by relative paths.
    """
    files = sorted(path for folder in (_STATIC, ASSETS) for path in folder.glob("*.*"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files))
    return f"/static/{digest.hexdigest()[:12]}"
