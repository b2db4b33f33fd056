"""The list that lies beside a cycle's reports: whose they are, what they say, and why some are missing."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service.errors import SurveyError
from survey_service.i18n import describe, translate
from survey_service.reports.assessment import Report
from survey_service.reports.attachments import official
from survey_service.reports.tables import Table, csv


class Gathered(Struct, frozen=True):
    """A report in the ZIP, by its `path` there and the SHA-256 of its file; or why it is missing."""

    number: int
    at: dt.datetime
    organisation: str = ""
    state: str = ""
    index: Decimal | None = None
    grade: str = ""
    path: str = ""
    digest: str = ""
    missing: str = ""


def gathered(number: int, report: Report, name: str, content: bytes, language: str) -> Gathered:
    """Return a report as it is listed, under its name with the number before it."""
    card, record = official(report), report.record
    return Gathered(
        number,
        report.at,
        report.organisation,
        "" if record is None else translate(f"state.{record.state}", language),
        card.index,
        card.grade.name.in_(language) if card.grade is not None else "",
        f"{number:04}-{name}",
        hashlib.sha256(content).hexdigest(),
    )


def missing(number: int, error: SurveyError, at: dt.datetime, language: str) -> Gathered:
    """Return what is listed of a report that cannot be made, or is there no longer."""
    return Gathered(number, at, missing=describe(error, language))


def listed(found: Sequence[Gathered], language: str) -> bytes:
    """Return the list as a table for programs."""
    rows = [
        (
            one.number,
            one.organisation,
            one.state,
            one.index,
            one.grade,
            one.path,
            one.digest,
            one.missing,
        )
        for one in found
    ]
    return csv(Table("reports", _headings(language), rows), language)


def _headings(language: str) -> list[str]:
    return [
        translate("No.", language),
        translate("Organisation", language),
        translate("State", language),
        translate("Index", language),
        translate("Grade", language),
        translate("File", language),
        "SHA-256",
        translate("Missing because", language),
    ]
