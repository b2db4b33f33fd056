"""Rounding, where an instrument rounds: exact fractions in, exact fractions out.

mode        2.5 -> digits 0   -2.5   2.675 -> digits 2
half_up          3             -3         2.68   away from zero at the half
half_even        2             -2         2.68   to the even digit at the half
half_down        2             -2         2.67   towards zero at the half
up               3             -3         2.68   away from zero always
down             2             -2         2.67   cut off
binary           2             -2         2.67   as R 4 and other programs do that hold numbers in
                                                 binary: 2.675 is a little less than it looks
"""

import math
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    localcontext,
)
from fractions import Fraction
from typing import Literal

from survey_service.maturity.rules import Mode

_MODES: dict[Mode, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


def exact(value: Fraction) -> Decimal:
    """Return the fraction as a decimal: exact where it ends, else to 28 significant digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def rounded(value: Fraction, digits: int, mode: Mode) -> Fraction:
    """Return `value` rounded to `digits` decimals."""
    if mode == "binary":
        return _binary(float(value), digits)
    scaled = value * 10**digits
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    # One more digit tells less than half, half, more and nothing apart, which is all that modes ask.
    tail: Literal[0, 1, 5, 9] = 0
    if rest:
        double = 2 * rest
        tail = 5 if double == scaled.denominator else 1 if double < scaled.denominator else 9
    with localcontext(prec=len(str(whole)) + 2):
        nearest = int(Decimal(f"{whole}.{tail}").quantize(Decimal(1), _MODES[mode]))
    return Fraction(-nearest if scaled < 0 else nearest, 10**digits)


def _binary(value: float, digits: int) -> Fraction:
    """Round a binary number to the nearer of the two decimals beside it, as R 4.0.0 does.

    Distances are reckoned in binary too; at a tie the even digit wins.
    """
    power = 10**digits
    below = math.floor(value * power)
    low, high = below / power, (below + 1) / power
    if value * power == below:
        return Fraction(below, power)
    nearer_low = value - low < high - value or (value - low == high - value and below % 2 == 0)
    return Fraction(below if nearer_low else below + 1, power)
