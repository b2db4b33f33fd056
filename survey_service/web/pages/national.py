"""A whole cycle in views: each with what may be chosen in the address, so that it can be sent."""

import asyncio
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from survey_service import i18n
from survey_service.analysis.columns import Member
from survey_service.conduct.names import in_order
from survey_service.operations.national import Seen
from survey_service.operations.national_analyses import BELOW
from survey_service.reports.national.view import View, tier_name
from survey_service.web import jobs
from survey_service.web.access import acting
from survey_service.web.api.cycle_reports import file_of
from survey_service.web.api.national import Choice, ViewForm, choice, looked_at, taken_along
from survey_service.web.context import Context

_ROWS = 100  # of a view on a page
_BELOW = 30  # of a view that stands below another one
_WORDY = frozenset({"note", "judged", "reasons", "break", "known", "order"})  # columns of sentences
_SHADES = 5
_ABREAST = 13  # columns that have room on a sheet of A4 beside the names
_OFFERED = 2000  # organisations to choose from
_ASKS: dict[str, frozenset[str]] = {
    "coverage": frozenset({"who", "branch", "by", "ungrouped"}),
    "progress": frozenset({"branch"}),
    "distribution": frozenset({"who", "branch", "rolled", "by", "ungrouped", "node"}),
    "heatmap": frozenset({"who", "branch", "rolled", "tier", "sort"}),
    "indicators": frozenset({"who", "branch", "rolled"}),
    "regions": frozenset({"who", "branch", "rolled", "by", "node"}),
    "movers": frozenset({"who", "branch", "rolled", "node", "since"}),
    "comparison": frozenset({"who", "branch", "rolled", "other"}),
    **dict.fromkeys(
        ("robustness", "assumptions", "weightings", "coherence", "correlations"),
        frozenset({"who", "branch", "rolled"}),
    ),
    **dict.fromkeys(("claims", "claimants", "checks"), frozenset({"who", "branch"})),
    "series": frozenset({"who", "branch", "whose"}),
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
    seen = await looked_at(context, chosen.wanted(cycle_id, view, _ROWS))
    return await asyncio.to_thread(_page, context, seen, chosen)


def _page(context: Context, seen: Seen, chosen: Choice) -> Response[str]:
    return context.page(
        "cycles/view.html",
        cycle=seen.cycle,
        seen=seen,
        view=seen.view,
        chosen=chosen,
        views=seen.views,
        within=BELOW.get(seen.view.code, seen.view.code),
        asks=_asks(seen),
        narrowed=_narrowed(seen, context.language),
        tiers=_tiers(seen, context.language),
        rows=_ROWS,
        branches=_branches(seen),
        offered=_offered(seen),
        shades=[
            [_shade(seen, column, cell) for column, cell in enumerate(row)]
            for row in seen.view.rows
        ],
        beneath=seen.beneath,
        shortest=_BELOW,
        wordy=_WORDY,
        abreast=_abreast,
    )


@get(
    "/cycles/{cycle_id:int}/views/{view:str}/file",
    opt=acting("read"),
    include_in_schema=False,
    dependencies={"chosen": choice},
)
async def file(
    context: NamedDependency[Context],
    cycle_id: FromPath[int],
    view: FromPath[str],
    chosen: NamedDependency[Choice],
    form: FromQuery[ViewForm] = "csv",
) -> Response[Any]:
    """Download a view of a cycle, all of it; or see it being made."""
    job_id = await taken_along(context, cycle_id, view, chosen, form)
    if await jobs.is_done(context, job_id):
        return await file_of(context, job_id)
    return jobs.progress_of(job_id)


def _asks(seen: Seen) -> frozenset[str]:
    """Return what may be chosen: who sees only themselves has nobody to choose from."""
    asks = _ASKS[seen.view.code]
    if seen.alone:
        asks -= {"who", "branch", "rolled", "other", "whose"}
    if not seen.branches:
        asks -= {"branch"}
    return asks if seen.units else asks - {"rolled"}


def _narrowed(seen: Seen, language: str) -> str:
    """Return in words to what it is narrowed: paper does not show what was chosen."""
    filters, said = seen.wanted.filters, []
    if filters.kind:
        said.append(i18n.translate(f"kind.{filters.kind}", language))
    if filters.attribute:
        said.append(f"{filters.attribute}: {filters.value}")
    if filters.below:
        name = seen.branches[filters.below]
        said.append(i18n.translate("below {name}", language, name=name))
    return "; ".join(said)


def _tiers(seen: Seen, language: str) -> list[tuple[int, str]]:
    """Return how deep what is shown may lie, with what that is called."""
    asked = seen.selection.questionnaire
    return [(depth, tier_name(asked, depth, language)) for depth in seen.tiers]


def _branches(seen: Seen) -> list[tuple[int, str]]:
    """Return what everything may lie below, by name; what is chosen always."""
    chosen = seen.wanted.filters.below
    found = sorted(seen.branches.items(), key=lambda one: in_order(one[1]))
    return [one for place, one in enumerate(found) if place < _OFFERED or one[0] == chosen]


def _offered(seen: Seen) -> list[Member]:
    """Return those who may stand beside one, in the order of their names; who is chosen always."""
    compared = seen.selection.counted.members if seen.view.code in {"comparison", "series"} else []
    chosen = {seen.wanted.asked.one, seen.wanted.asked.other}
    found = sorted(compared, key=lambda one: in_order(one.name))
    return [
        one for place, one in enumerate(found) if place < _OFFERED or one.organisation in chosen
    ]


def _abreast(view: View) -> list[list[int]]:
    """Return which columns stand beside one another on paper: in each part as many, after the first."""
    others = len(view.fields) - 1
    parts = -(-others // _ABREAST) or 1
    many = -(-others // parts)
    return [
        [0, *range(1 + many * part, 1 + min(many * (part + 1), others))] for part in range(parts)
    ]


def _shade(seen: Seen, column: int, cell: Any) -> int | None:
    """Return how dark a number is shown, from 0; None where it is not shaded."""
    ends = seen.view.fields[column].ends
    if ends is None or cell is None:
        return None
    lowest, highest = ends
    part = (cell - lowest) / (highest - lowest)
    return min(max(int(part * _SHADES), 0), _SHADES - 1)
