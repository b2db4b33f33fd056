"""How light the pages are: bytes over the wire, the server's time, an answer's round trip."""

import statistics
import time
from pathlib import Path
from typing import Any

from litestar import Request
from litestar.testing import RequestFactory
from msgspec import Struct
from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Page as BrowserPage

from survey_service.app import create_app
from survey_service.conduct.access import Actor
from survey_service.conduct.organisations import Listed
from survey_service.operations import assessments, filling, questionnaires
from survey_service.operations.filling import Filling
from survey_service.settings import Settings
from survey_service.store import organisations, people
from survey_service.store.database import Writer, connect
from survey_service.store.schema import migrate
from survey_service.web.context import Context
from survey_service.web.pages.responses import Place, filled_in
from survey_service.web.rendered import Page
from tests.benchmarks.timing import milliseconds
from tests.browser.serving import CHROMIUM, QUIET, serving
from tests.samples import ROOT

_ANSWERS = 30


class Light(Struct, frozen=True):
    """Kilobytes of the first context of the fill-in page and of a later one; milliseconds of an answer.

    `answer` is from a click on a level to the page's last word on it.
    """

    first: float
    later: float
    answer: float


def light(folder: Path) -> Light:
    """Measure the command `survey-service serve` in a real Chromium."""
    with serving(folder) as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = browser.new_context(base_url=service.address)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=login]", "demo")
        page.fill("[name=password]", service.password)
        page.locator("main form button").click()
        state = context.storage_state()
        fresh = browser.new_context(base_url=service.address, storage_state=state)
        first, later = _weighed(fresh)
        answer = _answered(page, service.address)
        browser.close()
        return Light(first, later, answer)


async def questions(folder: Path) -> float:
    """Return the milliseconds in which the server renders every question of zona-integritas."""
    database = str(folder / "questions.db")
    await migrate(database)
    db = connect(database)
    found = await db.write(_opened)
    await db.close()
    questionnaire = found.sheet.questionnaire
    everything = Place(
        "all", questionnaire.nodes[0], list(questionnaire.indicators.values()), None, None
    )
    app = create_app(Settings(database=database, files=str(folder / "files")))
    request: Request[Any, Any, Any] = RequestFactory(app=app).get("/")
    context = Context(request)

    def rendered() -> object:
        page = filled_in(context, found, everything)
        assert isinstance(page, Page)
        return page.make()

    return milliseconds(rendered)


def _opened(tx: Writer) -> Filling:
    """Return the assessment of an agency on zona-integritas, nothing answered."""
    file = ROOT / "questionnaires" / "zona-integritas" / "2021.90.yaml"
    questionnaires.publish(tx, file.read_bytes(), file.name)
    agency = organisations.insert(tx, Listed("Agency", "regency"), None)
    login = people.Person("alice", "alice", "coordinator", agency)
    alice = Actor(people.add(tx, login), "alice", "coordinator", agency, "alice")
    opened = assessments.open_assessment(tx, alice, "zona-integritas@2021.90")
    return filling.load(tx, alice, opened.id)


def _weighed(context: BrowserContext) -> tuple[float, float]:
    """Return the kilobytes of the fill-in page with everything it needs, and of the next one."""
    page = context.new_page()
    received: list[float] = []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto("/assessments/1/parts/C2", wait_until="networkidle")
    first = sum(received) / 1000
    received.clear()
    page.goto("/assessments/1/parts/C3", wait_until="networkidle")
    return first, sum(received) / 1000


def _answered(page: BrowserPage, address: str) -> float:
    """Return the milliseconds from a click on a level until the page says that it is saved."""
    page.goto(f"{address}/assessments/1/parts/C2")
    page.wait_for_load_state("networkidle")
    times = []
    for number in range(_ANSWERS):
        took = page.evaluate(
            """level => new Promise((done) => {
                const begun = performance.now();
                addEventListener("htmx:after:swap", () => done(performance.now() - begun),
                    { once: true, capture: true });
                document.querySelectorAll("form[data-answer='C2.1'] [type=radio]")[level].click();
            })""",
            number % 4,
        )
        times.append(float(took))
        time.sleep(0.05)
    return statistics.median(times)
