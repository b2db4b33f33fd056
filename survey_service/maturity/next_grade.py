"""What an index still lacks to the next grade."""

from decimal import ROUND_UP, Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring import Card
from survey_service.maturity.showing import digits


class NextGrade(Struct, frozen=True):
    """The next grade, and the index `lacking` for it, rounded up to the `digits` that the index is shown with.

    It is 0 where the index reaches the grade and a gate withholds it.
    """

    grade: Grade
    lacking: Decimal
    digits: int


def next_grade(questionnaire: Questionnaire, card: Card) -> NextGrade | None:
    """Return what a card lacks to the next grade; None at the highest, or without an index."""
    if card.index is None:
        return None
    index = Fraction(card.index)
    refused = [refusal.grade for refusal in card.refused]
    higher = [grade for grade in questionnaire.grades if not grade.reached(index)]
    following = min([*refused, *higher], key=lambda grade: grade.bound, default=None)
    if following is None:
        return None
    lacking = max(Fraction(following.bound) - index, Fraction(0))
    shown = digits(questionnaire, card.index)
    step = Decimal(1).scaleb(-shown)
    return NextGrade(following, exact(lacking).quantize(step, ROUND_UP), shown)
