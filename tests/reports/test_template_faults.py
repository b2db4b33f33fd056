"""Templates that others write: what they may change, and what happens to one that fails."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.errors.papers import TemplateFaultError
from survey_service.i18n import describe
from survey_service.reports.papers import shipped
from survey_service.reports.rendering import ASSETS, Renderer
from tests.pdfs import read
from tests.reports.records import on_record

_LOOP = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"


@pytest.fixture(scope="module")
def making() -> Iterator[Renderer]:
    folders = {"template": shipped(), "asset": ASSETS}
    one = Renderer(folders, workers=1, seconds=30, memory=2048)
    yield one
    one.close()


def _made(making: Renderer, folder: Path) -> str:
    content = asyncio.run(making.paper(on_record(), "en", folder, "summary"))
    return " ".join(read(content).pages[0].extract_text().split())


def test_a_file_in_the_folder_stands_for_the_shipped_one(making: Renderer, tmp_path: Path) -> None:
    (tmp_path / "letterhead.html").write_text(
        '<img src="template:emblem.svg" alt="Emblem">Dinas {{ report.organisation }}'
    )
    (tmp_path / "emblem.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )

    text = _made(making, tmp_path)

    assert "Dinas Kabupaten Contoh" in text
    assert "The result on one page" in text


@pytest.mark.parametrize(
    ("template", "line", "words"),
    [
        ("one\n{% if %}", 2, "TemplateSyntaxError"),
        ("one\n\n{{ nobody }}", 3, "'nobody' is undefined"),
        ("{{ report.__class__.__mro__ }}", 1, "SecurityError"),
        ('one\n{% include "../../secret.html" %}', 2, "TemplateNotFound"),
        ('one\n<img src="file:///etc/passwd" alt="">', 2, "file:///etc/passwd, which it may not"),
        ('<img src="http://192.0.2.1/a.png" alt="">', 1, "http://192.0.2.1/a.png, which it may"),
        ("one\n{{ 'x' * 9999999999 }}", 2, "MemoryError"),
        ("{{ range(9999999)|list }}", 1, "OverflowError"),
        ("{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}", 1, "does not come to an end"),
    ],
)
def test_a_template_that_fails_is_told_by_place_and_reason(
    making: Renderer, tmp_path: Path, template: str, line: int, words: str
) -> None:
    (tmp_path / "letterhead.html").write_text(template)

    with pytest.raises(TemplateFaultError) as caught:
        _made(making, tmp_path)

    assert (caught.value.details["file"], caught.value.details["line"]) == ("letterhead.html", line)
    assert words in describe(caught.value, "en")


def test_a_template_that_loops_is_stopped_where_it_loops(tmp_path: Path) -> None:
    (tmp_path / "letterhead.html").write_text(f"one\n{_LOOP}")
    hasty = Renderer({"template": shipped(), "asset": ASSETS}, workers=1, seconds=8, memory=2048)

    with pytest.raises(TemplateFaultError, match="template_loops") as caught:
        _made(hasty, tmp_path)

    assert caught.value.details["line"] == 2
    hasty.close()
