"""HTML to PDF in worker processes that can be stopped.

WeasyPrint holds the interpreter while it lays out, and a hostile document can keep it busy for
minutes: hence processes of its own, with a time and a memory limit. What a document may load is
what lies in the folders given here, under the names `template:…` and `asset:…`; every other
address, of the network or of a file, ends the rendering.
"""

import asyncio
import datetime as dt
import gc
import multiprocessing
import resource
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec import structs
from pebble import ProcessExpired, ProcessPool

from survey_service.errors.installation import MissingLibraryError, SealError
from survey_service.errors.papers import RenderingError, TemplateFaultError
from survey_service.processes import (
    end_with_parent,
    give_back_memory,
    give_back_what_is_free,
)
from survey_service.reports import assessment, national_paper
from survey_service.reports.assessment import Report
from survey_service.reports.attachments import Attachment, attachments
from survey_service.reports.national_paper import National
from survey_service.reports.papers import Paper, folder_of, shipped
from survey_service.reports.sealing import Seal, UnsealableError, certificate, sealed
from survey_service.reports.template_faults import Fault, RefusedError, limited, located
from survey_service.reports.workers import Workers
from survey_service.settings import Settings

T = TypeVar("T")

_VARIANT = "pdf/a-3a"
_NO_DAY = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # of what encloses nothing
_TASKS = 20  # documents until a worker makes way for a new one: WeasyPrint keeps more with each
_IDLE = 30.0  # seconds: it holds as much as the service itself, and to start anew takes one
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

    async def paper(
        self,
        report: Report,
        language: str,
        templates: Path,
        paper: Paper = "report",
        further: Sequence[Attachment] = (),
    ) -> bytes:
        """Return a paper on an assessment as a PDF; its page as well is made by the worker.

        Args:
            report: What it says.
            language: Of its words and numbers.
            templates: The folder of templates that make it.
            paper: Which one.
            further: What it encloses beside its answers and the questionnaire.

        Raises:
            TemplateFaultError: A template fails; says where and why.
            RenderingError: See `pdf`.
            MissingLibraryError: See `pdf`.
        """
        folders = {**self._folders, "template": folder_of(templates)}
        args = (report, language, templates, paper, tuple(further), folders, self._seconds / 2)
        made = await self._made(_paper, *args)
        if isinstance(made, Fault):
            raise TemplateFaultError(**structs.asdict(made))
        return made

    async def national(
        self,
        report: National,
        language: str,
        templates: Path,
        enclosed: Sequence[Attachment] = (),
    ) -> bytes:
        """Return a national report as a PDF with what it encloses, as `paper` makes others.

        Raises:
            TemplateFaultError: A template fails; says where and why.
            RenderingError: See `pdf`.
            MissingLibraryError: See `pdf`.
        """
        folders = {**self._folders, "template": folder_of(templates)}
        args = (report, language, templates, tuple(enclosed), folders, self._seconds / 2)
        made = await self._made(_national, *args)
        if isinstance(made, Fault):
            raise TemplateFaultError(**structs.asdict(made))
        return made

    async def certificate(self, seal: Seal) -> str:
        """Return the SHA-256 of the certificate that seals; a worker opens it.

        Raises:
            SealError: It cannot be opened.
            RenderingError: See `pdf`.
        """
        return await self._made(certificate, seal)

    async def sealed(self, content: bytes, seal: Seal, language: str) -> bytes:
        """Return a paper with a seal behind it.

        Raises:
            SealError: The certificate cannot be opened, or the authority does not answer.
            RenderingError: See `pdf`.
        """
        return await self._made(sealed, content, seal, language)

    async def _made(self, make: Callable[..., T], *args: object) -> T:
        try:
            try:
                return await self._scheduled(make, args)
            except BrokenProcessPool:  # killed before it began, as where memory is short: once more
                return await self._scheduled(make, args)
        except UnsealableError as error:
            raise SealError(source=error.args[0], cause=error.args[1]) from error
        except (
            FutureTimeoutError, BrokenProcessPool, ProcessExpired, MemoryError, RefusedError
        ) as error:  # fmt: skip
            raise RenderingError(seconds=self._seconds) from error
        except OSError as error:  # a timeout is one as well, hence last
            raise MissingLibraryError(task="PDF", cause=str(error).splitlines()[0]) from error

    async def _scheduled(self, make: Callable[..., T], args: Sequence[object]) -> T:
        task = self._pool.schedule(_alone, args=(make, *args), timeout=self._seconds)
        return await asyncio.wrap_future(cast("Future[T]", task))

    def close(self) -> None:
        """Stop the workers."""
        self._pool.close()


