"""What a release changes in words, with numbers as the language writes them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from survey_service.analysis.releases import ATTRIBUTE, KIND, WHOLE, Change
from survey_service.i18n import NOTHING, translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.indices import index

_INDICES = frozenset({"index", "value", "mean", "p25", "p50", "p75"})


class Said(Struct, frozen=True):
    """Of whom something changed, what that is, and how it was before and is now."""

    of: str
    what: str
    before: str
    after: str


def said(changes: Iterable[Change], asked: Questionnaire, language: str) -> Iterator[Said]:
    """Yield changes as people read them."""
    named: Mapping[str, str] = {
        WHOLE: translate("index", language),
        **{code: thing.name.in_(language) for code, thing in asked.things.items()},
    }
    for one in changes:
        written = (_written(one, value, asked, language) for value in (one.before, one.after))
        yield Said(_of(one, language), _what(one, named, language), *written)


def _of(one: Change, language: str) -> str:
    if one.table != "groups":
        return one.of
    grouping, _, group = one.of.partition("=")
    if not grouping:
        return translate("All", language)
    if grouping == KIND:
        return translate(f"kind.{group}", language)
    return f"{grouping.removeprefix(ATTRIBUTE)}: {group}"


def _what(one: Change, named: Mapping[str, str], language: str) -> str:
    if one.what != "changed" and one.table == "groups":  # which is there all the same
        return translate(
            "release.differs." + ("told" if one.what == "joined" else "untold"), language
        )
    if one.what != "changed":
        return translate(f"release.differs.{one.what}", language)
    if one.figure in {"name", "kind", "grade"}:
        return translate(f"release.differs.{one.figure}", language)
    of = named.get(one.code, one.code)
    if one.figure in {"index", "value"}:
        return of
    return f"{of}: {translate(f'release.differs.{one.figure}', language)}"


def _written(one: Change, value: str, asked: Questionnaire, language: str) -> str:
    if not value:
        return NOTHING
    if one.figure == "kind":
        return translate(f"kind.{value}", language)
    if one.figure == "grade":
        return next((g.name.in_(language) for g in asked.grades if g.code == value), value)
    if one.figure not in _INDICES:
        return value
    try:
        return index(Decimal(value), asked, language, one.code)
    except InvalidOperation:
        return value
