"""The main job in a real browser: open, answer, watch the index move, download the report."""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.serving import Service
from tests.samples import ROOT

pytestmark = pytest.mark.browser

AXE = ROOT / "survey_service" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = [pytest.param(1440, id="desk"), pytest.param(360, id="phone")]


@pytest.fixture
def page(browser: Browser, service: Service) -> Iterator[Page]:
    """Yield a page with the demo signed in; fail on a console message or a foreign request."""
    yield from _page(browser, service)


def _page(
    browser: Browser, service: Service, width: int = 1440, *, script: bool = True
) -> Generator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="id-ID",
        java_script_enabled=script,
        base_url=service.address,
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if _ours(message.text) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda request: said.append(request.url) if _foreign(request.url, service) else None,
    )
    page.goto("/")
    page.get_by_label("Nama").fill("demo")
    page.get_by_label("Kata sandi").fill(service.password)
    page.get_by_role("button", name="Masuk").click()
    yield page
    assert said == []
    context.close()


def _ours(message: str) -> bool:
    """Whether a console message is the page's; Chromium itself tells of 409 and of being offline."""
    return not message.startswith(("Failed to load resource", "htmx: htmx:error: Failed to fetch"))


def _foreign(url: str, service: Service) -> bool:
    return not url.startswith((service.address, "data:"))


def _open(page: Page, reference: str = "asn-maturity@2026.1") -> None:
    page.goto("/")
    page.get_by_role("button", name=f"Buka penilaian atas {reference}").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_answer_saves_itself_and_the_index_moves(page: Page) -> None:
    _open(page)
    expect(page.locator("#standing")).to_contain_text("–")  # noqa: RUF001 - no index yet
    first = page.locator("form").filter(has_text="M1.1")

    first.get_by_role("radio").nth(3).check()
    expect(first.get_by_text("Tersimpan pukul")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("4,00")
    first.get_by_role("radio").nth(1).check()

    expect(page.locator("#standing")).to_contain_text("2,00")
    expect(page.locator("#parts")).to_contain_text("1/4")


def test_a_note_saves_itself_while_it_is_typed(page: Page) -> None:
    _open(page)
    first = page.locator("form").filter(has_text="M1.1")
    first.get_by_role("radio").nth(2).check()
    expect(first.locator("[name=revision]")).to_have_value("1")

    first.get_by_label("Catatan").press_sequentially("SK nomor 12")

    expect(first.locator("[name=revision]")).to_have_value(re.compile("[2-9]"))
    expect(first.get_by_label("Catatan")).to_be_focused()
    page.reload()
    expect(first.get_by_label("Catatan")).to_have_value("SK nomor 12")


def test_answers_given_faster_than_they_save_all_count(page: Page) -> None:
    _open(page)
    first = page.locator("form").filter(has_text="M1.1")

    for level in (0, 1, 2, 3, 4, 2):
        first.get_by_role("radio").nth(level).check()

    expect(page.locator("#standing")).to_contain_text("3,00")
    expect(first.locator(".problem")).to_have_count(0)
    page.reload()
    expect(first.get_by_role("radio").nth(2)).to_be_checked()


@pytest.fixture
def colleague(browser: Browser, service: Service) -> Iterator[Page]:
    """Yield the page of somebody else on the same team."""
    yield from _page(browser, service)


def _collide(page: Page, colleague: Page, name: str) -> Locator:
    """Answer one indicator twice on the same revision; return the form that came too late."""
    _open(page)
    colleague.goto(page.url)
    mine, theirs = [one.locator("form").filter(has_text=name) for one in (page, colleague)]
    theirs.get_by_role("radio").nth(4).check()
    expect(theirs.get_by_text("Tersimpan pukul")).to_be_visible()
    mine.get_by_role("radio").nth(0).check()
    expect(mine.get_by_text("Versi Anda, belum tersimpan")).to_be_visible()
    return mine


def test_two_people_on_one_answer_lose_neither(page: Page, colleague: Page) -> None:
    mine = _collide(page, colleague, "M1.2")

    expect(mine.locator(".versions")).to_contain_text("5 Standar ditinjau")
    mine.get_by_role("button", name="Simpan versi saya").click()

    expect(mine.get_by_text("Tersimpan pukul")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("1,00")


def test_going_on_typing_does_not_replace_what_somebody_else_saved(
    page: Page, colleague: Page
) -> None:
    mine = _collide(page, colleague, "M1.3")

    with page.expect_response(lambda answer: answer.status == 409):
        mine.get_by_label("Catatan").fill("menurut notulen")
        mine.get_by_label("Catatan").blur()

    expect(mine.get_by_label("Catatan")).to_have_value("menurut notulen")
    colleague.reload()
    theirs = colleague.locator("form").filter(has_text="M1.3")
    expect(theirs.get_by_role("radio").nth(4)).to_be_checked()


def test_a_line_that_drops_keeps_what_was_typed_and_says_so(page: Page) -> None:
    _open(page)
    first = page.locator("form").filter(has_text="M1.1")
    page.context.set_offline(True)
    first.get_by_role("radio").nth(3).check()
    expect(first.get_by_text("Belum tersimpan")).to_be_visible()

    page.context.set_offline(False)
    first.get_by_label("Catatan").fill("setelah tersambung")

    expect(first.get_by_text("Tersimpan pukul")).to_be_visible()
    page.reload()
    expect(first.get_by_role("radio").nth(3)).to_be_checked()


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    _open(page)
    first = page.locator("form").filter(has_text="M1.1")

    first.get_by_text("Petunjuk dan bukti dukung").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")

    expect(first.get_by_role("radio").nth(1)).to_be_checked()
    expect(first.get_by_role("radio").nth(1)).to_be_focused()
    expect(page.locator("#standing")).to_contain_text("2,00")


def test_the_report_of_the_demo_downloads(page: Page, tmp_path: Path) -> None:
    page.goto("/assessments/1/result")
    expect(page.locator("svg")).to_be_visible()

    answer = page.request.get("/assessments/1/report.pdf?lang=id")

    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")


def test_everything_works_without_script(browser: Browser, service: Service) -> None:
    for page in _page(browser, service, script=False):
        _open(page)
        first = page.locator("form").filter(has_text="M1.1")
        first.get_by_role("radio").nth(3).check()
        first.get_by_label("Catatan").fill("tanpa skrip")
        first.get_by_role("button", name="Simpan").click()

        expect(page.locator("#standing")).to_contain_text("4,00")
        expect(first.get_by_label("Catatan")).to_have_value("tanpa skrip")
        page.get_by_role("link", name="Hasil dan laporan").last.click()
        page.get_by_role("button", name="Serahkan").click()
        expect(page.get_by_role("alert")).to_contain_text("48 indikator yang belum dijawab")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/questionnaires/asn-maturity/2026.1",
        "/assessments/1/parts/C2",
        "/assessments/1/result",
        "/nothing",
    ],
)
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    browser: Browser, service: Service, path: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=service.address, bypass_csp=True
    )
    page = context.new_page()
    page.goto("/")
    page.fill("[name=login]", "demo")
    page.fill("[name=password]", service.password)
    page.locator("main button").click()
    page.goto(path)
    page.add_script_tag(path=AXE)

    violations = page.evaluate(
        "axe.run().then(found => found.violations.map(one => [one.id, one.nodes[0].html]))"
    )

    assert violations == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
