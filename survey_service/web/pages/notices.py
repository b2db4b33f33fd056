"""What one was told, what of it goes by mail and when, and the way out of all mail."""

from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from survey_service.conduct.notices import CHOICES, KINDS, Choice, Kind
from survey_service.operations import calendars, notices, people
from survey_service.operations.notices import Feed, sentence
from survey_service.web import bodies
from survey_service.web.access import PUBLIC, SIGNED_IN
from survey_service.web.api.lists import number
from survey_service.web.context import Context
from survey_service.web.pages.sessions import local

_SHOWN = 50  # notices on one page


class Seen(Struct, frozen=True):
    """The newest notice that somebody has seen, and the page they were on."""

    newest: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    next: str = "/"


class Chosen(Struct, frozen=True):
    """In which language one is written to, and when of each kind."""

    language: Literal["id", "en"] = "id"
    mail: dict[Kind, Choice] = {}


@get("/notices", opt=SIGNED_IN, include_in_schema=False)
async def show_all(
    context: NamedDependency[Context], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show what the reader was told, newest first."""
    feed = await context.read(notices.feed, before=number(cursor), limit=_SHOWN)
    return context.page("notices/list.html", feed=feed, told=told(context, feed))


def told(context: Context, feed: Feed) -> list[tuple[object, str]]:
    """Return the notices of a feed, each with what it says in the reader's language."""
    return [(one, sentence(one, context.language)) for one in feed.notices]


@post("/notices/seen", opt=SIGNED_IN, include_in_schema=False)
async def see(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Redirect:
    """Record that the reader has seen what they were told."""
    seen = await bodies.form(request, Seen)
    await context.write(notices.see, seen.newest)
    return Redirect(local(seen.next), status_code=303)


@get("/notices/choices", opt=SIGNED_IN, include_in_schema=False)
async def choices(context: NamedDependency[Context], saved: FromQuery[str] = "") -> Response[str]:
    """Show what goes by mail and when, to be chosen."""
    subscription = await context.read(notices.chosen)
    return context.page(
        "notices/choices.html",
        account=await context.read(people.myself),
        chosen={kind: subscription.choice(kind) for kind in KINDS},
        written_in=subscription.language or context.services.settings.language,
        choices=CHOICES,
        saved=bool(saved),
        has_calendar=await context.read(calendars.has_link),
        offers_mail=context.services.mail is not None,
    )


@post("/notices/choices", opt=SIGNED_IN, include_in_schema=False)
async def choose(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Redirect:
    """Keep what goes by mail and when."""
    chosen = await bodies.form(request, Chosen)
    await context.write(notices.choose, chosen.language, chosen.mail)
    return Redirect("/notices/choices?saved=1", status_code=303)


@get("/unsubscribe/{token:str}", opt=PUBLIC, include_in_schema=False)
async def leave(context: NamedDependency[Context], token: FromPath[str]) -> Response[str]:
    """Ask whether all mail is to end: what only looks at links ends nothing."""
    notices.unsubscribing(context.services.sealer, token)
    return context.page("notices/unsubscribe.html", token=token, done=False)


@post("/unsubscribe/{token:str}", opt=PUBLIC, include_in_schema=False, status_code=200)
async def unsubscribe(context: NamedDependency[Context], token: FromPath[str]) -> Response[str]:
    """End all mail, as a mailbox asks with one click (RFC 8058), or somebody on the page."""
    services, caller = context.services, context.caller.address
    await notices.unsubscribe(services.db, services.sealer, token, caller)
    return context.page("notices/unsubscribe.html", token=token, done=True)
