"""Somebody at a browser, who minds what every page must hold to."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect

from survey_service import i18n
from tests.browser.serving import CHROMIUM, QUIET, Service
from tests.samples import ROOT

AXE = ROOT / "survey_service" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_LOCALES = {"id": "id-ID", "en": "en-GB"}


class Person:
    """Somebody at a browser of their own, which keeps what it keeps in a folder.

    Console messages and requests to elsewhere are collected in `wrong`, and so is what axe finds on
    the pages that they `look` at, and what runs off their side.
    """

    def __init__(
        self,
        playwright: Playwright,
        service: Service,
        folder: Path,
        *,
        language: str,
        width: int,
        script: bool,
    ) -> None:
        self.playwright, self.service, self.folder = playwright, service, folder
        self.language, self.width, self.script = language, width, script
        self.wrong: list[str] = []
        self.context, self.page = self._begin()

    def _begin(self) -> tuple[BrowserContext, Page]:
        context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=QUIET,
            locale=_LOCALES[self.language],
            viewport={"width": self.width, "height": 900},
            java_script_enabled=self.script,
            base_url=self.service.address,
        )
        page = context.pages[0]
        page.on("console", lambda message: self._said(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        return context, page

    def say(self, message: str) -> str:
        """Return what the service says in the person's language."""
        return i18n.translate(message, self.language)

    def _said(self, message: str) -> None:
        # Chromium itself tells of 409 and of being offline.
        if not message.startswith(("Failed to load resource", "htmx: htmx:error: Failed to fetch")):
            self.wrong.append(message)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.service.address, "data:", "blob:")):
            self.wrong.append(url)

    def restart(self) -> None:
        """End the browser, and begin it again."""
        self.context.close()
        self.context, self.page = self._begin()

    def sign_in(self, login: str, password: str) -> None:
        """Sign in on the form."""
        self.page.goto("/sign-in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", password)
        self.page.locator("main form button").first.click()
        expect(self.page.locator("h1")).to_have_text(self.say("What waits for you"))

    def set_password(self, link: str, password: str) -> None:
        """Set the password with a one-time link, and come in by that."""
        self.page.goto(link)
        self.page.fill("[name=password]", password)
        self.page.locator("main form button").click()
        expect(self.page.locator("h1")).to_have_text(self.say("What waits for you"))

    def go(self, path: str) -> None:
        """Go to a page and look at it."""
        self.page.goto(path)
        self.look()

    def look(self) -> None:
        """Collect what is wrong with the page as it is now."""
        self.page.wait_for_load_state()  # a click returns once the next page is on its way
        wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
        if wide > self.width:
            self.wrong.append(f"{self.page.url}: {wide} pixels wide")
        if not self.script:
            return
        self.page.evaluate(
            AXE.read_text()
        )  # from outside, so that the page's policy stays in force
        found = self.page.evaluate(
            "axe.run().then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`))"
        )
        self.wrong += [f"{self.page.url}: {one}" for one in found]

    def step(self, name: str) -> None:
        """Take a step on the page of the result, and confirm it where it closes something."""
        way = self.page.locator(f"a[data-step={name}], button[name=step][value={name}]")
        asks = way.evaluate("one => one.matches('a')")
        way.click()
        if asks:
            self.look()
            self.page.locator(f"button[name=step][value={name}]").click()

    def accept_all(self) -> None:
        """Accept, from the page of the result, all that is not scored yet."""
        self.page.locator("main a[href*='/acceptance']").click()
        self.look()
        self.page.locator("form[action$='/acceptance'] button").click()


def opening(page: Page, reference: str = "asn-maturity@2026.1") -> Locator:
    """Return the button that opens an assessment, on the page of questionnaires."""
    form = page.locator("form", has=page.locator(f"[name=questionnaire][value='{reference}']"))
    return form.get_by_role("button")


def fetched(page: Page, path: str) -> bytes:
    """Return a file that may have to be made first, as whoever is signed in on a page."""
    answer = page.request.get(path)
    while "/jobs/" in answer.url:
        page.wait_for_timeout(200)
        answer = page.request.get(path)
    return answer.body()
