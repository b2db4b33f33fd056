"""A whole cycle in views: each with what may be chosen in the address, so that it can be sent."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.analysis.columns import Member
from survey_service.conduct.names import in_order
from survey_service.operations import national
from survey_service.operations.national import Seen
from survey_service.operations.national_analyses import BELOW
from survey_service.web.access import acting
from survey_service.web.api.national import Choice, choice
from survey_service.web.context import Context

_ROWS = 100  # of a view on a page
_BELOW = 30  # of a view that stands below another one
_WORDY = frozenset({"note", "judged", "reasons", "break", "known", "order"})  # columns of sentences
_SHADES = 5
_OFFERED = 2000  # organisations to choose from
_ASKS: dict[str, frozenset[str]] = {
    "coverage": frozenset({"who", "by", "ungrouped"}),
    "progress": frozenset(),
    "distribution": frozenset({"who", "by", "ungrouped", "node"}),
    "heatmap": frozenset({"who", "tier", "sort"}),
    "indicators": frozenset({"who"}),
    "regions": frozenset({"who", "by", "node"}),
    "movers": frozenset({"who", "node", "since"}),
    "comparison": frozenset({"who", "other"}),
    **dict.fromkeys(("robustness", "coherence", "claims", "checks", *BELOW), frozenset({"who"})),
    "series": frozenset({"who", "whose"}),
}
"""What may be chosen in each view; `ungrouped`, that there need be no groups."""


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
        views=seen.views,
        within=BELOW.get(seen.view.code, seen.view.code),
        asks=_ASKS[seen.view.code],
        rows=_ROWS,
        offered=_offered(seen),
        shades=[
            [_shade(seen, column, cell) for column, cell in enumerate(row)]
            for row in seen.view.rows
        ],
        below=seen.below,
        shortest=_BELOW,
        wordy=_WORDY,
    )


def _offered(seen: Seen) -> list[Member]:
    """Return those who may stand beside one, in the order of their names."""
    compared = seen.selection.counted.members if seen.view.code in {"comparison", "series"} else []
    return sorted(compared, key=lambda one: in_order(one.name))[:_OFFERED]


def _shade(seen: Seen, column: int, cell: Any) -> int | None:
    """Return how dark a number is shown, from 0; None where it is not shaded."""
    ends = seen.view.fields[column].ends
    if ends is None or cell is None:
        return None
    lowest, highest = ends
    part = (cell - lowest) / (highest - lowest)
    return min(max(int(part * _SHADES), 0), _SHADES - 1)
