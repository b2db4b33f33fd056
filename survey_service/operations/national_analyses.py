"""How far a cycle's comparison can be believed: the views that are reckoned, and not only counted."""

from collections.abc import Callable, Mapping
from functools import partial

from msgspec import Struct, structs

from survey_service.analysis.analyses import seed_of
from survey_service.analysis.selection import Filters, Selection
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Cycle
from survey_service.errors import NotFoundError
from survey_service.operations.columns import KeptColumns
from survey_service.operations.series import medians_of, selected, series_of
from survey_service.reports.national.check_order import WAITING, Shown, check_order, risen
from survey_service.reports.national.claims import claims
from survey_service.reports.national.coherence import coherence
from survey_service.reports.national.robustness import robustness
from survey_service.reports.national.view import Asked, View
from survey_service.store import check_order as stored
from survey_service.store.database import Reader

ANALYSES = ("robustness", "coherence", "claims", "checks", "series")
BELOW = {
    "assumptions": "robustness",
    "weightings": "robustness",
    "correlations": "coherence",
    "claimants": "claims",
}
"""Views that are shown below another one, and are found by their own addresses too."""
LONG = ("robustness", "coherence", "claims")
_FIRST = 100  # rows of what is shown below


class About(Struct, frozen=True):
    """What is analysed: a selection of a cycle, what is asked of it, and an earlier one of the same."""

    cycle: Cycle
    selection: Selection
    filters: Filters
    asked: Asked
    earlier: Cycle | None


def analyses(
    tx: Reader, actor: Actor, kept: KeptColumns, view: str, about: About, language: str
) -> Callable[[], list[View]]:
    """Return what makes the view that is wanted, and those that stand below it.

    Raises:
        NotFoundError: There is no such view for this actor, or no such organisation.
    """
    if view == "checks":
        return _checks(tx, actor, kept, about, language)
    if view == "series":
        found = _series(tx, actor, kept, about, language)
        return lambda: [found]
    return partial(_reckoned, kept, view, about, language)


def _series(tx: Reader, actor: Actor, kept: KeptColumns, about: About, language: str) -> View:
    if about.asked.one:
        return series_of(tx, actor, about.asked.one, language)
    return medians_of(tx, actor, kept, about.filters, language)


def _reckoned(kept: KeptColumns, view: str, about: About, language: str) -> list[View]:
    if view == "claims":  # of those below it pages show the first, and files and programs none
        about = structs.replace(about, asked=structs.replace(about.asked, start=0, limit=_FIRST))
    found = _OF[BELOW.get(view, view)](kept, about, language)
    return found if found[0].code == view else [one for one in found if one.code == view]


def is_shown(actor: Actor, view: str) -> bool:
    """Whether a view is for an actor at all: whom to check first concerns those alone who evaluate."""
    return view != "checks" or actor.evaluates


def is_long(view: str) -> bool:
    """Whether a view is made of much arithmetic: of 20,000 units, about a second of it."""
    return BELOW.get(view, view) in LONG


def _robustness(kept: KeptColumns, about: About, language: str) -> list[View]:
    # of the cycle and what it asks, so that whoever looks at the same selection sees the same figures
    seed = seed_of((about.cycle.digest or "").encode(), str(about.cycle.id).encode())
    return robustness(about.selection, seed, about.asked, language, kept.ranks.robustness)


_OF: dict[str, Callable[[KeptColumns, About, str], list[View]]] = {
    "robustness": _robustness,
    "coherence": lambda _, about, language: coherence(about.selection, about.asked, language),
    "claims": lambda _, about, language: claims(about.selection, about.asked, language),
}


def _checks(
    tx: Reader, actor: Actor, kept: KeptColumns, about: About, language: str
) -> Callable[[], list[View]]:
    if not is_shown(actor, "checks"):
        raise NotFoundError(view="checks")
    earlier = about.earlier
    before = None if earlier is None else selected(tx, actor, kept, earlier, Filters())
    evidence = stored.supported(tx, about.cycle.id, WAITING)
    fresh: Mapping[int, frozenset[str]] = {}
    if earlier is not None and before is not None:
        fresh = stored.fresh(tx, earlier.id, risen(about.selection, before))
    shown = Shown(evidence, fresh)
    return lambda: [check_order(about.selection, before, shown, about.asked, language)]
