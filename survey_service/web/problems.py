"""Errors as answers: problem details for programs, a page for people.

Whatever goes wrong becomes a `SurveyError` first, so that nothing has an answer of its own.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect

from survey_service import i18n
from survey_service.errors import ForbiddenError, NotFoundError, SurveyError
from survey_service.errors.accounts import SecondFactorMissingError, SignInRequiredError
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.errors.requests import (
    InvalidRequestError,
    MethodNotAllowedError,
    TooLargeError,
    UnexpectedError,
)
from survey_service.store.faults import fault, told
from survey_service.web.context import Context, language
from survey_service.web.error_pages import advise, words

BODY_LIMIT = 1_000_000  # bytes; the longest answer is a tenth of it
PROBLEM = "application/problem+json"

BEYOND = (ForbiddenError, NotFoundError, SignInRequiredError)
"""What no form can mend: it has a page of its own instead of standing beside the form."""

_AGAIN = 5  # seconds after which what does not answer now is worth another try
_LINE = '<p class="problem">{words}</p>'
_BUSY = (
    '<!DOCTYPE html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title><h1>{words}</h1>'
)

_log = logging.getLogger(__name__)


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Return the answer to a request that failed."""
    known = _known(request, error)
    answered = _answer(request, known)
    if isinstance(known, MethodNotAllowedError):
        answered.headers["Allow"] = str(known.details["allowed"])
    if known.status == 503:  # noqa: PLR2004
        answered.headers["Retry-After"] = str(known.details.get("seconds", _AGAIN))
    return answered


def refusal(
    request: Request[Any, Any, Any], error: SurveyError
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and content of the answer to a request that nobody has looked at.

    It costs next to nothing, for there are many of them: no template, no database. The error tells
    after how many `seconds` there may be a place.
    """
    language_, fields = language(request), {"Retry-After": str(error.details["seconds"])}
    if request.scope["path"].startswith("/api/"):
        fields["Content-Type"] = PROBLEM
        content = msgspec.json.encode(details(error, language_))
    else:
        fields["Content-Type"] = "text/html; charset=utf-8"
        said = i18n.describe(error, language_)
        content = _BUSY.format(language=language_, words=said, title=error.status).encode()
        if "hx-request" in request.headers:
            fields["HX-Reswap"] = "afterbegin"
            content = _LINE.format(words=said).encode()
        elif request.method == "GET":
            fields["Refresh"] = fields["Retry-After"]  # the browser comes again by itself
    fields |= {"Content-Language": language_, "Content-Length": str(len(content))}
    headers = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
    return error.status, headers, content


def _answer(request: Request[Any, Any, Any], known: SurveyError) -> Response[Any]:
    if request.scope["path"].startswith("/api/"):
        return _problem(known, language(request))
    if "hx-request" in request.headers:
        return error_fragment(Context(request), known, request.scope["path"])
    if isinstance(known, SignInRequiredError) and request.method == "GET":
        return Redirect(f"/sign-in?next={quote(request.scope['path'])}")
    if isinstance(known, UnknownKindError) and "assessment" in known.details:
        return Redirect(f"/assessments/{known.details['assessment']}/organisation", status_code=303)
    if isinstance(known, SecondFactorMissingError):
        return Redirect("/second-factor", status_code=303)
    typed = request.state.get("typed", [])
    return error_page(Context(request), known, request.scope["path"], typed)


def error_page(
    context: Context, error: SurveyError, path: str, typed: Sequence[tuple[str, str]]
) -> Response[Any]:
    """Return the page that says what went wrong and what to do, and keeps what was typed."""

    def values() -> dict[str, object]:
        advice = advise(error, path, context.who, context.language)
        return {"error": error, "advice": advice, "typed": typed}

    return context.refused("error.html", error.status, values)


def error_fragment(context: Context, error: SurveyError, path: str = "") -> Response[Any]:
    """Return a line that script adds to the page, where everything typed still stands."""
    said = words(error, path, context.language)
    asks = isinstance(error, SignInRequiredError)
    answer = context.page("problem.html", status=error.status, words=said, sign_in=asks)
    answer.headers["HX-Reswap"] = "afterbegin"
    return answer


def _known(request: Request[Any, Any, Any], error: Exception) -> SurveyError:
    if isinstance(error, SurveyError):
        return error
    if (known := fault(error)) is not None:
        _log.error("%s: %s", known.code, told(error))  # a line: while it lasts, there are many
        return known
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:  # noqa: PLR2004 - by their numbers they are best known
        return NotFoundError()
    if status == 405:  # noqa: PLR2004
        methods = (getattr(error, "headers", None) or {}).get("allow", "").split(", ")
        heads = {"HEAD"} if "GET" in methods else set()
        allowed = ", ".join(sorted({*methods, *heads} - {"OPTIONS"}))
        return MethodNotAllowedError(method=request.method, allowed=allowed)
    if status == 413:  # noqa: PLR2004
        return TooLargeError(limit=f"{BODY_LIMIT // 1000} kB")
    if status < 500:  # noqa: PLR2004
        return InvalidRequestError(reason="parameter", parameter=_parameters(error))
    reference = secrets.token_hex(4)
    _log.error("unexpected error %s", reference, exc_info=error)
    return UnexpectedError(reference=reference)


def _parameters(error: Exception) -> str:
    """Return the parameters that Litestar's validation names, without its prose."""
    extra = getattr(error, "extra", None)
    named = [item.get("key", "-") for item in extra] if isinstance(extra, list) else []
    return ", ".join(named) or "-"


def details(error: SurveyError, language_: str) -> dict[str, Any]:
    """Return problem details (RFC 9457): the code, the words, and the details by name."""
    return {
        **{name: msgspec.to_builtins(value) for name, value in error.details.items()},
        "type": f"urn:survey-service:{error.code}",
        "title": error.code,
        "status": error.status,
        "detail": i18n.describe(error, language_),
    }


def _problem(error: SurveyError, language_: str) -> Response[Any]:
    content = details(error, language_)
    headers = {"Content-Language": language_}
    if error.status == 401:  # noqa: PLR2004
        headers["WWW-Authenticate"] = "Bearer"
    return Response(content, status_code=error.status, media_type=PROBLEM, headers=headers)
