"""The page on which an assessment takes over what changed in its organisation's master data."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.assessment import Assessment
from survey_service.errors import SurveyError
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity.answers import Prose
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import assessments, master_data, questionnaires
from survey_service.operations.master_data import Offer
from survey_service.reports.master_data import told
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.error_pages import words
from survey_service.web.problems import BEYOND

_PATH = "/assessments/{assessment_id:int}/organisation"


class Sent(Struct, frozen=True):
    """The tag of the master data that was shown, and why it is taken over."""

    seen: bodies.Line = ""
    reason: Prose = ""


@get(_PATH, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show the organisation as the assessment knows it, as it is now, and what changes with it."""
    return await _page(context, assessment_id, Sent())


@post(_PATH, opt=acting("take_over"), include_in_schema=False)
async def take_over(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Take the master data over, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.write(master_data.take_over, assessment_id, sent.reason, sent.seen)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, assessment_id, sent, error)
    return Redirect(f"/assessments/{assessment_id}/result", status_code=303)


def offer_values(
    context: Context, offer: Offer | None, questionnaire: Questionnaire
) -> dict[str, object]:
    """Return what the templates show of what is offered; nothing of None."""
    if offer is None:
        return {"offer": None}
    words = told(offer.changes, offer.effect, offer.names, questionnaire, context.language)
    return {"offer": offer, "told": words}


def _unknown(context: Context, assessment: Assessment, questionnaire: Questionnaire) -> str:
    """Return why nothing is asked of an organisation of this kind; "" where something is."""
    try:
        questionnaire.for_kind(assessment.organisation.kind)
    except UnknownKindError as error:
        return words(error, "", context.language)
    return ""


async def _page(
    context: Context, assessment_id: int, sent: Sent, error: SurveyError | None = None
) -> Response[str]:
    assessment = await context.read(assessments.readable, assessment_id)
    code, version = assessment.questionnaire, assessment.version
    published, asks = await context.read(questionnaires.view, code, version)
    offer = await context.read(master_data.offer, assessment_id)
    return context.page(
        "assessments/organisation.html",
        status=error.status if error else 200,
        assessment=assessment,
        published=published,
        **offer_values(context, offer, asks),
        unknown=_unknown(context, assessment, asks),
        reason=sent.reason,
        problem=i18n.describe(error, context.language) if error else "",
    )
