"""What an index were with another answer: only what it touches is reckoned anew."""

from collections.abc import Mapping
from decimal import Decimal

from survey_service.maturity import conditions
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import ALONE, ANYBODY, Reckoning, decimal, score
from survey_service.maturity.values import Values


class Rescoring:
    """Answers that are scored again with one of them changed: what else they are worth stays.

    Only what lies between the changed answer and the whole is reckoned anew, unless a condition or
    an adjustment looks at it from elsewhere. The arguments are those of `score`.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[str, Answer],
        *,
        official: bool = False,
        profile: Profile = ANYBODY,
    ) -> None:
        self._questionnaire = asked = questionnaire.for_kind(profile.kind)
        self._answers, self._official, self._profile = answers, official, profile
        self._values = Values(asked, ALONE)
        self._known = conditions.facts(asked, answers, profile, official=official)
        reckoning = Reckoning(asked, answers, self._known, self._values, official)
        _, self._index = reckoning.whole()
        self._tallies = reckoning.tallies
        self._looked_at = conditions.deciding(asked).union(
            *((each.at_most_as, each.times) for each in asked.adjustments)
        )

    @property
    def index(self) -> Decimal | None:
        """The index of the answers as they are."""
        return decimal(self._index)

    def index_with(self, code: str, answer: Answer) -> Decimal | None:
        """Return what the index were, had one indicator another answer."""
        changed = {**self._answers, code: answer}
        path = {code, *self._questionnaire.ancestors[code]}
        if not path.isdisjoint(self._looked_at):
            official, profile = self._official, self._profile
            return score(self._questionnaire, changed, official=official, profile=profile).index
        kept = {other: tally for other, tally in self._tallies.items() if other not in path}
        reckoning = Reckoning(
            self._questionnaire, changed, self._known, self._values, self._official, kept
        )
        return decimal(reckoning.whole()[1])
