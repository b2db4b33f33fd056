"""The first hour: from an empty database and one administrator to a first answer, in the browser alone."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.people import Person
from tests.browser.serving import Service, serving

pytestmark = pytest.mark.browser

PASSWORD = "gambut merpati sembilan"
TOP = "Kementerian Contoh"
AGENCY = "Kabupaten Contoh"  # of the template's example, in both languages
DAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Service]:
    """Run a service without demo data."""
    with serving(tmp_path / "service", demo=False) as running:
        yield running


@pytest.fixture(
    params=[
        pytest.param(("id", 1280, True), id="id-desk"),
        pytest.param(("en", 360, False), id="en-phone-without-script"),
    ]
)
def people(
    request: pytest.FixtureRequest, playwright: Playwright, bare: Service, tmp_path: Path
) -> Iterator[list[Person]]:
    """Yield an administrator, a ministry and a coordinator, each at a browser of their own."""
    language, width, script = request.param
    begin = partial(Person, playwright, bare, language=language, width=width, script=script)
    found = [begin(tmp_path / name) for name in ("wati", "sari", "budi")]
    yield found
    for person in found:
        person.context.close()
    assert [one for person in found for one in person.wrong] == []


def _task(person: Person, name: str) -> None:
    """Go to a step of the tour on the first page."""
    person.go("/")
    person.page.locator(".tour a", has_text=person.say(name)).click()
    person.look()


def _bring(person: Person, file: Path, action: str) -> None:
    """Choose a list, look at the preview, and take it in."""
    person.page.locator("input[type=file]").set_input_files(file)
    person.page.locator("form[enctype] button").first.click()
    person.look()
    person.page.locator(f"form[action='{action}'] button").first.click()


def _template(person: Person, path: str) -> Path:
    """Return the list to fill in that a link on the page leads to."""
    with person.page.expect_download() as found:
        person.page.locator(f"a[href='{path}']").click()
    target = person.folder / found.value.suggested_filename
    found.value.save_as(target)
    return target


def _published(admin: Person) -> None:
    """Look at a questionnaire of the library, and publish it."""
    _task(admin, "begin.publish")
    admin.page.locator("a[href='/library/asn-maturity/2026.1']").click()
    expect(admin.page.locator("main")).to_contain_text(admin.say("provenance.own"))
    admin.look()
    admin.page.locator("form[action='/library'] button").click()
    expect(admin.page).to_have_url(re.compile("/questionnaires/asn-maturity/2026.1$"))
    admin.look()


def _organised(admin: Person) -> None:
    """Bring the list of organisations to fill in, as it is."""
    _task(admin, "begin.organise")
    _bring(admin, _template(admin, "/organisations/template"), "/organisations/import")
    expect(admin.page.locator("main table")).to_contain_text(AGENCY)


def _invited(admin: Person) -> dict[str, str]:
    """Invite a ministry and a coordinator by the list to fill in; return their links by name."""
    _task(admin, "begin.admit")
    list_ = _template(admin, "/people/template?form=csv")
    head = list_.read_text("utf-8-sig").splitlines()[0]
    rows = [
        ("sari", "Sari", admin.say("role.ministry"), TOP, ""),
        ("budi", "Budi", admin.say("role.coordinator"), AGENCY, "Budi@contoh.example"),
    ]
    parted = ";" if ";" in head else ","
    list_.write_text("\n".join([head, *(parted.join(row) for row in rows)]))
    _bring(admin, list_, "/people/import")
    admin.look()
    with admin.page.expect_download() as file:
        admin.page.locator("a[download$='.xlsx']").click()
    assert file.value.path().stat().st_size > 0
    if admin.script:
        admin.page.locator("[data-copy]").first.click()
        expect(admin.page.locator("#copied")).to_contain_text("Sari")
    found = [row.inner_text() for row in admin.page.locator("tbody tr").all()]
    told = [re.search(r"(\w+) ·[\s\S]*?(http\S+)", row) for row in found]
    return {one[1]: one[2] for one in told if one}


def _opened(ministry: Person) -> None:
    """Plan a cycle on what was published, and open it."""
    ministry.go("/cycles/new")
    ministry.page.fill("[name=name]", "RB 2026")
    ministry.page.locator("[name=questionnaire]").select_option("asn-maturity@2026.1")
    for stage in ("self", "internal", "external"):
        for end, day in DAYS.items():
            ministry.page.fill(f"[name='{end}.{stage}']", day)
    ministry.page.check("[name='kind.regency']")
    ministry.page.locator("main form button").last.click()
    ministry.page.locator("main a[href$='/opening']").click()
    ministry.look()
    ministry.page.locator("form[action$='/opening'] button").click()
    expect(ministry.page.locator("h1 .badge")).to_have_text(ministry.say("cycle.open"))


def _answered(coordinator: Person) -> None:
    """Begin in the cycle, and answer what is asked first."""
    coordinator.page.locator(".tasks a").first.click()
    coordinator.page.locator("form[action='/assessments'] button").click()
    form = coordinator.page.locator("form[data-answer]").first
    form.locator("[name=choice][value='2']").check()
    if not coordinator.script:
        form.locator("noscript button, button").last.click()
    expect(form.locator(".saved")).to_be_visible()
    coordinator.look()


def test_a_service_is_set_up_to_its_first_answer_in_the_browser(people: list[Person]) -> None:
    admin, ministry, coordinator = people
    password = admin.service.add("wati", "administrator", TOP, "ministry")
    admin.sign_in("Wati ", password)  # as phones write it

    _published(admin)
    _organised(admin)
    links = _invited(admin)
    ministry.set_password(links["sari"], PASSWORD)
    _opened(ministry)
    coordinator.set_password(links["budi"], PASSWORD)
    _answered(coordinator)
    coordinator.sign_in("budi@contoh.example", PASSWORD)
    admin.go("/")

    assert admin.page.locator(".tour").count() == 0  # every step is done
