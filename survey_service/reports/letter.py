"""The evaluation letter: what was found, in numbered sentences."""

from collections.abc import Iterator, Sequence

from survey_service.i18n import translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card
from survey_service.reports.comparison import Scored
from survey_service.reports.indices import index
from survey_service.reports.scores import reason
from survey_service.reports.summary import Extreme


def findings(
    questionnaire: Questionnaire,
    card: Card,
    weakest: Sequence[Extreme],
    otherwise: Sequence[Scored],
    language: str,
) -> list[str]:
    """Return the findings: what withholds a grade, what is weakest, and what was scored otherwise."""
    return [
        *(_withheld(questionnaire, card, language)),
        *(_weak(questionnaire, one, language) for one in weakest),
        *(_otherwise(one, language) for one in otherwise if one.differs),
    ]


def _withheld(questionnaire: Questionnaire, card: Card, language: str) -> Iterator[str]:
    for refusal in card.refused:
        yield translate(
            "The grade “{called}” is withheld: {because}",
            language,
            called=refusal.grade.name.in_(language),
            because=reason(questionnaire, refusal, language),
        )


def _weak(questionnaire: Questionnaire, one: Extreme, language: str) -> str:
    name, code = one.node.name.in_(language), one.node.code
    at = index(one.index, questionnaire, language, code)
    if one.median is None:
        return translate(
            "“{part}” is among the weakest parts, at {index}.", language, part=name, index=at
        )
    return translate(
        "“{part}” is among the weakest parts, at {index}; the median of the peers is {median}.",
        language,
        part=name,
        index=at,
        median=index(one.median, questionnaire, language, code),
    )


def _otherwise(one: Scored, language: str) -> str:
    words = translate(
        "{indicator} {called}: the organisation's own answer is {own}, and what stands is {stands}.",
        language,
        indicator=one.indicator.code,
        called=one.indicator.name.in_(language),
        own=one.said[0].mark,
        stands=one.said[-1].mark,
    )
    reasons = list(dict.fromkeys(reason_ for _, reason_ in one.reasons))
    return " ".join([words, *reasons])
