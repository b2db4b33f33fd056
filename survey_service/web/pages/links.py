"""One-time links to hand over: shown this once, as one file, and made anew for many."""

import base64
import zoneinfo
from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from msgspec import Struct

from survey_service.i18n import moment, translate
from survey_service.operations import people
from survey_service.operations.one_time_links import HandedOver, Link
from survey_service.reports.tables import Table, xlsx
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.people import Invited, handed_over
from survey_service.web.context import Context

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 9  # digits of an id


class Renewing(Struct, frozen=True):
    """Whose links to make anew: the people whose ids `person` names, or all who wait for one."""

    person: dict[str, str] = {}
    all: str = ""


@post("/people/links", opt=acting("admit"), include_in_schema=False, status_code=200)
async def renew(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[Any]:
    """Make new links for those chosen, or for all who never came in, and show those to hand over."""
    chosen = await bodies.form(request, Renewing)
    ids = {int(one) for one in chosen.person if one.isdecimal() and len(one) <= _LONGEST}
    made = await context.ask(people.renew_links, None if chosen.all else ids, context.mailing)
    return page(context, [handed_over(context, one) for one in made])


def of_list(context: Context, links: list[Link]) -> Response[str]:
    """Return the page that shows the links of a list to be handed over, this once."""
    return page(context, [handed_over(context, HandedOver(one.account, one)) for one in links])


def page(context: Context, invited: list[Invited]) -> Response[str]:
    """Return the page that shows links, and holds them as one file: it is kept nowhere else."""
    told = [one for one in invited if one.link is not None]
    file = base64.b64encode(_file(context, told)).decode() if told else ""
    return context.page("people/links.html", invited=invited, file=file, type=_SHEET)


def _file(context: Context, invited: list[Invited]) -> bytes:
    language = context.language
    headings = (
        translate("Name", language),
        translate("Name to sign in with", language),
        translate("Role", language),
        translate("Organisation", language),
        translate("Mail", language),
        translate("Link", language),
        translate("Valid until", language),
    )
    rows = [_row(context, one) for one in invited]
    return xlsx(Table(translate("links", language), headings, rows))


def _row(context: Context, one: Invited) -> tuple[str | None, ...]:
    zone = zoneinfo.ZoneInfo(context.services.settings.time_zone)
    ends = one.expires_at
    until = None if ends is None else moment(ends.astimezone(zone), context.language)
    account, role = one.account, translate(f"role.{one.account.role}", context.language)
    return account.name, account.login, role, account.organisation, account.email, one.link, until
