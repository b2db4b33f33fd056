"""How many digits an index is shown with, so that what is read never contradicts the grade.

Two digits, or as many as the questionnaire rounds to; and more where fewer would carry the index over
a bound of a grade, a band or a gate:

    index      bound        shown
    79.9967    from 80      79.997   with two digits it were 80.00, and not graded so
    80.001     from 80      80.00    reaches it, and reads so
    50.001     above 50     50.001   with two it were 50.00, which is not above
    3.4666     -            3.47

Index and bound have to be shown with `apart` where they stand beside one another.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from survey_service.maturity.instrument import Questionnaire

USUAL = 2  # digits
_MOST = 6  # of a bound: one that is a part of a weight may go on for ever


def digits(questionnaire: Questionnaire, index: Decimal, code: str = "") -> int:
    """Return how many decimals to show of the index of a node or indicator; of the whole, by ""."""
    reached = [bound.reached(Fraction(index)) for bound in questionnaire.bounds.get(code, ())]
    enough = least(questionnaire, code)
    while enough < _own(index):
        shown = Fraction(_rounded(index, enough))
        if reached == [bound.reached(shown) for bound in questionnaire.bounds.get(code, ())]:
            break
        enough += 1
    return enough


def apart(questionnaire: Questionnaire, index: Decimal, bound: Decimal, code: str = "") -> int:
    """Return how many decimals tell an index from a bound that it is shown beside."""
    enough = digits(questionnaire, index, code)
    while index != bound and _rounded(index, enough) == _rounded(bound, enough):
        enough += 1
    return enough


def bound_digits(questionnaire: Questionnaire, bound: Decimal, code: str = "") -> int:
    """Return how many decimals to show of a bound: all that it has, unless they go on for ever."""
    return max(least(questionnaire, code), min(_own(bound), _MOST))


def least(questionnaire: Questionnaire, code: str = "") -> int:
    """Return how many decimals an index always has: those that it is rounded to, or two."""
    rounding = questionnaire.rounding
    if rounding is None:
        return USUAL
    place = "indicators" if code in questionnaire.indicators else "nodes" if code else "index"
    return rounding.digits if place in rounding.at else max(rounding.digits, USUAL)


def _own(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
