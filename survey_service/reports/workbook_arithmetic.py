"""What formulas of a spreadsheet are made of: cells, columns, numbers, conditions.

Doubles are compared with `ROUND(x,10)`: else an answer that lies exactly on a bound may fall below it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.maturity.bands import Bounded

Value = float | str
"""What a formula comes to; "" is nothing."""

NOTHING = '""'
LONGEST = 8000  # letters of a formula, of the 8,192 that spreadsheets take
_MOST = 60  # conditions within one another, of the 64 that spreadsheets take
CODE, WEIGHT, ANSWER, ANSWERED, TOTAL, VALUE, INDEX, WEIGHED, COUNTING, EXTRA, STEPS = range(11)
"""The columns of the hidden sheet; from the last one on, the steps on the way to a value."""


class Formula(Struct, frozen=True):
    """What is written into a cell: a formula without its sign, or a value, and what it comes to."""

    said: str | None
    value: Value


class Line(Struct, frozen=True):
    """The row of a node or indicator, or of the whole by ""; `by_formula` if all of it is reckoned."""

    code: str
    row: int
    cells: dict[int, Formula]
    by_formula: bool


class Places(Struct, frozen=True):
    """Where the answers stand: the formula of a cell by the key of its row, and of marks' values."""

    answer: Callable[[str], str]
    worth: Callable[[str], str]


def column(number: int) -> str:
    """Return the letters of a column, from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def written(value: Fraction | Decimal) -> str:
    """Return a number as formulas write it: as a decimal where it ends, else as a fraction."""
    fraction = Fraction(value)
    ended = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    if Fraction(ended) == fraction:
        return f"{ended:f}"
    return f"({fraction.numerator}/{fraction.denominator})"


def near(value: str) -> str:
    """Return a value as it is compared."""
    return f"ROUND({value},10)"


def reaches(value: str, bounded: Bounded) -> str:
    """Return the condition that a value reaches a lower bound."""
    sign = ">=" if bounded.above is None else ">"
    return f"{near(value)}{sign}{written(bounded.bound)}"


def banded(bands: Sequence[tuple[str, str]], otherwise: str) -> str | None:
    """Return what the first condition that holds stands for; None where they are too many."""
    if len(bands) > _MOST:
        return None
    found = otherwise
    for condition, then in reversed(bands):
        found = f"IF({condition},{then},{found})"
    return found
