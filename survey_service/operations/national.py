"""A whole cycle as a ministry looks at it: views of everybody whom the reader sees."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial

from msgspec import Struct, structs

from survey_service.analysis.selection import KIND, Filters, Selection, select, worded
from survey_service.analysis.stored_rolling_up import UNIT
from survey_service.conduct.access import Actor, require
from survey_service.conduct.cycles import Cycle
from survey_service.errors import NotFoundError
from survey_service.errors.national import OtherQuestionnaireError, UnknownChoiceError
from survey_service.operations.columns import KeptColumns
from survey_service.operations.national_analyses import (
    ANALYSES,
    BELOW,
    About,
    Reckoned,
    analyses,
    is_shown,
)
from survey_service.reports.national.comparison import comparison, first
from survey_service.reports.national.coverage import NotBegun, coverage, days, meant, progress
from survey_service.reports.national.distribution import distribution
from survey_service.reports.national.heatmap import heatmap, sortable
from survey_service.reports.national.indicators import indicators
from survey_service.reports.national.movers import movers, no_movers
from survey_service.reports.national.regions import regions
from survey_service.reports.national.view import Asked, View, part, tier, tiers
from survey_service.store import coverage as stored
from survey_service.store import cycles
from survey_service.store.columns import above
from survey_service.store.database import Reader
from survey_service.store.organisations import HIGHEST, is_below, visible

VIEWS = (
    "coverage", "progress", "distribution", "heatmap", "indicators", "regions", "movers", "comparison",
    *ANALYSES,
)  # fmt: skip
_EACH = frozenset({"coverage", "progress", "claims", "claimants", "checks", "series"})
"""Views of who does what, in which agencies never stand for their units."""
_OF_ONESELF = frozenset({"comparison", "claims", "series"})
"""Views that tell something to who sees nobody but themselves."""
_EARLIER = 20  # cycles that are offered to compare with

_Viewed = Callable[[Selection, Asked, str], View]
_ALONE: dict[str, _Viewed] = {
    "distribution": distribution,
    "heatmap": heatmap,
    "indicators": indicators,
    "regions": regions,
}


class Wanted(Struct, frozen=True):
    """Which view of which cycle is wanted, and of what.

    `since` is an earlier cycle, 0 for none; with `rolled`, agencies stand for their units.
    """

    cycle_id: int
    view: str
    filters: Filters = Filters()
    asked: Asked = Asked()
    since: int = 0
    rolled: bool = False

    @property
    def rolls_up(self) -> bool:
        """Whether agencies stand for their units here."""
        return self.rolled and self.view not in _EACH

    @property
    def told(self) -> dict[str, str | int | bool]:
        """What of it is asked for, by name; what is left open is left out."""
        every = {
            **structs.asdict(self.filters),
            **structs.asdict(self.asked),
            "since": self.since,
            "rolled": self.rolled,
        }
        return {
            name: value for name, value in every.items() if value and name not in {"start", "limit"}
        }


class Seen(Struct, frozen=True):
    """A view, what was `wanted` with what was left open, and what may be chosen.

    Those are kinds, attributes with their values, `branches` of the tree by id, tiers, other cycles,
    and, where there are `units` below agencies, that they are rolled up. `alone` is who sees nobody
    but themselves. `beneath` are views that belong under this one, and `views` the codes of all that
    are for the reader.
    """

    cycle: Cycle
    view: View
    selection: Selection
    wanted: Wanted
    kinds: tuple[str, ...]
    attributes: dict[str, tuple[str, ...]]
    branches: dict[int, str]
    tiers: range
    earlier: list[Cycle]
    units: bool
    alone: bool
    beneath: Sequence[View]
    views: Sequence[str]


class Loaded(Struct, frozen=True):
    """What a view is made of, once the store was asked; `seen` makes it, where it may take its time.

    A `long` one is made of so much arithmetic that one at a time is enough for a process; one that is
    remembered is not.
    """

    seen: Callable[[], Seen]
    long: bool


class _Looking(Struct, frozen=True):
    """Whoever looks, with what they see: the ids of organisations, None for all that take part."""

    tx: Reader
    actor: Actor
    kept: KeptColumns
    wanted: Wanted
    seen: AbstractSet[int] | None

    def all_of(self, cycle: Cycle) -> Selection:
        """Return a cycle, whoever sees it."""
        if self.wanted.rolls_up:
            return self.kept.rolled_up(self.tx, cycle)
        return self.kept.of(self.tx, cycle)

    def seen_of(self, cycle: Cycle, filters: Filters = Filters()) -> Selection:  # noqa: B008 - frozen
        """Return what is looked at of a cycle."""
        return select(self.all_of(cycle), filters, self.seen)

    def below(self) -> int | None:
        """Return the id of the organisation below which everything lies that is looked at.

        None where that is all of the cycle.
        """
        everything = None if self.seen is None else self.actor.organisation_id
        return self.wanted.filters.below or everything


def rolling_up(
    tx: Reader, actor: Actor, kept: KeptColumns, wanted: Wanted
) -> Callable[[], Selection] | None:
    """Return what puts agencies in place of their units ahead of `load`; None where that is not wanted, or done.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    require(actor, "read")
    if not wanted.rolls_up:
        return None
    return kept.rolling_up(tx, cycles.fetch(tx, wanted.cycle_id, visible_to=actor))


