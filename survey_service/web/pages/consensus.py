"""Evaluators who score alone, and the page on which they then agree: the spread first, then one score."""

from decimal import Decimal
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct, structs

from survey_service import i18n
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Response as Saved
from survey_service.conduct.consensus import Spread
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Stage
from survey_service.errors import SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.texts import END
from survey_service.maturity.tree import Indicator
from survey_service.operations import consensus, responses
from survey_service.operations.consensus import Meeting, Seen
from survey_service.reports.answers import Said, said
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.forms import Form, Sent, form, refused
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}/panel"
_BEFORE: tuple[Stage, ...] = ("self", "internal")
_Id = Annotated[str, Meta(max_length=10, pattern=f"^[0-9]+{END}")]


class Naming(Struct, frozen=True):
    """Who is ticked, by their ids."""

    people: dict[_Id, bodies.Line] = {}


class Row(Struct, frozen=True):
    """An indicator: what was claimed, how it was scored alone and by whom, and the form to score it.

    `before` is what the stages before said of it, in words and as it was saved.
    """

    indicator: Indicator
    claimed: Said
    before: list[tuple[Stage, Said, Saved]]
    evidence: list[Evidence]
    spread: list[tuple[Said, int]]
    differs: bool
    scored: list[tuple[str, Said, str]]
    form: Form | None
    settled: bool


