"""The main job in a real browser: open, answer, watch the index move, download the report."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, Playwright, Route, expect

from tests.browser.people import Person, fetched, opening
from tests.browser.serving import Service
from tests.files import PDF
from tests.pdfs import conforming

pytestmark = pytest.mark.browser


class Begin(Protocol):
    """What signs the demo in at a browser of its own, by the name of that."""

    def __call__(self, name: str, *, script: bool = True) -> Person: ...


@pytest.fixture
def begin(playwright: Playwright, service: Service, tmp_path: Path) -> Iterator[Begin]:
    """Return what signs the demo in at a browser of its own; fail on what is wrong on the way."""
    people: list[Person] = []

    def begun(name: str, *, script: bool = True) -> Person:
        folder = tmp_path / name
        person = Person(playwright, service, folder, language="id", width=1440, script=script)
        people.append(person)
        person.sign_in("demo", service.password)
        return person

    yield begun
    for person in people:
        person.context.close()
        assert not person.wrong, "\n".join(person.wrong)


@pytest.fixture
def page(begin: Begin) -> Page:
    return begin("mine").page


def open_assessment(page: Page, reference: str = "asn-maturity@2026.1") -> None:
    """Open an assessment, and be on the first part of it."""
    page.goto("/questionnaires")
    opening(page, reference).click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_answer_saves_itself_and_the_index_moves(page: Page) -> None:
    open_assessment(page)
    expect(page.locator("#standing")).to_contain_text("–")  # noqa: RUF001 - no index yet
    first = page.locator("form").filter(has_text="M1.1")

    first.get_by_role("radio").nth(3).check()
    expect(first.get_by_text("Tersimpan pukul")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("4,00")
    first.get_by_role("radio").nth(1).check()

    expect(page.locator("#standing")).to_contain_text("2,00")
    expect(page.locator("#parts")).to_contain_text("1/4")


def test_what_is_answered_before_script_has_come_is_saved_when_it_has(page: Page) -> None:
    open_assessment(page)
    held: list[Route] = []
    page.route("**/htmx.min.js", lambda route: held.append(route))  # noqa: PLW0108 - no method of C
    page.goto(page.url, wait_until="commit")
    first = page.locator("[id='M1.1']")
    first.get_by_role("radio").nth(3).check()
    first.get_by_label("Catatan").fill("lebih cepat dari jaringan")

    for route in held:
        route.continue_()

    expect(first.get_by_text("Tersimpan pukul")).to_be_visible()
    page.unroute_all()
    page.reload()
    expect(first.get_by_role("radio").nth(3)).to_be_checked()
    expect(first.get_by_label("Catatan")).to_have_value("lebih cepat dari jaringan")


def test_a_comment_in_the_making_outlives_what_others_and_oneself_send(
    page: Page, colleague: Page
) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    first.locator("summary").nth(1).click()
    first.get_by_label("Komentar").fill("Belum selesai")
    first.locator("summary").nth(0).click()
    first.get_by_label("Berkas").set_input_files(
        {"name": "lama.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator("[id='M1.2']").get_by_role("radio").first.focus()

    colleague.goto(page.url)
    theirs = colleague.locator("[id='M1.1']")
    theirs.locator("summary").nth(1).click()
    theirs.get_by_label("Komentar").fill("Dari sebelah")
    theirs.get_by_role("button", name="Tambahkan komentar").click()

    expect(first.get_by_text("Dari sebelah")).to_be_visible(timeout=15_000)
    expect(first.get_by_label("Komentar")).to_have_value("Belum selesai")
    first.get_by_role("button", name="Unggah").click()
    expect(first.get_by_role("link", name="lama.pdf")).to_be_visible()
    expect(first.get_by_label("Komentar")).to_have_value("Belum selesai")
    first.get_by_role("button", name="Tambahkan komentar").click()
    expect(first.get_by_label("Komentar")).to_have_value("")
    expect(first.locator(".remarks")).to_contain_text("Belum selesai")


def test_a_note_saves_itself_while_it_is_typed(page: Page) -> None:
    open_assessment(page)
    first = page.locator("form").filter(has_text="M1.1")
    first.get_by_role("radio").nth(2).check()
    expect(first.locator("[name=revision]")).to_have_value("1")

    first.get_by_label("Catatan").press_sequentially("SK nomor 12")

    expect(first.locator("[name=revision]")).to_have_value(re.compile("[2-9]"))
    expect(first.get_by_label("Catatan")).to_be_focused()
    page.reload()
    expect(first.get_by_label("Catatan")).to_have_value("SK nomor 12")


def test_answers_given_faster_than_they_save_all_count(page: Page) -> None:
    open_assessment(page)
    first = page.locator("form").filter(has_text="M1.1")

    for level in (0, 1, 2, 3, 4, 2):
        first.get_by_role("radio").nth(level).check()

    expect(page.locator("#standing")).to_contain_text("3,00")
    expect(first.locator(".problem")).to_have_count(0)
    page.reload()
    expect(first.get_by_role("radio").nth(2)).to_be_checked()


@pytest.fixture
def colleague(begin: Begin) -> Page:
    """Return the page of somebody else on the same team."""
    return begin("colleague").page


def _collide(page: Page, colleague: Page, name: str) -> Locator:
    """Answer one indicator twice on the same revision; return the form that came too late."""
    open_assessment(page)
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
    open_assessment(page)
    first = page.locator("form").filter(has_text="M1.1")
    page.context.set_offline(True)
    first.get_by_role("radio").nth(3).check()
    expect(first.get_by_text("belum terkirim")).to_be_visible()

    page.context.set_offline(False)
    first.get_by_label("Catatan").fill("setelah tersambung")

    expect(first.get_by_text("Tersimpan pukul")).to_be_visible()
    page.reload()
    expect(first.get_by_role("radio").nth(3)).to_be_checked()


@contextmanager
def _nothing_can_be_kept(service: Service) -> Iterator[None]:
    """Take from the running service that it can write, as a full disk does."""
    before = resource.prlimit(service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(service.pid, resource.RLIMIT_FSIZE, before)


def test_what_cannot_be_served_now_is_kept_and_sent_again_by_itself(
    page: Page, service: Service, tmp_path: Path
) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    file = tmp_path / "sk.pdf"
    file.write_bytes(PDF)
    with _nothing_can_be_kept(service), page.expect_response(lambda one: one.status == 503) as sent:
        first.get_by_role("radio").nth(3).check()
        first.get_by_label("Catatan").fill("saat layanan penuh")
        expect(first.locator(".status .problem")).to_contain_text("belum terkirim")
        first.get_by_text("Bukti dukung").last.click()
        first.locator("input[type=file]").set_input_files(file)
        first.get_by_role("button", name="Unggah").click()
        expect(first.locator(".annotations .problem")).to_contain_text("tidak tersimpan")

    expect(first.get_by_text("Tersimpan pukul")).to_be_visible(timeout=15_000)
    assert int(sent.value.headers["retry-after"]) > 0
    expect(first.locator(".status .problem")).to_have_count(0)
    page.reload()
    expect(first.get_by_role("radio").nth(3)).to_be_checked()
    expect(first.get_by_label("Catatan")).to_have_value("saat layanan penuh")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    open_assessment(page)
    first, second = page.locator("[id='M1.1']"), page.locator("[id='M1.2']")

    first.get_by_role("radio").nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#standing")).to_contain_text("2,00")
    page.keyboard.press("j")
    page.keyboard.press("4")
    expect(second.get_by_role("radio").nth(3)).to_be_checked()
    expect(page.locator("#standing")).to_contain_text("2,80")
    page.keyboard.press("k")
    page.keyboard.press("n")
    page.keyboard.type("4 dari papan ketik")
    expect(first.get_by_label("Catatan")).to_be_focused()
    expect(first.locator("[name=revision]")).to_have_value("3")

    page.reload()
    expect(first.get_by_role("radio").nth(1)).to_be_checked()
    expect(first.get_by_label("Catatan")).to_have_value("4 dari papan ketik")


def test_a_level_follows_from_its_criteria(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")

    first.get_by_role("radio").nth(2).check()
    expect(first.locator("[name='items.3.1']")).to_be_checked()
    first.locator("[name='items.2.2']").uncheck()

    expect(first.locator("[name=choice][value='+']")).to_be_checked()
    expect(page.locator("#standing")).to_contain_text("1,00")
    expect(first.locator(".saved")).to_contain_text("Tingkat 1")
    first.locator("[name='items.2.2']").check()
    expect(first.locator(".saved")).to_contain_text("Tingkat 3")


def test_what_lies_beside_an_answer_is_put_there_and_keeps_the_focus(
    page: Page, tmp_path: Path
) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    first.get_by_text("Bukti dukung").last.click()
    file = tmp_path / "sk.pdf"
    file.write_bytes(PDF)
    first.locator("input[type=file]").set_input_files(file)
    first.get_by_role("button", name="Unggah").click()
    expect(first.get_by_role("link", name="sk.pdf")).to_be_visible()
    first.get_by_role("button", name="Hapus sk.pdf").click()
    expect(first.get_by_role("button", name="Kembalikan")).to_be_visible()

    first.get_by_text("Komentar").first.click()
    first.get_by_label("Komentar").fill("Tahun berapa?")
    first.get_by_role("button", name="Tambahkan komentar").press("Enter")
    expect(first.locator(".remarks")).to_contain_text("Tahun berapa?")
    expect(first.get_by_role("button", name="Tambahkan komentar")).to_be_focused()

    page.context.set_offline(True)
    first.get_by_label("Komentar").fill("Masih di sini")
    first.get_by_role("button", name="Tambahkan komentar").click()
    expect(first.locator(".annotations .problem")).to_contain_text("tidak terkirim")
    expect(first.get_by_label("Komentar")).to_have_value("Masih di sini")
    page.context.set_offline(False)


def test_files_are_dropped_on_their_question(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    dropped = page.evaluate_handle(
        "bytes => { const data = new DataTransfer();"
        " data.items.add(new File([new Uint8Array(bytes)], 'sk.pdf', {type: 'application/pdf'}));"
        " return data; }",
        list(PDF),
    )

    first.locator("form").first.dispatch_event("drop", {"dataTransfer": dropped})

    expect(first.get_by_role("link", name="sk.pdf")).to_be_visible()


def test_two_people_see_each_other_and_what_they_change(page: Page, colleague: Page) -> None:
    open_assessment(page)
    colleague.goto(page.url)

    colleague.locator("[id='M1.2']").get_by_role("radio").nth(4).check()

    mine = page.locator("[id='M1.2']")
    expect(mine.get_by_role("radio").nth(4)).to_be_checked(timeout=15_000)
    expect(page.locator("#standing")).to_contain_text("5,00")


def test_another_tab_leaves_alone_what_is_being_typed(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    first.get_by_role("radio").nth(2).check()
    expect(first.locator("[name=revision]")).to_have_value("1")
    page.context.new_page().goto("/")

    first.get_by_label("Catatan").press_sequentially(
        "diketik lebih lama dari jeda kirim", delay=200
    )

    expect(first.locator("[name=revision]")).to_have_value("2")
    expect(first.locator(".versions")).to_have_count(0)


def test_answers_outlive_a_line_that_drops_and_a_browser_that_ends(begin: Begin) -> None:
    person = begin("mine")
    page = person.page
    open_assessment(page)
    part = page.url
    person.context.set_offline(True)
    first = page.locator("[id='M1.1']")
    first.get_by_role("radio").nth(3).check()
    first.get_by_label("Catatan").fill("tanpa sambungan")
    expect(first.get_by_text("belum terkirim")).to_be_visible()
    person.restart()

    page = person.page
    page.goto("/help")
    for _ in range(300):
        if page.evaluate("Object.keys(localStorage).length") == 0:
            break
        page.wait_for_timeout(100)
    page.goto(part)

    first = page.locator("[id='M1.1']")
    expect(first.get_by_role("radio").nth(3)).to_be_checked()
    expect(first.get_by_label("Catatan")).to_have_value("tanpa sambungan")


def test_the_report_of_the_demo_downloads(page: Page, tmp_path: Path) -> None:
    page.goto("/assessments/1/result")
    expect(page.locator("svg").first).to_be_visible()

    assert conforming(fetched(page, "/assessments/1/report.pdf?lang=id"))


def test_everything_works_without_script(begin: Begin) -> None:
    page = begin("mine", script=False).page
    open_assessment(page)
    first = page.locator("form").filter(has_text="M1.1")
    first.get_by_role("radio").nth(3).check()
    first.get_by_label("Catatan").fill("tanpa skrip")
    first.get_by_role("button", name="Simpan").click()

    expect(page.locator("#standing")).to_contain_text("4,00")
    expect(first.get_by_label("Catatan")).to_have_value("tanpa skrip")
    page.get_by_role("link", name="Hasil dan laporan").last.click()
    page.get_by_role("button", name="Serahkan").click()
    expect(page.get_by_role("alert")).to_contain_text("48 indikator yang belum dijawab")


def _kept(page: Page) -> int:
    """Return how many answers the browser keeps as not saved yet."""
    return int(
        page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('unsent')).length")
    )


def test_levels_with_criteria_that_are_saved_raise_no_alarm_and_stay_ticked(page: Page) -> None:
    open_assessment(page)
    part = page.url
    first, second = page.locator("[id='M1.1']"), page.locator("[id='M1.2']")
    first.get_by_role("radio").nth(2).check()
    second.get_by_role("radio").nth(3).check()
    expect(second.locator(".saved")).to_be_visible()
    expect(first.locator(".saved")).to_be_visible()
    kept = _kept(page)

    second.get_by_role("radio").nth(4).check()
    page.locator("a[rel=next]").click()
    expect(page.locator("#unsent")).to_be_hidden()
    page.goto(part)
    page.reload()

    assert kept == 0
    for question, level in ((first, 3), (second, 5)):
        expect(question.get_by_role("radio").nth(level - 1)).to_be_checked()
        expect(question.locator(f"[name='items.{level}.1']")).to_be_checked()
        expect(question.locator(".problem, .versions")).to_have_count(0)
        expect(question.locator("[name='items.2.1']")).to_be_checked()
    page.wait_for_function("!Object.keys(localStorage).some(one => one.startsWith('unsent'))")
    expect(page.locator("#unsent")).to_be_hidden()


def test_a_number_that_is_emptied_counts_no_longer(page: Page) -> None:
    open_assessment(page, "zona-integritas@2021.90")
    form = page.locator("form[data-answer]").first
    form.locator("input[name=choice]").first.check()
    expect(form.locator(".saved")).to_be_visible()

    form.get_by_role("button", name="Batalkan jawaban").click()

    expect(form.locator(".status")).to_contain_text("belum dijawab")
    page.reload()
    expect(form.locator(":checked")).to_have_count(0)
    assert _kept(page) == 0


def test_a_double_click_does_a_thing_once(page: Page) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    first.locator("summary").nth(1).click()
    first.get_by_label("Komentar").fill("Sekali saja")
    first.get_by_role("button", name="Tambahkan komentar").dblclick()
    expect(first.locator(".remarks")).to_contain_text("Sekali saja")
    first.locator("summary").nth(0).click()
    first.get_by_label("alamat").fill("https://example.go.id/sekali")
    first.get_by_role("button", name="Lampirkan").dblclick()
    expect(first.locator(".files li")).to_have_count(1)
    page.reload()

    expect(first.locator(".remarks > li")).to_have_count(1)
    expect(first.locator(".files > li")).to_have_count(1)
    page.goto("/questionnaires")
    page.goto("/assessments")
    before = page.locator("tbody tr").count()
    page.goto("/questionnaires")
    opening(page).dblclick()
    page.wait_for_url("**/parts/**")
    page.goto("/assessments")
    assert page.locator("tbody tr").count() <= before + 1


def test_what_is_typed_in_any_field_outlives_the_session(begin: Begin) -> None:
    person = begin("mine")
    page = person.page
    open_assessment(page)
    part = page.url
    first = page.locator("[id='M1.1']")
    first.locator("summary").nth(1).click()
    first.get_by_label("Komentar").fill("Masih diketik")
    page.context.clear_cookies()
    first.get_by_role("button", name="Tambahkan komentar").click()
    expect(first.locator(".annotations .problem")).to_contain_text("Masuk di jendela lain")
    result = part.rpartition("/parts/")[0] + "/result"

    person.sign_in("demo", person.service.password)
    page.goto(part)
    expect(first.get_by_label("Komentar")).to_have_value("Masih diketik")
    first.get_by_role("button", name="Tambahkan komentar").click()
    expect(first.locator(".remarks")).to_contain_text("Masih diketik")
    page.goto(result)
    page.locator("main textarea").first.fill("Tentang seluruhnya")
    page.context.clear_cookies()
    page.locator("main form:has(textarea) button").first.click()
    expect(page.locator("main")).to_contain_text("Tentang seluruhnya")
    person.sign_in("demo", person.service.password)
    page.goto(result)
    expect(page.locator("main textarea").first).to_have_value("Tentang seluruhnya")
    page.goto(part)
    expect(first.get_by_label("Komentar")).to_have_value("")


def test_an_answer_goes_by_itself_once_somebody_signed_in_again(page: Page, begin: Begin) -> None:
    open_assessment(page)
    first = page.locator("[id='M1.1']")
    page.context.clear_cookies()
    first.get_by_role("radio").nth(3).check()
    expect(first.locator(".status .problem")).to_contain_text("Masuk di jendela lain")

    other = page.context.new_page()
    other.goto("/sign-in")
    password = begin("elsewhere").service.password
    other.fill("[name=login]", "demo")
    other.fill("[name=password]", password)
    other.locator("main form button").first.click()
    expect(other.locator("h1")).to_be_visible()
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(first.locator(".saved")).to_be_visible()
