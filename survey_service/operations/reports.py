"""Making an assessment's report, once for each content."""

import datetime as dt
import hashlib
from importlib.metadata import version
from pathlib import Path

from survey_service.operations.assessments import Sheet
from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.rendering import Renderer
from survey_service.store.files import Files


def report_of(sheet: Sheet, zone: dt.tzinfo) -> Report:
    """Return what the report of an assessment is made of, as of its last change, seen in `zone`."""
    moments = [response.saved_at for response in sheet.responses.values()]
    handed_in = sheet.assessment.submitted_at
    return Report(
        questionnaire=sheet.questionnaire,
        digest=sheet.assessment.digest,
        organisation=sheet.assessment.organisation.name,
        profile=sheet.profile,
        answers=sheet.answers,
        notes={code: response.note for code, response in sheet.responses.items()},
        at=(handed_in or max(moments, default=sheet.assessment.opened_at)).astimezone(zone),
    )


async def pdf(
    files: Files, renderer: Renderer, report: Report, language: str, templates: Path
) -> bytes:
    """Return the report as a PDF, from the files where the same one was made before."""
    html = assessment.page(report, language, templates)
    made_by = f"weasyprint {version('weasyprint')}\n"
    name = f"reports/{hashlib.sha256((made_by + html).encode()).hexdigest()}.pdf"
    content = await files.get(name)
    if content is None:
        content = await renderer.pdf(html)
        await files.put(name, content)
    return content
