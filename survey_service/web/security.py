"""What every request must pass and every answer carries."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.types import Message, Scope

from survey_service.errors.requests import CrossOriginError, InvalidHostError, InvalidRequestError

_SAFE = {"GET", "HEAD", "OPTIONS"}

_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _CONTENT.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)
_HTTPS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


async def admit(request: Request[Any, Any, Any]) -> None:
    """Let a request in, or raise what is wrong with it before anything looks at it."""
    settings = request.app.state.services.settings
    if _host(request) not in settings.hosts:
        raise InvalidHostError(host=request.headers.get("host", "-"))
    if "\x00" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise InvalidRequestError(reason="parameter", parameter="\\0")
    require_same_origin(request)


def _host(request: Request[Any, Any, Any]) -> str:
    """Return the host that a request is for, without its port; "" where it names none that could be."""
    named = request.headers.get("host")
    try:  # without building the whole address, which takes longer than to read an answer
        return (urlsplit(f"//{named}").hostname if named else request.url.hostname) or ""
    except ValueError:  # an address of IPv6 that is none
        return ""


def require_same_origin(request: Request[Any, Any, Any]) -> None:
    """Refuse writes that another site's page makes a browser send.

    Browsers say where a request comes from, in `Sec-Fetch-Site` or, older ones, in `Origin`;
    programs send neither, and carry no cookie that could be abused. This needs no token in
    forms, and so none that could be planted, leaked or out of date.
    """
    if request.method in _SAFE:
        return
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossOriginError
        return
    origin = request.headers.get("origin")
    if origin is not None and _netloc(origin) != request.headers.get("host"):
        raise CrossOriginError


def _netloc(origin: str) -> str:
    """Return the host and port of an origin; "" where it names none that could be."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


async def add_headers(message: Message, scope: Scope) -> None:
    """Give every answer its security headers; what is private is not cached."""
    if message["type"] != "http.response.start":
        return
    https = scope["app"].state.services.settings.https
    given = {name.lower() for name, _ in message["headers"]}
    ours = (*_HEADERS, _HTTPS) if https else _HEADERS
    # As they are sent: a mutable mapping of them costs a tenth of a save.
    message["headers"] = [*message["headers"], *(one for one in ours if one[0] not in given)]
