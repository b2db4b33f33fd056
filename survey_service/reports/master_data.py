"""What has changed in an organisation's master data, and what changes with it, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.master_data import Changed
from survey_service.maturity.conditions import Attribute
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.profile_change import Effect, Verdict
from survey_service.maturity.texts import Text
from survey_service.reports.indices import index


class Told(Struct, frozen=True):
    """Rows of what changed (what, before, after), names of questions, weights, and two verdicts.

    `before` and `after` are "" where it is not known how the answers would stand.
    """

    changes: list[tuple[str, str, str]]
    opened: list[str]
    closed: list[str]
    weights: list[tuple[str, Decimal, Decimal]]
    before: str
    after: str


def told(
    changes: Sequence[Changed],
    effect: Effect | None,
    names: Mapping[str, Text],
    questionnaire: Questionnaire,
    language: str,
) -> Told:
    """Return changes and their effect in words.

    Args:
        changes: What is different now.
        effect: What becomes of the answers; None where that cannot be told.
        names: Of all that the effect is about, by code.
        questionnaire: What is asked.
        language: Of the words.
    """
    rows = [described(one, language) for one in changes]
    if effect is None:
        return Told(rows, [], [], [], "", "")
    named = {code: f"{code} {name.in_(language)}" for code, name in names.items()}
    return Told(
        rows,
        [named[code] for code in effect.opened],
        [named[code] for code in effect.closed],
        [(named[one.code], one.before, one.after) for one in effect.reweighted],
        _verdict(effect.before, questionnaire, language),
        _verdict(effect.after, questionnaire, language),
    )


def described(changed: Changed, language: str) -> tuple[str, str, str]:
    """Return what changed, how it was and how it is."""
    what = {
        "name": i18n.translate("Name", language),
        "kind": i18n.translate("Kind", language),
        "place": i18n.translate("Below", language),
        "attribute": changed.attribute,
    }[changed.what]
    before, after = (_value(changed, one, language) for one in (changed.before, changed.after))
    return what, before, after


def _value(changed: Changed, value: Attribute | None, language: str) -> str:
    if value is None or value == "":
        return i18n.NOTHING
    if changed.what == "kind":
        return i18n.translate(f"kind.{value}", language)
    if isinstance(value, bool):
        return i18n.translate("yes", language) if value else i18n.translate("no", language)
    if isinstance(value, int | float):
        return i18n.decimal(Decimal(str(value)), language, exact=True)
    return value


def _verdict(verdict: Verdict, questionnaire: Questionnaire, language: str) -> str:
    names = {grade.code: grade.name.in_(language) for grade in questionnaire.grades}
    shown = index(verdict.index, questionnaire, language)
    grade = names.get(verdict.grade or "", "")
    return f"{shown} {grade} ({verdict.answered}/{verdict.total})".replace("  ", " ")
