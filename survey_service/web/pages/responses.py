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
from survey_service.maturity.access import Actor
from survey_service.maturity.answers import Answer, Prose
from survey_service.maturity.assessment import Draft
from survey_service.maturity.assessment import Response as Saved
from survey_service.maturity.instrument import Indicator, Node, Text
from survey_service.operations import assessments
from survey_service.operations.assessments import Sheet
from survey_service.reports.answers import Said, said
from survey_service.store.database import Writer
from survey_service.web import bodies, problems
from survey_service.web.visits import ASKS, SIGNED_IN, Visit

NOT_APPLICABLE = "-"  # can be no level and no option's code


class Sent(Struct, frozen=True):
    """The form of one answer.

    `choice` is what was chosen, a level's number, an option's code or `NOT_APPLICABLE`, which
    `reason` then explains; `value` is a number as the person writes it.
    """

    choice: Annotated[str, Meta(max_length=40)] = ""
    value: Annotated[str, Meta(max_length=40)] = ""
    reason: Prose = ""
    note: Prose = ""
    revision: Annotated[int, Meta(ge=0)] = 0

    def draft(self, kind: str) -> Draft:
        """Return what the person means where an answer holds a level, an option or a value."""
        if self.choice == NOT_APPLICABLE:
            answer = Answer(not_applicable=self.reason.strip())
        elif kind == "value":
            answer = Answer(value=i18n.number(self.value))
        elif kind == "option":
            answer = Answer(option=self.choice or None)
        else:
            answer = Answer(level=int(self.choice) if self.choice.isdecimal() else None)
        return Draft(answer, self.note, self.revision)


class Rung(Struct, frozen=True):
    """Something to choose: what the form sends, its name where it has one, and its texts."""

    choice: str
    name: Text | None
    texts: tuple[Text, ...]


class Form(Struct, frozen=True):
    """What a form shows: the indicator, what is to choose from, what is typed, how it stands.

    `problem` says why the last save was refused, `other` is the version that it collided with;
    `theirs` and `mine` are the two answers in words.
    """

    indicator: Indicator
    rungs: list[Rung]
    sent: Sent
    saved: Saved | None
    problem: str = ""
    other: Saved | None = None
    theirs: Said | None = None
    mine: Said | None = None


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
        await visit.write(_save, assessment_id, indicator, sent)
    except (NotFoundError, UnknownIndicatorError):
        raise
    except SignInRequiredError as error:
        return _kept(request, visit, assessment_id, indicator, sent, error)
    except SurveyError as error:
        refusal = error
    sheet = await visit.read(assessments.view, assessment_id)
    form = _form(sheet, sheet.questionnaire.indicators[indicator])
    if refusal is not None:
        form = _refused(visit, sheet, form, sent, refusal)
    return _answer(request, visit, sheet, form, refusal.status if refusal else 200)


def _save(tx: Writer, actor: Actor, assessment_id: int, indicator: str, sent: Sent) -> Saved:
    """Save what the form means, which depends on what is asked."""
    asked = assessments.indicator(tx, actor, assessment_id, indicator)
    draft = sent.draft(asked.kind)
    return assessments.save_response(tx, actor, assessment_id, indicator, draft)


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
    sent = Sent() if saved is None else _sent(saved)
    return Form(indicator, _rungs(sheet, indicator), sent, saved)


def _sent(saved: Saved) -> Sent:
    """Return the form as it is filled in by a response."""
    answer = saved.answer
    chosen = str(answer.level) if answer.level is not None else answer.option or ""
    if answer.not_applicable is not None:
        chosen = NOT_APPLICABLE
    value = "" if answer.value is None else str(answer.value)
    return Sent(chosen, value, answer.not_applicable or "", saved.note, saved.revision)


def _refused(visit: Visit, sheet: Sheet, form: Form, sent: Sent, refusal: SurveyError) -> Form:
    """Return the form with what was typed, why it was refused, and the version it collided with."""
    refused = structs.replace(form, sent=sent, problem=i18n.describe(refusal, visit.language))
    if not isinstance(refusal, StaleRevisionError) or form.saved is None:
        return refused
    theirs, mine = (
        said(sheet.questionnaire, form.indicator, answer, visit.language)
        for answer in (form.saved.answer, sent.draft(form.indicator.kind).answer)
    )
    return structs.replace(refused, other=form.saved, theirs=theirs, mine=mine)


def _rungs(sheet: Sheet, indicator: Indicator) -> list[Rung]:
    questionnaire = sheet.questionnaire
    if indicator.kind == "option":
        options = questionnaire.options(indicator)
        return [Rung(option.code, None, (option.text,)) for option in options]
    if indicator.kind == "value":
        return []
    first = int(questionnaire.scale.lowest)
    levels = enumerate(questionnaire.levels(indicator), start=first)
    return [Rung(str(number), level.name, level.criteria) for number, level in levels]
