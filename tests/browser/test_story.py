"""The whole story: a country set up from files, a cycle, a team of two, its inspectorate, the
evaluators, and an auditor who proves the report. With script and without, in both languages, wide and
narrow.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.people import Person, fetched
from tests.browser.serving import Service
from tests.pdfs import conforming
from tests.samples import TINY

pytestmark = pytest.mark.browser

PASSWORD = "gambut merpati sembilan"
ORGANISATIONS = "name,kind,parent\nKota Maju,city,Pusat\nKota Lain,city,Pusat\n"
PEOPLE = """login;name;role;organisation;email
dewi;Dewi;coordinator;Kota Maju;
rudi;Rudi;respondent;Kota Maju;
ina;Ina;inspector;Kota Maju;
agus;Agus;auditor;Pusat;
"""


@pytest.fixture(
    params=[
        pytest.param(("id", 1440, True), id="id-desk"),
        pytest.param(("en", 360, True), id="en-phone"),
        pytest.param(("id", 360, False), id="id-phone-without-script"),
        pytest.param(("en", 1440, False), id="en-desk-without-script"),
    ]
)
def people(
    request: pytest.FixtureRequest, playwright: Playwright, empty: Service, tmp_path: Path
) -> Iterator["Cast"]:
    language, width, script = request.param
    begin = partial(Person, playwright, empty, language=language, width=width, script=script)
    cast = Cast(begin, empty, tmp_path, script=script)
    yield cast
    wrong = [f"{login}: {one}" for login, person in cast.people.items() for one in person.wrong]
    cast.close()
    assert not wrong, "\n".join(wrong)


class Cast:
    """Everybody in the story, each at a browser of their own."""

    def __init__(
        self, begin: Callable[[Path], Person], service: Service, folder: Path, *, script: bool
    ) -> None:
        self.begin, self.service, self.folder, self.script = begin, service, folder, script
        self.people: dict[str, Person] = {}

    def __getitem__(self, login: str) -> Person:
        if login not in self.people:
            self.people[login] = self.begin(self.folder / login)
        return self.people[login]

    def file(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content)
        return path

    def close(self) -> None:
        for person in self.people.values():
            person.context.close()


def _upload(person: Person, file: Path, action: str) -> None:
    """Choose a file, look at the preview, and take it in."""
    person.page.locator("input[type=file]").set_input_files(file)
    person.page.locator("form[enctype] button").first.click()
    person.look()
    person.page.locator(f"form[action='{action}'] button").click()


def _country_from_files(people: Cast) -> dict[str, str]:
    """Set up a country; return the links of those who are invited, by login."""
    password = people.service.add("wati", "administrator", "Pusat", "ministry")
    admin = people["wati"]
    admin.sign_in("wati", password)
    admin.look()
    admin.go("/organisations")
    _upload(admin, people.file("organisations.csv", ORGANISATIONS), "/organisations/import")
    expect(admin.page.locator("main table")).to_contain_text("Kota Maju")
    admin.look()
    admin.go("/people")
    _upload(admin, people.file("people.csv", PEOPLE), "/people/import")
    admin.look()
    rows = [row.inner_text() for row in admin.page.locator("tbody tr").all()]
    found = [re.search(r"\n?(\w+) ·[\s\S]*?(http\S+)", row) for row in rows]
    return {one[1]: one[2] for one in found if one}


def _cycle(people: Cast) -> None:
    """Publish a questionnaire, plan a cycle on it and open it; invite an evaluator."""
    password = people.service.add("budi", "ministry", "Pusat", "ministry")
    ministry = people["budi"]
    ministry.sign_in("budi", password)
    ministry.go("/people")
    form = ministry.page.locator("form[action='/people']").last
    form.locator("[name=login]").fill("eka")
    form.locator("[name=name]").fill("Eka")
    form.locator("[name=role]").select_option("evaluator")
    form.locator("[name=organisation]").select_option(label="Pusat")
    form.locator("button").click()
    link = ministry.page.locator("tbody td.typed").inner_text()
    people["eka"].set_password(link, PASSWORD)
    ministry.go("/questionnaires")
    _upload(ministry, TINY / "two_dimensions.yaml", "/questionnaires")
    ministry.look()
    ministry.go("/cycles/new")
    ministry.page.fill("[name=name]", "RB 2026")
    ministry.page.locator("[name=questionnaire]").select_option("two-dimensions@1")
    for stage in ("self", "internal", "external"):
        ministry.page.fill(f"[name='opens.{stage}']", "2020-01-01")
        ministry.page.fill(f"[name='closes.{stage}']", "2040-01-01")
    ministry.page.check("[name='kind.city']")
    ministry.page.locator("main form button").last.click()
    ministry.look()
    ministry.page.locator("main a[href$='/opening']").click()
    ministry.look()
    ministry.page.locator("form[action$='/opening'] button").click()
    expect(ministry.page.locator("h1 .badge")).to_have_text(ministry.say("cycle.open"))


def _answer(person: Person, code: str, level: int, note: str = "") -> None:
    """Answer an indicator; without script by its button."""
    form = person.page.locator(f"form[data-answer='{code}']")
    if note:
        form.locator("[name=note]").fill(note)
    form.locator(f"[name=choice][value='{level}']").check()
    if not person.script:
        form.locator("noscript button").first.click()
    expect(form.locator(".saved")).to_be_visible()


def _team_of_two(people: Cast) -> None:
    """Fill in together; lose the line and the browser in the middle, and nothing with them."""
    dewi, rudi = people["dewi"], people["rudi"]
    dewi.sign_in("dewi", PASSWORD)
    dewi.look()
    dewi.page.locator(".tasks a").first.click()
    dewi.look()
    dewi.page.locator("form[action='/assessments'] button").click()
    part = dewi.page.url
    dewi.look()
    rudi.sign_in("rudi", PASSWORD)
    rudi.page.goto(part)
    _answer(dewi, "A", 2)
    if people.script:
        expect(rudi.page.locator("form[data-answer=A] [value='2']")).to_be_checked(timeout=15_000)
        expect(rudi.page.locator("#present")).to_contain_text("Dewi", timeout=15_000)
        rudi.context.set_offline(True)
        form = rudi.page.locator("form[data-answer=B]")
        form.locator("[name=note]").fill("saat sambungan terputus")
        form.locator("[value='4']").check()
        expect(form.locator(".problem")).to_be_visible()
        rudi.look()
        rudi.restart()
        rudi.page.goto(part)
        form = rudi.page.locator("form[data-answer=B]")
        expect(form.locator("[name=note]")).to_have_value("saat sambungan terputus")
        expect(form.locator("[value='4']")).to_be_checked()
        expect(form.locator(".saved")).to_be_visible()
    else:
        rudi.page.reload()
        _answer(rudi, "B", 4, "tanpa skrip")
    dewi.page.goto(f"{part.partition('/parts')[0]}/result")
    dewi.page.locator("a[data-step=submit]").click()
    expect(dewi.page.locator("#missing")).to_be_visible()
    dewi.look()
    dewi.page.locator(".problem a").first.click()
    for code in "CDE":
        _answer(dewi, code, 3)
    dewi.go("/assessments")
    dewi.page.locator("tbody a").first.click()
    dewi.look()
    dewi.step("submit")
    expect(dewi.page.locator("main .digest")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    dewi.look()


def _returned(people: Cast) -> None:
    """Look at the answers one by one and return them with a point."""
    ina = people["ina"]
    ina.sign_in("ina", PASSWORD)
    ina.look()
    ina.page.locator(".tasks a").first.click()
    ina.step("begin")
    ina.look()
    ina.page.locator("a[href$='/check']").click()
    ina.look()
    if people.script:
        ina.page.locator("[data-accept]").first.focus()
        ina.page.keyboard.press("a")
    else:
        ina.page.locator("[data-accept]").first.click()
    expect(ina.page.locator("[data-accept]")).to_have_count(1)
    ina.page.locator("#B details:has([name=text]) summary").click()
    ina.page.locator("#B [name=text]").fill("Tahun berapa?")
    ina.page.locator("#B form[action$='/points'] button").click()
    expect(ina.page.locator("#B .facts")).to_contain_text("Tahun berapa?")
    ina.look()
    ina.page.locator("a[href$='/result']").first.click()
    ina.step("return")
    ina.look()


def _mended(people: Cast) -> None:
    dewi = people["dewi"]
    dewi.go("/")
    dewi.page.locator(".tasks a").first.click()
    dewi.page.goto(dewi.page.url.replace("result", "parts/merit"))
    dewi.look()
    expect(dewi.page.locator("section.notice")).to_contain_text("Tahun berapa?")
    expect(dewi.page.locator("#annotations-B")).to_contain_text("Tahun berapa?")
    _answer(dewi, "B", 3, "Tahun 2026")
    dewi.page.goto(re.sub("/parts/.*", "/result", dewi.page.url))
    dewi.step("submit")


def _evaluated(people: Cast) -> None:
    """Let the inspectorate pass it on, and the evaluators make it final."""
    ina = people["ina"]
    ina.go("/")
    ina.page.locator(".tasks a").first.click()
    ina.step("begin")
    ina.accept_all()
    ina.step("pass_on")
    eka = people["eka"]
    eka.sign_in("eka", PASSWORD)
    eka.page.locator(".tasks a").first.click()
    eka.look()
    eka.page.goto(re.sub("/check.*", "/result", eka.page.url))
    eka.accept_all()
    eka.step("announce")
    eka.look()
    dewi = people["dewi"]
    dewi.go("/")
    dewi.page.locator(".tasks a").first.click()
    dewi.page.locator("select[name=indicator]").select_option("A")
    dewi.page.locator("form:has(select[name=indicator]) textarea").fill("Sudah ditandatangani.")
    dewi.page.locator("form:has(select[name=indicator]) button").click()
    expect(dewi.page.locator("#A")).to_contain_text("Sudah ditandatangani.")
    dewi.look()
    eka.go("/")
    eka.page.locator(".tasks a").first.click()
    eka.page.locator("#A [name=answer]").fill("Belum berlaku.")
    eka.page.locator("#A button[value=rejected]").click()
    expect(eka.page.locator("#A")).to_contain_text(eka.say("outcome.rejected"))
    eka.look()
    eka.page.locator("a[href$='/result']").first.click()
    eka.step("finalise")
    eka.look()
    ministry = people["budi"]
    ministry.go("/cycles")
    ministry.page.locator("a[href$='/board']").click()
    ministry.look()
    expect(ministry.page.locator("#field")).to_contain_text("Kota Maju")


def _proved(people: Cast) -> None:
    """Find the report, download it, and prove it by its digest."""
    agus = people["agus"]
    agus.sign_in("agus", PASSWORD)
    agus.go("/reports")
    agus.page.fill("[name=name]", "maju")
    agus.page.locator("form[action='/assessments'] button").click()
    agus.look()
    report = agus.page.locator("a[href*='report.pdf']").first.get_attribute("href")
    assert report is not None
    content = fetched(agus.page, report)
    assert conforming(content)
    file = people.folder / "report.pdf"
    file.write_bytes(content)
    agus.go("/reports")
    agus.page.locator("input[type=file]").set_input_files(file)
    agus.page.locator("form[enctype] button").click()
    expect(agus.page.locator(".genuine")).to_be_visible()
    agus.look()
    agus.go(f"{report.partition('/report.pdf')[0]}/result")
    agus.page.locator("a[href$='/trail']").click()
    expect(agus.page.locator(".story")).to_contain_text(agus.say("event.assessment.finalise"))
    agus.look()


def test_the_whole_story(people: Cast) -> None:
    links = _country_from_files(people)
    for login in ("dewi", "rudi", "ina", "agus"):
        people[login].set_password(links[login], PASSWORD)
    _cycle(people)
    _team_of_two(people)
    _returned(people)
    _mended(people)
    _evaluated(people)
    _proved(people)
