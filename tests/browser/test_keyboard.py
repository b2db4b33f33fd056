"""The keyboard alone: where the focus is, what keys do, and how many a whole questionnaire takes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser.people import Person
from tests.browser.serving import Service
from tests.browser.test_fill_in import open_assessment

pytestmark = pytest.mark.browser


@pytest.fixture
def page(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[Page]:
    person = Person(playwright, service, tmp_path, language="id", width=1440, script=True)
    person.sign_in("demo", service.password)
    yield person.page
    person.context.close()
    assert not person.wrong, "\n".join(person.wrong)


def _focused(page: Page) -> Locator:
    return page.locator(".indicator:focus-within")


def test_a_part_opens_at_its_first_unanswered_question(page: Page) -> None:
    open_assessment(page)
    expect(_focused(page)).to_have_id("M1.1")
    page.keyboard.press("4")
    expect(page.locator("[id='M1.1'] .saved")).to_be_visible()

    page.reload()

    expect(_focused(page)).to_have_id("M1.2")


def test_forty_nine_answers_take_at_most_120_keys(page: Page) -> None:
    open_assessment(page)
    keys = 0
    for number in range(49):
        expect(_focused(page)).to_have_count(1)
        asked = _focused(page).get_attribute("id")
        level = str(1 + number % 5)
        page.keyboard.press(level)
        page.keyboard.press("j")
        keys += 2
        page.wait_for_function(
            "code => document.querySelector('.indicator:focus-within')?.id !== code", arg=asked
        )

    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator(".verdict")).to_contain_text("49/49")
    assert keys <= 120


def test_options_and_yes_or_no_have_keys(page: Page) -> None:
    open_assessment(page, "zona-integritas@2021.90")
    question = _focused(page)
    code = question.get_attribute("id")
    chosen = page.locator(f"[id='{code}'] input[name=choice]:checked")
    first = page.locator(f"[id='{code}'] input[name=choice]").first.get_attribute("value") or ""

    page.keyboard.press(first[0].lower())
    expect(chosen).to_have_value(first)
    page.keyboard.press("2")
    expect(chosen).not_to_have_value(first)
    expect(page.locator(f"[id='{code}'] .saved")).to_be_visible()


def test_a_key_takes_the_answer_back_and_the_focus_stays(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    page.keyboard.press("4")
    expect(page.locator("#standing")).to_contain_text("4,00")

    page.keyboard.press("u")

    expect(first.locator(".status")).to_contain_text("Dibatalkan")
    expect(page.locator("#standing")).not_to_contain_text("4,00")
    expect(first.locator("input:checked")).to_have_count(0)
    expect(_focused(page)).to_have_id("M1.1")
    page.reload()
    expect(first.locator("input:checked")).to_have_count(0)


def test_the_focus_stays_when_what_had_it_is_swapped(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    first.locator("summary").first.click()
    first.get_by_label("alamat").fill("https://example.go.id/sk")
    first.get_by_role("button", name="Lampirkan").press("Enter")
    expect(first.get_by_role("link", name="https://example.go.id/sk")).to_be_visible()

    first.get_by_role("button", name="Hapus https").press("Enter")
    expect(first.get_by_role("button", name="Kembalikan")).to_be_visible()

    expect(first.locator(":focus")).to_have_count(1)


def test_a_key_shows_the_keys(page: Page) -> None:
    open_assessment(page)

    page.keyboard.press("?")

    expect(page.get_by_role("dialog")).to_contain_text("ke pertanyaan berikut")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(_focused(page)).to_have_id("M1.1")


def test_accepting_by_a_key_goes_on_to_the_next(
    playwright: Playwright, service: Service, tmp_path: Path
) -> None:
    person = Person(playwright, service, tmp_path, language="id", width=1440, script=True)
    person.sign_in("demo-evaluator", service.password)
    page = person.page
    page.goto("/assessments/6/check")
    left = page.locator("#parts .count").all_inner_texts()
    page.locator("[data-accept]").first.focus()
    seen = []
    for _ in range(sum(int(re.sub(r"\D", "", one)) for one in left)):
        seen.append(_focused(page).get_attribute("id"))
        with page.expect_navigation():
            page.keyboard.press("a")
        page.wait_for_load_state()
    remaining = page.locator("[data-accept]").count()
    person.context.close()

    assert len(seen) == len(set(seen)) > 1
    assert remaining == 0
    assert not person.wrong
