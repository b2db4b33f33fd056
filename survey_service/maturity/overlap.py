"""Answers to one version scored under another one, as in a year in which both were asked.

Only what asks the same in both versions can be taken over, so that there is an index where nothing
that is asked is missing, and none elsewhere: a part of the answers would be another method again.
"""

from collections.abc import Mapping
from decimal import Decimal

from survey_service.errors import SurveyError
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import carried_over, continuations
from survey_service.maturity.scoring import ANYBODY, score


def under_new(
    old: Questionnaire,
    new: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile = ANYBODY,
) -> Decimal | None:
    """Return what answers to the old version come to under the new one; None where it asks more."""
    return _whole(new, carried_over(old, new, answers), profile)


def under_old(
    old: Questionnaire,
    new: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile = ANYBODY,
) -> Decimal | None:
    """Return what answers to the new version come to under the old one; None where it asked more."""
    return _whole(old, carried_back(old, new, answers), profile)


def carried_back(
    old: Questionnaire, new: Questionnaire, answers: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Return the answers to the new version as the old one asked for them; see `carried_over`."""
    carried: dict[str, Answer] = {}
    for one in continuations(old, new):
        if not one.equal or (answer := answers.get(one.new)) is None:
            continue
        code = one.old[0]
        if old.indicators[code].answer_type == "level" and answer.value is not None:
            level = int(answer.value)
            answer = Answer(level=level) if level == answer.value else answer
        try:
            accept(old, code, answer)
        except SurveyError:
            continue  # such an answer was not there to be given
        carried[code] = answer
    return carried


def _whole(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile
) -> Decimal | None:
    card = score(questionnaire, answers, profile=profile)
    return card.index if card.complete else None
