"""Remarks on an assessment: comments, points to mend, and objections, each resolved or open."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, structs

from survey_service.errors.review import ResolvedError, WrongOutcomeError

AGAIN = dt.timedelta(minutes=1)
"""Until then the same words of the same person are the same remark: a double click, or a second try."""

Kind = Literal["comment", "point", "objection"]
Audience = Literal["all", "team", "internal", "external"]
"""Who sees a remark: all who see the assessment, its team, or only those who check it at a stage."""

Outcome = Literal["accepted", "rejected", "done", "declined"]
"""What became of a remark: an objection is accepted or rejected, a point done or declined."""

_OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = {
    "comment": (),
    "point": ("done", "declined"),
    "objection": ("accepted", "rejected"),
}


class Remark(Struct, frozen=True):
    """What somebody remarked on an indicator, or on the whole, and how it was resolved.

    A `point` is what those who return an assessment want mended; an `objection` is the agency's, to
    what the evaluators announced. `answer` is what was said on resolving it, and `outcome` what became
    of it, None where nobody said. A point is for those who check until they return the assessment
    with it.
    """

    id: int
    kind: Kind
    indicator: str | None
    text: str
    author: str
    at: dt.datetime
    answer: str = ""
    resolved_by: str | None = None
    resolved_at: dt.datetime | None = None
    audience: Audience = "all"
    outcome: Outcome | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it."""
        return self.resolved_at is None

    @property
    def is_to_mend(self) -> bool:
        """Whether it is a point that the team was given and has not answered."""
        return self.kind == "point" and self.is_open and self.audience == "all"

    @property
    def place(self) -> str:
        """The path, below its assessment, under which the trail tells of it to those who see it."""
        own = f"remarks/{self.id}"
        return own if self.audience == "all" else f"{self.audience}/{own}"

    def repeats(self, other: "Remark") -> bool:
        """Whether it says again, at once, what another one says that is still open."""
        same = (self.kind, self.indicator, self.text, self.author, self.audience)
        before = (other.kind, other.indicator, other.text, other.author, other.audience)
        return other.is_open and same == before and self.at - other.at < AGAIN

    def resolve(
        self, answer: str, author: str, at: dt.datetime, outcome: Outcome | None = None
    ) -> "Remark":
        """Return the remark resolved.

        Raises:
            ResolvedError: It was resolved before.
            WrongOutcomeError: The outcome is none for such a remark.
        """
        if outcome is not None and outcome not in _OUTCOMES[self.kind]:
            raise WrongOutcomeError(outcome=outcome)
        if not self.is_open:
            raise ResolvedError(remark=self.id, author=self.resolved_by, at=self.resolved_at)
        return structs.replace(
            self, answer=answer, resolved_by=author, resolved_at=at, outcome=outcome
        )
