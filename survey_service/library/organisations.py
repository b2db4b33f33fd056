"""Lists of organisations: a spreadsheet with a row for each."""

from survey_service.conduct.organisations import Listed
from survey_service.errors import DocumentError
from survey_service.library import tables
from survey_service.maturity.conditions import Attribute

_OWN = {"name": "nama", "kind": "jenis", "parent": "induk", "active": "aktif"}  # or in Indonesian
_NO = {"no", "tidak", "0", "false"}


def load(content: bytes, file: str) -> list[Listed]:
    """Return the organisations in a CSV file.

    The columns name, kind, parent and active may be headed in Indonesian; every other column is an
    attribute by its heading, for those rows that fill it.

    Raises:
        DocumentError: The file is no table, or lacks a name or a kind.
    """
    rows = tables.rows(content, file)
    headings = set(rows[0]) if rows else set()
    for english in ("name", "kind"):
        if rows and not headings & {english, _OWN[english]}:
            raise DocumentError(file=file, line=1, key=english, reason="headings")
    return [_listed(row) for row in rows]


def _listed(row: dict[str, str]) -> Listed:
    own = {
        english: row.get(english) or row.get(indonesian, "") for english, indonesian in _OWN.items()
    }
    others = set(row) - {*_OWN, *_OWN.values()}
    return Listed(
        name=own["name"],
        kind=own["kind"],
        parent=own["parent"] or None,
        attributes={name: attribute(row[name]) for name in sorted(others) if row[name]},
        active=own["active"].lower() not in _NO,
    )


def attribute(written: str) -> Attribute:
    """Return what somebody wrote as a whole number, a number or a text."""
    for kind in (int, float):
        try:
            return kind(written)
        except ValueError:
            continue
    return written
