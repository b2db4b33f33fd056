"""Request bodies, decoded strictly: what is not expected is refused with its place."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from survey_service.characters import visible
from survey_service.conduct.names import LINE, LONGEST
from survey_service.conduct.people import EMAIL, LOGIN, LONGEST_LOGIN
from survey_service.errors import SurveyError
from survey_service.errors.requests import (
    InvalidBodyError,
    InvalidRequestError,
    MediaTypeError,
    TooLargeError,
)
from survey_service.library.documents import explained, written
from survey_service.maturity.texts import END

T = TypeVar("T")
Line = Annotated[str, msgspec.Meta(max_length=LONGEST, pattern=f"^{LINE}{END}")]
"""A short text, of one line."""

Login = Annotated[
    str, msgspec.Meta(min_length=1, max_length=LONGEST_LOGIN, pattern=f"^{LOGIN}{END}")
]
"""A name to sign in with: letters, digits and what stands in addresses."""

Email = Annotated[str, msgspec.Meta(max_length=254, pattern=f"^{EMAIL}{END}")]
"""An address that mail can be sent to, with nothing that a header would read otherwise."""

OptionalEmail = Annotated[str, msgspec.Meta(max_length=254, pattern=f"^({EMAIL})?{END}")]
"""The same in a form, where it may be left empty."""

FIELDS = 12_000  # in one form; that of a cycle has one for each organisation
_LARGE = 50_000  # bytes of a form that others wait for while it is read
_SECRET = {"password", "present", "code", "ticket"}
_ONCE = "once"  # the field by which a form is told apart; see `Context.make`
_UNTYPED = {*_SECRET, _ONCE}
_LONGEST_ONCE = 100

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


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


async def form(request: Request[Any, Any, Any], type_: type[T], *, trimmed: bool = False) -> T:
    """Return the form's fields as a `type_`; a field `a.b` is the entry `b` of its dict `a`.

    What was typed, but for secrets, is kept as the request's `state.typed`, should it be refused.
    Where it is to be `trimmed`, blanks around a field do not matter, nor what nobody sees in it.

    Raises:
        MediaTypeError: The body does not call itself a form.
        InvalidBodyError: It cannot be read, or is not a `type_`.
    """
    body = await request.body()
    if body or "content-type" in request.headers:  # a form that nobody filled in needs no name
        _require(request, FORM)
    try:
        pairs = await asyncio.to_thread(_pairs, body) if len(body) > _LARGE else _pairs(body)
        _note(request, pairs)
        if trimmed:
            pairs = [(name, visible(value)) for name, value in pairs]
        return msgspec.convert(_fields(pairs), type_, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    except ValueError as error:
        raise InvalidBodyError(where="-", reason="form") from error


def query(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """Return what an address asks for as a `type_`, as `form` does; what is empty is left out.

    Raises:
        InvalidBodyError: It cannot be read, or is not a `type_`.
    """
    return decoded_query(request.scope["query_string"].decode("latin-1"), type_)


def decoded_query(written: str, type_: type[T]) -> T:
    """Return what `query` does of what stands after the question mark.

    Raises:
        InvalidBodyError: It cannot be read, or is not a `type_`.
    """
    try:
        return _filled(_pairs(written.encode()), type_)
    except ValueError as error:
        raise InvalidBodyError(where="-", reason="form") from error


async def filled_form(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """Return what `form` does; fields that are empty are left out.

    Raises:
        MediaTypeError: The body does not call itself a form.
        InvalidBodyError: It cannot be read, or is not a `type_`.
    """
    _require(request, FORM)
    try:
        return _filled(_pairs(await request.body()), type_)
    except ValueError as error:
        raise InvalidBodyError(where="-", reason="form") from error


def _filled(pairs: list[tuple[str, str]], type_: type[T]) -> T:
    given = [(name, value.strip()) for name, value in pairs if value.strip()]
    try:
        return msgspec.convert(_fields(given), type_, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error


async def remember_typed(request: Request[Any, Any, Any]) -> None:
    """Keep what was typed in a form that is refused before anybody looks at it, to be shown again."""
    with suppress(SurveyError):
        await form(request, msgspec.Struct)


async def files(request: Request[Any, Any, Any], largest: int) -> list[UploadFile]:
    """Return the files of a form that a browser sends, each with a name; they lie on disk.

    Args:
        request: Whose body it is; its text fields are kept as the request's `state.typed`.
        largest: Of the whole body, in bytes; it must tell its length.

    Raises:
        MediaTypeError: The body does not call itself a form with files.
        TooLargeError: It is larger, or does not tell.
        InvalidBodyError: It cannot be read.
    """
    _require(request, MULTIPART)
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > largest:
        raise TooLargeError(limit=f"{largest // 1_000_000} MB")
    try:
        fields = list((await request.form()).multi_items())
    except (HTTPException, UnicodeDecodeError, LookupError) as error:
        raise InvalidBodyError(where="-", reason="form") from error
    _note(request, [(name, one) for name, one in fields if isinstance(one, str)])
    return [one for _, one in fields if isinstance(one, UploadFile) and one.filename]


def typed(request: Request[Any, Any, Any], type_: type[T]) -> T:
    """Return the text fields of a form with files, which `files` has read, as a `type_`.

    Raises:
        InvalidBodyError: They are not a `type_`.
    """
    try:
        return msgspec.convert(_fields(request.state.typed), type_, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error


def _note(request: Request[Any, Any, Any], pairs: list[tuple[str, str]]) -> None:
    """Keep what was typed, to be shown again, and by what the form is told apart."""
    request.state.typed = [pair for pair in pairs if pair[0] not in _UNTYPED and pair[1].strip()]
    token = dict(pairs).get(_ONCE, "")
    request.state.once = token if 0 < len(token) <= _LONGEST_ONCE else None


def _pairs(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=bool(body),
        errors="strict",
        max_num_fields=FIELDS,
    )


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
