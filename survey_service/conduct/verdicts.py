"""What was found about a file that is said to be a report: five checks, each with what it found.

A finding is a code and its details; the words are in the catalogues under `proof.<reason>`.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

Check = Literal["statement", "attachments", "index", "log", "standing"]
CHECKS: tuple[Check, ...] = get_args(Check)

Outcome = Literal["holds", "open", "fails"]
"""What is so, what cannot be told from what is at hand, and what is not so."""

_WORSE: tuple[Outcome, ...] = get_args(Outcome)


class Finding(Struct, frozen=True):
    """What one check found, and why."""

    check: Check
    outcome: Outcome
    reason: str
    details: Mapping[str, str | int] = {}


class Verdict(Struct, frozen=True):
    """All that was found about a file; `code` is that of the report that it is of, "" for none."""

    findings: tuple[Finding, ...]
    code: str = ""

    def of(self, check: Check) -> tuple[Finding, ...]:
        """Return what one check found."""
        return tuple(one for one in self.findings if one.check == check)

    def outcome(self, check: Check) -> Outcome:
        """Return the worst that one check found; what found nothing is open."""
        found = [one.outcome for one in self.of(check)]
        return max(found, key=_WORSE.index, default="open")

    @property
    def is_broken(self) -> bool:
        """Whether anything in the file is not as it should be; one that is superseded is whole."""
        return any(one.outcome == "fails" and one.check != "standing" for one in self.findings)

    @property
    def is_proven(self) -> bool:
        """Whether the file is whole, and whoever signed it is known."""
        return not self.is_broken and any(one.reason == "signed" for one in self.findings)
