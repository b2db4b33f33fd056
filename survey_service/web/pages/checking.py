"""Checking: what the agency answered beside its evidence and earlier scores, and a form to score it."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Response as Saved
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Stage
from survey_service.conduct.remarks import Remark
from survey_service.errors import NotFoundError, SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.tree import Indicator
from survey_service.operations import checking, responses
from survey_service.operations.checking import Review
from survey_service.operations.responses import Comparison
from survey_service.reports.answers import Said, said
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.forms import Form, Sent, form, refused
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}"


class Row(Struct, frozen=True):
    """One indicator on the review: its scores in words by stage, its evidence, and the form.

    `differs` marks what the stages scored differently; `left` what is still to be looked at.
    """

    indicator: Indicator
    scores: list[tuple[Stage, Said, Saved]]
    evidence: list[Evidence]
    remarks: list[Remark]
    form: Form
    differs: bool
    left: bool


@get(_ONE + "/check", opt=acting("read"), include_in_schema=False)
async def begin(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Redirect:
    """Go to the first part with something left to look at, or else to the first one."""
    review = await context.read(checking.load, assessment_id)
    parents = review.sheet.questionnaire.parents
    first = review.unchecked[0] if review.unchecked else next(iter(parents))
    return Redirect(f"/assessments/{assessment_id}/check/{parents[first].code}")


@get(_ONE + "/check/{code:str}", opt=acting("read"), include_in_schema=False)
async def part(
    context: NamedDependency[Context], assessment_id: FromPath[int], code: FromPath[str]
) -> Response[str]:
    """Show the answers of one node, to be checked."""
    return _page(context, await context.read(checking.load, assessment_id), code)


@post(
    _ONE + "/stages/{stage:str}/responses/{indicator:str}",
    opt=acting("answer"),
    include_in_schema=False,
)
async def save(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    stage: FromPath[Literal["internal", "external"]],
    indicator: FromPath[str],
) -> Response[Any]:
    """Save one score; a refusal shows why, and keeps what was typed."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    try:
        await context.write(_save, assessment_id, stage, indicator, sent)
    except (*BEYOND, UnknownIndicatorError):
        raise
    except SurveyError as error:
        review = await context.read(checking.load, assessment_id)
        return _refused(context, review, stage, indicator, sent, error)
    review = await context.read(checking.load, assessment_id)
    following = _next(review, indicator)
    node = review.sheet.questionnaire.parents[following].code
    return Redirect(f"/assessments/{assessment_id}/check/{node}#{following}", status_code=303)


def _refused(
    context: Context,
    review: Review,
    stage: Stage,
    indicator: str,
    sent: Sent,
    refusal: SurveyError,
) -> Response[str]:
    """Return the page of a part with the score that was refused, as it was typed."""
    questionnaire = review.sheet.questionnaire
    unsaved = form(review.sheet, questionnaire.indicators[indicator], context.language, stage)
    shown = refused(review.sheet, unsaved, sent, refusal, context.language)
    node = questionnaire.parents[indicator].code
    return _page(context, review, node, shown, status=refusal.status)


def _next(review: Review, indicator: str) -> str:
    """Return the next indicator to look at, of its part before others; itself, once none is left."""
    parents = review.sheet.questionnaire.parents
    codes = list(parents)
    here = [code for code in codes if parents[code] == parents[indicator]]
    order = [*_from(here, indicator), *_from(codes, indicator)]
    return next((code for code in order if code in review.unchecked), indicator)


def _from(codes: list[str], first: str) -> list[str]:
    """Return codes from one on, and then those before it."""
    place = codes.index(first)
    return [*codes[place:], *codes[:place]]


def _save(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    stage: Literal["internal", "external"],
    indicator: str,
    sent: Sent,
) -> None:
    """Save what the form means, which depends on what is asked."""
    _, asked = responses.indicator(tx, actor, assessment_id, indicator)
    draft = sent.draft(asked)
    responses.save_response(tx, actor, assessment_id, indicator, draft, stage)


def _page(
    context: Context, review: Review, code: str, shown: Form | None = None, status: int = 200
) -> Response[str]:
    questionnaire = review.sheet.questionnaire
    node = questionnaire.all_nodes.get(code)
    if node is None or not node.indicators:
        raise NotFoundError(node=code)
    parts = [each for each in questionnaire.all_nodes.values() if each.indicators]
    left = {
        each.code: sum(one.code in review.unchecked for one in each.indicators) for each in parts
    }
    compared = {one.indicator: one for one in responses.comparisons(review.sheet)}
    rows = [_row(context, review, one, compared.get(one.code)) for one in node.indicators]
    forms = {row.indicator.code: row.form for row in rows}
    if shown is not None:
        forms[shown.indicator.code] = shown
    return context.page(
        "assessments/check.html",
        status=status,
        sheet=review.sheet,
        stage=review.stage,
        may_return=review.may_return,
        may_settle=review.may_settle,
        questionnaire=questionnaire,
        node=node,
        parts=parts,
        left=left,
        rows=rows,
        forms=forms,
    )


def _row(
    context: Context, review: Review, indicator: Indicator, compared: Comparison | None
) -> Row:
    sheet, code = review.sheet, indicator.code
    given = compared.scores if compared else {}
    scores = [
        (stage, said(sheet.questionnaire, indicator, one.answer, context.language), one)
        for stage, one in given.items()
    ]
    return Row(
        indicator,
        scores,
        review.evidence.get(code, []),
        review.remarks.get(code, []),
        form(sheet, indicator, context.language, review.stage or "self"),
        differs=compared is not None and compared.differs,
        left=code in review.unchecked,
    )
