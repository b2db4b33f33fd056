"""Every page by axe, in light and dark, at every width; and what the keyboard shows."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect
from pypdf import PdfReader

from tests.browser.people import Person, opening
from tests.browser.serving import Service

pytestmark = pytest.mark.browser

WIDTHS = [
    pytest.param(1440, id="desk"),
    pytest.param(360, id="phone"),
    pytest.param(320, id="zoomed-to-400-percent"),  # of 1280
]
PAGES = {
    "demo": [
        "/", "/assessments", "/assessments?name=nothing", "/questionnaires",
        "/questionnaires/asn-maturity/2026.1?since=2025.1", "/cycles", "/cycles/1", "/cycles/1/views/comparison",
        "/assessments/1/parts/M1", "/assessments/1/parts/C2.1", "/assessments/1/what-if", "/assessments/1/roadmap",
        "/assessments/1/roadmap?years=3&budget=20&then.0=M1.1&first.0=M1.2",
        "/actions", "/actions?state=overdue", "/assessments/1/actions?indicator=M1.1",
        "/assessments/1/evidence", "/assessments/1/questions?words=jabatan&mark=without_evidence",
        "/assessments/1/result", "/assessments/1/print", "/questionnaires/asn-maturity/2026.1/print",
        "/assessments/1/organisation", "/assessments/1/trail", "/assessments/1/trail?kind=steps",
        "/assessments/discarded", "/reports", "/reports?digest=x",
        "/profile", "/notices", "/notices/choices", "/webhooks", "/help", "/help/fill-in", "/help/running", "/second-factor", "/sign-in", "/nothing",
    ],
    "demo-ministry": [
        "/", "/organisations", "/organisations/new", "/organisations/2", "/people", "/people/2",
        "/cycles/new", "/cycles/1", "/cycles/1/edit", "/cycles/1/board?organisation=3",
        "/cycles/1/views/robustness", "/cycles/1/views/coherence", "/cycles/1/views/claims",
        "/cycles/1/views/checks", "/cycles/1/views/series", "/cycles/1/views/series?organisation=3",
        "/cycles/1/participants/3", "/assessments/2/result", "/questionnaires", "/jobs",
        "/cycles/1/views/coverage?by=kind", "/cycles/1/views/progress", "/cycles/1/views/distribution?by=kind",
        "/cycles/1/views/heatmap?tier=0&kind=city", "/cycles/1/views/indicators", "/cycles/1/views/regions",
        "/cycles/1/views/movers", "/cycles/1/views/comparison?other=3",
    ],
    "demo-evaluator": ["/", "/assessments/6/check/M1", "/assessments/6/panel", "/assessments/6/result"],
}  # fmt: skip


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.mark.parametrize("login", PAGES)
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    playwright: Playwright, service: Service, tmp_path: Path, width: int, login: str
) -> None:
    person = Person(playwright, service, tmp_path, language="id", width=width, script=True)
    person.sign_in(login, service.password)
    for path in PAGES[login]:
        for scheme in ("light", "dark")[: 2 if width == 1440 else 1]:
            person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of these
            person.go(path)
    person.context.close()

    assert not person.wrong, "\n".join(person.wrong)


@pytest.fixture
def dewi(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[Person]:
    person = Person(playwright, service, tmp_path, language="id", width=1440, script=True)
    person.sign_in("demo", service.password)
    yield person
    person.context.close()
    assert not person.wrong, "\n".join(person.wrong)


def _opened(person: Person) -> Page:
    person.page.goto("/questionnaires")
    opening(person.page).click()
    return person.page


def test_a_conflict_and_a_refusal_are_as_accessible_as_the_rest(dewi: Person) -> None:
    page = _opened(dewi)
    form = page.locator("form[data-answer='M1.1']")
    form.locator("[value='3']").check()
    expect(form.locator(".saved")).to_be_visible()
    page.evaluate("document.querySelector(\"form[data-answer='M1.1'] [name=revision]\").value = 0")

    form.locator("[name=note]").fill("lain")
    form.locator("[name=note]").blur()
    expect(form.locator(".versions")).to_be_visible()
    dewi.look()
    form.locator("[value='-']").check()
    expect(form.locator(".problem").first).to_be_visible()
    dewi.look()


def test_whatever_has_the_focus_shows_it(dewi: Person) -> None:
    page = _opened(dewi)
    unseen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        unseen += page.evaluate(
            """() => {
                if (document.activeElement === document.body) return []; // in the browser's own bar
                const style = getComputedStyle(document.activeElement);
                const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
                return seen ? [] : [document.activeElement.outerHTML.slice(0, 120)];
            }"""
        )

    assert unseen == []


@pytest.mark.parametrize(
    "path", ["/questionnaires/asn-maturity/2026.1/print", "/assessments/1/print"]
)
def test_a_page_made_for_paper_wastes_none_and_tears_no_question(dewi: Person, path: str) -> None:
    dewi.page.goto(path)
    questions = dewi.page.locator("article .name").all_inner_texts()

    printed = PdfReader(BytesIO(dewi.page.pdf(format="A4"))).pages

    pages = [" ".join(page.extract_text().split()) for page in printed]
    assert [page for page in pages if len(page) < 100] == []
    assert dewi.say("Sign out") not in " ".join(pages)
    begun = [sum(" ".join(one.split()) in page for one in questions) for page in pages]
    assert sum(begun) == len(questions)
    assert 0 not in begun  # each page begins with a question of its own: none is torn