def load(tx: Reader, actor: Actor, kept: KeptColumns, wanted: Wanted, language: str) -> Loaded:
    """Return what a view of a cycle is made of, so that nobody waits for the store meanwhile.

    Raises:
        NotFoundError: There is no such cycle for this actor, no such view, node or organisation.
        OtherQuestionnaireError: The cycle to compare with asked something else.
        UnknownChoiceError: There is nothing to group or to sort by that is called so, or no such tier.
        NotRolledUpError: The questionnaire asks on conditions, and units cannot be rolled up.
    """
    require(actor, "read")
    cycle = cycles.fetch(tx, wanted.cycle_id, visible_to=actor)
    looking = _looking(tx, actor, kept, wanted, cycle)
    everybody, earlier = looking.seen_of(cycle), cycles.earlier(tx, actor, cycle, limit=_EARLIER)
    wanted = _completed(wanted, everybody, earlier, actor)
    _require_known(everybody, wanted)
    if wanted.view == "progress":  # which tells of a branch, and of no other choice
        wanted = structs.replace(wanted, filters=Filters(below=wanted.filters.below))
    looking = structs.replace(looking, wanted=wanted)
    selection = looking.seen_of(cycle, wanted.filters)
    known = _around(looking, cycle, everybody, selection, earlier)
    reckoned = _reckoned(looking, cycle, selection, earlier, language)
    return Loaded(partial(_seen, known, reckoned.views, wanted.asked), long=reckoned.long)


def _around(
    looking: _Looking,
    cycle: Cycle,
    everybody: Selection,
    selection: Selection,
    earlier: list[Cycle],
) -> Callable[..., Seen]:
    """Return what is seen but for the views: what was wanted, and what may be chosen."""
    wanted, alone = looking.wanted, _is_alone(looking, everybody)
    return partial(
        Seen,
        cycle=cycle,
        selection=selection,
        wanted=wanted,
        kinds=everybody.kinds,
        attributes=everybody.attributes,
        branches=everybody.branches | _chosen(looking.tx, wanted.filters.below),
        tiers=tiers(selection.questionnaire),
        earlier=earlier,
        units=_has_units(looking, cycle),
        alone=alone,
        views=_views(looking.actor, wanted.view, alone=alone),
    )


def _seen(known: Callable[..., Seen], reckon: Callable[[], list[View]], asked: Asked) -> Seen:
    top, *beneath = reckon()
    return known(view=part(top, asked), beneath=beneath)


def _views(actor: Actor, view: str, *, alone: bool) -> list[str]:
    """Return the views that are for an actor, the one that they look at among them."""
    own = _OF_ONESELF | {BELOW.get(view, view)}
    return [one for one in VIEWS if is_shown(actor, one) and (not alone or one in own)]


def _looking(tx: Reader, actor: Actor, kept: KeptColumns, wanted: Wanted, cycle: Cycle) -> _Looking:
    """Return who looks.

    Raises:
        NotFoundError: They see no such organisation as everything is to lie below.
    """
    below, own = wanted.filters.below, actor.organisation_id
    if below and not (below <= HIGHEST and is_below(tx, below, own)):
        raise NotFoundError(organisation=below)
    return _Looking(
        tx, actor, kept, wanted, None if own == cycle.organisation_id else visible(tx, own)
    )


