"""Points to mend, written at the indicator while answers are checked."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.errors import SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.answers import Prose
from survey_service.operations import remarks
from survey_service.operations.assessments import view
from survey_service.store.database import Reader
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.assessments import result_page
from survey_service.web.problems import BEYOND

_ALL = "/assessments/{assessment_id:int}/points"


class Sent(Struct, frozen=True):
    """A point: the indicator that it is on, and what is to be mended."""

    indicator: bodies.Line = ""
    text: Prose = ""


@post(_ALL, opt=acting("return"), include_in_schema=False)
async def add(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Write a point down, or show why not; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.make(object, remarks.point_out, assessment_id, sent.indicator, sent.text)
    except (*BEYOND, UnknownIndicatorError):
        raise
    except SurveyError as error:
        typed = {"text": sent.text, "indicator": sent.indicator}
        return await result_page(context, assessment_id, error, typed)
    node = await context.read(_node, assessment_id, sent.indicator)
    path = f"/assessments/{assessment_id}/check/{node}#{sent.indicator}"
    return Redirect(path, status_code=303)


@post(_ALL + "/{remark_id:int}/removal", opt=acting("return"), include_in_schema=False)
async def take_back(
    context: NamedDependency[Context], assessment_id: FromPath[int], remark_id: FromPath[int]
) -> Redirect:
    """Take back a point that the agency was not given yet."""
    await context.write(remarks.take_back, assessment_id, remark_id)
    return Redirect(f"/assessments/{assessment_id}/check", status_code=303)


def _node(tx: Reader, actor: Actor, assessment_id: int, indicator: str) -> str:
    """Return the code of the part that an indicator is in."""
    return view(tx, actor, assessment_id).questionnaire.parents[indicator].code
