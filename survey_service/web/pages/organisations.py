"""Organisations: the tree, one of them to change, and lists from spreadsheets."""

import datetime as dt
import re
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct, structs

from survey_service import i18n
from survey_service.characters import normal, visible
from survey_service.conduct.access import may
from survey_service.conduct.organisations import KINDS, Organised
from survey_service.conduct.successions import SuccessionKind
from survey_service.errors import ForbiddenError, SurveyError
from survey_service.errors.accounts import SignInRequiredError
from survey_service.errors.writing import NotADateError
from survey_service.library.organisations import attribute, typed
from survey_service.maturity.texts import END
from survey_service.operations import drafted_lists, organisations, successions
from survey_service.operations.organisations import Placed
from survey_service.operations.preconditions import tag
from survey_service.operations.successions import Belonging, Wanted
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.lists import LONGEST, Filter
from survey_service.web.context import Context
from survey_service.web.pages.places import Places, places
from survey_service.web.pages.readings import Chosen, readings, settled
from survey_service.web.problems import BEYOND

_ONE = "/organisations/{organisation_id:int}"
Names = Annotated[str, Meta(max_length=10_000, pattern=f"^[^\x00]*{END}")]
_LONGEST_ID = 9  # digits
_LINE = re.compile(r"[^:]*:\s*(?P<value>.*?)\s*")


class Sent(Struct, frozen=True):
    """What an organisation is to be; `attributes` has a line for each, "name: value".

    `seen` is the tag of what was changed; "" for a new one. `reading` is the one that was chosen of
    a number that has two.
    """

    name: Annotated[bodies.Line, Meta(min_length=1)]
    kind: bodies.Line
    parent: bodies.Line = ""
    attributes: Annotated[str, Meta(max_length=10_000, pattern=f"^[^\x00]*{END}")] = ""
    active: str = ""
    second_factor: str = ""
    seen: bodies.Line = ""
    reading: Chosen = ""

    def as_chosen(self) -> "Sent":
        """Return the form with the reading that was chosen in the place of what is ambiguous."""
        if not self.reading:
            return self
        attributes = settled(self.attributes, _LINE, ("value",), self.reading)
        return structs.replace(self, attributes=attributes, reading="")

    def placed(self, known: Places) -> Placed:
        """Return the organisation that this is.

        Raises:
            WhichOrganisationError: Its parent is none of those known, or several are called so.
        """
        lines = (visible(line).partition(":") for line in self.attributes.splitlines())
        attributes = {
            name.strip(): attribute(name.strip(), value.strip())
            for name, colon, value in lines
            if name or colon
        }
        parent = known.id_of(self.parent) or None
        return Placed(
            self.name, self.kind, parent, attributes, bool(self.active), bool(self.second_factor)
        )


class Following(Struct, frozen=True):
    """A succession as its form has it: names, one on each line.

    `placed` once somebody was asked who of a split goes where; `person` and `unit` have the names of
    successors by the ids of people and units, "" for whoever stays.
    """

    kind: SuccessionKind = "rename"
    on: bodies.Line = ""
    predecessors: Names = ""
    successors: Names = ""
    placed: str = ""
    person: dict[str, str] = {}
    unit: dict[str, str] = {}

    @property
    def wanted(self) -> Wanted:
        """The succession that this is.

        Raises:
            NotADateError: The day is none.
        """
        people, units = _by_id(self.person), _by_id(self.unit)
        try:
            on = dt.date.fromisoformat(self.on)
        except ValueError:
            raise NotADateError(value=self.on) from None
        return Wanted(self.kind, on, _names(self.predecessors), self.names, people, units)

    @property
    def names(self) -> tuple[str, ...]:
        """What the successors are called."""
        return _names(self.successors)


def _by_id(chosen: dict[str, str]) -> dict[int, str]:
    """Return what was chosen for each id, of those that are some."""
    return {
        int(id_): name
        for id_, name in chosen.items()
        if name and id_.isdecimal() and len(id_) <= _LONGEST_ID
    }


def _names(written: str) -> tuple[str, ...]:
    return tuple(filter(None, map(visible, written.splitlines())))


_NOTHING = Following()


