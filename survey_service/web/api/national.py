"""Views of a whole cycle, as the pages show them."""

import asyncio
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from survey_service.analysis.selection import Filters
from survey_service.operations import exports
from survey_service.operations.exports import WantedTable
from survey_service.operations.national import Loaded, Seen, Wanted
from survey_service.reports.national.view import Asked, FieldType
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.cycle_reports import file_of
from survey_service.web.api.jobs import LATER
from survey_service.web.api.lists import Filter
from survey_service.web.context import Context

ViewForm = Literal["csv", "xlsx", "zip"]
Chosen = FromQuery[Annotated[str, QueryParameter(max_length=200)]]


class Choice(Struct, frozen=True):
    """What the address says: what is looked at, and how.

    `group` is an attribute with a value, as `region=North`; `desc` sorts from the highest. `below` is
    the organisation below which all lies that is looked at; with `rolled`, agencies stand for their
    units.
    """

    kind: str = ""
    group: str = ""
    by: str = ""
    node: str = ""
    tier: int = 1
    sort: str = ""
    desc: bool = False
    since: int = 0
    organisation: int = 0
    other: int = 0
    below: int = 0
    rolled: bool = False
    start: int = 0

    @property
    def filters(self) -> dict[str, object]:
        """What all views share, as the address says it."""
        return _said(
            {"kind": self.kind, "group": self.group, "below": self.below, "rolled": self.rolled}
        )

    @property
    def query(self) -> dict[str, object]:
        """All that it says, but from which row on: what a file has is all of it."""
        return _said(
            {name: getattr(self, name) for name in self.__struct_fields__ if name != "start"}
        )

    @property
    def turned(self) -> dict[str, object]:
        """The same from the other end."""
        return {**self.query, "desc": str(not self.desc).lower()}

    def sorted_by(self, name: str) -> dict[str, object]:
        """Return the same sorted by a field; from the highest, and the other way at the second time."""
        return {
            **self.query,
            "sort": name,
            "desc": str(not (self.sort == name and self.desc)).lower(),
        }

    def from_row(self, start: int) -> dict[str, object]:
        """Return the same from another row on."""
        return {**self.query, "start": start}

    def wanted(self, cycle_id: int, view: str, limit: int | None) -> Wanted:
        """Return what it asks for."""
        attribute, _, value = self.group.partition("=")
        asked = Asked(
            self.by,
            self.node,
            self.tier,
            self.sort,
            self.desc,
            self.organisation,
            self.other,
            self.start,
            limit,
        )
        filters = Filters(self.kind, attribute, value, self.below)
        return Wanted(cycle_id, view, filters, asked, self.since, self.rolled)


async def choice(
    kind: Chosen = "",
    group: Chosen = "",
    by: Chosen = "",
    node: Chosen = "",
    tier: FromQuery[Annotated[int, QueryParameter(ge=0, le=20)]] = 1,
    sort: Chosen = "",
    desc: FromQuery[bool] = False,  # noqa: FBT002
    since: Filter = 0,
    organisation: Filter = 0,
    other: Filter = 0,
    below: Filter = 0,
    rolled: FromQuery[bool] = False,  # noqa: FBT002
    start: Filter = 0,
) -> Choice:
    """Return what the address says."""
    return Choice(
        kind, group, by, node, tier, sort, desc, since, organisation, other, below, rolled, start
    )


def _said(choices: dict[str, object]) -> dict[str, object]:
    """Return choices as an address says them; what is left open is left out."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in choices.items()
        if value != Choice.__struct_defaults__[Choice.__struct_fields__.index(name)]
    }


class Column(Struct, frozen=True):
    """A column of a view: its name, the type of its cells, and what people call it."""

    name: str
    type: FieldType
    title: str


class NationalView(Struct, frozen=True):
    """A view of a cycle: its fields, and rows of as many cells; numbers with decimals are texts.

    `count` tells how many rows there are in all, and `words` what is to be said of them: why something
    is left out, for one, and the seed of what is drawn at random.
    """

    view: str
    title: str
    cycle: int
    questionnaire: str
    fields: list[Column]
    rows: list[list[Any]]
    count: int
    words: str


@get(
    "/cycles/{cycle_id:int}/views/{view:str}",
    opt=acting("read"),
    operation_id="readView",
    dependencies={"chosen": choice},
)
async def read(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    view: FromPath[str],
    chosen: NamedDependency[Choice],
) -> Response[NationalView]:
    """Read a view of a cycle: all its rows, from the one that `start` says."""
    seen = await looked_at(context, chosen.wanted(cycle_id, view, None))
    content = await asyncio.to_thread(_encoded, seen)
    return Response(content, media_type=MediaType.JSON)  # type: ignore[arg-type] # that, encoded: a whole country takes its time


def _encoded(seen: Seen) -> bytes:
    return msgspec.json.encode(
        NationalView(
            seen.view.code,
            seen.view.title,
            seen.cycle.id,
            seen.selection.questionnaire.reference,
            [Column(one.name, one.type, one.title) for one in seen.view.fields],
            [list(row) for row in seen.view.rows],
            seen.view.count,
            seen.view.words,
        )
    )


async def looked_at(context: Context, wanted: Wanted) -> Seen:
    """Return a view as whoever asks sees it; raises what `operations.national.load` does."""
    return await context.services.reckoning.seen(await _loaded(context, wanted))


async def _loaded(context: Context, wanted: Wanted) -> Loaded:
    own = context.services
    return await own.reckoning.loaded(context.read, own.columns, wanted, context.language)


async def taken_along(
    context: Context, cycle_id: int, view: str, chosen: Choice, form: ViewForm
) -> int:
    """Return the id of the job that makes a file of all that is chosen.

    Raises:
        SurveyError: It cannot be shown either.
    """
    loaded = await _loaded(context, chosen.wanted(cycle_id, view, 1))
    if not loaded.long:
        await context.services.reckoning.seen(loaded)
    whole = chosen.wanted(cycle_id, view, None)
    wanted = WantedTable(cycle_id, view, form, 0, context.language, whole)
    return await context.ask(exports.request, wanted)


@get(
    "/cycles/{cycle_id:int}/views/{view:str}/file",
    opt=acting("read"),
    operation_id="readViewFile",
    dependencies={"chosen": choice},
    media_type="application/octet-stream",
    responses={202: LATER},
)
async def read_file(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    view: FromPath[str],
    chosen: NamedDependency[Choice],
    form: FromQuery[ViewForm] = "csv",
) -> Response[Any]:
    """Get a view of a cycle, all of it, as CSV, as XLSX, or as a data package (`zip`).

    The package is a Frictionless Data Package: `datapackage.json` describes every column.
    """
    job_id = await taken_along(context, cycle_id, view, chosen, form)
    if await jobs.is_done(context, job_id):
        return await file_of(context, job_id)
    return await jobs.accepted(context, job_id)
