"""How the value of a node comes from its children's, all on the scale of the questionnaire.

    mean           the weighted mean: sum(weight * value) / sum(weight)
    geometric      the weighted geometric mean: product(value ** (weight / sum(weight)))
    harmonic       the weighted harmonic mean: sum(weight) / sum(weight / value)
    minimum        the lowest value
    weakest_link   the lowest value, and `plus` where another child is better ("C+"); PEFA's M1
    lookup         what a table says of the children's letters, sorted from the worst; PEFA's M2
    flat           the weighted mean of all indicators below; what lies between is only shown
    none           nothing: the children stand for themselves

Only children that count are given: what is unanswered, unasked or does not apply is left out, so
that a mean hands its weight to the others in proportion. On top of a mean come the children that
are a bonus: each adds the fraction of the scale that it reaches, by its weight against those of
all children that are none, counting or not.

    children on 0 to 100     A weight 60 value 50, B weight 40 does not apply, bonus C weight 10 value 20
    mean                     60*50 / 60 = 50, and 100 * (20/100) * 10/(60 + 40) = 2, together 52

The geometric mean is the one rule whose value need be no fraction: it is reckoned to 40 digits and
kept to 28. Where anything weighs that is worth nothing or less, the geometric and the harmonic mean
are nothing.

Programs that round numbers as they hold them, in binary, take their mean of such numbers as well:

    children 0.54 and 0.57   the mean is 0.555, of the numbers held a little less: 0.55499999999999993…
    rounded to 2 digits      0.56 of the former, half up; 0.55 of the latter
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import lcm
from operator import mul

from msgspec import Struct

from survey_service.maturity.bands import band_of
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine, Lookup
from survey_service.maturity.tree import Node

_WORKING, _KEPT = Context(prec=40), Context(prec=28)


class Part(Struct, frozen=True):
    """A child that counts: its weight among its siblings, and its value on the scale."""

    weight: Fraction
    value: Fraction


def combined(
    questionnaire: Questionnaire, node: Node | None, parts: Sequence[Part]
) -> Fraction | None:
    """Return the value of a node, or of all of it, from the parts that count; None without any."""
    rule = rule_of(questionnaire, node)
    values = [part.value for part in parts]
    if not values or rule == "none":
        return None
    if rule in {"mean", "flat"}:
        return _mean_in_binary(parts) if in_binary(questionnaire, node) else mean(parts)
    if rule == "geometric":
        return _geometric(parts)
    if rule == "harmonic":
        return _harmonic(parts)
    weakest = min(values)
    if rule == "weakest_link" and max(values) > weakest:
        return weakest + Fraction(questionnaire.plus)
    if rule == "lookup" and node is not None and node.lookup is not None:
        return _looked_up(questionnaire, questionnaire.tables[node.lookup], values)
    return weakest


def mean(parts: Sequence[Part]) -> Fraction | None:
    """Return the weighted mean; None where nothing weighs anything.

    Both sums are made of whole numbers over one denominator: a fraction at each step would reduce
    each time, and takes four times as long.
    """
    unit = lcm(*(part.weight.denominator for part in parts))
    weights = [part.weight.numerator * (unit // part.weight.denominator) for part in parts]
    fine = lcm(*(part.value.denominator for part in parts))
    values = [part.value.numerator * (fine // part.value.denominator) for part in parts]
    bottom = sum(weights)
    return Fraction(sum(map(mul, weights, values)), bottom * fine) if bottom else None


def rule_of(questionnaire: Questionnaire, node: Node | None) -> Combine:
    """Return how a node, or all of it, comes from its children."""
    return questionnaire.rule(node)


def in_binary(questionnaire: Questionnaire, node: Node | None) -> bool:
    """Whether the mean of a node, or of all of it, is taken of numbers as programs hold them.

    Points are added up as they are.
    """
    rounding = questionnaire.rounding
    if rounding is None or rounding.mode != "binary" or questionnaire.points:
        return False
    return ("index" if node is None else "nodes") in rounding.at


def held(value: Fraction) -> Fraction:
    """Return the binary number that stands for a value: the nearest one of 53 digits."""
    return Fraction(float(value))


def _mean_in_binary(parts: Sequence[Part]) -> Fraction | None:
    """Return the mean of numbers as they are held, which is held as well.

    The sum itself is exact: R adds in more digits than it keeps, and corrects for what is lost.
    """
    found = mean([Part(part.weight, held(part.value)) for part in parts])
    return None if found is None else held(found)


def has_enough(questionnaire: Questionnaire, node: Node | None, valued: int, applying: int) -> bool:
    """Whether enough of what a node comes from has a value, of all that applies."""
    share = None if node is None else node.least_share
    if share is None:
        share = questionnaire.least_share
    return share is None or valued >= share * applying


def taken_together(
    questionnaire: Questionnaire, parent: Node | None, parts: Sequence[Part], extra: Fraction
) -> Fraction | None:
    """Return the value of siblings under `parent`: combined, converted, and the bonus on top.

    `extra` is what the bonus children reach: for each, the fraction of the scale times its weight.
    """
    value = converted(questionnaire, parent, parts, combined(questionnaire, parent, parts))
    whole = questionnaire.wholes["" if parent is None else parent.code]
    if extra and whole:
        lowest, highest = questionnaire.ends
        value = (lowest if value is None else value) + (highest - lowest) * extra / whole
    return value


def converted(
    questionnaire: Questionnaire, parent: Node | None, parts: Sequence[Part], value: Fraction | None
) -> Fraction | None:
    """Return what the bands of a node, if it has some, turn the value of its parts into."""
    if value is None or parent is None or parent.convert is None:
        return value
    if parent.convert.over == "points":
        value = points(questionnaire, parts, questionnaire.wholes[parent.code])
    band = band_of(parent.convert.bands, value)
    return None if band is None else Fraction(band.value)


def points(questionnaire: Questionnaire, parts: Sequence[Part], whole: Fraction) -> Fraction:
    """Return the points of parts: the fraction of the scale that each reaches, times its weight.

    They are out of `whole`, the weight of all children: where some do not count, the others' points
    stand for theirs too.
    """
    lowest, highest = questionnaire.ends
    average = mean(parts)
    return Fraction(0) if average is None else whole * (average - lowest) / (highest - lowest)


def _geometric(parts: Sequence[Part]) -> Fraction | None:
    bottom = sum((part.weight for part in parts), Fraction(0))
    if not bottom:
        return None
    if any(part.value <= 0 for part in parts if part.weight):
        return Fraction(0)
    logarithm = Decimal(0)
    for part in parts:
        logarithm = _WORKING.add(logarithm, logarithm_of(part, bottom))
    return from_logarithm(logarithm)


def _harmonic(parts: Sequence[Part]) -> Fraction | None:
    bottom = sum((part.weight for part in parts), Fraction(0))
    if not bottom:
        return None
    weighing = [part for part in parts if part.weight]
    if any(part.value <= 0 for part in weighing):
        return Fraction(0)
    return bottom / sum((part.weight / part.value for part in weighing), Fraction(0))


def logarithm_of(part: Part, bottom: Fraction) -> Decimal:
    """Return what a part adds to the logarithm of a geometric mean; `bottom` is all weight."""
    value = _WORKING.divide(Decimal(part.value.numerator), Decimal(part.value.denominator))
    share = part.weight / bottom
    power = _WORKING.divide(Decimal(share.numerator), Decimal(share.denominator))
    return _WORKING.multiply(power, _WORKING.ln(value))


def from_logarithm(logarithm: Decimal) -> Fraction:
    """Return the geometric mean that has a logarithm."""
    return Fraction(_KEPT.plus(_WORKING.exp(logarithm)))


def _looked_up(
    questionnaire: Questionnaire, lookup: Lookup, values: Sequence[Fraction]
) -> Fraction | None:
    """Return what the table says; None where a value bears no letter or the table has no such row."""
    if len(values) == 1:
        return values[0]
    letters = questionnaire.letters[lookup.letters]
    named = {value: code for code, value in reversed(letters.items())}
    row = " ".join(named.get(value, "?") for value in sorted(values))
    return letters.get(lookup.rows.get(row, ""))
