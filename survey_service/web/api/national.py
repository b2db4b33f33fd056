"""Views of a whole cycle, as the pages show them."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from survey_service.analysis.selection import Filters
from survey_service.operations import national
from survey_service.operations.national import Wanted
from survey_service.reports.national.view import Asked, FieldType
from survey_service.web.access import acting
from survey_service.web.api.lists import Filter
from survey_service.web.context import Context

Chosen = FromQuery[Annotated[str, QueryParameter(max_length=200)]]


class Choice(Struct, frozen=True):
    """What the address says: what is looked at, and how.

    `group` is an attribute with a value, as `region=North`; `desc` sorts from the highest.
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
    start: int = 0

    @property
    def filters(self) -> dict[str, str]:
        """What all views share, as the address says it."""
        return {"kind": self.kind, "group": self.group}

    def sorted_by(self, name: str) -> dict[str, object]:
        """Return the same sorted by a field; from the highest, and the other way at the second time."""
        again = self.sort == name and self.desc
        return {**self._kept(), "sort": name, "desc": str(not again).lower()}

    def from_row(self, start: int) -> dict[str, object]:
        """Return the same from another row on."""
        return {**self._kept(), "sort": self.sort, "desc": str(self.desc).lower(), "start": start}

    def _kept(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "group": self.group,
            "by": self.by,
            "node": self.node,
            "tier": self.tier,
            "since": self.since,
        }

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
        return Wanted(cycle_id, view, Filters(self.kind, attribute, value), asked, self.since)


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
    start: Filter = 0,
) -> Choice:
    """Return what the address says."""
    return Choice(kind, group, by, node, tier, sort, desc, since, organisation, other, start)


class Column(Struct, frozen=True):
    """A column of a view: its name, the type of its cells, and what people call it."""

    name: str
    type: FieldType
    title: str


class NationalView(Struct, frozen=True):
    """A view of a cycle: its fields, and rows of as many cells; numbers with decimals are texts.

    `count` tells how many rows there are in all.
    """

    view: str
    title: str
    cycle: int
    questionnaire: str
    fields: list[Column]
    rows: list[list[Any]]
    count: int


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
) -> NationalView:
    """Read a view of a cycle: all its rows, from the one that `start` says."""
    wanted = chosen.wanted(cycle_id, view, None)
    seen = await context.read(national.view, context.services.columns, wanted, context.language)
    return NationalView(
        seen.view.code,
        seen.view.title,
        seen.cycle.id,
        seen.selection.questionnaire.reference,
        [Column(one.name, one.type, one.title) for one in seen.view.fields],
        [list(row) for row in seen.view.rows],
        seen.view.count,
    )
