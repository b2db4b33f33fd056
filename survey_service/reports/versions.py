"""Versions of a questionnaire in words: what differs, and what the checker finds."""

from survey_service.i18n import said_of, translate
from survey_service.maturity.checking.findings import Finding
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import Comparison


def differences(
    old: Questionnaire,
    new: Questionnaire,
    comparison: Comparison,
    language: str,
    *,
    to_people: bool = False,
) -> list[str]:
    """Return a sentence for each change, and one on how much of the index stays comparable.

    The questionnaires are called by code and version, or as people call them.
    """
    told = []
    for change in comparison.changes:
        there = old if change.kind == "removed" else new
        name = there.things[change.code].name.in_(language)
        details = {"before": change.before, "after": change.after}
        told.append(
            translate(f"change.{change.kind}", language, code=change.code, name=name, **details)
        )
    before, after = comparison.comparable
    both = {"old": old, "new": new}
    references = {
        at: f"{one.name.in_(language)} {one.version}" if to_people else one.reference
        for at, one in both.items()
    }
    comparable = translate("change.comparable", language, before=before, after=after, **references)
    return [*(told or [translate("change.none", language)]), comparable]


def found(finding: Finding, language: str) -> str:
    """Return what the checker finds as a sentence, with how severe it is."""
    words = said_of(finding.code, language, finding.details, ("finding", "problem"))
    severity = translate(f"severity.{finding.severity}", language)
    return f"{severity}: {words}"
