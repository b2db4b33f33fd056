"""The list of an assessment's evidence, as it lies beside the files in an archive."""

from collections.abc import Sequence

from survey_service import i18n
from survey_service.conduct.evidence import Evidence
from survey_service.reports.tables import Table


def listed(name: str, rows: Sequence[tuple[str, Evidence, Sequence[str]]], language: str) -> Table:
    """Return the list of evidence.

    Args:
        name: What the table is called.
        rows: Each piece's file in the archive ("" for a link), itself, and the questions it supports.
        language: Of the headings.
    """
    headings = [
        i18n.translate("File", language),
        i18n.translate("Name", language),
        i18n.translate("Link", language),
        i18n.translate("Indicators", language),
        i18n.translate("Bytes", language),
        "SHA-256",
        i18n.translate("Attached by", language),
        i18n.translate("Attached on", language),
    ]
    return Table(
        name,
        headings,
        [
            (
                file,
                one.name,
                one.url,
                ", ".join(indicators),
                one.size,
                one.digest,
                one.author,
                one.at.date().isoformat(),
            )
            for file, one, indicators in rows
        ],
    )
