"""What a list of organisations would change, field by field, in words."""

from collections.abc import Iterator
from decimal import Decimal

from survey_service import i18n
from survey_service.conduct.organisation_lists import Misfit, Similar
from survey_service.conduct.organisations import Intended, Listed
from survey_service.maturity.conditions import Attribute

Field = tuple[str, str, str]
"""What a field is called, what it says before, and after; "" where there is nothing before."""


def fields(change: Intended, language: str) -> list[Field]:
    """Return each field that a change touches."""
    return list(_fields(change.before, change.after, language))


def _fields(before: Listed | None, after: Listed, language: str) -> Iterator[Field]:
    then, now = (None if one is None else _said(one, language) for one in (before, after))
    for what, said in (now or {}).items():
        was = "" if then is None else then.get(what, i18n.NOTHING)
        if was != said:
            yield what, was, said
    for what, was in (then or {}).items():
        if what not in (now or {}):
            yield what, was, i18n.NOTHING


def _said(listed: Listed, language: str) -> dict[str, str]:
    truths = i18n.translate("no", language), i18n.translate("yes", language)
    return {
        i18n.translate("Kind", language): i18n.translate(f"kind.{listed.kind}", language),
        i18n.translate("Below", language): listed.parent or i18n.NOTHING,
        i18n.translate("Active", language): truths[listed.active],
        **{name: _value(value, language) for name, value in sorted(listed.attributes.items())},
    }


def _value(value: Attribute, language: str) -> str:
    if isinstance(value, bool):
        return i18n.translate("yes", language) if value else i18n.translate("no", language)
    if isinstance(value, int | float):
        return i18n.decimal(Decimal(str(value)), language, exact=True)
    return value


def misfit_words(misfit: Misfit, language: str) -> str:
    """Return why a row cannot be taken in."""
    details = {"name": misfit.name, "value": misfit.value}
    return i18n.translate(f"problem.{misfit.reason}", language, **details)


def similar_words(similar: Similar, language: str) -> str:
    """Return what a row resembles, and what somebody with a command line can do about it."""
    return i18n.translate(
        "{name} resembles {other}: write that name, or say --another",
        language,
        name=similar.name,
        other=" / ".join(filter(None, (similar.below, similar.other))),
    )
