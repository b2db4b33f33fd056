"""What a document may load, and what happens to one that takes too long."""

import asyncio
import multiprocessing
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socket import create_server

import pytest

from survey_service.errors.installation import MissingLibraryError
from survey_service.errors.papers import RenderingError
from survey_service.reports.rendering import Renderer, allowed, render, renderer
from survey_service.reports.template_faults import RefusedError
from survey_service.settings import Settings
from tests.pdfs import conforming
from tests.processes import left_of_session


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.css").write_text("p { color: red }")
    (tmp_path / "secret.css").write_text("")
    (tmp_path / "in" / "link.css").symlink_to(tmp_path / "secret.css")
    return {"template": tmp_path / "in"}


@pytest.fixture
def one(folders: dict[str, Path]) -> Iterator[Renderer]:
    making = Renderer(folders, workers=1, seconds=4, memory=2048)
    yield making
    making.close()


async def test_workers_end_when_there_is_nothing_to_do_and_come_again(
    folders: dict[str, Path],
) -> None:
    making = Renderer(folders, workers=1, seconds=30, memory=2048, idle=0.2)
    first = await making.pdf("<p>x")

    for _ in range(100):
        if not multiprocessing.active_children():
            break
        await asyncio.sleep(0.1)
    left = multiprocessing.active_children()
    again = await making.pdf("<p>x")

    assert left == []
    assert first == again
    making.close()


@pytest.mark.parametrize("known", [False, True])
async def test_a_worker_that_is_killed_while_it_waits_is_replaced(
    one: Renderer,
    *,
    known: bool,  # before the next report is asked for
) -> None:
    first = await one.pdf("<p>x")

    (waiting,) = multiprocessing.active_children()
    waiting.kill()
    waiting.join()
    await asyncio.sleep(0.5 * known)

    assert await one.pdf("<p>x") == first


async def test_workers_that_cannot_begin_are_told(folders: dict[str, Path]) -> None:
    making = Renderer(folders, workers=1, seconds=30, memory=30)

    with pytest.raises(RenderingError):
        await making.pdf("<p>x")

    making.close()


@pytest.mark.parametrize("url", ["template:a.css", "template:/a.css"])
def test_a_document_may_load_what_lies_in_its_folder(url: str, folders: dict[str, Path]) -> None:
    assert allowed(url, folders).name == "a.css"
    assert render(f'<link rel=stylesheet href="{url}"><p>x', folders).startswith(b"%PDF")


@pytest.mark.parametrize(
    "url",
    [
        "template:../secret.css",
        "template:link.css",
        "template:/etc/passwd",
        "template:none.css",
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "https://example.org/x",
        "ftp://example.org/x",
        "asset:a.css",
        "//example.org/x",
    ],
)
def test_a_document_may_load_nothing_else(url: str, folders: dict[str, Path]) -> None:
    with pytest.raises(RefusedError):
        allowed(url, folders)
    with pytest.raises(RefusedError):
        render(f'<link rel=stylesheet href="{url}"><p>x', folders)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="URL">',
        '<link rel=attachment href="URL">',
        '<p style="background: url(URL)">x',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="URL"/></svg>',
        "<style>@import url(URL)</style>",
        "<style>@font-face { font-family: x; src: url(URL) } p { font-family: x }</style><p>x",
        '<object data="URL"></object>',
    ],
)
def test_no_document_reaches_the_network(html: str, folders: dict[str, Path]) -> None:
    with create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.01)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"

        with suppress(RefusedError):  # WeasyPrint itself swallows it inside an inline SVG
            render(html.replace("URL", url), folders)

        with pytest.raises(TimeoutError):
            listener.accept()


async def test_a_worker_makes_a_pdf(one: Renderer) -> None:
    assert conforming(await one.pdf('<html lang="en"><title>x</title><p>x'))


async def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_made(
    one: Renderer,
) -> None:
    with pytest.raises(RenderingError):
        await one.pdf("<table><td colspan=1000000>x")

    assert (await one.pdf("<p>x")).startswith(b"%PDF")


async def test_a_document_that_asks_for_more_is_refused(one: Renderer) -> None:
    with pytest.raises(RenderingError):
        await one.pdf('<img src="file:///etc/passwd">')


async def test_a_machine_without_pango_is_told_what_to_do(
    one: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(_: object) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(asyncio, "wrap_future", missing)

    with pytest.raises(MissingLibraryError):
        await one.pdf("<p>x")


def test_settings_describe_a_renderer() -> None:
    making = renderer(Settings(report_seconds=7))

    assert making._seconds == 7
    making.close()


_KILLED = """
import asyncio, os, signal
from survey_service.reports.rendering import renderer
from survey_service.settings import Settings
from tests.pdfs import conforming

async def work():
    making = renderer(Settings())
    await making.pdf("<p>x")
    under_way = asyncio.ensure_future(making.pdf("<p>" + "<span>x</span> " * 60_000))
    await asyncio.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(work())
"""


def test_a_report_under_way_ends_with_a_service_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)

    with subprocess.Popen([sys.executable, script], start_new_session=True) as service:
        service.wait(60)

    assert service.returncode == -signal.SIGKILL
    assert left_of_session(service.pid) == []
