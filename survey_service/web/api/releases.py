"""Releases of a cycle: drafted, published once, and to be had by whoever knows of the cycle."""

import datetime as dt
from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from survey_service.analysis.publications import DRAFTS
from survey_service.analysis.releases import Change, Figure
from survey_service.conduct.evidence import Kept
from survey_service.errors import NotFoundError
from survey_service.maturity.answers import Prose
from survey_service.operations import publications
from survey_service.operations.evidence import path
from survey_service.operations.jobs import Tools
from survey_service.operations.publications import History, Shown, WantedDraft
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import Key
from survey_service.web.api.jobs import Work
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context
from survey_service.web.downloads import attached

_ALL = "/cycles/{cycle_id:int}/releases"
ONE = _ALL + "/{release_id:int}"


class Drafting(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a release names the organisations, and why it corrects the one before, if there is one."""

    named: bool = True
    reason: Prose = ""


class Publishing(Struct, frozen=True, forbid_unknown_fields=True):
    """Which draft is to be published, by its `digests`: the one that was looked at, and no later one."""

    digests: str


class ReleaseFile(Struct, frozen=True):
    """A file of a release: what it is called, its size in bytes, and its SHA-256."""

    name: str
    size: int
    sha256: str


class ReleaseRead(Struct, frozen=True):
    """A release of a cycle, or its draft, which has no `number`.

    `digests` is the SHA-256 of its list of digests, which the log has under `code`. `changed` counts what
    is otherwise than in the release before, of which the first are in `changes`. While its papers are
    being made, the `files` are fewer.
    """

    id: int
    cycle: int
    number: int | None
    state: Literal["draft", "published"]
    named: bool
    organisations: int
    reason: str
    digests: str
    code: str
    drafted_at: dt.datetime
    published_at: dt.datetime | None
    files: list[ReleaseFile]
    figures: list[Figure]
    changes: list[Change]
    changed: int


class Releases(Struct, frozen=True):
    """All releases of a cycle, newest first, after the draft that somebody may publish."""

    items: list[ReleaseRead]


@get(_ALL, opt=acting("read"), operation_id="listReleases")
async def read_all(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Releases:
    """List what was released of a cycle, with all that is told of groups."""
    return Releases(_told(await context.read(publications.history, cycle_id)))


@post(
    _ALL,
    opt=acting("publish"),
    operation_id="draftRelease",
    operation_class=taking(Drafting),
    status_code=202,
)
async def draft(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    key: Key = None,
) -> Response[Work]:
    """Have a release drafted of what is final now, in place of the draft before; nothing is published."""
    sent = await bodies.json(request, Drafting)
    wanted = WantedDraft(cycle_id, sent.named, sent.reason)
    job_id = await context.once(key, int, publications.draft, wanted)
    context.services.look_at_jobs()
    return await jobs.accepted(context, job_id)


@get(ONE, opt=acting("read"), operation_id="readRelease")
async def read(
    context: NamedDependency[Context], cycle_id: FromPath[int], release_id: FromPath[int]
) -> ReleaseRead:
    """Read a release, or the draft of one."""
    (found,) = _told(await context.read(publications.view, cycle_id, release_id))
    return found


@post(
    ONE + "/publication",
    opt=acting("publish"),
    operation_id="publishRelease",
    operation_class=taking(Publishing),
    status_code=202,
)
async def publish(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    release_id: FromPath[int],
    key: Key = None,
) -> Response[Work]:
    """Publish a draft, as it is, for good; the job makes its report and its signed statement."""
    seen = (await bodies.json(request, Publishing)).digests
    job_id = await context.once(key, int, publications.publish, cycle_id, release_id, seen)
    context.services.look_at_jobs()
    return await jobs.accepted(context, job_id)


@get(
    ONE + "/files/{name:str}",
    opt=acting("read"),
    operation_id="readReleaseFile",
    media_type="application/octet-stream",
)
async def read_file(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    release_id: FromPath[int],
    name: FromPath[str],
) -> Response[Any]:
    """Get a file of a release: its data as a ZIP, or its report as a PDF; of a draft, `draft-en.pdf`."""
    return await file_of(context, cycle_id, release_id, name)


async def file_of(context: Context, cycle_id: int, release_id: int, name: str) -> Response[Any]:
    """Return a file of a release, piece by piece, to be taken along; of a draft its report, to be read."""
    found = await context.read(publications.view, cycle_id, release_id)
    (one,) = _all(found)
    language = next((each for each, draft in DRAFTS.items() if draft == name), None)
    if language is not None and found.draft is not None:
        return await _drafted(context, found.draft, language)
    return await sent(context, one, f"{found.cycle.id}-{one.release.number or 'draft'}", name, {})


async def _drafted(context: Context, one: Shown, language: str) -> Response[Any]:
    """Return the report of a draft: what nobody published is neither recorded nor kept as a file."""
    own = context.services
    tools = Tools(own.settings, own.db, own.files, own.renderer, own.mail)
    content = await own.drafts.paper(tools, one, language)
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "no-store"})


async def sent(
    context: Context, one: Shown, called: str, name: str, headers: dict[str, str]
) -> Response[Any]:
    """Return a file of a release, under a name that tells which release it is of."""
    kept = one.files.get(name) or _missing(name)
    pieces = await context.services.files.stream(path(kept.digest))
    if pieces is None:
        raise NotFoundError(file=name)
    stem, _, ending = name.rpartition(".")
    named = attached(f"{stem}-{called}.{ending}")
    return Stream(pieces, media_type=kept.media_type, headers={**named, **headers})


def _missing(name: str) -> Kept:
    raise NotFoundError(file=name)


def _all(found: History) -> list[Shown]:
    return [*([] if found.draft is None else [found.draft]), *found.published]


def _told(found: History) -> list[ReleaseRead]:
    return [_one(one) for one in _all(found)]


def _one(shown: Shown) -> ReleaseRead:
    release = shown.release
    return ReleaseRead(
        release.id,
        release.cycle_id,
        release.number,
        "published" if release.is_published else "draft",
        release.named,
        release.organisations,
        release.reason,
        release.digests,
        release.code,
        release.at,
        release.published_at,
        [ReleaseFile(name, kept.size, kept.digest) for name, kept in shown.files.items()],
        list(release.told.figures),
        list(release.told.changes),
        release.told.changed,
    )
