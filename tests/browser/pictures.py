"""The pictures of the README and of the help, taken of the running product: `make pictures`."""

import base64
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.browser.people import fetched
from tests.browser.serving import CHROMIUM, QUIET, Service, serving

PICTURES = Path(__file__).with_name("pictures")
_PAGES = {"report-cover": 1, "report-steps": 6}
_SHOTS = (
    ("fill-in", "demo", "/assessments/1/parts/C2", 1280),
    ("phone", "demo", "/assessments/1/parts/C2", 360),
    ("check", "demo-evaluator", "/assessments/6/check/M1", 1280),
    ("board", "demo-ministry", "/cycles/1/board", 1280),
)
HELP = PICTURES.parents[2] / "survey_service" / "web" / "static"
_JOBS = (
    ("set-up", "demo-ministry", "/questionnaires"),
    ("lists", "demo-ministry", "/organisations"),
    ("cycle", "demo-ministry", "/cycles/1"),
    ("fill-in", "demo", "/assessments/1/parts/C2"),
    ("check", "demo-evaluator", "/assessments/6/check/M1"),
    ("objection", "demo-ministry", "/assessments/2/changes"),
    ("results", "demo-ministry", "/cycles/1/board#index"),
    ("views", "demo-ministry", "/cycles/1/views/heatmap"),
    ("releases", "demo-ministry", "/cycles/1/releases"),
    ("reports", "demo-ministry", "/assessments/2/result"),
    ("audit", "demo-ministry", "/assessments/2/trail"),
    ("running", "demo-ministry", "/jobs"),
    ("account", "demo", "/profile"),
)
_LOCALES = {"id": "id-ID", "en": "en-GB"}
_SEEN: ViewportSize = {"width": 1280, "height": 832}  # pixels of a page
_SCALE = 1000 / 1280  # of a picture of the help
_GOOD_ENOUGH = 60  # percent, in which letters are still sharp


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "service") as service:
        report = Path(folder) / "report.pdf"
        report.write_bytes(_browse(service))
        for name, page in _PAGES.items():
            _draw(report, page, PICTURES / name)


def _browse(service: Service) -> bytes:
    """Take the pictures of pages; return the report."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, login, path, width in _SHOTS:
            page = browser.new_page(viewport={"width": width, "height": 860}, locale="id-ID")
            _sign_in(page, service, login)
            page.goto(f"{service.address}{path}")
            if name == "board":
                page.evaluate("document.getElementById('index').scrollIntoView()")
            page.screenshot(path=PICTURES / f"{name}.png")
        page = browser.new_page()
        _sign_in(page, service, "demo-ministry")
        content = fetched(page, f"{service.address}/assessments/2/report.pdf?lang=id")
        for language in _LOCALES:  # once a report was asked for
            _help(browser, service, language)
        browser.close()
        return content


def _help(browser: Browser, service: Service, language: str) -> None:
    """Take the pictures of the help in a language, small enough to ship."""
    pages: dict[str, Page] = {}
    for job, login, path in _JOBS:
        if login not in pages:
            pages[login] = browser.new_page(
                viewport=_SEEN,
                locale=_LOCALES[language],
            )
            _sign_in(pages[login], service, login)
        page = pages[login]
        page.goto(f"{service.address}{path}")
        page.wait_for_timeout(300)  # milliseconds, in which scripts have put in what they do
        seen = {"x": 0, "y": page.evaluate("scrollY"), **_SEEN, "scale": _SCALE}
        taken = page.context.new_cdp_session(page).send(
            "Page.captureScreenshot", {"format": "webp", "quality": _GOOD_ENOUGH, "clip": seen}
        )
        (HELP / f"help-{job}-{language}.webp").write_bytes(base64.b64decode(taken["data"]))


def _sign_in(page: Page, service: Service, login: str) -> None:
    page.goto(service.address)
    page.fill("[name=login]", login)
    page.fill("[name=password]", service.password)
    page.locator("main form button").first.click()


def _draw(report: Path, page: int, target: Path) -> None:
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", "60", "-png", *pages, report, target], check=True)


if __name__ == "__main__":
    main()
