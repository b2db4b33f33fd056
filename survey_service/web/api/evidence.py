"""Evidence: files, received and sent piece by piece, and links."""

import datetime as dt
import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Stream
from msgspec import Struct

from survey_service.conduct.access import Actor
from survey_service.conduct.evidence import ENDINGS, LONGEST_NAME, NAMES, Evidence, FileName, Space
from survey_service.errors import NotFoundError
from survey_service.errors.evidence import UnacceptableFileError
from survey_service.errors.requests import ExactlyOneError
from survey_service.operations import bundles, evidence, reports
from survey_service.operations.evidence import Limits, Wanted
from survey_service.store.database import Writer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.api.lists import Id, Page
from survey_service.web.api.openapi import taking, taking_file
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}"
_PATH = _ONE + "/responses/{indicator:str}/evidence"
_SHOWN = 60  # letters of a name that is too long
_MEGA = 1_000_000
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_LIMIT = None  # of the framework's: ours is checked as the file arrives

Called = FromQuery[
    Annotated[str, QueryParameter(pattern=NAMES, min_length=1, max_length=LONGEST_NAME)]
]
"""What a file is called whose content is the body."""


class Attaching(Struct, frozen=True, forbid_unknown_fields=True):
    """A link, or evidence of the assessment that supports this answer as well."""

    name: FileName
    url: bodies.Line | None = None
    same_as: Id | None = None
    effective: dt.date | None = None


@get(_ONE + "/evidence", opt=acting("read"), operation_id="listEvidence")
async def read_all(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromQuery[str | None] = None,
) -> Page[Evidence]:
    """List the evidence of an assessment, or of one indicator; what was taken away says so."""
    return Page(await context.read(evidence.list_all, assessment_id, indicator), None)


@post(
    _PATH + "/files",
    opt=acting("attach"),
    operation_id="uploadEvidence",
    operation_class=taking_file("application/octet-stream", *ENDINGS),
    request_max_body_size=NO_LIMIT,
)
async def upload(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    name: Called,
    effective: FromQuery[dt.date | None] = None,
) -> Evidence:
    """Upload a file: the body is its content, and `name` what it is called.

    What it is shows from its content, which must go with the ending of the name; `Content-Type` says
    nothing. Sending it again attaches it once.
    """
    wanted = Wanted(indicator, file_name(name), effective)
    await context.read(evidence.require_attachable, assessment_id, indicator)
    bounds = limits(context)
    services = context.services
    async with evidence.keeping(
        services.db, services.files, request.stream(), wanted.name, bounds.size
    ) as kept:
        return await context.write(evidence.attach_file, assessment_id, wanted, kept, bounds)


@post(_PATH, opt=acting("attach"), operation_id="attachEvidence", operation_class=taking(Attaching))
async def attach(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    indicator: FromPath[str],
    key: Key = None,
) -> Evidence:
    """Attach a link, or let evidence that the assessment has already support this answer as well."""
    given = await bodies.json(request, Attaching)
    return await context.once(
        key, Evidence, _attach, assessment_id, indicator, given, limits(context)
    )


def _attach(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    indicator: str,
    given: Attaching,
    limits: Limits,
) -> Evidence:
    wanted = Wanted(indicator, given.name, given.effective)
    if given.url is not None and given.same_as is None:
        return evidence.attach_link(tx, actor, assessment_id, wanted, given.url, limits)
    if given.same_as is None or given.url is not None:
        raise ExactlyOneError(fields="url, same_as")
    evidence.require_attachable(tx, actor, assessment_id, indicator)
    return evidence.attach_same(tx, actor, assessment_id, wanted, given.same_as, limits)


@get(
    _ONE + "/evidence/{evidence_id:int}/content",
    opt=acting("read"),
    operation_id="downloadEvidence",
)
async def download(
    context: NamedDependency[Context], assessment_id: FromPath[int], evidence_id: FromPath[int]
) -> Response[Any]:
    """Download a file, as it was uploaded."""
    found = await context.write(evidence.download, assessment_id, evidence_id)
    return await content(context, found)


@delete(
    _ONE + "/evidence/{evidence_id:int}",
    opt=acting("attach"),
    operation_id="removeEvidence",
    status_code=200,
)
async def remove(
    context: NamedDependency[Context], assessment_id: FromPath[int], evidence_id: FromPath[int]
) -> Evidence:
    """Take a piece of evidence away; it stays on record."""
    return await context.write(evidence.remove, assessment_id, evidence_id)


@post(
    _ONE + "/evidence/{evidence_id:int}/restoration",
    opt=acting("attach"),
    operation_id="restoreEvidence",
)
async def restore(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    evidence_id: FromPath[int],
    key: Key = None,
) -> Evidence:
    """Attach again what was taken away."""
    bounds = limits(context)
    return await context.once(key, Evidence, evidence.restore, assessment_id, evidence_id, bounds)


@get(_ONE + "/bundle", opt=acting("read"), operation_id="downloadBundle")
async def bundle(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    lang: FromQuery[Literal["id", "en"] | None] = None,
) -> Response[Any]:
    """Download all evidence as a ZIP, with a list of digests and a page to read it by."""
    return await bundled(context, assessment_id, lang or context.language)


async def bundled(context: Context, assessment_id: int, language: str) -> Response[Any]:
    """Return the evidence of an assessment as an answer, while it is read."""
    services = context.services
    shown = reports.shown_by(services.settings)
    wanted = await context.write(bundles.hand_out, assessment_id, shown, language)
    address = services.settings.address
    stated = await bundles.state(services.db, services.sealer, address, wanted)
    pieces = await bundles.bundle(services.files, wanted, stated)
    name = reports.bundle_name(wanted.report, language)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(pieces, media_type="application/zip", headers=headers)


async def content(context: Context, found: Evidence) -> Response[Any]:
    """Return a file as an answer that no browser runs, whatever is in it."""
    digest = found.digest or ""
    pieces = await context.services.files.stream(evidence.path(digest))
    if pieces is None:
        raise NotFoundError(evidence=found.id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name)}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": f'"{digest}"',
        "Content-Length": str(found.size),
    }
    return Stream(
        pieces, media_type=found.media_type or "application/octet-stream", headers=headers
    )


def limits(context: Context) -> Limits:
    """Return how much evidence an answer may have, as the settings say."""
    settings = context.services.settings
    space = Space(settings.assessment_megabytes * _MEGA, settings.organisation_megabytes * _MEGA)
    return Limits(settings.evidence_megabytes * _MEGA, settings.evidence_files, space)


def file_name(name: str) -> str:
    """Return what a file is called, if that is no path, without what turns how its letters run.

    A name would be read as if it ended otherwise; and a path that is copied in Windows begins with it.

    Raises:
        UnacceptableFileError: It is one, or too long.
    """
    try:
        return msgspec.convert(_TURNING.sub("", name), FileName)
    except msgspec.ValidationError:
        raise UnacceptableFileError(name=name[:_SHOWN], reason="file_name") from None
