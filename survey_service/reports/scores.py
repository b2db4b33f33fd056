"""The score as others read it: what `score --json` prints and the API answers."""

from decimal import Decimal

from msgspec import Struct, structs

from survey_service import i18n
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import Card, NodeScore, Refusal
from survey_service.maturity.showing import apart, bound_digits


class Refused(Struct, frozen=True):
    """A grade withheld, and why, in words."""

    grade: str
    reason: str


class Scored(Struct, frozen=True):
    """A card in the notation of the contract; decimals are exact and encoded as text."""

    questionnaire: str
    index: Decimal | None
    grade: str | None
    refused: list[Refused]
    complete: bool
    nodes: dict[str, NodeScore]


class ScoredLine(Scored, frozen=True, kw_only=True):
    """A card among many, with whose it is."""

    organisation: str


def scored(questionnaire: Questionnaire, card: Card, language: str) -> Scored:
    """Return the card in the notation that others read, reasons in `language`."""
    return Scored(
        questionnaire=questionnaire.reference,
        index=card.index,
        grade=card.grade.code if card.grade else None,
        refused=[
            Refused(refusal.grade.code, reason(questionnaire, refusal, language))
            for refusal in card.refused
        ],
        complete=card.complete,
        nodes=card.nodes,
    )


def scored_line(
    questionnaire: Questionnaire, card: Card, organisation: str, language: str
) -> ScoredLine:
    """Return the same with whose card it is, for a line among many."""
    found = scored(questionnaire, card, language)
    return ScoredLine(organisation=organisation, **structs.asdict(found))


def reason(questionnaire: Questionnaire, refusal: Refusal, language: str) -> str:
    """Return why a grade is withheld: what lies under which minimum, and the gate's own words."""
    said = refusal.gate.reason.in_(language) if refusal.gate.reason else ""
    if refusal.node is None:
        return said
    details = {
        "name": questionnaire.things[refusal.node].name.in_(language),
        **_held_against(questionnaire, refusal, refusal.node, language),
    }
    if refusal.gate.above is None:
        words = i18n.translate(
            "{name} is at {is_at}, and the minimum is {minimum}.", language, **details
        )
    else:
        words = i18n.translate(
            "{name} is at {is_at}, and must be above {minimum}.", language, **details
        )
    return f"{words} {said}".strip()


def _held_against(
    questionnaire: Questionnaire, refusal: Refusal, node: str, language: str
) -> dict[str, str]:
    """Return an index and the minimum that it lies under, told apart."""
    least = minimum(questionnaire, refusal)
    of_bound = bound_digits(questionnaire, least, node)
    if refusal.index is None:
        return {"is_at": i18n.NOTHING, "minimum": i18n.decimal(least, language, of_bound)}
    enough = apart(questionnaire, refusal.index, least, node)
    return {
        "is_at": i18n.decimal(refusal.index, language, enough),
        "minimum": i18n.decimal(least, language, max(enough, of_bound)),
    }


def minimum(questionnaire: Questionnaire, refusal: Refusal) -> Decimal:
    """Return the index that the refusing gate asks for."""
    asked = questionnaire.minimum(refusal.gate, refusal.node or "")
    return exact(asked)
