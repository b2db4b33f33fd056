"""A whole cycle as a ministry looks at it: views of everybody whom the reader sees."""

from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from survey_service.analysis.selection import KIND, Filters, Selection, worded
from survey_service.conduct.access import Actor, require
from survey_service.conduct.cycles import Cycle
from survey_service.errors import NotFoundError
from survey_service.national_errors import OtherQuestionnaireError, UnknownChoiceError
from survey_service.operations.columns import KeptColumns
from survey_service.operations.national_analyses import ANALYSES, BELOW, About, analyses, is_shown
from survey_service.operations.series import selected
from survey_service.reports.national.comparison import comparison
from survey_service.reports.national.coverage import Day, NotBegun, coverage, meant, progress
from survey_service.reports.national.distribution import distribution
from survey_service.reports.national.heatmap import heatmap, sortable
from survey_service.reports.national.indicators import indicators
from survey_service.reports.national.movers import movers, no_movers
from survey_service.reports.national.regions import regions
from survey_service.reports.national.view import Asked, View, tier, tiers
from survey_service.store import coverage as stored
from survey_service.store import cycles
from survey_service.store.database import Reader
from survey_service.store.organisations import visible

VIEWS = (
    "coverage", "progress", "distribution", "heatmap", "indicators", "regions", "movers", "comparison",
    *ANALYSES,
)  # fmt: skip
_EARLIER = 20  # cycles that are offered to compare with

_Viewed = Callable[[Selection, Asked, str], View]
_ALONE: dict[str, _Viewed] = {
    "distribution": distribution,
    "heatmap": heatmap,
    "indicators": indicators,
    "regions": regions,
    "comparison": comparison,
}


class Wanted(Struct, frozen=True):
    """Which view of which cycle is wanted, and of what; `since` is an earlier cycle, 0 for none."""

    cycle_id: int
    view: str
    filters: Filters = Filters()
    asked: Asked = Asked()
    since: int = 0


class Seen(Struct, frozen=True):
    """A view, what was `wanted` with what was left open, and what may be chosen: kinds, attributes with their values, tiers, other cycles.

    `below` are views that belong under this one, and `views` the codes of all that are for the reader.
    """

    cycle: Cycle
    view: View
    selection: Selection
    wanted: Wanted
    kinds: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    tiers: range
    earlier: list[Cycle]
    below: Sequence[View] = ()
    views: Sequence[str] = VIEWS


def view(tx: Reader, actor: Actor, kept: KeptColumns, wanted: Wanted, language: str) -> Seen:
    """Return a view of a cycle.

    Raises:
        NotFoundError: There is no such cycle for this actor, no such view, node or organisation.
        OtherQuestionnaireError: The cycle to compare with asked something else.
        UnknownChoiceError: There is nothing to group or to sort by that is called so, or no such tier.
    """
    require(actor, "read")
    cycle = cycles.fetch(tx, wanted.cycle_id, visible_to=actor)
    everybody = selected(tx, actor, kept, cycle, Filters())
    earlier = _earlier(tx, actor, cycle)
    wanted = _completed(wanted, everybody, earlier)
    _require_known(everybody, wanted)
    selection = selected(tx, actor, kept, cycle, wanted.filters)
    about = About(cycle, selection, wanted.filters, wanted.asked, next(iter(earlier), None))
    first, *below = (
        analyses(tx, actor, kept, wanted.view, about, language)
        if wanted.view in {*ANALYSES, *BELOW}
        else [_viewed(tx, actor, kept, wanted, selection, language)]
    )
    return Seen(
        cycle,
        first,
        selection,
        wanted,
        everybody.kinds,
        everybody.attributes,
        tiers(selection.questionnaire),
        earlier,
        below,
        [one for one in VIEWS if is_shown(actor, one)],
    )


def _completed(wanted: Wanted, everybody: Selection, earlier: list[Cycle]) -> Wanted:
    """Return what is wanted with what a view cannot do without, where it was left open."""
    if wanted.view == "regions" and not wanted.asked.by:
        by = next(iter(everybody.attributes), KIND)
        return structs.replace(wanted, asked=structs.replace(wanted.asked, by=by))
    if wanted.view == "movers" and not wanted.since and earlier:
        return structs.replace(wanted, since=earlier[0].id)
    return wanted


def _require_known(everybody: Selection, wanted: Wanted) -> None:
    asked = wanted.asked
    if asked.node not in {"", *everybody.questionnaire.all_nodes}:
        raise NotFoundError(node=asked.node)
    _require_one_of(asked.by, ("", KIND, *everybody.attributes))
    if wanted.view == "heatmap":
        _require_one_of(str(asked.tier), ("0", *map(str, tiers(everybody.questionnaire))))
        _require_one_of(asked.sort, sortable(tier(everybody.questionnaire, asked.tier)))
    else:
        _require_one_of(asked.sort, ("",))


def _require_one_of(value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UnknownChoiceError(value=value, known=", ".join(filter(None, known)))


def _viewed(
    tx: Reader,
    actor: Actor,
    kept: KeptColumns,
    wanted: Wanted,
    selection: Selection,
    language: str,
) -> View:
    asked = wanted.asked
    if wanted.view in _ALONE:
        return _ALONE[wanted.view](selection, asked, language)
    if wanted.view == "coverage":
        left = [one for one in _not_begun(tx, actor, wanted.cycle_id) if meant(one, wanted.filters)]
        return coverage(selection, left, asked, language)
    if wanted.view == "progress":
        return progress(
            [Day(*day) for day in stored.days(tx, wanted.cycle_id, actor.organisation_id)], language
        )
    if wanted.view == "movers" and not wanted.since:
        return no_movers(selection, asked, language)
    if wanted.view == "movers":
        before = selected(
            tx, actor, kept, cycles.fetch(tx, wanted.since, visible_to=actor), wanted.filters
        )
        if before.questionnaire.reference != selection.questionnaire.reference:
            raise OtherQuestionnaireError(
                before=before.questionnaire.reference, now=selection.questionnaire.reference
            )
        return movers(before, selection, asked, language)
    raise NotFoundError(view=wanted.view)


def _not_begun(tx: Reader, actor: Actor, cycle_id: int) -> list[NotBegun]:
    seen = visible(tx, actor.organisation_id)
    return [
        NotBegun(kind, {name: worded(value) for name, value in attributes.items()}, withdrawn=out)
        for id_, kind, attributes, out in stored.not_begun(tx, cycle_id)
        if id_ in seen
    ]


def _earlier(tx: Reader, actor: Actor, cycle: Cycle) -> list[Cycle]:
    """Return the cycles before that ask the same, newest first."""
    return [
        one
        for one in cycles.newest(tx, actor, before=cycle.id, limit=_EARLIER)
        if one.digest == cycle.digest
    ]
