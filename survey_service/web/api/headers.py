"""Headers of the API: keys against doing a thing twice, and tags against overwriting one another."""

import re
from typing import Annotated, Any, Literal, TypeVar

from litestar import Response
from litestar.params import FromHeader, HeaderParameter

from survey_service.errors.requests import InvalidRevisionError, PreconditionRequiredError
from survey_service.maturity.texts import END
from survey_service.operations.preconditions import tag

T = TypeVar("T")

Key = FromHeader[Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=200)]]
_REVISION, _TAG = rf'^"(0|[1-9][0-9]{{0,8}})"{END}', rf'^"[0-9a-f]{{32}}"{END}'
IfRevision = FromHeader[
    Annotated[
        str | None,
        HeaderParameter(name="If-Match", schema_extra={"pattern": _REVISION}),
    ]
]
"""The revision that a save is based on."""

IfMatch = FromHeader[
    Annotated[str | None, HeaderParameter(name="If-Match", schema_extra={"pattern": _TAG})]
]
"""The tag of what an edit is based on."""

IfNoneMatch = FromHeader[Annotated[Literal["*"] | None, HeaderParameter(name="If-None-Match")]]


def revision(if_match: str | None, if_none_match: str | None) -> int:
    """Return the revision that a write says it is based on.

    Raises:
        PreconditionRequiredError: It says none.
        InvalidRevisionError: What it says is no revision.
    """
    if if_none_match is not None and if_match is None:
        return 0
    if not if_match:
        raise PreconditionRequiredError
    if not re.fullmatch(_REVISION, if_match):
        raise InvalidRevisionError(value=if_match)
    return int(if_match.strip('"'))


def seen(if_match: str | None) -> str:
    """Return the tag of what an edit says it is based on.

    Raises:
        PreconditionRequiredError: It says nothing.
        InvalidRevisionError: What it says is no tag.
    """
    if not if_match:
        raise PreconditionRequiredError
    if not re.fullmatch(_TAG, if_match):
        raise InvalidRevisionError(value=if_match)
    return if_match.strip('"')


def tagged(value: T, *, status: int = 200, location: str | None = None) -> Response[T]:
    """Return a value with the tag that an edit of it must name."""
    headers = {"ETag": f'"{tag(value)}"'}
    if location is not None:
        headers["Location"] = location
    return Response(value, status_code=status, headers=headers)


def unchanged(headers: dict[str, str]) -> Response[Any]:
    """Return the answer to a reader who has just this already."""
    return Response(b"", status_code=304, headers=headers)  # which goes with every type of answer
