"""Bands: stretches of a scale, each from a lower bound that belongs to it or does not."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from msgspec import Struct, field


class Bounded(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds from a lower bound, either `from`, which belongs to it, or `above`, which does not.

    It ends where the next one begins. An upper end may be given as printed, `to`, which belongs to
    it, or `below`, which does not: it must agree with the next one's bound.
    """

    at_least: Decimal | None = field(name="from", default=None)
    above: Decimal | None = None
    to: Decimal | None = None
    below: Decimal | None = None

    @property
    def bound(self) -> Decimal:
        """The lower bound, whichever way it is given."""
        return self.at_least or self.above or Decimal(0)

    def reached(self, value: Fraction) -> bool:
        """Whether a value lies in the band or higher."""
        return value >= self.bound if self.above is None else value > self.above


class Band(Bounded, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A band that turns a value into another one: what it `is` worth."""

    value: Decimal = field(name="is")


B = TypeVar("B", bound=Bounded)


def band_of(bands: Sequence[B], value: Fraction) -> B | None:
    """Return the highest band that a value reaches; None where it lies under all."""
    found = [band for band in bands if band.reached(value)]
    return max(found, key=lambda band: band.bound, default=None)
