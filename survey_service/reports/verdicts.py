"""What was found about a file, in words: five checks, each with its sentences."""

import datetime as dt

from msgspec import Struct

from survey_service.conduct.verdicts import CHECKS, Check, Finding, Outcome, Verdict
from survey_service.i18n import translate


class Said(Struct, frozen=True):
    """What one finding says in words."""

    outcome: Outcome
    reason: str
    words: str


class Told(Struct, frozen=True):
    """What one check found, in words."""

    check: Check
    called: str
    outcome: Outcome
    found: tuple[Said, ...]


class Shown(Struct, frozen=True):
    """All that was found about a file, for programs: whether it is proven, its code, and each check."""

    proven: bool
    code: str
    checks: tuple[Told, ...]


def shown(verdict: Verdict, language: str, zone: dt.tzinfo) -> Shown:
    """Return what was found about a file in words, moments in a zone."""
    checks = tuple(
        Told(
            check,
            translate(f"proof.{check}", language),
            verdict.outcome(check),
            tuple(
                Said(one.outcome, one.reason, said(one, language, zone))
                for one in verdict.of(check)
            ),
        )
        for check in CHECKS
    )
    return Shown(verdict.is_proven, verdict.code, checks)


def said(finding: Finding, language: str, zone: dt.tzinfo) -> str:
    """Return what a finding says in words."""
    details: dict[str, object] = dict(finding.details)
    if "at" in details:
        details["at"] = dt.datetime.fromisoformat(str(details["at"])).astimezone(zone)
    return translate(f"proof.{finding.reason}", language, **details)
