"""The fill-in page: one part of the questionnaire, every answer a form that saves itself."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service.errors import (
    NotFoundError,
    SignInRequiredError,
    SurveyError,
    UnknownIndicatorError,
)
from survey_service.maturity.access import Actor
from survey_service.maturity.assessment import Response as Saved
from survey_service.maturity.tree import Node
from survey_service.operations import assessments, responses
from survey_service.operations.assessments import Sheet
from survey_service.store.database import Writer
from survey_service.web import bodies, problems
from survey_service.web.pages.forms import Form, Sent, form, refused
from survey_service.web.visits import ASKS, Visit, acting


@get(
    "/assessments/{assessment_id:int}/parts/{code:str}", opt=acting("read"), include_in_schema=False
)
async def part(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], code: FromPath[str]
) -> Response[str]:
    """Show the indicators of one node, to be answered."""
    sheet = await visit.read(assessments.view, assessment_id)
    node = sheet.questionnaire.all_nodes.get(code)
    if node is None or not node.indicators:
        raise NotFoundError(node=code)
    return _page(visit, sheet, node, [form(sheet, indicator) for indicator in node.indicators])


@post(
    "/assessments/{assessment_id:int}/responses/{indicator:str}", opt=ASKS, include_in_schema=False
)
async def save(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
) -> Response[Any]:
    """Save one answer; a refusal shows why, and keeps what was typed."""
    sent = await bodies.form(request, Sent)
    refusal: SurveyError | None = None
    try:
        await visit.write(_save, assessment_id, indicator, sent)
    except (NotFoundError, UnknownIndicatorError):
        raise
    except SignInRequiredError as error:
        return _kept(request, visit, assessment_id, indicator, sent, error)
    except SurveyError as error:
        refusal = error
    sheet = await visit.read(assessments.view, assessment_id)
    shown = form(sheet, sheet.questionnaire.indicators[indicator])
    if refusal is not None:
        shown = refused(sheet, shown, sent, refusal, visit.language)
    return _answer(request, visit, sheet, shown, refusal.status if refusal else 200)


def _save(tx: Writer, actor: Actor, assessment_id: int, indicator: str, sent: Sent) -> Saved:
    """Save what the form means, which depends on what is asked."""
    _, asked = responses.indicator(tx, actor, assessment_id, indicator)
    draft = sent.draft(asked)
    return responses.save_response(tx, actor, assessment_id, indicator, draft)


def _answer(
    request: Request[Any, Any, Any], visit: Visit, sheet: Sheet, shown: Form, status: int
) -> Response[Any]:
    """Return how one form stands: to script the form's status, else the page it is on."""
    if "hx-request" in request.headers:
        return visit.page(
            "assessments/saved.html",
            status=status,
            form=shown,
            others=_conditional(sheet, shown),
            **_common(sheet),
        )
    node = sheet.questionnaire.parents[shown.indicator.code]
    if status == 200:  # noqa: PLR2004 - saved: the page itself, at the answer
        path = f"/assessments/{sheet.assessment.id}/parts/{node.code}#{shown.indicator.code}"
        return Redirect(path, status_code=303)
    forms = [shown if one is shown.indicator else form(sheet, one) for one in node.indicators]
    return _page(visit, sheet, node, forms, status=status)


def _kept(
    request: Request[Any, Any, Any],
    visit: Visit,
    assessment_id: int,
    indicator: str,
    sent: Sent,
    error: SignInRequiredError,
) -> Response[Any]:
    """Return what a person typed whose session has ended meanwhile."""
    if "hx-request" in request.headers:
        return problems.error_fragment(visit, error)
    return visit.page(
        "assessments/kept.html",
        status=error.status,
        sent=sent,
        indicator=indicator,
        assessment_id=assessment_id,
    )


def _page(
    visit: Visit, sheet: Sheet, node: Node, forms: list[Form], status: int = 200
) -> Response[str]:
    parts = [node for node in sheet.questionnaire.all_nodes.values() if node.indicators]
    position = parts.index(node)
    return visit.page(
        "assessments/part.html",
        status=status,
        node=node,
        forms=forms,
        earlier=parts[position - 1] if position else None,
        later=parts[position + 1] if position + 1 < len(parts) else None,
        **_common(sheet),
    )


def _conditional(sheet: Sheet, shown: Form) -> list[Form]:
    """Return the forms on the same page that an answer may have opened or closed."""
    node = sheet.questionnaire.parents[shown.indicator.code]
    return [form(sheet, one) for one in node.indicators if one.when is not None]


def _common(sheet: Sheet) -> dict[str, object]:
    return {"sheet": sheet, "card": sheet.running, "questionnaire": sheet.questionnaire}
