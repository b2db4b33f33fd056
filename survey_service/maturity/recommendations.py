"""What to do next: the steps up, those first that gain the most index for their effort."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Indicator, Level, Questionnaire, Step
from survey_service.maturity.scoring import score

UNKNOWN = 5
"""The effort reckoned with where a questionnaire tells none: the highest, to promise nothing."""


class Recommendation(Struct, frozen=True):
    """One step up of one indicator.

    `level` is where it stands, `target` the next level with its criteria, `gain` what the official
    index gains when only this step is taken, in levels of the scale. `step` is None where the
    questionnaire says what the next level asks and not how to get there.
    """

    indicator: Indicator
    level: int
    target: Level
    step: Step | None
    gain: Decimal

    @property
    def gain_per_effort(self) -> Fraction:
        """The gain for each point of effort; exact, so that equal steps keep the file's order."""
        return Fraction(self.gain) / (self.step.effort if self.step else UNKNOWN)


def recommend(
    questionnaire: Questionnaire, answers: Mapping[str, Answer]
) -> tuple[Recommendation, ...]:
    """Return the next step of every answered indicator, most gain per effort first.

    The gain is measured by scoring again with the step taken, so that it is right under every
    rule of scoring. Indicators that are unanswered, do not apply or stand at the top have none.
    """
    now = score(questionnaire, answers, official=True).index or Decimal(0)
    steps: list[Recommendation] = []
    for indicator in questionnaire.indicators.values():
        answer = answers.get(indicator.code)
        if answer is None or answer.level is None or answer.level >= questionnaire.scale.highest:
            continue
        target = questionnaire.level(indicator, answer.level + 1)
        raised = {**answers, indicator.code: Answer(level=answer.level + 1)}
        then = score(questionnaire, raised, official=True).index or now
        steps.append(Recommendation(indicator, answer.level, target, target.step, then - now))
    return tuple(sorted(steps, key=lambda step: (-step.gain_per_effort, -step.gain)))
