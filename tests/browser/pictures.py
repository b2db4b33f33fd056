"""The README's pictures, taken of the running product: `make pictures`."""

import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.serving import CHROMIUM, QUIET, Service, serving

PICTURES = Path(__file__).with_name("pictures")
_PAGES = {"report-cover": 1, "report-result": 2, "report-steps": 4}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as service:
        report = Path(folder) / "report.pdf"
        report.write_bytes(_browse(service))
        for name, page in _PAGES.items():
            _draw(report, page, PICTURES / name)


def _browse(service: Service) -> bytes:
    """Take the pictures of pages; return the report."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="id-ID")
        page.goto(service.address)
        page.fill("[name=login]", "demo")
        page.fill("[name=password]", service.password)
        page.locator("main button").click()
        page.goto(f"{service.address}/assessments/1/parts/C2")
        page.screenshot(path=PICTURES / "fill-in.png")
        answer = page.request.get(f"{service.address}/assessments/1/report.pdf?lang=id")
        content = answer.body()
        browser.close()
        return content


def _draw(report: Path, page: int, target: Path) -> None:
    pages = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", "60", "-png", *pages, report, target], check=True)


if __name__ == "__main__":
    main()
