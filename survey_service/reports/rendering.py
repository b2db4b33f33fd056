"""HTML to PDF in worker processes that can be stopped.

WeasyPrint holds the interpreter while it lays out, and a hostile document can keep it busy for
minutes: hence processes of its own, with a time and a memory limit. What a document may load is
what lies in the folders given here, under the names `template:…` and `asset:…`; every other
address, of the network or of a file, ends the rendering.
"""

import asyncio
import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from typing import Any, cast

from pebble import ProcessExpired, ProcessPool

from survey_service.errors import RenderingError
from survey_service.installation_errors import MissingLibraryError
from survey_service.processes import end_with_parent
from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.workers import Workers
from survey_service.settings import Settings

_IDLE = 120.0  # seconds: to start anew takes one
ASSETS = Path(__file__).parents[1] / "assets" / "dist"
"""Fonts and front-end files that set-up fetched."""


class Renderer:
    """A pool of workers that make PDFs.

    Args:
        folders: What documents may load, by scheme: `{"template": …, "asset": …}`.
        workers: How many documents are made at a time.
        seconds: How long one may take before its worker is stopped.
        memory: How much a worker may take, in MiB.
        idle: How long workers are kept with nothing to do, in seconds.
    """

    def __init__(
        self,
        folders: dict[str, Path],
        workers: int,
        seconds: int,
        memory: int,
        idle: float = _IDLE,
    ) -> None:
        self._folders = folders
        self._seconds = seconds
        self._pool = Workers(lambda: _pool(workers, memory), idle)

    async def pdf(self, html: str) -> bytes:
        """Return the page as a PDF; the same page gives the same bytes.

        Raises:
            RenderingError: It took too long, too much memory, or asked for what it may not load.
            MissingLibraryError: WeasyPrint finds no Pango on this machine.
        """
        return await self._made(render, html, self._folders)

    async def report(self, report: Report, language: str, templates: Path) -> bytes:
        """Return an assessment's report as a PDF; its page as well is made by the worker.

        Raises:
            RenderingError: See `pdf`.
            MissingLibraryError: See `pdf`.
        """
        return await self._made(_report, report, language, templates, self._folders)

    async def _made(self, make: Callable[..., bytes], *args: object) -> bytes:
        task = self._pool.schedule(make, args=args, timeout=self._seconds)
        try:
            return await asyncio.wrap_future(cast("Future[bytes]", task))
        except (FutureTimeoutError, ProcessExpired, MemoryError, RefusedError) as error:
            raise RenderingError(seconds=self._seconds) from error
        except OSError as error:  # a timeout is one as well, hence last
            raise MissingLibraryError(task="PDF", cause=str(error).splitlines()[0]) from error

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()


def _pool(workers: int, memory: int) -> ProcessPool:
    return ProcessPool(
        max_workers=workers,
        initializer=_prepare,
        initargs=[memory * 1024 * 1024],
        context=multiprocessing.get_context("spawn"),  # forking a threaded process can hang
    )


def renderer(settings: Settings) -> Renderer:
    """Return the renderer that the settings describe."""
    folders = {"template": settings.report_templates / "assessment", "asset": ASSETS}
    return Renderer(
        folders, settings.report_workers, settings.report_seconds, settings.report_memory
    )


class RefusedError(Exception):
    """A document asked for an address that it may not load."""


def render(html: str, folders: dict[str, Path]) -> bytes:
    """Return the PDF of a page, made in this process."""
    from weasyprint import HTML  # noqa: PLC0415 - takes seconds, and only workers need it
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Fetcher(URLFetcher):  # type: ignore[misc] # untyped library
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - the base has it
            try:
                path = allowed(url, folders)
            except RefusedError as error:
                raise FatalURLFetchingError(str(error)) from error
            return URLFetcherResponse(url, path.read_bytes())

    document = HTML(string=html, base_url="template:", url_fetcher=Fetcher())
    try:
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1", uncompressed_pdf=False))
    except FatalURLFetchingError as error:
        raise RefusedError(str(error)) from error


def _report(report: Report, language: str, templates: Path, folders: dict[str, Path]) -> bytes:
    return render(assessment.page(report, language, templates), folders)


def allowed(url: str, folders: dict[str, Path]) -> Path:
    """Return the file that a document means.

    Raises:
        RefusedError: The address leads out of the folders.
    """
    scheme, _, name = url.partition(":")
    folder = folders.get(scheme)
    if folder is not None:
        path = (folder / name.lstrip("/")).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    raise RefusedError(url)


def _prepare(memory: int) -> None:
    end_with_parent(0)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    import weasyprint  # noqa: F401, PLC0415 - before the first report, not during it