@get("/organisations", opt=acting("read"), include_in_schema=False)
async def show_all(
    context: NamedDependency[Context],
    kind: FromQuery[str] = "",
    name: FromQuery[str] = "",
    start: Filter = 0,
) -> Response[str]:
    """Show the reader's organisation and those below it, by name; all, or those that are sought."""
    known, sought = await context.read(organisations.all_seen), normal(name)
    found = [one for one in known if kind in {"", one.kind} and sought in normal(one.name)]
    may_organise = context.who is not None and may(context.who, "organise")
    return context.page(
        "organisations/list.html",
        lists=await context.read(drafted_lists.recent) if may_organise else [],
        found=found[start : start + LONGEST],
        more=start + LONGEST if len(found) > start + LONGEST else None,
        count=len(found),
        names={one.id: one.name for one in known},
        kinds=KINDS,
        kind=kind,
        name=name,
        may=may_organise,
    )


@get("/organisations/new", opt=acting("organise"), include_in_schema=False)
async def new(context: NamedDependency[Context]) -> Response[str]:
    """Show the form of a new organisation."""
    await context.require("organise")
    return await _form(context, None, Sent("-", "regency", active="on"))


@post("/organisations", opt=acting("organise"), include_in_schema=False)
async def add(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Response[Any]:
    """Add an organisation, or show why not."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    try:
        await context.make(object, organisations.add, sent.placed(await places(context)))
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        return await _form(context, None, sent, error)
    return Redirect("/organisations", status_code=303)


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], organisation_id: FromPath[int]) -> Response[str]:
    """Show an organisation, to be changed by whoever may."""
    found = await context.read(organisations.view, organisation_id)
    return await _form(context, found, _sent(found, context.language))


@post(_ONE, opt=acting("organise"), include_in_schema=False)
async def change(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    organisation_id: FromPath[int],
) -> Response[Any]:
    """Change an organisation, or show why not; what was typed stays."""
    sent = (await bodies.form(request, Sent)).as_chosen()
    try:
        placed = sent.placed(await places(context))
        await context.write(organisations.change, organisation_id, placed, sent.seen)
    except (ForbiddenError, SignInRequiredError):
        raise
    except SurveyError as error:
        found = await context.read(organisations.view, organisation_id)
        return await _form(context, found, sent, error)
    return Redirect("/organisations", status_code=303)


@post(_ONE + "/succession", opt=acting("organise"), include_in_schema=False)
async def succeed(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    organisation_id: FromPath[int],
) -> Response[Any]:
    """Merge, split or rename organisations, or show why not; what was typed stays."""
    following = await bodies.form(request, Following)
    try:
        wanted = following.wanted
        if wanted.kind == "split" and not following.placed:
            asked = await context.read(successions.to_place, organisation_id, wanted)
            if asked:
                return await _placing(context, organisation_id, following, asked)
        first, *_ = await context.make(list[int], successions.succeed, organisation_id, wanted)
    except BEYOND:
        raise
    except SurveyError as error:
        found = await context.read(organisations.view, organisation_id)
        return await _form(context, found, _sent(found, context.language), error, following)
    return Redirect(f"/organisations/{first}", status_code=303)


async def _placing(
    context: Context, organisation_id: int, following: Following, asked: Belonging
) -> Response[str]:
    """Return the page that asks who of a split organisation goes where."""
    return context.page(
        "organisations/split.html",
        found=await context.read(organisations.view, organisation_id),
        succession=following,
        asked=asked,
    )


async def _form(
    context: Context,
    found: Organised | None,
    sent: Sent,
    error: SurveyError | None = None,
    following: Following = _NOTHING,
) -> Response[str]:
    owner = found.id if found else None
    return context.page(
        "organisations/form.html",
        status=error.status if error else 200,
        found=found,
        sent=sent,
        parents=await places(context),
        kinds=KINDS,
        history=await context.read(successions.history, found.id) if found else [],
        succession=following,
        may=context.who is not None and may(context.who, "organise", owner=owner),
        problem=i18n.describe(error, context.language) if error else "",
        readings=readings(error, context.language) if error else None,
    )


def _sent(found: Organised, language: str) -> Sent:
    """Return the form as it is filled in by an organisation."""
    return Sent(
        found.name,
        found.kind,
        str(found.parent_id or 0),
        ""
        if found.is_damaged
        else "\n".join(
            f"{name}: {typed(value, language)}" for name, value in found.attributes.items()
        ),
        "on" if found.active else "",
        "on" if found.second_factor else "",
        tag(found),
    )
