"""Remarks on an assessment: comments, points to mend, and objections, each resolved or open."""

import datetime as dt
from typing import Literal

from msgspec import Struct, structs

from survey_service.errors import ResolvedError

AGAIN = dt.timedelta(minutes=1)
"""Until then the same words of the same person are the same remark: a double click, or a second try."""

Kind = Literal["comment", "point", "objection"]


class Remark(Struct, frozen=True):
    """What somebody remarked on an indicator, or on the whole, and how it was resolved.

    A `point` is what those who return an assessment want mended; an `objection` is the agency's, to
    what the evaluators announced. `answer` is what was said on resolving it.
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

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it."""
        return self.resolved_at is None

    def repeats(self, other: "Remark") -> bool:
        """Whether it says again, at once, what another one says that is still open."""
        same = (self.kind, self.indicator, self.text, self.author)
        before = (other.kind, other.indicator, other.text, other.author)
        return other.is_open and same == before and self.at - other.at < AGAIN

    def resolve(self, answer: str, author: str, at: dt.datetime) -> "Remark":
        """Return the remark resolved.

        Raises:
            ResolvedError: It was resolved before.
        """
        if not self.is_open:
            raise ResolvedError(remark=self.id, author=self.resolved_by, at=self.resolved_at)
        return structs.replace(self, answer=answer, resolved_by=author, resolved_at=at)
