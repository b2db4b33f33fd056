"""The score as others read it: what `score --json` prints and the API answers."""

from decimal import Decimal

from msgspec import Struct, structs

from survey_service import i18n
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import Card, NodeScore, Refusal
from survey_service.maturity.showing import apart, bound_digits

_NAMED = 5  # numbers that are named in a sentence


class Refused(Struct, frozen=True):
    """A grade withheld, and why, in words."""

    grade: str
    reason: str


class Scored(Struct, frozen=True, omit_defaults=True):
    """A card in the notation of the contract; decimals are exact and encoded as text.

    `unmeasured` is there only where something is; see the function.
    """

    questionnaire: str
    index: Decimal | None
    grade: str | None
    refused: list[Refused]
    complete: bool
    nodes: dict[str, NodeScore]
    unmeasured: list[str] = []


class ScoredLine(Scored, frozen=True, kw_only=True, omit_defaults=True):
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
        unmeasured=unmeasured(questionnaire, card),
    )


def scored_line(
    questionnaire: Questionnaire, card: Card, organisation: str, language: str
) -> ScoredLine:
    """Return the same with whose card it is, for a line among many."""
    found = scored(questionnaire, card, language)
    return ScoredLine(organisation=organisation, **structs.asdict(found))


def unmeasured(questionnaire: Questionnaire, card: Card) -> list[str]:
    """Return the codes of numbers that are answered and have no value without other organisations'."""
    return [
        code
        for code, indicator in questionnaire.indicators.items()
        if indicator.number is not None
        and indicator.number.over == "population"
        and (found := card.nodes.get(code)) is not None
        and found.answered
        and found.index is None
    ]


def alone(questionnaire: Questionnaire, card: Card, language: str) -> str:
    """Return in words that numbers have no value in one assessment alone; "" where all have theirs."""
    codes = unmeasured(questionnaire, card)
    if not codes:
        return ""
    named = [f"{code} {questionnaire.indicators[code].name.in_(language)}" for code in codes]
    words = "; ".join(named[:_NAMED])
    if (rest := len(named) - _NAMED) > 0:
        words += "; " + i18n.translate("{count} more", language, count=rest)
    return i18n.translate(
        "Measured against all organisations compared, and so without a value in one assessment alone: {names}. The index is that of what else is asked.",
        language,
        names=words,
    )


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
