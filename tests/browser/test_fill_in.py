"""The main job in a real browser: open, answer, watch the index move, download the report."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, Playwright, Route, expect

from tests.browser.people import Person, fetched
from tests.browser.serving import Service
from tests.files import PDF

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


def _open(page: Page, reference: str = "asn-maturity@2026.1") -> None:
    page.goto("/questionnaires")
    page.get_by_role("button", name=f"Buka penilaian atas {reference}").click()
    page.wait_for_load_state()
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


def test_what_is_answered_before_script_has_come_is_saved_when_it_has(page: Page) -> None:
    _open(page)
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
    _open(page)
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
def colleague(begin: Begin) -> Page:
    """Return the page of somebody else on the same team."""
    return begin("colleague").page


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
    _open(page)
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
    _open(page)
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
    _open(page)
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
    _open(page)
    first = page.locator("[id='M1.1']")
    first.get_by_text("Bukti dukung").last.click()
    file = tmp_path / "sk.pdf"
    file.write_bytes(PDF)
    first.locator("input[type=file]").set_input_files(file)
    first.get_by_role("button", name="Unggah").click()
    expect(first.get_by_role("link", name="sk.pdf")).to_be_visible()
    first.get_by_role("button", name="Lepas sk.pdf").click()
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
    _open(page)
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
    _open(page)
    colleague.goto(page.url)

    colleague.locator("[id='M1.2']").get_by_role("radio").nth(4).check()

    mine = page.locator("[id='M1.2']")
    expect(mine.get_by_role("radio").nth(4)).to_be_checked(timeout=15_000)
    expect(page.locator("#standing")).to_contain_text("5,00")


def test_another_tab_leaves_alone_what_is_being_typed(page: Page) -> None:
    _open(page)
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
    _open(page)
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
    expect(page.locator("svg")).to_be_visible()

    assert fetched(page, "/assessments/1/report.pdf?lang=id").startswith(b"%PDF")


def test_everything_works_without_script(begin: Begin) -> None:
    page = begin("mine", script=False).page
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