def _alone(make: Callable[..., T], *args: object) -> T:
    """Do one thing in a worker, and keep as little of it as can be: a report leaves 10 MB behind."""
    try:
        return make(*args)
    finally:
        gc.collect()  # pages that were laid out refer to one another
        give_back_what_is_free()


def _pool(workers: int, memory: int) -> ProcessPool:
    return ProcessPool(
        max_workers=workers,
        max_tasks=_TASKS,
        initializer=_prepare,
        initargs=[memory * 1024 * 1024],
        context=multiprocessing.get_context("spawn"),  # forking a threaded process can hang
    )


def renderer(settings: Settings) -> Renderer:
    """Return the renderer that the settings describe."""
    folders = {"template": folder_of(settings.report_templates), "asset": ASSETS}
    return Renderer(
        folders, settings.report_workers, settings.report_seconds, settings.report_memory
    )


def render(
    html: str,
    folders: dict[str, Path],
    enclosed: Sequence[Attachment] = (),
    at: dt.datetime = _NO_DAY,
) -> bytes:
    """Return the PDF of a page, made in this process: a PDF/A-3a and a PDF/UA-1 in one file.

    Args:
        html: The page.
        folders: What it may load, by scheme.
        enclosed: Files that lie in the PDF.
        at: From when those are: the same page at the same moment gives the same bytes.
    """
    import weasyprint  # noqa: PLC0415 - takes seconds, and only workers need it
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    from survey_service.reports.conformity import ends_well  # noqa: PLC0415 - as above

    class Fetcher(URLFetcher):  # type: ignore[misc] # untyped library
        def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 - the base has it
            try:
                path = allowed(url, folders)
            except RefusedError as error:
                raise FatalURLFetchingError(str(error)) from error
            return URLFetcherResponse(url, path.read_bytes())

    page = weasyprint.HTML(string=html, base_url="template:", url_fetcher=Fetcher())
    padding = 0
    try:
        document = page.render(pdf_variant=_VARIANT)
        while not ends_well(content := written(document, enclosed, at, padding)):
            padding += 1
    except FatalURLFetchingError as error:
        raise RefusedError(str(error)) from error
    return content


def written(document: Any, enclosed: Sequence[Attachment], at: dt.datetime, padding: int) -> bytes:
    """Return the PDF of a page that is laid out, with files enclosed; see `render` and `conform`."""
    from survey_service.reports.conformity import conform  # noqa: PLC0415 - as above

    files = [_file(one, at) for one in sorted(enclosed, key=attrgetter("name"))]
    finisher = partial(conform, padding=padding)
    return bytes(document.write_pdf(pdf_variant=_VARIANT, attachments=files, finisher=finisher))


def _file(one: Attachment, at: dt.datetime) -> Any:
    from weasyprint import Attachment as File  # noqa: PLC0415 - as above

    at = at.astimezone(dt.UTC)
    file = BytesIO(one.content)
    about = {"name": one.name, "description": one.description, "relationship": one.relation}
    return File(file_obj=file, created=at, modified=at, **about)


def _paper(
    report: Report,
    language: str,
    templates: Path,
    paper: Paper,
    further: tuple[Attachment, ...],
    folders: dict[str, Path],
    seconds: float,
) -> bytes | Fault:
    """Return a paper, or where a template of others fails; see `_unless_faulty`."""

    def made() -> bytes:
        with limited(seconds):
            page = assessment.page(report, language, templates, paper)
        enclosed = (*attachments(report, language, paper), *further)
        return render(page, folders, enclosed, report.at)

    return _unless_faulty(made, templates)


def _national(
    report: National,
    language: str,
    templates: Path,
    enclosed: tuple[Attachment, ...],
    folders: dict[str, Path],
    seconds: float,
) -> bytes | Fault:
    """Return a national report, or where a template of others fails; see `_unless_faulty`."""

    def made() -> bytes:
        with limited(seconds):
            page = national_paper.page(report, language, templates)
        return render(page, folders, enclosed, report.at)

    return _unless_faulty(made, templates)


def _unless_faulty(make: Callable[[], bytes], templates: Path) -> bytes | Fault:
    """Return what is made, or where a template of others fails; ours have no fault but a mistake."""
    try:
        return make()
    except Exception as error:
        fault = located(error, (folder_of(templates), shipped()))
        if fault is None or folder_of(templates) == shipped():
            raise
        return fault


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
    give_back_memory()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    import weasyprint  # noqa: F401, PLC0415 - before the first report, not during it

    gc.freeze()  # else what is collected after each report looks through all that we import
