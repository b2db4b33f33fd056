"""How far evaluators who scored the same alone agree."""

from collections.abc import Iterable

import numpy as np

from survey_service.analysis.agreement import Agreement, agreement
from survey_service.conduct.consensus import IndependentScore
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import ways_of
from survey_service.maturity.scoring import score


def agreement_of(
    questionnaire: Questionnaire, scores: Iterable[IndependentScore], profile: Profile
) -> Agreement:
    """Return how far they agree, over the indicators that at least two of them scored.

    Answers are compared by the part of its span that each of them reaches, so that those of all
    types can be put together.
    """
    given: dict[int, dict[str, Answer]] = {}
    for one in scores:
        if one.response.counts:
            given.setdefault(one.person_id, {})[one.response.indicator] = one.response.answer
    cards = [score(questionnaire, each, profile=profile) for each in given.values()]
    ways = [ways_of(questionnaire, card) for card in cards]
    table = np.array(
        [[float(one.get(code, np.nan)) for one in ways] for code in questionnaire.indicators]
    )
    return agreement(table.reshape(len(questionnaire.indicators), len(ways)))