def _has_units(looking: _Looking, cycle: Cycle) -> bool:
    """Whether there are units below agencies that the reader sees."""
    of = looking.kept.of(looking.tx, cycle)
    if of.questionnaire.conditional:
        return False
    return looking.wanted.rolled or any(
        one.kind == UNIT
        and (looking.seen is None or any(top.id in looking.seen for top in one.ancestors))
        for one in of.members
    )


def _chosen(tx: Reader, below: int) -> dict[int, str]:
    """Return what everything is to lie below, by id with its name, if anything is."""
    return {id_: one.name for id_, one in above(tx, [below]).items()} if below else {}


def _is_alone(looking: _Looking, everybody: Selection) -> bool:
    """Whether the reader sees nobody but their own organisation."""
    if looking.seen is None:
        return False
    own = {looking.actor.organisation_id}
    return set(looking.seen) == own or {one.organisation for one in everybody.members} == own


def _completed(wanted: Wanted, everybody: Selection, earlier: list[Cycle], actor: Actor) -> Wanted:
    """Return what is wanted with what a view cannot do without, where it was left open."""
    if wanted.view == "regions" and not wanted.asked.by:
        by = next(iter(everybody.attributes), KIND)
        return structs.replace(wanted, asked=structs.replace(wanted.asked, by=by))
    if wanted.view == "movers" and not wanted.since and earlier:
        return structs.replace(wanted, since=earlier[0].id)
    if wanted.view == "comparison" and not wanted.asked.one:
        own = first(everybody, actor.organisation_id)
        return structs.replace(wanted, asked=structs.replace(wanted.asked, one=own))
    if wanted.view == "series" and set(everybody.ids.tolist()) == {actor.organisation_id}:
        own = wanted.asked.one or actor.organisation_id
        return structs.replace(wanted, asked=structs.replace(wanted.asked, one=own))
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


def _reckoned(
    looking: _Looking, cycle: Cycle, selection: Selection, earlier: list[Cycle], language: str
) -> Reckoned:
    """Return what makes the view that is wanted, and those that belong under it."""
    wanted = looking.wanted
    if wanted.view not in {*ANALYSES, *BELOW}:
        alone = _viewed(looking, cycle, selection, language)
        return Reckoned(lambda: [alone()], long=False)
    about = About(cycle, selection, wanted.filters, wanted.asked, next(iter(earlier), None))
    return analyses(looking.tx, looking.actor, looking.kept, wanted.view, about, language)


def _viewed(
    looking: _Looking, cycle: Cycle, selection: Selection, language: str
) -> Callable[[], View]:
    wanted = looking.wanted
    if wanted.view in _ALONE:
        return partial(_ALONE[wanted.view], selection, wanted.asked, language)
    if wanted.view == "comparison":
        everybody = looking.all_of(cycle)
        return partial(comparison, selection, everybody, looking.seen, wanted.asked, language)
    if wanted.view == "coverage":
        left = [one for one in _not_begun(looking) if meant(one, wanted.filters)]
        return partial(coverage, selection, left, wanted.asked, language)
    if wanted.view == "progress":
        return _progress(looking, cycle, language)
    if wanted.view == "movers":
        return _movers(looking, selection, language)
    raise NotFoundError(view=wanted.view)


def _progress(looking: _Looking, cycle: Cycle, language: str) -> Callable[[], View]:
    members, below = looking.kept.of(looking.tx, cycle).members, looking.below()
    if below is not None:
        here = visible(looking.tx, below)
        members = [one for one in members if one.organisation in here]
    count = stored.taking_part(looking.tx, cycle.id, below)
    return partial(progress, days(members), cycle.calendar.windows, count, language)


def _movers(looking: _Looking, selection: Selection, language: str) -> Callable[[], View]:
    wanted = looking.wanted
    if not wanted.since:
        return partial(no_movers, selection, wanted.asked, language)
    earlier = cycles.fetch(looking.tx, wanted.since, visible_to=looking.actor)
    before = looking.seen_of(earlier, wanted.filters)
    if before.questionnaire.reference != selection.questionnaire.reference:
        raise OtherQuestionnaireError(
            before=before.questionnaire.reference, now=selection.questionnaire.reference
        )
    return partial(movers, before, selection, wanted.asked, language)


def _not_begun(looking: _Looking) -> list[NotBegun]:
    found = stored.not_begun(looking.tx, looking.wanted.cycle_id, looking.below())
    return [
        NotBegun(kind, {name: worded(value) for name, value in attributes.items()}, out, count)
        for kind, attributes, out, count in found
    ]
