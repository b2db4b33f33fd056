"""Assessments and their scores and reports."""

import zoneinfo
from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromHeader, FromPath, FromQuery, HeaderParameter
from msgspec import Struct

from survey_service.maturity.assessment import Assessment
from survey_service.maturity.revision import Trend
from survey_service.maturity.trail import Entry
from survey_service.operations import assessments, audit, reports
from survey_service.operations.idempotency import once
from survey_service.reports.scores import Scored, scored
from survey_service.store import assessments as stored
from survey_service.web import bodies
from survey_service.web.api.lists import LONGEST, Page, number
from survey_service.web.api.openapi import taking
from survey_service.web.visits import SIGNED_IN, Visit

Key = FromHeader[Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]]


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """What to open an assessment on: a published questionnaire's `code@version`."""

    questionnaire: bodies.Line


@get("/assessments", opt=SIGNED_IN, operation_id="listAssessments")
async def newest(
    visit: NamedDependency[Visit], cursor: FromQuery[str | None] = None
) -> Page[Assessment]:
    """List the assessments you may see, newest first."""
    found = await visit.read(stored.newest, before=number(cursor), limit=LONGEST + 1)
    more = str(found[LONGEST - 1].id) if len(found) > LONGEST else None
    return Page(found[:LONGEST], more)


@post("/assessments", opt=SIGNED_IN, operation_id="openAssessment", operation_class=taking(Opening))
async def open_assessment(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], key: Key = None
) -> Response[Assessment]:
    """Open an assessment of your organisation."""
    opening = await bodies.json(request, Opening)
    opened = await visit.write(
        once, key, Assessment, assessments.open_assessment, opening.questionnaire
    )
    return Response(opened, headers={"Location": f"/api/v1/assessments/{opened.id}"})


@get("/assessments/{assessment_id:int}", opt=SIGNED_IN, operation_id="readAssessment")
async def one(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Assessment:
    """Read an assessment."""
    return (await visit.read(assessments.view, assessment_id)).assessment


@get("/assessments/{assessment_id:int}/score", opt=SIGNED_IN, operation_id="readScore")
async def read_score(
    visit: NamedDependency[Visit],
    assessment_id: FromPath[int],
    counting: FromQuery[Literal["answered", "everything"]] = "answered",
) -> Scored:
    """Read the index: running, over what is answered, or official, over everything."""
    sheet = await visit.read(assessments.view, assessment_id)
    card = sheet.running if counting == "answered" else sheet.official
    return scored(sheet.questionnaire, card, visit.language)


@get("/assessments/{assessment_id:int}/trail", opt=SIGNED_IN, operation_id="readTrail")
async def read_trail(
    visit: NamedDependency[Visit],
    assessment_id: FromPath[int],
    cursor: FromQuery[str | None] = None,
) -> Page[Entry]:
    """Read what happened to an assessment, oldest first: who, what, when, from where."""
    after = number(cursor) or 0
    found = await visit.read(audit.trail, assessment_id, after=after, limit=LONGEST + 1)
    more = str(found[LONGEST - 1].number) if len(found) > LONGEST else None
    return Page(found[:LONGEST], more)


@get("/assessments/{assessment_id:int}/trend", opt=SIGNED_IN, operation_id="readTrend")
async def read_trend(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], since: FromQuery[int]
) -> Trend:
    """Read the index beside that of the assessment `since`, on the basis that both have in common."""
    return await visit.read(assessments.compared, assessment_id, since)


@get(
    "/assessments/{assessment_id:int}/report",
    opt=SIGNED_IN,
    operation_id="readReport",
    media_type="application/pdf",
)
async def read_report(
    visit: NamedDependency[Visit],
    assessment_id: FromPath[int],
    lang: FromQuery[Literal["id", "en"] | None] = None,
) -> Response[bytes]:
    """Get the report as a PDF, in the language asked for or the reader's."""
    sheet = await visit.read(assessments.view, assessment_id)
    return await report_response(visit, sheet, lang or visit.language)


async def report_response(visit: Visit, sheet: assessments.Sheet, language: str) -> Response[bytes]:
    """Return the PDF of an assessment as an answer, named for the reader's folder."""
    await visit.write(audit.download, sheet.assessment.id, language)
    services = visit.services
    report = reports.report_of(sheet, zoneinfo.ZoneInfo(services.settings.time_zone))
    content = await reports.pdf(
        services.files, services.renderer, report, language, services.settings.report_templates
    )
    name = f"{sheet.assessment.questionnaire}-{sheet.assessment.version}-{sheet.assessment.id}"
    return Response(
        content,
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}-{language}.pdf"'},
    )


@post("/assessments/{assessment_id:int}/submission", opt=SIGNED_IN, operation_id="submit")
async def submit(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], key: Key = None
) -> Assessment:
    """Hand the assessment in; its answers can be read from then on, and not changed."""
    return await visit.write(once, key, Assessment, assessments.submit, assessment_id)


@delete(
    "/assessments/{assessment_id:int}/submission",
    opt=SIGNED_IN,
    operation_id="withdraw",
    status_code=200,
)
async def withdraw(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Assessment:
    """Take the assessment back, to be answered further."""
    return await visit.write(assessments.withdraw, assessment_id)
