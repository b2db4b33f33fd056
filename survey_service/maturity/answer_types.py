"""The kinds of answer an indicator can ask for, and what each is worth on the scale.

The scale is the questionnaire's. A level is worth its number and an option its value; what is
measured some other way (a number with bounds of its own, a ratio, a checklist) is a fraction of
the way from the lowest to the highest end.
"""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from survey_service.maturity.bands import Band
from survey_service.maturity.texts import Code, Letter, Text

Effort = Annotated[int, Meta(ge=1, le=5)]


class Step(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do to climb to a level from the one below, by whom, and how hard that is.

    `who` is the code of one of the questionnaire's `actors`; `effort` runs from 1 (a decision
    within a unit's own means) to 5 (several years, several agencies).
    """

    do: Text
    who: Code
    effort: Effort


class Level(Struct, frozen=True, forbid_unknown_fields=True):
    """A step of a ladder: reached when its criteria and those of all lower levels are met.

    It is worth its number, which counts from the lowest end of the scale. Where the levels of an
    indicator have a `value` each, they are worth that, there may be any number of them, and they
    are numbered from 1.
    """

    criteria: tuple[Text, ...] = ()
    name: Text | None = None
    step: Step | None = None
    value: Decimal | None = None


class Ladder(Struct, frozen=True, forbid_unknown_fields=True):
    """Levels that several indicators share, as instruments with generic criteria have them."""

    code: Code
    levels: Annotated[tuple[Level, ...], Meta(min_length=2)]


class Option(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the answers to choose from, and what it is worth on the questionnaire's scale."""

    code: Letter
    text: Text
    value: Decimal


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """Options that several indicators share, such as the letters from AA to E."""

    code: Code
    options: Annotated[tuple[Option, ...], Meta(min_length=2)]


class Number(Struct, frozen=True, forbid_unknown_fields=True):
    """A number to be entered, with at most `decimals` decimals.

    It lies between `lowest` and `highest`, the ends of the questionnaire's scale unless they are
    given, and counts in proportion; `inverted`, the lowest number is the best. With a `target` that
    is the best, and less the nearer to either end. A number `beyond` an end is refused, or counts as
    the end; where it is not said which, only those that are given over a population count so. With
    `bands`, the number is worth what its band says.

    With `over: population` an end that is not given is the lowest or highest number that any of the
    organisations compared has entered. Or the number is measured `by` something else of theirs: its
    `z_score`, from `deviations` standard deviations below their mean to as many above it; its
    `rank`, from the last to the first; or its `percentile`, the share of them that it surpasses.
    """

    decimals: Annotated[int, Meta(ge=0, le=8)] = 2
    lowest: Decimal | None = None
    highest: Decimal | None = None
    inverted: bool = False
    target: Decimal | None = None
    beyond: Literal["refused", "end"] | None = None
    over: Literal["scale", "population"] = "scale"
    by: Literal["ends", "z_score", "rank", "percentile"] = "ends"
    deviations: Decimal = Decimal(3)
    bands: tuple[Band, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether a number beyond an end may be entered, and counts as the end."""
        return self.beyond == "end" or (self.beyond is None and self.over == "population")


class Ratio(Struct, frozen=True, forbid_unknown_fields=True):
    """Several numbers to be entered, none negative, and one sum of them as a fraction of another.

    `part` and `whole` list codes of `inputs`. The fraction counts up to `cap`; `inverted`, none
    of the whole is the best. `zero` is what a whole of nothing is worth. Where the part belongs
    to the whole, `within` refuses a part that exceeds it.
    """

    inputs: Annotated[tuple["Input", ...], Meta(min_length=1)]
    part: Annotated[tuple[Code, ...], Meta(min_length=1)]
    whole: Annotated[tuple[Code, ...], Meta(min_length=1)]
    zero: Literal["lowest", "highest", "not_applicable"] | None = None
    cap: Decimal = Decimal(1)
    inverted: bool = False
    within: bool = False


class Input(Struct, frozen=True, forbid_unknown_fields=True):
    """One of the numbers of a ratio."""

    code: Code
    name: Text


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """Something on a checklist that is there or not; items without weights count equally."""

    code: Code
    text: Text
    weight: Decimal = Decimal(1)


class Written(Struct, frozen=True, forbid_unknown_fields=True):
    """A text to be written, worth nothing: it is asked and read, and leaves the index alone."""

    lines: Annotated[int, Meta(ge=1, le=40)] = 3


class External(Struct, frozen=True, forbid_unknown_fields=True):
    """A value that somebody else supplies, such as another agency's index.

    Until it is there, the official index counts the `fallback`, on the questionnaire's scale, or
    the lowest value where none is given; handing in does not wait for it.
    """

    source: Text
    fallback: Decimal | None = None


class Units(Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation's value from those of its units, each answered as the indicator asks.

    `mean` weighs every unit alike, `weighted` by the weight in its answer; `mode` is the most
    frequent value, the lower one of two as frequent; `minimum` the lowest. A unit that shows no
    evidence loses `without_evidence`, on the scale, and never falls below the lowest end.
    """

    combine: Literal["mean", "weighted", "mode", "minimum"]
    without_evidence: Decimal = Decimal(0)
