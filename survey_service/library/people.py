"""Lists of people: a spreadsheet with a row for each."""

from survey_service.conduct.people import ListedPerson
from survey_service.errors import DocumentError
from survey_service.library import tables

_OWN = {
    "login": "nama masuk",
    "name": "nama",
    "role": "peran",
    "organisation": "instansi",
    "email": "surel",
}  # or in Indonesian
_ROLES = {
    "responden": "respondent",
    "koordinator": "coordinator",
    "inspektur": "inspector",
    "penilai": "evaluator",
    "evaluator": "evaluator",
    "kementerian": "ministry",
    "auditor": "auditor",
    "administrator": "administrator",
}


def load(content: bytes, file: str) -> list[ListedPerson]:
    """Return the people in a CSV or XLSX file; headings and roles may be Indonesian.

    Raises:
        DocumentError: The file is no table, or lacks a column.
    """
    rows = tables.rows(content, file)
    headings = set(rows[0].cells) if rows else set()
    for english, indonesian in _OWN.items():
        if rows and english != "email" and not headings & {english, indonesian}:
            raise DocumentError(file=file, line=1, key=english, reason="missing")
    return [_listed(row.cells) for row in rows]


def _listed(row: dict[str, str]) -> ListedPerson:
    own = {
        english: row.get(english) or row.get(indonesian, "") for english, indonesian in _OWN.items()
    }
    role = own["role"].lower()
    own["role"] = _ROLES.get(role, role)
    return ListedPerson(**own)