@get(_ONE, opt=acting("answer"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show the panel: who is on it, what is left to score alone, or how all of them scored."""
    return _page(context, await context.read(consensus.meeting, assessment_id))


@post(_ONE, opt=acting("answer"), include_in_schema=False)
async def name(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Let those who are ticked score alone, or show why not."""
    sent = await bodies.form(request, Naming)
    people = [int(one) for one in sent.people]
    return await _done(context, assessment_id, consensus.name_panel, people)


@post(_ONE + "/handing-in", opt=acting("answer"), include_in_schema=False)
async def hand_in(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[Any]:
    """Hand in what was scored alone, or show why not."""
    return await _done(context, assessment_id, consensus.hand_in)


@post(_ONE + "/agreement", opt=acting("answer"), include_in_schema=False)
async def agree(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[Any]:
    """Set the scores on which all agree."""
    return await _done(context, assessment_id, consensus.settle_agreed)


@post(_ONE + "/scores/{indicator:str}", opt=acting("answer"), include_in_schema=False)
async def score(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
) -> Response[Any]:
    """Save what is scored alone, or show why not; what was typed stays."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    return await _saved(context, assessment_id, indicator, sent, _score)


@post(_ONE + "/consensus/{indicator:str}", opt=acting("answer"), include_in_schema=False)
async def settle(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
) -> Response[Any]:
    """Set the one score that the panel agrees on, or show why not; what was typed stays."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    return await _saved(context, assessment_id, indicator, sent, _settle)


async def _done(context: Context, assessment_id: int, operation: Any, *args: Any) -> Response[Any]:
    try:
        await context.write(operation, assessment_id, *args)
    except BEYOND:
        raise
    except SurveyError as error:
        seen = await context.read(consensus.meeting, assessment_id)
        return _page(context, seen, problem=error)
    return Redirect(f"/assessments/{assessment_id}/panel", status_code=303)


async def _saved(
    context: Context, assessment_id: int, indicator: str, sent: Sent, operation: Any
) -> Response[Any]:
    try:
        await context.write(operation, assessment_id, indicator, sent)
    except (*BEYOND, UnknownIndicatorError):
        raise
    except SurveyError as error:
        seen = await context.read(consensus.meeting, assessment_id)
        return _page(context, seen, refusal=(indicator, sent, error))
    return Redirect(f"/assessments/{assessment_id}/panel#{indicator}", status_code=303)


def _score(tx: Writer, actor: Actor, assessment_id: int, code: str, sent: Sent) -> None:
    _, asked = responses.indicator(tx, actor, assessment_id, code)
    consensus.score_alone(tx, actor, assessment_id, code, sent.draft(asked))


def _settle(tx: Writer, actor: Actor, assessment_id: int, code: str, sent: Sent) -> None:
    _, asked = responses.indicator(tx, actor, assessment_id, code)
    responses.save_response(tx, actor, assessment_id, code, sent.draft(asked), "external")


def _page(
    context: Context,
    seen: Seen,
    *,
    problem: SurveyError | None = None,
    refusal: tuple[str, Sent, SurveyError] | None = None,
) -> Response[str]:
    wrong = refusal[2] if refusal is not None else problem
    rows = [_row(seen, code, context.language) for code in _codes(seen)]
    if refusal is not None:
        rows = [_refused(seen, row, refusal, context.language) for row in rows]
    return context.page(
        "assessments/panel.html",
        status=200 if wrong is None else wrong.status,
        sheet=seen.sheet,
        questionnaire=seen.sheet.questionnaire,
        meeting=seen.meeting,
        evaluators=seen.evaluators,
        on_panel={one.person_id for one in seen.meeting.panel},
        rows=rows,
        is_open=seen.sheet.assessment.state in {"external_evaluation", "objection"},
        corrected=_corrected(seen),
        problem="" if problem is None else i18n.describe(problem, context.language),
        agreed=sum(not seen.meeting.spreads[code].differs for code in seen.meeting.unsettled),
    )


def _corrected(seen: Seen) -> Decimal | None:
    found = seen.meeting.agreement
    return None if found is None or found.corrected is None else Decimal(repr(found.corrected))


def _codes(seen: Seen) -> list[str]:
    """Return what there is to score: what the organisation answered, or all of a panel that has met."""
    found = seen.meeting
    if found.met:
        return [code for code in seen.sheet.questionnaire.indicators if code in found.spreads]
    shown = found.is_member and found.panel
    readable = seen.sheet.readable["self"] if shown else {}
    return [code for code in seen.sheet.questionnaire.indicators if code in readable]


def _row(seen: Seen, code: str, language: str) -> Row:
    sheet, found = seen.sheet, seen.meeting
    asked, indicator = sheet.questionnaire, sheet.questionnaire.indicators[code]
    own = sheet.readable["self"].get(code)
    spread = found.spreads.get(code, Spread(code, ()))
    names = {one.person_id: one.person for one in found.panel}
    scored = [
        (
            names.get(one.person_id, ""),
            said(asked, indicator, one.response.answer, language),
            one.response.note,
        )
        for one in found.scores
        if one.response.indicator == code
    ]
    return Row(
        indicator,
        said(asked, indicator, own.answer if own else None, language),
        [
            (stage, said(asked, indicator, one.answer, language), one)
            for stage, given in sheet.readable.items()
            if stage in _BEFORE and (one := given.get(code)) is not None
        ],
        seen.evidence.get(code, []),
        [(said(asked, indicator, answer, language), count) for answer, count in spread.answers],
        spread.differs,
        scored,
        _form(seen, indicator, language),
        code not in (found.unsettled if found.met else found.left),
    )


def _form(seen: Seen, indicator: Indicator, language: str) -> Form | None:
    """Return the form to score with: blank at first, and then filled in with what most of them gave.

    Nothing of what the organisation claims is filled in: who scores alone is not to lean on it.
    """
    found, code = seen.meeting, indicator.code
    kept = seen.sheet.by_stage["external"].get(code) if found.met else found.own.get(code)
    if not found.met and found.is_in:
        return None
    shown = _proposed(found, code) if found.met and kept is None else kept
    alone = {} if shown is None else {code: shown}
    bare = structs.replace(seen.sheet, by_stage={"self": {}, "external": alone})
    made = form(bare, indicator, language, "external")
    return structs.replace(made, saved=kept, asked=True)


def _proposed(found: Meeting, code: str) -> Saved:
    """Return what most of a panel gave, as if it were the first score."""
    answer, _ = found.spreads[code].answers[0]
    first = next(one.response for one in found.scores if one.response.indicator == code)
    return structs.replace(first, answer=answer, note="", revision=0)


def _refused(seen: Seen, row: Row, refusal: tuple[str, Sent, SurveyError], language: str) -> Row:
    code, sent, error = refusal
    if row.indicator.code != code or row.form is None:
        return row
    return structs.replace(row, form=refused(seen.sheet, row.form, sent, error, language))


"""All that there is of panels, for the list of routes."""
