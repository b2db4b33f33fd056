"""A whole cycle in views: each with what may be chosen in the address, so that it can be sent."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from survey_service.analysis.columns import Member
from survey_service.analysis.selection import Filters
from survey_service.operations import national
from survey_service.operations.national import VIEWS, Seen, Wanted
from survey_service.reports.national.view import Asked
from survey_service.web.access import acting
from survey_service.web.api.lists import Filter
from survey_service.web.context import Context

_ROWS = 100  # of a view on a page
_SHADES = 5
_OFFERED = 2000  # organisations to choose from
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


@get(
    "/cycles/{cycle_id:int}/views/{view:str}",
    opt=acting("read"),
    include_in_schema=False,
    dependencies={"chosen": choice},
)
async def show(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    view: FromPath[str],
    chosen: NamedDependency[Choice],
) -> Response[str]:
    """Show a view of a cycle."""
    wanted = chosen.wanted(cycle_id, view, _ROWS)
    seen = await context.read(national.view, context.services.columns, wanted, context.language)
    return context.page(
        "cycles/view.html",
        cycle=seen.cycle,
        seen=seen,
        view=seen.view,
        chosen=chosen,
        views=VIEWS,
        rows=_ROWS,
        offered=_offered(seen),
        shades=[
            [_shade(seen, column, cell) for column, cell in enumerate(row)]
            for row in seen.view.rows
        ],
    )


def _offered(seen: Seen) -> list[Member]:
    """Return those who may stand beside one, in the order of their names."""
    compared = seen.selection.counted.members if seen.view.code == "comparison" else []
    return sorted(compared, key=lambda one: one.name.casefold())[:_OFFERED]


def _shade(seen: Seen, column: int, cell: Any) -> int | None:
    """Return how dark a number is shown, from 0; None where it is not shaded."""
    ends = seen.view.fields[column].ends
    if ends is None or cell is None:
        return None
    lowest, highest = ends
    part = (cell - lowest) / (highest - lowest)
    return min(max(int(part * _SHADES), 0), _SHADES - 1)
