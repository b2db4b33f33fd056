"""Taking steps on the page of the result, remarking, and resolving remarks."""

from types import NoneType
from typing import Annotated, Any, Literal

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.life import Step
from survey_service.conduct.remarks import Outcome, Remark
from survey_service.errors import ForbiddenError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.review import WrongStateError
from survey_service.maturity.answers import Prose
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import evidence, remarks, responses, steps
from survey_service.operations.assessments import view
from survey_service.operations.evidence import Limits, Wanted
from survey_service.operations.steps import Point, Taking
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.evidence import limits
from survey_service.web.context import Context
from survey_service.web.pages.assessments import result_page
from survey_service.web.pages.consequences import confirmation
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}"
Place = Literal["result", "changes", "check", "receipt"]
"""A page of an assessment to come back to."""

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
    """A remark: its kind, what it is on ("" for the whole), what it says, and the page it is from.

    A comment may be `shared`, and tells whom it is to `mention`; an objection may come with the `url`
    of what proves it.
    """

    kind: Literal["comment", "objection"] = "comment"
    indicator: bodies.Line = ""
    text: Prose = ""
    mention: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    shared: str = ""
    url: Annotated[str, Meta(max_length=3000)] = ""
    back: Place = "result"


class Answered(Struct, frozen=True):
    """What is said on resolving a remark, what became of it, and the page it is from."""

    answer: Prose = ""
    outcome: Outcome | Literal[""] = ""
    back: Place = "result"


@post(_ONE + "/steps", opt=acting("submit"), include_in_schema=False)
async def take(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Take a step, or show what it lacks; what was typed stays."""
    sent = await bodies.form(request, Sent)
    try:
        await context.make(NoneType, _take, assessment_id, sent)
    except BEYOND:
        raise
    except WrongStateError as error:
        if await context.read(steps.was_just_taken, assessment_id, sent.step):
            return _back(assessment_id)  # a double click
        return await result_page(context, assessment_id, error)
    except SurveyError as error:
        typed = {"reason": sent.reason, "points": sent.points}
        return await confirmation(context, assessment_id, sent.step, error, typed)
    return _back(assessment_id, "receipt" if sent.step == "submit" else "result")


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
        await context.make(Remark, _remark, assessment_id, said, limits(context))
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        typed = {"text": said.text, "indicator": said.indicator, "kind": said.kind}
        return await result_page(context, assessment_id, error, typed)
    return _back(assessment_id, said.back, said.indicator)


@post(_ONE + "/remarks/{remark_id:int}/resolution", opt=acting("comment"), include_in_schema=False)
async def resolve(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    remark_id: FromPath[int],
) -> Response[Any]:
    """Resolve a remark, or show why not; what was typed stays."""
    said = await bodies.form(request, Answered)
    named = (assessment_id, remark_id, said.answer, said.outcome or None)
    try:
        await context.make(object, remarks.resolve, *named)
    except BEYOND:
        raise
    except SurveyError as error:
        typed = {f"answer {remark_id}": said.answer}
        return await result_page(context, assessment_id, error, typed)
    return _back(assessment_id, said.back)


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


def _remark(tx: Writer, actor: Actor, assessment_id: int, said: Said, most: Limits) -> Remark:
    indicator, url = said.indicator or None, said.url.strip()
    if said.kind == "comment":
        shared, to = bool(said.shared), said.mention
        return remarks.comment(tx, actor, assessment_id, indicator, said.text, to, shared=shared)
    if indicator is not None and url:
        wanted = Wanted(indicator, url[:200])
        evidence.attach_link(tx, actor, assessment_id, wanted, url, most)
    return remarks.object_to(tx, actor, assessment_id, indicator, said.text)


def _back(assessment_id: int, place: Place = "result", indicator: str = "") -> Redirect:
    path = f"/assessments/{assessment_id}/{place}"
    return Redirect(f"{path}#{indicator}" if indicator else path, status_code=303)
