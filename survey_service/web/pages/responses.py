"""The fill-in page: one part of the questionnaire, every answer a form that saves itself."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct, structs

from survey_service import i18n
from survey_service.errors import (
    NotFoundError,
    SignInRequiredError,
    StaleRevisionError,
    SurveyError,
    UnknownIndicatorError,
)
from survey_service.maturity.answers import Answer, Prose
from survey_service.maturity.assessment import Draft
from survey_service.maturity.assessment import Response as Saved
from survey_service.maturity.instrument import Indicator, Level, Node
from survey_service.operations import assessments
from survey_service.operations.assessments import Sheet
from survey_service.web import bodies, problems
from survey_service.web.visits import ASKS, SIGNED_IN, Visit

NOT_APPLICABLE = "na"


class Sent(Struct, frozen=True):
    """The form of one answer: `level` is a number or `na`, which `reason` then explains."""

    level: str = ""
    reason: Prose = ""
    note: Prose = ""
    revision: Annotated[int, Meta(ge=0)] = 0

    def draft(self) -> Draft:
        """Return what the person means."""
        if self.level == NOT_APPLICABLE:
            return Draft(Answer(not_applicable=self.reason.strip()), self.note, self.revision)
        level = int(self.level) if self.level.isdecimal() and len(self.level) < 3 else None  # noqa: PLR2004
        return Draft(Answer(level=level), self.note, self.revision)


class Form(Struct, frozen=True):
    """What a form shows: the indicator with its levels by number, what is typed, how it stands.

    `problem` says why the last save was refused, `other` is the version that it collided with.
    """

    indicator: Indicator
    levels: list[tuple[int, Level]]
    sent: Sent
    saved: Saved | None
    problem: str = ""
    other: Saved | None = None


@get("/assessments/{assessment_id:int}/parts/{code:str}", opt=SIGNED_IN, include_in_schema=False)
async def part(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], code: FromPath[str]
) -> Response[str]:
    """Show the indicators of one node, to be answered."""
    sheet = await visit.read(assessments.view, assessment_id)
    node = sheet.questionnaire.all_nodes.get(code)
    if node is None or not node.indicators:
        raise NotFoundError(node=code)
    forms = [_form(sheet, indicator) for indicator in node.indicators]
    return _page(visit, sheet, node, forms)


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
        await visit.write(assessments.save_response, assessment_id, indicator, sent.draft())
    except (NotFoundError, UnknownIndicatorError):
        raise
    except SignInRequiredError as error:
        return _kept(request, visit, assessment_id, indicator, sent, error)
    except SurveyError as error:
        refusal = error
    sheet = await visit.read(assessments.view, assessment_id)
    form = _form(sheet, sheet.questionnaire.indicators[indicator])
    if refusal is not None:
        form = _refused(visit, form, sent, refusal)
    return _answer(request, visit, sheet, form, refusal.status if refusal else 200)


def _answer(
    request: Request[Any, Any, Any], visit: Visit, sheet: Sheet, form: Form, status: int
) -> Response[Any]:
    """Return how one form stands: to script the form's status, else the page it is on."""
    if "hx-request" in request.headers:
        return visit.page("assessments/saved.html", status=status, form=form, **_common(sheet))
    node = sheet.questionnaire.parents[form.indicator.code]
    if status == 200:  # noqa: PLR2004 - saved: the page itself, at the answer
        path = f"/assessments/{sheet.assessment.id}/parts/{node.code}#{form.indicator.code}"
        return Redirect(path, status_code=303)
    forms = [form if one is form.indicator else _form(sheet, one) for one in node.indicators]
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


def _common(sheet: Sheet) -> dict[str, object]:
    return {"sheet": sheet, "card": sheet.running, "questionnaire": sheet.questionnaire}


def _form(sheet: Sheet, indicator: Indicator) -> Form:
    saved = sheet.responses.get(indicator.code)
    if saved is None:
        return Form(indicator, _levels(sheet, indicator), Sent(), None)
    reason = saved.answer.not_applicable
    level = NOT_APPLICABLE if saved.answer.level is None else str(saved.answer.level)
    sent = Sent(level, reason or "", saved.note, saved.revision)
    return Form(indicator, _levels(sheet, indicator), sent, saved)


def _refused(visit: Visit, form: Form, sent: Sent, refusal: SurveyError) -> Form:
    """Return the form with what was typed, why it was refused, and the version it collided with."""
    other = form.saved if isinstance(refusal, StaleRevisionError) else None
    words = i18n.describe(refusal, visit.language)
    return structs.replace(form, sent=sent, problem=words, other=other)


def _levels(sheet: Sheet, indicator: Indicator) -> list[tuple[int, Level]]:
    return list(
        enumerate(sheet.questionnaire.levels(indicator), start=sheet.questionnaire.scale.lowest)
    )
