"""How far the answers are, kept up to date answer by answer: always what `scoring` would count.

Most answers change nothing but whether they are there, so that a save need not look at the others.
Where a question is asked on a condition, or is what a condition looks at, all are counted anew.
"""

from collections.abc import Mapping

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile, facts, looks_at_all, mentioned
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import ALONE
from survey_service.maturity.values import Values


class Progress(Struct, frozen=True):
    """How many indicators that apply are answered, and how many apply; or a change of the two."""

    answered: int = 0
    total: int = 0


def progress(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile
) -> Progress:
    """Return how far `answers` are.

    Args:
        questionnaire: As organisations of the profile's kind are asked it.
        answers: By indicator code.
        profile: Whose they are.
    """
    unasked = facts(questionnaire, answers, profile, official=False).unasked
    asked = (code for code in questionnaire.indicators if code not in unasked)
    counted = [_counted(questionnaire, code, answers.get(code)) for code in asked]
    return Progress(
        sum(one.answered for one in counted),
        sum(one.total for one in counted),
    )


def change(
    questionnaire: Questionnaire, code: str, before: Answer | None, after: Answer | None
) -> Progress | None:
    """Return what another answer to one indicator changes; None where that depends on other answers.

    Args:
        questionnaire: As the organisation is asked it.
        code: The indicator.
        before: Its answer so far; None while there was none.
        after: Its answer from now on; None where it was taken back.
    """
    if questionnaire.asked_on and _is_entangled(questionnaire, code):
        return None
    then, now = (_counted(questionnaire, code, answer) for answer in (before, after))
    return Progress(now.answered - then.answered, now.total - then.total)


def _counted(questionnaire: Questionnaire, code: str, answer: Answer | None) -> Progress:
    """Return what an indicator that is asked counts."""
    if answer is None:
        return Progress(0, 1)
    if answer.not_applicable is not None:
        indicator = questionnaire.indicators[code]
        if Values(questionnaire, ALONE).of(indicator, answer) is None:
            return Progress(0, 0)
    return Progress(1, 1)


def _is_entangled(questionnaire: Questionnaire, code: str) -> bool:
    """Whether an indicator is asked on a condition, or a question's condition looks at its answer."""
    conditions = questionnaire.asked_on
    return code in conditions or any(
        looks_at_all(condition) or code in mentioned(condition)
        for each in conditions.values()
        for condition in each
    )
