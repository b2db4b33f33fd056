"""Reports: made by a worker, against WeasyPrint alone on the same page; many of them; fetched once more."""

import datetime as dt
import multiprocessing
import re
import statistics
import time
from pathlib import Path

import weasyprint
from msgspec import Struct, structs
from weasyprint.urls import URLFetcher, URLFetcherResponse

from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.papers import shipped
from survey_service.reports.rendering import ASSETS, Renderer, allowed, renderer
from survey_service.reports.sample import sample
from survey_service.settings import Settings
from tests.samples import FLAGSHIP, load

REPEATS = 5
FEW, MANY = 20, 200
_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_FOLDERS = {"template": shipped(), "asset": ASSETS}


class Made(Struct, frozen=True):
    """Reports a minute that one worker makes, and the most memory it had held, in MB, after few and many."""

    rate: float
    few: float
    many: float


def _report(number: int = 0) -> Report:
    """Return a full report, with stages, peers, evidence and what it encloses; no two are alike."""
    made = sample(load(FLAGSHIP), "0" * 64, _AT, "final", "id", FLAGSHIP.read_text())
    return structs.replace(made, organisation=f"Kabupaten Contoh {number}")


async def ours_against_bare() -> tuple[float, float]:
    """Return seconds: from a report to its PDF in a worker, and bare WeasyPrint on the same HTML."""
    making, templates = renderer(Settings()), shipped()
    html = assessment.page(_report(), "id", templates)
    await making.paper(_report(), "id", templates)
    _bare(html)
    ours, bare = [], []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        await making.paper(_report(), "id", templates)
        middle = time.perf_counter()
        _bare(html)
        ours.append(middle - begin)
        bare.append(time.perf_counter() - middle)
    making.close()
    return statistics.median(ours), statistics.median(bare)


class _Fetcher(URLFetcher):  # type: ignore[misc] # untyped library
    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002 - the base has it
        return URLFetcherResponse(url, allowed(url, _FOLDERS).read_bytes())


def _bare(html: str) -> None:
    page = weasyprint.HTML(string=html, base_url="template:", url_fetcher=_Fetcher())
    page.write_pdf(pdf_variant="pdf/ua-1")


async def many() -> Made:
    """Let one worker make reports, each of another content."""
    making = Renderer(_FOLDERS, workers=1, seconds=60, memory=2048)
    begin = time.perf_counter()
    for number in range(FEW):
        await making.paper(_report(number), "id", shipped())
    rate = 60 * FEW / (time.perf_counter() - begin)
    few = _highest()
    for number in range(FEW, MANY):
        await making.paper(_report(number), "id", shipped())
    made = Made(rate, few, _highest())
    making.close()
    return made


def _highest() -> float:
    """Return the most memory that the worker ever held, in MB."""
    (one,) = (each.pid for each in multiprocessing.active_children())
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
    assert found is not None
    return int(found[1]) / 1000
