"""How far a cycle's comparison can be believed: the views that are reckoned, and not only counted."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct, structs

from survey_service.analysis.analyses import seed_of_results
from survey_service.analysis.selection import Filters, Selection
from survey_service.conduct.access import Actor
from survey_service.conduct.cycles import Cycle
from survey_service.errors import NotFoundError
from survey_service.operations.columns import KeptColumns
from survey_service.operations.kept_evidence import Compared
from survey_service.operations.series import everybody, medians_of, series_of
from survey_service.reports.national.check_order import check_order, waiting
from survey_service.reports.national.claims import claims
from survey_service.reports.national.coherence import coherence
from survey_service.reports.national.robustness import robustness
from survey_service.reports.national.view import Asked, View
from survey_service.store.database import Reader

ANALYSES = ("robustness", "coherence", "claims", "checks", "series")
BELOW = {
    "assumptions": "robustness",
    "weightings": "robustness",
    "correlations": "coherence",
    "claimants": "claims",
}
"""Views that are shown below another one, and are found by their own addresses too."""
LONG = ("robustness", "coherence", "claims")  # of 20,000 units, about a second
_OF_MANY = ("robustness", "claimants")  # with a row for each organisation
_FIRST = 100  # rows of what is shown below


class About(Struct, frozen=True):
    """What is analysed: a selection of a cycle, what is asked of it, and an earlier one of the same."""

    cycle: Cycle
    selection: Selection
    filters: Filters
    asked: Asked
    earlier: Cycle | None


class Reckoned(Struct, frozen=True):
    """What makes a view and those that stand below it; a `long` one is much arithmetic."""

    views: Callable[[], list[View]]
    long: bool


def analyses(
    tx: Reader, actor: Actor, kept: KeptColumns, view: str, about: About, language: str
) -> Reckoned:
    """Return what makes the view that is wanted, and those that stand below it.

    Raises:
        NotFoundError: There is no such view for this actor, or no such organisation.
    """
    if view == "checks":
        return Reckoned(_checks(tx, actor, kept, about, language), long=False)
    if view == "series":
        found = _series(tx, actor, kept, about, language)
        return Reckoned(lambda: [found], long=False)
    about = structs.replace(about, asked=_read(view, about.asked))
    return _long(kept, view, about, language)


def _read(view: str, asked: Asked) -> Asked:
    """Return what a long view reads of all that is asked: where it shows no rows of many, nothing."""
    if view in _OF_MANY:
        return Asked(start=asked.start, limit=asked.limit)
    return Asked(limit=_FIRST)  # of those below claims, pages show the first, and files none


def _long(kept: KeptColumns, view: str, about: About, language: str) -> Reckoned:
    """Return what makes a long view, or what is remembered, where it is of all of a cycle."""
    reckon = partial(_reckoned, kept, view, about, language)
    views = kept.views(about.cycle, about.selection)
    if views is None or about.asked.limit is None:  # as long as it gets, for a program or a file
        return Reckoned(reckon, long=True)
    asked = view, about.asked, language
    return Reckoned(partial(views.made, asked, reckon), long=views.get(asked) is None)


def _series(tx: Reader, actor: Actor, kept: KeptColumns, about: About, language: str) -> View:
    if about.asked.one:
        return series_of(tx, actor, about.asked.one, language)
    return medians_of(tx, actor, kept, about.filters, language)


def _reckoned(kept: KeptColumns, view: str, about: About, language: str) -> list[View]:
    found = _OF[BELOW.get(view, view)](kept, about, language)
    return found if found[0].code == view else [one for one in found if one.code == view]


def is_shown(actor: Actor, view: str) -> bool:
    """Whether a view is for an actor at all: whom to check first concerns those alone who evaluate."""
    return view != "checks" or actor.evaluates


def _robustness(kept: KeptColumns, about: About, language: str) -> list[View]:
    seed = seed_of_results(about.cycle.digest or "")
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
    before = None if earlier is None else everybody(tx, actor, kept, earlier)
    of = waiting(about.selection)
    compared = Compared(about.cycle.id, of.those, None if earlier is None else earlier.id, before)
    shown = kept.evidence.of(tx, compared)
    return lambda: [check_order(of, before, shown, about.asked, language)]
