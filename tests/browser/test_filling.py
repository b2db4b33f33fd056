"""Filling in beyond single answers: a grid of units, names after an `@`, charts, paper, small windows."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.people import Person, opening
from tests.browser.serving import Service
from tests.browser.test_fill_in import open_assessment

pytestmark = pytest.mark.browser
UNITS = "pemdi@2026.8"
_PASTE = """([place, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  place.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
_TALLEST = """() => Math.max(0, ...[...document.querySelectorAll("body *")]
  .filter((one) => ["sticky", "fixed"].includes(getComputedStyle(one).position) && one.checkVisibility())
  .map((one) => one.getBoundingClientRect().height))"""


@pytest.fixture
def person(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[Person]:
    found = Person(playwright, service, tmp_path, language="id", width=1440, script=True)
    found.sign_in("demo", service.password)
    yield found
    found.context.close()
    assert not found.wrong, "\n".join(found.wrong)


def _paste(page: Page, text: str) -> None:
    cell = page.locator("[id='13'] .units td input").first
    cell.evaluate(f"(place, text) => ({_PASTE})([place, text])", text)


def test_units_are_pasted_from_a_spreadsheet_into_a_grid(person: Person) -> None:
    page = person.page
    open_assessment(page, UNITS)
    page.goto(f"{page.url.rpartition('/')[0]}/13")
    question = page.locator("[id='13']")

    _paste(page, "Unit\tNilai\tBobot\r\nSIMPEG: pusat\t3,5\t1.850\r\nE-Kinerja\t4\t2\r\n")
    doubtful = question.locator(".units [aria-invalid=true]")
    expect(doubtful).to_have_value("1.850")
    person.look()
    expect(question.locator(".units td .readings button")).to_have_count(2)
    question.locator(".units td .readings button").first.click()
    expect(question.locator(".status .saved")).to_be_visible()
    page.reload()

    values = [
        one.input_value()
        for one in question.locator(
            ".units tbody tr:nth-child(-n+2) input:not([type=checkbox])"
        ).all()
    ]
    assert values == ["SIMPEG: pusat", "3,5", "1850", "", "E-Kinerja", "4", "2", ""]


def test_a_unit_without_an_answer_yet_is_not_lost(person: Person) -> None:
    page = person.page
    open_assessment(page, UNITS)
    page.goto(f"{page.url.rpartition('/')[0]}/13")
    cells = page.locator("[id='13'] .units td input")

    cells.first.press_sequentially("SIMPEG")
    page.wait_for_timeout(1500)  # what is typed is sent after a second
    page.reload()

    expect(cells.first).to_have_value("SIMPEG")


def test_names_are_offered_after_an_at_sign(person: Person, service: Service) -> None:
    service.add("ratna", "respondent", "Pemerintah Kabupaten Contoh", "regency")
    page = person.page
    open_assessment(page)
    page.locator("[id='remarks-M1.1']").click()
    text = page.locator("#annotations-M1\\.1 textarea[name=text]")

    text.press_sequentially("Mohon dicek @rat")
    expect(page.get_by_role("listbox").get_by_role("option", name="@ratna")).to_have_attribute(
        "aria-selected", "true"
    )
    person.look()
    text.press("Enter")

    expect(text).to_have_value("Mohon dicek @ratna ")
    expect(page.get_by_role("listbox").get_by_role("option", name="@ratna")).to_have_count(0)


def test_a_double_click_without_script_opens_one(
    playwright: Playwright, service: Service, tmp_path: Path
) -> None:
    person = Person(playwright, service, tmp_path, language="id", width=1440, script=False)
    person.sign_in("demo", service.password)
    page = person.page
    before = page.request.get("/api/v1/assessments").json()["items"]
    page.goto("/questionnaires")

    opening(page, "spbe@2018.5").dblclick()
    page.wait_for_load_state()
    page.wait_for_timeout(500)

    after = page.request.get("/api/v1/assessments").json()["items"]
    person.context.close()
    assert len(after) - len(before) == 1


def test_a_mark_of_a_chart_tells_its_name_to_who_points_at_it_or_comes_by_the_keyboard(
    person: Person,
) -> None:
    page = person.page
    open_assessment(page)
    page.locator("[id='M1.1'] input[value='3']").check()
    expect(page.locator("[id='M1.1'] .saved")).to_be_visible()
    page.goto(f"{page.url.partition('/parts')[0]}/roadmap")
    marks = page.locator(".chart [role=img][tabindex]")

    marks.last.hover()  # over the others
    expect(page.locator(".tip")).to_contain_text(":")
    page.mouse.move(0, 0)
    marks.first.focus()
    page.keyboard.press("ArrowRight")

    expect(marks.nth(1)).to_be_focused()
    name = marks.nth(1).get_attribute("aria-label")
    expect(page.locator(".tip")).to_have_text(name or "")
    person.look()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 256)])
def test_what_stays_in_view_takes_a_fifth_of_a_small_window_at_the_most(
    person: Person, width: int, height: int
) -> None:
    page = person.page
    open_assessment(page)
    page.set_viewport_size({"width": width, "height": height})

    page.mouse.wheel(0, 3000)

    assert 0 < page.evaluate(_TALLEST) <= height / 5
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_printing_wastes_no_page(person: Person, tmp_path: Path) -> None:
    page = person.page
    open_assessment(page)
    part = page.url
    one = part.partition("/parts")[0]

    printed = tmp_path / "page.pdf"
    for path in ("/", "/assessments", "/cycles/1", "/cycles/1/board", part, f"{one}/result"):
        page.goto(path)
        page.pdf(path=printed, format="A4")
        full = _filled(printed)
        assert full[-1] > 0.03, (path, full)  # a line or two
        assert min(full[:-1], default=1) > 0.5, (path, full)
    said = subprocess.run(
        ["pdftotext", printed, "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Keluar" not in said  # of the menu


def _filled(printed: Path) -> list[float]:
    """Return of each page how far down something is on it."""
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", "20", printed], check=True, capture_output=True
    ).stdout
    found = []
    while drawn:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+(\d+)\s", drawn)
        assert head is not None
        wide, high = int(head[1]), int(head[2])
        pixels, drawn = (
            drawn[head.end() : head.end() + wide * high],
            drawn[head.end() + wide * high :],
        )
        rows = [min(pixels[at * wide : (at + 1) * wide]) < 200 for at in range(high)]
        found.append(max((at for at, ink in enumerate(rows, 1) if ink), default=0) / high)
    return found
