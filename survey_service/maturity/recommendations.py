"""What to do next: the steps up, those first that gain the most index for their effort."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.answer_types import Step
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rescoring import Rescoring
from survey_service.maturity.scoring import ANYBODY
from survey_service.maturity.tree import Indicator

UNKNOWN = 5
"""The effort reckoned with where a questionnaire tells none: the highest, to promise nothing."""


class Recommendation(Struct, frozen=True):
    """One step up of one indicator, from the answer `before` to the answer `after`.

    `gain` is what the official index gains when only this step is taken. `step` is None where the
    questionnaire says what the next answer asks and not how to get there; such steps may be taken
    together, by `way` of the answers between.
    """

    indicator: Indicator
    before: Answer
    after: Answer
    step: Step | None
    gain: Decimal
    way: tuple[Answer, ...] = ()

    @property
    def gain_per_effort(self) -> Fraction:
        """The gain for each point of effort; exact, so that equal steps keep the file's order."""
        return Fraction(self.gain) / (
            self.step.effort if self.step else UNKNOWN * (1 + len(self.way))
        )


def recommend(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile = ANYBODY,
) -> tuple[Recommendation, ...]:
    """Return the next steps of every answered indicator, most gain per effort first.

    The gain is that of the index scored again with the step taken, right under every rule of scoring.
    Indicators that are unanswered, do not apply, stand at the top or are answered
    with numbers have none.
    """
    rescoring = Rescoring(questionnaire, answers, official=True, profile=profile)
    now = rescoring.index or Decimal(0)
    steps: list[Recommendation] = []
    for indicator in questionnaire.indicators.values():
        before = answers.get(indicator.code) or Answer()
        for after, step in _next(questionnaire, indicator, before):
            gain = (rescoring.index_with(indicator.code, after) or Decimal(0)) - now
            steps.append(Recommendation(indicator, before, after, step, gain))
    return tuple(sorted(steps, key=lambda step: (-step.gain_per_effort, -step.gain)))


def _next(
    questionnaire: Questionnaire, indicator: Indicator, before: Answer
) -> Iterator[tuple[Answer, Step | None]]:
    """Yield the answers that are one step better, each with how to get there."""
    if before.level is not None:
        level = questionnaire.levels(indicator).get(before.level + 1)
        if level is not None:
            yield Answer(level=before.level + 1), level.step
    elif before.option is not None:
        answer_values = questionnaire.answer_values[indicator.code]
        better = [
            code for code in answer_values if answer_values[code] > answer_values[before.option]
        ]
        if better:
            yield Answer(option=str(min(better, key=answer_values.__getitem__))), None
    elif before.checked is not None:
        for item in indicator.checklist:
            if item.code not in before.checked:
                yield Answer(checked=(*before.checked, item.code)), None
