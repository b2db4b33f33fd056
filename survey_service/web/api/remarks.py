"""Remarks on an assessment: comments, points and objections."""

from typing import Annotated, Any, Literal

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.remarks import Outcome, Remark
from survey_service.maturity.answers import Prose
from survey_service.operations import remarks
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import LONGEST, Cursor, Page, number, paged
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_PATH = "/assessments/{assessment_id:int}/remarks"


class Remarking(Struct, frozen=True, forbid_unknown_fields=True):
    """A comment, a point to mend, or the agency's objection; on one indicator, or on all.

    What the team comments stays with it unless it is `shared`.
    """

    text: Annotated[Prose, Meta(min_length=1)]
    kind: Literal["comment", "objection", "point"] = "comment"
    indicator: bodies.Line | None = None
    shared: bool = False


class Resolving(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said on resolving a remark, and what became of it; an objection needs words."""

    answer: Prose = ""
    outcome: Outcome | None = None


@get(_PATH, opt=acting("read"), operation_id="listRemarks")
async def read_all(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    cursor: Cursor = None,
) -> Page[Remark]:
    """List the remarks on an assessment, oldest first."""
    after = number(cursor) or 0
    found = await context.read(remarks.list_all, assessment_id, after=after, limit=LONGEST + 1)
    return paged(found, lambda one: one.id)


@post(_PATH, opt=acting("comment"), operation_id="remark", operation_class=taking(Remarking))
async def make(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    key: Key = None,
) -> Remark:
    """Remark on an assessment."""
    made = await bodies.json(request, Remarking)
    return await context.once(key, Remark, _make, assessment_id, made)


def _make(tx: Writer, actor: Actor, assessment_id: int, made: Remarking) -> Remark:
    said = (made.indicator, made.text)
    if made.kind == "comment":
        return remarks.comment(tx, actor, assessment_id, *said, shared=made.shared)
    add = remarks.object_to if made.kind == "objection" else remarks.point_out
    return add(tx, actor, assessment_id, *said)


@delete(
    _PATH + "/{remark_id:int}",
    opt=acting("return"),
    operation_id="takeBackPoint",
    status_code=204,
)
async def take_back(
    context: NamedDependency[Context], assessment_id: FromPath[int], remark_id: FromPath[int]
) -> None:
    """Take back a point that the agency was not given yet."""
    await context.write(remarks.take_back, assessment_id, remark_id)


@post(
    _PATH + "/{remark_id:int}/resolution",
    opt=acting("comment"),
    operation_id="resolveRemark",
    operation_class=taking(Resolving),
)
async def resolve(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    remark_id: FromPath[int],
    key: Key = None,
) -> Remark:
    """Resolve a remark."""
    said = await bodies.json(request, Resolving)
    named = (assessment_id, remark_id, said.answer, said.outcome)
    return await context.once(key, Remark, remarks.resolve, *named)
