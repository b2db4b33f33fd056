"""A report made by a worker, against WeasyPrint alone on the same page."""

import datetime as dt
import statistics
import time

from survey_service.maturity.answers import Answer
from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.rendering import ASSETS, render, renderer
from survey_service.settings import Settings
from tests.samples import FLAGSHIP, load

REPEATS = 3


async def ours_against_bare() -> tuple[float, float]:
    """Return seconds: from answers to PDF through a worker, and bare WeasyPrint on that HTML."""
    settings = Settings()
    folders = {"template": settings.report_templates / "assessment", "asset": ASSETS}
    flagship = load(FLAGSHIP)
    answers = {
        code: Answer(level=position % 5 + 1) for position, code in enumerate(flagship.indicators)
    }
    report = Report(
        flagship, "0" * 64, "Agency", answers, {}, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    making = renderer(settings)
    html = assessment.page(report, "id", settings.report_templates)
    await making.pdf(html)
    render(html, folders)
    ours, bare = [], []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        await making.pdf(assessment.page(report, "id", settings.report_templates))
        middle = time.perf_counter()
        render(html, folders)
        ours.append(middle - begin)
        bare.append(time.perf_counter() - middle)
    making.close()
    return statistics.median(ours), statistics.median(bare)
