"""What if: other levels and options tried on the answers as they are, and nothing saved."""

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.what_if import outcome
from survey_service.operations import assessments
from survey_service.operations.assessments import Sheet
from survey_service.reports.answers import said
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.forms import Sent, form

_PATH = "/assessments/{assessment_id:int}/what-if"
_Entry = Annotated[str, Meta(max_length=40)]


class Trial(Struct, frozen=True):
    """What is tried instead: a level's number or an option's code by indicator, "" for as it is."""

    choice: dict[_Entry, _Entry] = {}


@get(_PATH, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show what can be tried, and the index as it is."""
    sheet = await context.read(assessments.view, assessment_id)
    return _page(context, sheet, Trial())


@post(_PATH, opt=acting("read"), include_in_schema=False, status_code=200)
async def compute(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[str]:
    """Show the index as it would be."""
    trial = await bodies.form(request, Trial)
    sheet = await context.read(assessments.view, assessment_id)
    fragment = "hx-request" in request.headers
    try:
        return _page(context, sheet, trial, fragment=fragment)
    except SurveyError as error:
        return _page(context, sheet, Trial(), error, fragment=fragment)


def _page(
    context: Context,
    sheet: Sheet,
    trial: Trial,
    error: SurveyError | None = None,
    *,
    fragment: bool = False,
) -> Response[str]:
    questionnaire = sheet.questionnaire
    tried = {code: _answer(questionnaire, code, one) for code, one in trial.choice.items() if one}
    found = outcome(questionnaire, sheet.answers, tried, sheet.profile)
    return context.page(
        "assessments/what_if_outcome.html" if fragment else "assessments/what_if.html",
        status=error.status if error else 200,
        sheet=sheet,
        questionnaire=questionnaire,
        outcome=found,
        next=next_grade(questionnaire, found.then),
        trial=trial,
        choices={
            code: [rung.choice for rung in form(sheet, one, context.language).rungs]
            for code, one in questionnaire.indicators.items()
        },
        marks={
            code: said(questionnaire, one, sheet.answers.get(code), context.language).mark
            for code, one in questionnaire.indicators.items()
        },
        problem=i18n.describe(error, context.language) if error else "",
    )


def _answer(questionnaire: Questionnaire, code: str, choice: str) -> Answer:
    """Return the answer that is tried.

    Raises:
        UnknownIndicatorError: Nothing is asked under the code.
    """
    indicator = questionnaire.indicators.get(code)
    if indicator is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)
    return Sent(choice=choice).draft(indicator).answer
