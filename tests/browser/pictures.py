"""The README's pictures, taken of the running product: `make pictures`."""

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.people import fetched
from tests.browser.serving import CHROMIUM, QUIET, Service, serving

PICTURES = Path(__file__).with_name("pictures")
_PAGES = {"report-cover": 1, "report-steps": 4}
_SHOTS = (
    ("fill-in", "demo", "/assessments/1/parts/C2", 1280),
    ("phone", "demo", "/assessments/1/parts/C2", 360),
    ("check", "demo-evaluator", "/assessments/6/check/M1", 1280),
    ("board", "demo-ministry", "/cycles/1/board", 1280),
)


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
        _sign_in(page, service, "demo")
        content = fetched(page, f"{service.address}/assessments/1/report.pdf?lang=id")
        browser.close()
        return content


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
