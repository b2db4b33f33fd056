"""Assessments and their scores and reports."""

import datetime as dt
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage, State
from survey_service.conduct.trail import Recorded
from survey_service.conduct.trail_search import Sought, TrailKind, day_of
from survey_service.errors.requests import ExactlyOneError
from survey_service.maturity.revision import Trend
from survey_service.operations import assessments, audit, kept_papers, reports
from survey_service.operations.kept_papers import Kept, PaperSought
from survey_service.reports.papers import Paper
from survey_service.reports.scores import Scored, scored
from survey_service.store import assessments as stored
from survey_service.store.assessments import Wanted
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import Key, unchanged
from survey_service.web.api.jobs import LATER
from survey_service.web.api.lists import LONGEST, Cursor, Filter, Page, number, paged
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """What to open an assessment on: a published questionnaire's `code@version`, or a cycle."""

    questionnaire: bodies.Line | None = None
    cycle: int | None = None


@get("/assessments", opt=acting("read"), operation_id="listAssessments")
async def newest(
    context: NamedDependency[Context],
    cursor: Cursor = None,
    organisation: Filter = 0,
    cycle: Filter = 0,
    questionnaire: FromQuery[str | None] = None,
    assessment_state: FromQuery[
        Annotated[State | Literal["any"], QueryParameter(name="state")]
    ] = "any",
) -> Page[Assessment]:
    """List the assessments you may see, newest first; all, or those of what is named."""
    narrowed = None if assessment_state == "any" else assessment_state
    wanted = Wanted(organisation or None, cycle or None, questionnaire, narrowed)
    found = await context.read(
        stored.newest, before=number(cursor), limit=LONGEST + 1, wanted=wanted
    )
    return paged(found, lambda one: one.id)


@post(
    "/assessments",
    opt=acting("open"),
    operation_id="openAssessment",
    operation_class=taking(Opening),
)
async def open_assessment(
    request: Request[Any, Any, Any], context: NamedDependency[Context], key: Key = None
) -> Response[Assessment]:
    """Open an assessment of your organisation, on a questionnaire or in a cycle."""
    opening = await bodies.json(request, Opening)
    opened = await context.once(key, Assessment, _open, opening)
    return Response(opened, headers={"Location": f"/api/v1/assessments/{opened.id}"})


def _open(tx: Writer, actor: Actor, opening: Opening) -> Assessment:
    if opening.cycle is not None and opening.questionnaire is None:
        return assessments.open_in_cycle(tx, actor, opening.cycle)
    if opening.questionnaire is None or opening.cycle is not None:
        raise ExactlyOneError(fields="questionnaire, cycle")
    return assessments.open_assessment(tx, actor, opening.questionnaire)


@get("/assessments/{assessment_id:int}", opt=acting("read"), operation_id="readAssessment")
async def read(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Assessment:
    """Read an assessment."""
    return await context.read(assessments.readable, assessment_id)


@get("/assessments/{assessment_id:int}/score", opt=acting("read"), operation_id="readScore")
async def read_score(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    counting: FromQuery[Literal["answered", "everything"]] = "answered",
    stage: FromQuery[Stage | None] = None,
) -> Response[Scored]:
    """Read the index: running, over what is answered, or official, over everything.

    Of the stage asked for, as far as its scores are yours to see; else of the one that stands.
    """
    tagged, sheet = await context.unless_known(
        assessments.state_tag, assessments.view, assessment_id, stage
    )
    if sheet is None:
        return unchanged(tagged)
    card = sheet.running if counting == "answered" else sheet.official
    return Response(scored(sheet.questionnaire, card, context.language), headers=tagged)


@get("/assessments/{assessment_id:int}/trail", opt=acting("read"), operation_id="readTrail")
async def read_trail(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    cursor: Cursor = None,
    person: FromQuery[str | None] = None,
    indicator: FromQuery[str | None] = None,
    kind: FromQuery[TrailKind | None] = None,
    day: FromQuery[dt.date | None] = None,
) -> Page[Recorded]:
    """Read what happened to an assessment, oldest first: who, what, when, from where.

    All of it, or what one person did (by sign-in name), on one indicator, of one kind, or on one day.
    """
    after = number(cursor) or 0
    since, until = day_of(day, context.services.settings.time_zone)
    sought = Sought(person or None, indicator or None, kind, since, until)
    found = await context.read(audit.trail, assessment_id, sought, after=after, limit=LONGEST + 1)
    return paged(found, lambda one: one.id)


@get("/assessments/{assessment_id:int}/trend", opt=acting("read"), operation_id="readTrend")
async def read_trend(
    context: NamedDependency[Context], assessment_id: FromPath[int], since: FromQuery[int]
) -> Trend:
    """Read the index beside that of the assessment `since`, on the basis that both have in common."""
    return await context.read(assessments.compared, assessment_id, since)


@get(
    "/assessments/{assessment_id:int}/report",
    opt=acting("read"),
    operation_id="readReport",
    media_type="application/pdf",
    responses={202: LATER},
)
async def read_report(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    lang: FromQuery[Literal["id", "en"] | None] = None,
    paper: FromQuery[Paper] = "report",
) -> Response[Any]:
    """Get the report, or another paper, as a PDF in a language or the reader's; 202 while it is made."""
    language = lang or context.language
    found = await report_response(context, assessment_id, language, paper)
    if isinstance(found, int) and await jobs.is_done(context, found):
        found = await report_response(context, assessment_id, language, paper)
    return await jobs.accepted(context, found) if isinstance(found, int) else found


async def report_response(
    context: Context, assessment_id: int, language: str, paper: Paper
) -> Response[bytes] | int:
    """Return the PDF of a paper as an answer; or the job that makes it, where it is not made yet."""
    settings, papers = context.services.settings, context.services.papers
    asked = reports.asked_for(settings, paper, language)
    sought = PaperSought(context.caller.token, assessment_id, asked, reports.shown_by(settings))
    if again := await _again(context, sought):
        return again
    report, kept = await context.read(kept_papers.gathered, papers, sought)
    if context.has(kept.tag):
        return unchanged(_tagged(kept))
    content = await context.services.files.get(kept.path)
    if content is None:
        return await context.ask(reports.request, assessment_id, report, asked)
    await context.write(kept_papers.hand_out, papers, sought, kept, content)
    return _file(kept, content)


async def _again(context: Context, sought: PaperSought) -> Response[bytes] | None:
    """Return a paper as it was handed out before; None where it was not, or is another one now."""
    papers = context.services.papers
    kept = papers.get(sought.key)
    if kept is None:
        return None
    if context.has(kept.tag):
        id_ = sought.assessment_id
        same = await context.read(kept_papers.is_current, papers, id_, kept)
        return unchanged(_tagged(kept)) if same else None
    content = await context.services.files.get(kept.path)  # told to nobody who may not have it
    if content is None or not await context.write(kept_papers.hand_out_again, papers, sought, kept):
        return None
    return _file(kept, content)


def _tagged(kept: Kept) -> dict[str, str]:
    return {"ETag": f'"{kept.tag}"', "Cache-Control": "private, no-cache"}


def _file(kept: Kept, content: bytes) -> Response[bytes]:
    headers = {**_tagged(kept), "Content-Disposition": f'inline; filename="{kept.name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
