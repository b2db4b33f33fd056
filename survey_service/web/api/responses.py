"""Responses: saved one by one, each on the revision that its author saw."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Meta, Struct

from survey_service.conduct.assessment import Draft
from survey_service.conduct.assessment import Response as Saved
from survey_service.errors import NotFoundError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.answers import TwoAnswersError
from survey_service.maturity.answers import NOTHING, Answer, Prose
from survey_service.operations import assessments, responses
from survey_service.operations.responses import Comparison
from survey_service.web import bodies, problems
from survey_service.web.access import acting
from survey_service.web.api.headers import IfNoneMatch, IfRevision, revision
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

AtStage = Literal["self", "internal", "external"]
"""Whose score it is: the organisation's own, its inspectorate's, or the evaluators'."""

LONGEST_QUEUE = 500  # saves replayed at once
_PATH = "/assessments/{assessment_id:int}/responses"


class Sent(Answer, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An answer, exactly one of its kinds, with a note."""

    note: Prose = ""

    @property
    def answer(self) -> Answer:
        """The answer alone."""
        return Answer(**{name: getattr(self, name) for name in Answer.__struct_fields__})


class Queued(Sent, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A save made earlier, on the revision that its author saw; 0 for none.

    One that is `taken_back` has no answer.
    """

    indicator: bodies.Line
    revision: Annotated[int, Meta(ge=0, lt=10**9)] = 0
    taken_back: bool = False


class Queue(Struct, frozen=True, forbid_unknown_fields=True):
    """Saves made while the line was down, in the order in which they were made."""

    items: Annotated[tuple[Queued, ...], Meta(max_length=LONGEST_QUEUE)]


class Outcome(Struct, frozen=True):
    """What became of one save: the response as it stands now, or the problem."""

    indicator: str
    status: int
    saved: Saved | None = None
    problem: dict[str, Any] | None = None


@get(_PATH, opt=acting("read"), operation_id="listResponses")
async def read_all(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    stage: FromQuery[AtStage] = "self",
) -> Page[Saved]:
    """List the responses so far, at a stage."""
    sheet = await context.read(assessments.view, assessment_id)
    return Page(list(sheet.by_stage.get(stage, {}).values()), None)


@get(
    "/assessments/{assessment_id:int}/comparisons",
    opt=acting("read"),
    operation_id="compareStages",
)
async def compare(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Page[Comparison]:
    """Read the scores of the stages side by side, as far as they are yours to see."""
    sheet = await context.read(assessments.view, assessment_id)
    return Page(responses.comparisons(sheet), None)


@get(_PATH + "/{indicator:str}", opt=acting("read"), operation_id="readResponse")
async def read(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    stage: FromQuery[AtStage] = "self",
) -> Response[Saved]:
    """Read the response to one indicator; its ETag is what a save must be based on."""
    found = await context.read(responses.response, assessment_id, indicator, stage)
    if found is None:
        raise NotFoundError(indicator=indicator)
    return _tagged(found)


@get(_PATH + "/{indicator:str}/revisions", opt=acting("read"), operation_id="listRevisions")
async def revisions(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    stage: FromQuery[AtStage] = "self",
) -> Page[Saved]:
    """List every revision of a response, oldest first."""
    return Page(await context.read(responses.history, assessment_id, indicator, stage), None)


@put(
    _PATH + "/{indicator:str}",
    opt=acting("answer"),
    operation_id="saveResponse",
    operation_class=taking(Sent),
)
async def save(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    stage: FromQuery[AtStage] = "self",
    if_match: IfRevision = None,
    if_none_match: IfNoneMatch = None,
) -> Response[Saved]:
    """Save the answer to one indicator, on the revision named in `If-Match`.

    At a later stage it is the score of those who check, and `note` says why where it differs.

    The first answer is based on nothing: `If-None-Match: *`, or `If-Match: "0"`. Where somebody
    else has saved since, the answer is 409 with both versions, and nothing is changed.
    """
    seen = revision(if_match, if_none_match)
    sent = await bodies.json(request, Sent)
    draft = Draft(sent.answer, sent.note, seen)
    saved = await context.write(responses.save_response, assessment_id, indicator, draft, stage)
    return _tagged(saved)


@delete(
    _PATH + "/{indicator:str}",
    opt=acting("answer"),
    operation_id="takeBackResponse",
    status_code=200,
)
async def take_back(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    stage: FromQuery[AtStage] = "self",
    if_match: IfRevision = None,
    if_none_match: IfNoneMatch = None,
) -> Response[Saved]:
    """Take an answer back, on the revision named in `If-Match`: the indicator is unanswered again.

    It is a revision like any other, whose `answer` is empty; those before it stay.
    """
    seen = revision(if_match, if_none_match)
    draft = Draft(NOTHING, "", seen, taken_back=True)
    saved = await context.write(responses.save_response, assessment_id, indicator, draft, stage)
    return _tagged(saved)


@post(
    _PATH,
    opt=acting("answer"),
    operation_id="replaySaves",
    operation_class=taking(Queue),
    status_code=200,
)
async def replay(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    stage: FromQuery[AtStage] = "self",
) -> Page[Outcome]:
    """Replay saves that were made offline; each has an outcome of its own and holds up no other.

    A queue may be sent again: what it has saved before is not saved twice.
    """
    queue = await bodies.json(request, Queue)
    await context.read(assessments.view, assessment_id)
    return Page(
        [await _replayed(context, assessment_id, item, stage) for item in queue.items], None
    )


async def _replayed(context: Context, assessment_id: int, item: Queued, stage: AtStage) -> Outcome:
    code = item.indicator
    try:
        if item.taken_back and item.answer != NOTHING:
            raise TwoAnswersError(
                indicator=code, given=", ".join([*item.answer.given, "taken_back"])
            )
        draft = Draft(item.answer, item.note, item.revision, taken_back=item.taken_back)
        saved = await context.write(responses.save_response, assessment_id, code, draft, stage)
    except SignInRequiredError:
        raise
    except SurveyError as error:
        return Outcome(code, error.status, problem=problems.details(error, context.language))
    return Outcome(code, 200, saved)


def _tagged(saved: Saved) -> Response[Saved]:
    return Response(saved, headers={"ETag": f'"{saved.revision}"'})
