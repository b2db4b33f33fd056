"""Remarks on an assessment: comments, points and objections."""

from typing import Annotated, Any, Literal

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.remarks import Remark
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
    """A comment, or the agency's objection to what was announced; on one indicator, or on all."""

    text: Annotated[Prose, Meta(min_length=1)]
    kind: Literal["comment", "objection"] = "comment"
    indicator: bodies.Line | None = None


class Resolving(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said on resolving a remark; an objection cannot do without."""

    answer: Prose = ""


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
    add = remarks.comment if made.kind == "comment" else remarks.object_to
    return add(tx, actor, assessment_id, made.indicator, made.text)


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
    answer = (await bodies.json(request, Resolving)).answer
    return await context.once(key, Remark, remarks.resolve, assessment_id, remark_id, answer)
