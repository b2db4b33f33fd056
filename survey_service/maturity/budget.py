"""What can be spent on the way to a grade, year by year, by everybody and by each."""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

Spent = Annotated[int, Meta(ge=0, le=10**6)]
"""Effort that can be spent in a year; the upper end is no limit at all."""


class Budget(Struct, frozen=True, forbid_unknown_fields=True):
    """The effort that everybody can spend in a year, or some `actors` by their own code.

    Steps of which the questionnaire does not say who takes them are those of one more actor, "".
    """

    UNLIMITED: ClassVar[int] = 10**6

    each: Spent = UNLIMITED
    actors: dict[str, Spent] = {}

    def of(self, who: str | None) -> int:
        """Return the effort that an actor can spend in a year."""
        return self.actors.get(who or "", self.each)

    def over(self, years: int) -> "Budget":
        """Return what can be spent in so many years together."""
        actors = {who: years * each for who, each in self.actors.items()}
        return Budget(years * self.each, actors)
