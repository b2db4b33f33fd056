"""One organisation among all that are compared, or two beside one another, part by part.

Whoever sees only some of a cycle is told what the others of the kind reach, none of them named, and
only where those whom they do not see are enough: the same others whatever is filtered, so that
nothing comes of subtracting.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.columns import INDEX, Member
from survey_service.analysis.distributions import distributions
from survey_service.analysis.peers import unnamed_peers
from survey_service.analysis.selection import KIND, Selection
from survey_service.analysis.spread import Spread, spread
from survey_service.errors import NotFoundError
from survey_service.maturity.cards import NOTHING
from survey_service.reports.national.view import Asked, Field, View, group_name, named, value
from survey_service.reports.tables import Cell

_QUARTERS = (25, 50, 75)
_UNTOLD = (None, None, None)
_ENDS = (Decimal(0), Decimal(1))  # of a scale; nothing is drawn on it


class _Among(Struct, frozen=True):
    """Among how many one stands, and the quartiles of each code; `words` where they are told unnamed."""

    count: int
    quartiles: Sequence[Sequence[Decimal | None]]
    words: str = ""


def first(selection: Selection, own: int) -> int:
    """Return the id of whom to compare where nobody says: the reader's own, else whoever comes first.

    0 where nobody is compared.
    """
    ids: list[int] = selection.counted.ids.tolist()
    return own if own in ids else next(iter(ids), 0)


def comparison(
    selection: Selection,
    everybody: Selection,
    seen: AbstractSet[int] | None,
    asked: Asked,
    language: str,
) -> View:
    """Return the view: a row for the index and each node.

    Args:
        selection: Those that are looked at, all of whom the reader sees.
        everybody: All of the cycle.
        seen: The ids of organisations that the reader sees; None for all.
        asked: Which one, and which other beside it.
        language: In which to tell.

    Raises:
        NotFoundError: One of the two is not compared.
    """
    counted = selection.counted
    if not asked.one:
        words = i18n.translate("Nobody whom you see has handed in yet.", language)
        title = i18n.translate("Comparison", language)
        return View("comparison", title, [], [], 0, words=words)
    one = _row(counted, asked.one)
    other = _row(counted, asked.other) if asked.other else None
    if seen is None or _sees_others(seen, everybody.counted):
        among = _all(counted)
    else:
        among = _unnamed(everybody.counted, counted.members[one], seen, language)
    codes = _codes(counted)
    rows = [
        [*_cells(counted, code, one, other, language), *among.quartiles[place]]
        for place, code in enumerate(codes)
    ]
    fields = _fields(counted, one, other, language, of_kind=bool(among.words))
    title = _title(counted, one, other, among, language)
    return View("comparison", title, fields, rows, len(rows), words=among.words, codes=codes)


def _sees_others(seen: AbstractSet[int], counted: Selection) -> bool:
    """Whether a reader sees all that are compared, and they are more than one."""
    return len(counted.members) > 1 and seen >= {one.organisation for one in counted.members}


def _codes(of: Selection) -> list[str]:
    return [INDEX, *of.questionnaire.all_nodes]


def _row(counted: Selection, organisation: int) -> int:
    found = next(
        (row for row, one in enumerate(counted.members) if one.organisation == organisation), None
    )
    if found is None:
        raise NotFoundError(organisation=organisation)
    return found


def _all(counted: Selection) -> _Among:
    """Return all that are looked at, whom the reader sees one by one."""
    places = [counted.places[code] for code in _codes(counted)]
    found = distributions(counted.values[:, places], [""] * len(counted.members), _QUARTERS)
    quartiles = [[value(counted, unit) for unit in units] for units in found.quantiles[0].tolist()]
    return _Among(len(counted.members), quartiles)


def _unnamed(everybody: Selection, one: Member, seen: AbstractSet[int], language: str) -> _Among:
    """Return the others of the kind in the cycle, whoever they are."""
    codes, kind = _codes(everybody), group_name(KIND, one.kind, language)
    units = unnamed_peers(everybody, one, seen)
    if units is None:
        words = i18n.translate(
            "Of the others of this kind ({kind}) too few have handed in to tell what they reach:"
            " fewer than {few} whom you do not see.",
            language,
            kind=kind,
            few=everybody.fewest,
        )
        return _Among(0, [_UNTOLD] * len(codes), words)
    words = i18n.translate(
        "The quartiles are those of the {number} others of this kind ({kind}) that have handed in,"
        " none of whom is named.",
        language,
        number=len(units),
        kind=kind,
    )
    found = (spread(units[:, everybody.places[code]], everybody.digits, _ENDS) for code in codes)
    return _Among(len(units), [_quartiles(each) for each in found], words)


def _quartiles(found: Spread) -> Sequence[Decimal | None]:
    if found.quarters is None:
        return _UNTOLD
    lower, upper = found.quarters
    return lower, found.median, upper


def _cells(
    counted: Selection, code: str, one: int, other: int | None, language: str
) -> Iterator[Cell]:
    """Yield what a part is called, the value of one, and that of the other with the difference."""
    values = counted.column(code)
    own = int(values[one])
    yield named(counted.questionnaire, code, language)
    yield value(counted, own)
    if other is not None:
        theirs = int(values[other])
        there = NOTHING not in {own, theirs}
        yield value(counted, theirs)
        yield value(counted, own - theirs) if there else None


def _title(counted: Selection, one: int, other: int | None, among: _Among, language: str) -> str:
    name = counted.members[one].name
    if other is not None:
        theirs = counted.members[other].name
        return i18n.translate("{name} beside {other}", language, name=name, other=theirs)
    if among.words:
        return i18n.translate("{name} among its peers", language, name=name)
    return i18n.translate(
        "{name} among {count} organisations", language, name=name, count=among.count
    )


def _fields(
    counted: Selection, one: int, other: int | None, language: str, *, of_kind: bool
) -> list[Field]:
    pair = (
        []
        if other is None
        else [
            Field("other", "number", counted.members[other].name),
            Field("difference", "number", i18n.translate("Difference", language)),
        ]
    )
    lower, median, upper = _peer_titles(language) if of_kind else _titles(language)
    return [
        Field("part", "string", i18n.translate("Part", language)),
        Field("one", "number", counted.members[one].name),
        *pair,
        Field("lower_quartile", "number", lower),
        Field("median", "number", median),
        Field("upper_quartile", "number", upper),
    ]


def _titles(language: str) -> tuple[str, str, str]:
    return (
        i18n.translate("Lower quartile of all", language),
        i18n.translate("Median of all", language),
        i18n.translate("Upper quartile of all", language),
    )


def _peer_titles(language: str) -> tuple[str, str, str]:
    return (
        i18n.translate("Lower quartile of its peers", language),
        i18n.translate("Median of its peers", language),
        i18n.translate("Upper quartile of its peers", language),
    )
