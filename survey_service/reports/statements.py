"""What a report claims, and its statement put into the file that it is of.

A statement covers the bytes of its file, hence it cannot be among what it covers. It lies inside all
the same, as an attachment with a place left for it, and the bytes of that place are left out of the
digest: so one file is all that has to be handed on, and it proves itself offline. Beside it, at an
address, the statement would be lost with the service, and an appended revision would leave two
readings of what is signed; here the file is one revision, still PDF/A-3a, and each of its bytes is
either covered or the statement.

    %PDF-1.7 … /EmbeddedFile … stream ▒{"payload":"…","protected":"…","signature":"…"}▒ endstream … %%EOF
    ───────────── covered ──────────────────────── left out ──────────────────────── covered ────────────

The place is made while nobody knows the digest yet: as long as the statement will be, and some
blanks more, as numbers in it may be shorter.
"""

import hashlib
from collections.abc import Callable, Sequence
from fractions import Fraction

from survey_service.conduct.merkle import leaf_hash
from survey_service.conduct.statements import (
    NAME,
    OPENING,
    Bytes,
    Claim,
    Enclosure,
    Reported,
    bytes_of,
)
from survey_service.conduct.trail import Entry
from survey_service.i18n import NOTHING, decimal, translate
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import exact_index
from survey_service.maturity.showing import digits
from survey_service.reports.assessment import Report, code
from survey_service.reports.attachments import Attachment, official, written

NOWHERE = Bytes("0" * 64, 10**9, 10**9, 10**9)
"""Stands for a file that is not made yet, with numbers as long as any."""

_CLOSING = b"\nendstream"


def claim_of(report: Report, step: Entry | None) -> Claim:
    """Return what a report with everything on record claims; `step` is the entry of its last step."""
    record, questionnaire, grade = report.record, report.questionnaire, official(report).grade
    if record is None:
        raise ValueError(report.organisation)  # a file alone is in no log
    return Claim(
        code=code(report),
        assessment=record.number,
        organisation=report.organisation,
        questionnaire=questionnaire.reference,
        name=questionnaire.name,
        cycle=record.cycle,
        state=record.state,
        stage=record.stage,
        at=report.at,
        index=_index(report),
        digits=_digits(report),
        grade=grade.code if grade else None,
        graded=grade.name if grade else None,
        answers=hashlib.sha256(written(report)).hexdigest(),
        questionnaire_sha256=report.digest,
        reported=None if step is None else _reported(step),
    )


def _index(report: Report) -> str | None:
    """Return the index that the report shows, as the exact fraction where that is what it rounds."""
    shown = official(report).index
    if shown is None:
        return None
    found = exact_index(report.questionnaire, report.answers, report.profile)
    index = found if found is not None and exact(found) == shown else Fraction(shown)
    return f"{index.numerator}/{index.denominator}"


def _digits(report: Report) -> int:
    shown = official(report).index
    asked = report.questionnaire.for_kind(report.profile.kind)
    return 0 if shown is None else digits(asked, shown)


def _reported(step: Entry) -> Reported:
    return Reported(step.action.partition(".")[2], step.at, leaf_hash(step.leaf).hex())


def enclosures(attached: Sequence[Attachment]) -> tuple[Enclosure, ...]:
    """Return what is enclosed by name and digest."""
    return tuple(Enclosure(one.name, hashlib.sha256(one.content).hexdigest()) for one in attached)


def place_for(statement: bytes, language: str) -> Attachment:
    """Return the attachment that keeps the place of a statement as long as `statement`."""
    words = translate("The signed statement with which the file proves itself.", language)
    return Attachment(NAME, OPENING.ljust(len(statement)), words, "Supplement")


def placed(pdf: bytes, make: Callable[[Bytes], bytes]) -> bytes:
    """Return a PDF with its statement in the place that was kept for it.

    Args:
        pdf: The file with the place.
        make: Makes the statement on a file without the bytes of its place.
    """
    start = pdf.index(OPENING)
    end = pdf.index(_CLOSING, start)
    statement = make(bytes_of(pdf, start, end))
    if len(statement) > end - start or pdf.count(OPENING) != 1:
        raise ValueError(len(statement))  # a place that is not the one that was kept
    return pdf[:start] + statement.ljust(end - start) + pdf[end:]


def claimed(claim: Claim, language: str) -> str:
    """Return the index that a report claims, as its cover shows it."""
    if claim.index is None:
        return NOTHING
    return decimal(exact(Fraction(claim.index)), language, claim.digits)
