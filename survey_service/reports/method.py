"""How an instrument reckons, in sentences: what a reader of a report must know to recompute it."""

from collections.abc import Iterator

from survey_service.i18n import translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Gate
from survey_service.reports.indices import bound


def method(questionnaire: Questionnaire, language: str) -> list[str]:
    """Return the rules of reckoning that the questionnaire uses."""
    return list(_sentences(questionnaire, language))


def _sentences(questionnaire: Questionnaire, language: str) -> Iterator[str]:
    if questionnaire.points:
        yield translate(
            "Indices count points: each node reaches a part of its weight, and the points of what "
            "hangs below it add up.",
            language,
        )
    else:
        yield translate(
            "Each node is the weighted mean of what hangs below it, with the weights of the "
            "questionnaire version named here.",
            language,
        )
    nodes = questionnaire.all_nodes.values()
    otherwise = [node.code for node in nodes if node.combine not in {None, "mean", "none"}]
    if otherwise:
        codes = ", ".join(otherwise)
        yield translate(
            "The questionnaire combines these otherwise: {codes}.", language, codes=codes
        )
    if questionnaire.combine == "none":
        yield translate("The instrument has no index of the whole.", language)
    if questionnaire.rounding is None:
        yield translate("Nothing is rounded before it is shown.", language)
    else:
        digits = questionnaire.rounding.digits
        yield translate(
            "Indices are rounded to {digits} decimals where the questionnaire says so.",
            language,
            digits=digits,
        )
    yield translate(
        "What does not apply hands its weight to its siblings, unless the questionnaire says otherwise.",
        language,
    )


def asked(questionnaire: Questionnaire, gate: Gate, language: str) -> str:
    """Return what a gate asks for, in words: its own, or what must reach which minimum."""
    if gate.reason is not None:
        return gate.reason.in_(language)
    codes = questionnaire.gated(gate)
    if gate.node is None:
        (name,) = (
            tier.name.in_(language) for tier in questionnaire.tiers if tier.code == gate.every
        )
    else:
        name = questionnaire.things[gate.node].name.in_(language)
    least = questionnaire.minimum(gate, codes[0])
    sign = "≥" if gate.above is None else ">"
    return f"{name} {sign} {bound(exact(least), questionnaire, language, codes[0])}"
