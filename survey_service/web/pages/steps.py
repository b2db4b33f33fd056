"""Taking steps on the page of the result, remarking, and resolving remarks."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.life import Step
from survey_service.conduct.remarks import Remark
from survey_service.errors import (
    ForbiddenError,
    SignInRequiredError,
    SurveyError,
)
from survey_service.maturity.answers import Prose
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import remarks, responses, steps
from survey_service.operations.assessments import view
from survey_service.operations.steps import Point, Taking
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.pages.assessments import result_page
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}"
_LONGEST = 50_000  # letters of a list of points


class Sent(Struct, frozen=True):
    """A step, its reason, and points: one a line, `A: text` where it is on one indicator."""

    step: Step
    reason: Prose = ""
    points: Annotated[str, Meta(max_length=_LONGEST)] = ""


class Accepting(Struct, frozen=True):
    """The stage whose people accept what they have not scored otherwise; of a `part`, or of all."""

    stage: Literal["internal", "external"]
    part: bodies.Line = ""


class Said(Struct, frozen=True):
    """A remark: its kind, what it is on ("" for the whole), what it says, and whom a comment tells."""

    kind: Literal["comment", "objection"] = "comment"
    indicator: bodies.Line = ""
    text: Prose = ""
    mention: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class Answered(Struct, frozen=True):
    """What is said on resolving a remark."""

    answer: Prose = ""


@post(_ONE + "/steps", opt=acting("submit"), include_in_schema=False)
async def take(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Take a step, or show what it lacks; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.write(_take, assessment_id, sent)
    except BEYOND:
        raise
    except SurveyError as error:
        typed = {"reason": sent.reason, "points": sent.points}
        return await result_page(context, assessment_id, error, typed)
    return _back(assessment_id)


@post(_ONE + "/acceptance", opt=acting("answer"), include_in_schema=False)
async def accept(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Redirect:
    """Accept, at a stage, every answer that is still to be looked at."""
    wanted = await bodies.form(request, Accepting)
    await context.write(responses.accept_rest, assessment_id, wanted.stage, wanted.part or None)
    if wanted.part:
        return Redirect(f"/assessments/{assessment_id}/check/{wanted.part}", status_code=303)
    return _back(assessment_id)


@post(_ONE + "/remarks", opt=acting("comment"), include_in_schema=False)
async def remark(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Remark on the assessment, or show why not; what was typed stays."""
    said = await bodies.form(request, Said)
    try:
        await context.write(_remark, assessment_id, said)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        typed = {"text": said.text, "indicator": said.indicator, "kind": said.kind}
        return await result_page(context, assessment_id, error, typed)
    return _back(assessment_id)


@post(_ONE + "/remarks/{remark_id:int}/resolution", opt=acting("comment"), include_in_schema=False)
async def resolve(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    remark_id: FromPath[int],
) -> Response[Any]:
    """Resolve a remark, or show why not; what was typed stays."""
    answer = (await bodies.form(request, Answered)).answer
    try:
        await context.write(remarks.resolve, assessment_id, remark_id, answer)
    except BEYOND:
        raise
    except SurveyError as error:
        typed = {f"answer {remark_id}": answer}
        return await result_page(context, assessment_id, error, typed)
    return _back(assessment_id)


def _take(tx: Writer, actor: Actor, assessment_id: int, sent: Sent) -> None:
    """Take the step that the form means, which depends on what is asked."""
    questionnaire = view(tx, actor, assessment_id).questionnaire
    points = tuple(_points(questionnaire, sent.points))
    steps.take(tx, actor, assessment_id, Taking(sent.step, sent.reason, points))


def _points(questionnaire: Questionnaire, written: str) -> list[Point]:
    found = []
    for line in filter(None, map(str.strip, written.splitlines())):
        code, colon, text = (part.strip() for part in line.partition(":"))
        on_one = bool(colon) and code in questionnaire.indicators
        found.append(Point(text, code) if on_one else Point(line))
    return found


def _remark(tx: Writer, actor: Actor, assessment_id: int, said: Said) -> Remark:
    on = said.indicator or None
    if said.kind == "comment":
        return remarks.comment(tx, actor, assessment_id, on, said.text, said.mention)
    return remarks.object_to(tx, actor, assessment_id, on, said.text)


def _back(assessment_id: int) -> Redirect:
    return Redirect(f"/assessments/{assessment_id}/result", status_code=303)
