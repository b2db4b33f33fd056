"""Request bodies, decoded strictly: what is not expected is refused with its place."""

from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request

from survey_service.errors import InvalidBodyError, InvalidRequestError, MediaTypeError
from survey_service.library.documents import explained, written

T = TypeVar("T")
Line = Annotated[str, msgspec.Meta(max_length=200, pattern="^[^\x00]*$")]
"""A short text; without the NUL that PostgreSQL cannot look up."""

Login = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[\w.@+-]+$")]
"""A name to sign in with: letters, digits and what stands in addresses."""

Email = Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s<>,;:\\\"\x00-\x1f]+@[\w.-]+$")]
"""An address that mail can be sent to, with nothing that a header would read otherwise."""

FIELDS = 200  # in one form; the longest of ours has six

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


async def json(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """Return the JSON body as a `type_`; numbers are not taken from text, nor unknown keys.

    Raises:
        MediaTypeError: The body does not call itself JSON.
        InvalidBodyError: It is no JSON, or not a `type_`; says where.
    """
    _require(request, JSON)
    try:
        return msgspec.json.decode(await request.body(), type=type_)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidBodyError(where="-", reason="json") from error


async def file(request: Request[Any, Any, Any], *media_types: str) -> bytes:
    """Return a body that is a file of one of some types.

    Raises:
        MediaTypeError: It calls itself something else.
    """
    _require(request, *media_types)
    return await request.body()


async def form(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """Return the form's fields as a `type_`; a field `a.b` is the entry `b` of its dict `a`.

    Raises:
        MediaTypeError: The body does not call itself a form.
        InvalidBodyError: It cannot be read, or is not a `type_`.
    """
    _require(request, FORM)
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(
            body,
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=FIELDS,
        )
        return msgspec.convert(_fields(pairs), type_, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    except ValueError as error:
        raise InvalidBodyError(where="-", reason="form") from error


def _fields(pairs: list[tuple[str, str]]) -> dict[str, str | dict[str, str]]:
    fields: dict[str, str | dict[str, str]] = {}
    for name, value in pairs:
        group, dot, entry = name.partition(".")
        if not dot:
            fields[name] = value
            continue
        entries = fields.setdefault(group, {})
        if isinstance(entries, dict):
            entries[entry] = value
    return fields


def _require(request: Request[Any, Any, Any], *expected: str) -> None:
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in expected:
        raise MediaTypeError(found=found or "-", expected=", ".join(expected))
    if "content-encoding" in request.headers:
        raise InvalidRequestError(reason="parameter", parameter="Content-Encoding")


def _invalid(error: msgspec.ValidationError) -> InvalidBodyError:
    place, reason, details = explained(error)
    return InvalidBodyError(where=written(place), reason=reason, **details)
