"""Responses: saved one by one, each on the revision that its author saw."""

import re
from typing import Annotated, Any

from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromHeader, FromPath, HeaderParameter
from msgspec import Meta, Struct

from survey_service.errors import (
    InvalidRevisionError,
    NotFoundError,
    PreconditionRequiredError,
    SignInRequiredError,
    SurveyError,
)
from survey_service.maturity.answers import Answer, Prose
from survey_service.maturity.assessment import Draft
from survey_service.maturity.assessment import Response as Saved
from survey_service.operations import assessments
from survey_service.web import bodies, problems
from survey_service.web.api.lists import Page
from survey_service.web.api.openapi import taking
from survey_service.web.visits import SIGNED_IN, Visit

IfMatch = FromHeader[Annotated[str | None, HeaderParameter(name="If-Match", max_length=40)]]
IfNoneMatch = FromHeader[
    Annotated[str | None, HeaderParameter(name="If-None-Match", max_length=40)]
]

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
    """A save made earlier, on the revision that its author saw; 0 for none."""

    indicator: bodies.Line
    revision: Annotated[int, Meta(ge=0, lt=10**9)] = 0


class Queue(Struct, frozen=True, forbid_unknown_fields=True):
    """Saves made while the line was down, in the order in which they were made."""

    items: Annotated[tuple[Queued, ...], Meta(max_length=LONGEST_QUEUE)]


class Outcome(Struct, frozen=True):
    """What became of one save: the response as it stands now, or the problem."""

    indicator: str
    status: int
    saved: Saved | None = None
    problem: dict[str, Any] | None = None


@get(_PATH, opt=SIGNED_IN, operation_id="listResponses")
async def everything(visit: NamedDependency[Visit], assessment_id: FromPath[int]) -> Page[Saved]:
    """List the responses so far."""
    sheet = await visit.read(assessments.view, assessment_id)
    return Page(list(sheet.responses.values()), None)


@get(_PATH + "/{indicator:str}", opt=SIGNED_IN, operation_id="readResponse")
async def one(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], indicator: FromPath[str]
) -> Response[Saved]:
    """Read the response to one indicator; its ETag is what a save must be based on."""
    found = await visit.read(assessments.response, assessment_id, indicator)
    if found is None:
        raise NotFoundError(indicator=indicator)
    return _tagged(found)


@get(_PATH + "/{indicator:str}/revisions", opt=SIGNED_IN, operation_id="listRevisions")
async def revisions(
    visit: NamedDependency[Visit], assessment_id: FromPath[int], indicator: FromPath[str]
) -> Page[Saved]:
    """List every revision of a response, oldest first."""
    return Page(await visit.read(assessments.history, assessment_id, indicator), None)


@put(
    _PATH + "/{indicator:str}",
    opt=SIGNED_IN,
    operation_id="saveResponse",
    operation_class=taking(Sent),
)
async def save(
    request: Request[Any, Any, Any],
    visit: NamedDependency[Visit],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> Response[Saved]:
    """Save the answer to one indicator, on the revision named in `If-Match`.

    The first answer is based on nothing: `If-None-Match: *`, or `If-Match: "0"`. Where somebody
    else has saved since, the answer is 409 with both versions, and nothing is changed.
    """
    seen = revision(if_match, if_none_match)
    sent = await bodies.json(request, Sent)
    draft = Draft(sent.answer, sent.note, seen)
    saved = await visit.write(assessments.save_response, assessment_id, indicator, draft)
    return _tagged(saved)


@post(
    _PATH,
    opt=SIGNED_IN,
    operation_id="replaySaves",
    operation_class=taking(Queue),
    status_code=200,
)
async def replay(
    request: Request[Any, Any, Any], visit: NamedDependency[Visit], assessment_id: FromPath[int]
) -> Page[Outcome]:
    """Replay saves that were made offline; each has an outcome of its own and holds up no other.

    A queue may be sent again: what it has saved before is not saved twice.
    """
    queue = await bodies.json(request, Queue)
    await visit.read(assessments.view, assessment_id)
    return Page([await _replayed(visit, assessment_id, item) for item in queue.items], None)


async def _replayed(visit: Visit, assessment_id: int, item: Queued) -> Outcome:
    draft = Draft(item.answer, item.note, item.revision)
    code = item.indicator
    try:
        saved = await visit.write(assessments.save_response, assessment_id, code, draft)
    except SignInRequiredError:
        raise
    except SurveyError as error:
        return Outcome(code, error.status, problem=problems.details(error, visit.language))
    return Outcome(code, 200, saved)


def revision(if_match: str | None, if_none_match: str | None) -> int:
    """Return the revision that a write says it is based on.

    Raises:
        PreconditionRequiredError: It says none.
        InvalidRevisionError: What it says is no revision.
    """
    if if_none_match is not None and if_match is None:
        if if_none_match != "*":
            raise InvalidRevisionError(value=if_none_match)
        return 0
    if if_match is None:
        raise PreconditionRequiredError
    if not re.fullmatch(r'"(0|[1-9][0-9]{0,8})"', if_match):
        raise InvalidRevisionError(value=if_match)
    return int(if_match.strip('"'))


def _tagged(saved: Saved) -> Response[Saved]:
    return Response(saved, headers={"ETag": f'"{saved.revision}"'})
