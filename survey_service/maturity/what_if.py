"""Other answers, tried on those that are there: what the index would be."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card, score


class Outcome(Struct, frozen=True):
    """The score as it is `now` and as it would be `then`.

    `gained` is the difference of the two indices, None where one of them is missing; `moved` has the
    index now and then of each node for which they differ, by its code.
    """

    now: Card
    then: Card
    gained: Decimal | None
    moved: dict[str, tuple[Decimal | None, Decimal | None]]


def outcome(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    instead: Mapping[str, Answer],
    profile: Profile,
) -> Outcome:
    """Return what answers are worth, and what they would be with others instead.

    Raises:
        SurveyError: An answer that is tried does not fit, or nothing is asked under its code.
    """
    for code, answer in instead.items():
        accept(questionnaire, code, answer)
    now, then = (
        score(questionnaire, each, profile=profile) for each in (answers, {**answers, **instead})
    )
    gained = None if now.index is None or then.index is None else then.index - now.index
    both = {
        code: (now.nodes[code].index, then.nodes[code].index) for code in questionnaire.all_nodes
    }
    moved = {code: pair for code, pair in both.items() if pair[0] != pair[1]}
    return Outcome(now, then, gained, moved)
