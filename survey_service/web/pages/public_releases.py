"""What was released, for anybody where that is switched on: no sign-in, and no more than is published.

Else whoever is signed in has the list of what was released of the cycles that they know of.
"""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from survey_service.errors import NotFoundError
from survey_service.operations import publications
from survey_service.operations.publications import whole
from survey_service.reports.national_paper import groups, named
from survey_service.web.access import PUBLIC
from survey_service.web.api.lists import number
from survey_service.web.api.releases import sent
from survey_service.web.context import Context

_SHOWN = 50  # releases on one page
_MORE = _SHOWN + 1
_SOON = {"Cache-Control": "public, max-age=300", "Vary": "Accept-Language, Cookie"}
_NEVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@get("/releases", opt=PUBLIC, include_in_schema=False)
async def show_all(
    context: NamedDependency[Context], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show all releases, newest first; where they are not public, those that who is signed in knows of."""
    before, public = number(cursor), context.services.settings.has_public_releases
    if public:
        await context.recognise()
        found = await context.services.db.read(publications.all_open, before=before, limit=_MORE)
    elif context.caller.token is not None:
        found = await context.read(publications.all_known, before=before, limit=_MORE)
    else:
        raise NotFoundError
    more = found[_SHOWN - 1].release.id if len(found) == _MORE else None
    page = context.page("releases/list.html", found=found[:_SHOWN], more=more, public=public)
    return _cached(context, page)


@get("/releases/{release_id:int}", opt=PUBLIC, include_in_schema=False)
async def show(context: NamedDependency[Context], release_id: FromPath[int]) -> Response[str]:
    """Show what a release tells, how it is recomputed, and where it is to be had."""
    _require_public(context)
    await context.recognise()
    found = await context.services.db.read(publications.one_open, release_id)
    release = found.shown.release
    page = context.page(
        "releases/one.html",
        found=found,
        release=release,
        questionnaire=found.questionnaire,
        whole=whole(release.told.figures),
        groups=groups(release.told.figures, context.language),
        named=named(found.questionnaire, context.language),
    )
    return _cached(context, page)


@get("/releases/{release_id:int}/{name:str}", opt=PUBLIC, include_in_schema=False)
async def file(
    context: NamedDependency[Context], release_id: FromPath[int], name: FromPath[str]
) -> Response[Any]:
    """Download a file of a release; what is released is never changed."""
    _require_public(context)
    found = await context.services.db.read(publications.one_open, release_id)
    called = f"{found.cycle.id}-{found.shown.release.number}"
    return await sent(context, found.shown, called, name, _NEVER)


def _require_public(context: Context) -> None:
    if not context.services.settings.has_public_releases:
        raise NotFoundError


def _cached(context: Context, page: Response[str]) -> Response[str]:
    """Let anybody's page be kept for a while; that of who is signed in has their menu."""
    if context.caller.token is None:
        page.headers.update(_SOON)
    return page
