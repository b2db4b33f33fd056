"""Headers of the API: keys against doing a thing twice, and tags against overwriting one another."""

import re
from typing import Annotated, TypeVar

from litestar import Response
from litestar.params import FromHeader, HeaderParameter

from survey_service.errors import InvalidRevisionError, PreconditionRequiredError
from survey_service.operations.editing import tag

T = TypeVar("T")

Key = FromHeader[Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]]
IfMatch = FromHeader[Annotated[str | None, HeaderParameter(name="If-Match", max_length=40)]]
IfNoneMatch = FromHeader[
    Annotated[str | None, HeaderParameter(name="If-None-Match", max_length=40)]
]


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


def seen(if_match: str | None) -> str:
    """Return the tag of what an edit says it is based on.

    Raises:
        PreconditionRequiredError: It says nothing.
        InvalidRevisionError: What it says is no tag.
    """
    if if_match is None:
        raise PreconditionRequiredError
    if not re.fullmatch(r'"[0-9a-f]{32}"', if_match):
        raise InvalidRevisionError(value=if_match)
    return if_match.strip('"')


def tagged(value: T, *, status: int = 200, location: str | None = None) -> Response[T]:
    """Return a value with the tag that an edit of it must name."""
    headers = {"ETag": f'"{tag(value)}"'}
    if location is not None:
        headers["Location"] = location
    return Response(value, status_code=status, headers=headers)
