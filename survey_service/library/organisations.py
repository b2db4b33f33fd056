"""Lists of organisations: a spreadsheet with a row for each."""

import re

import msgspec

from survey_service import i18n
from survey_service.conduct.organisations import KINDS, Listed
from survey_service.errors import DocumentError, UnkeepableError
from survey_service.library import tables
from survey_service.library.tables import Row
from survey_service.maturity.conditions import MOST, Attribute, AttributeName

_OWN = {"name": "nama", "kind": "jenis", "parent": "induk", "active": "aktif"}  # or in Indonesian
_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_NO_NUMBERS = {"nan", "inf", "infinity"}
_DIGITS, _SHOWN = 40, 60  # characters of a number; of what is told of one that is refused
_NO = {"no", "tidak", "0", "false"}
_KINDS = {
    i18n.translate(f"kind.{kind}", language): kind for kind in KINDS for language in i18n.LANGUAGES
}


def load(content: bytes, file: str) -> list[Listed]:
    """Return the organisations in a CSV file.

    The columns name, kind, parent and active may be headed in Indonesian; every other column is an
    attribute by its heading, for those rows that fill it.

    Raises:
        DocumentError: The file is no table, or lacks a name or a kind.
    """
    rows = tables.rows(content, file)
    headings = set(rows[0].cells) if rows else set()
    for english in ("name", "kind"):
        if rows and not headings & {english, _OWN[english]}:
            raise DocumentError(file=file, line=1, key=english, reason="headings")
    return [_listed(row, file) for row in rows]


def _listed(found: Row, file: str) -> Listed:
    row = found.cells
    own = {
        english: row.get(english) or row.get(indonesian, "") for english, indonesian in _OWN.items()
    }
    others = set(row) - {*_OWN, *_OWN.values()}
    return Listed(
        name=own["name"],
        kind=_KINDS.get(own["kind"].lower(), own["kind"]),
        parent=own["parent"] or None,
        attributes={name: _attribute(found, name, file) for name in sorted(others) if row[name]},
        active=own["active"].lower() not in _NO,
    )


def _attribute(row: Row, name: str, file: str) -> Attribute:
    try:
        return attribute(name, row.cells[name])
    except UnkeepableError as error:
        raise DocumentError(
            file=file, line=row.line, key=name, reason="unkeepable", **error.details
        ) from error


def attribute(name: str, written: str) -> Attribute:
    """Return what somebody wrote as a whole number, a number or a text.

    Raises:
        UnkeepableError: It is a number that nothing can be reckoned with, or as large or as long as
            none is; or a text longer than any; or it has no name.
    """
    for form, kind in ((_WHOLE, int), (_NUMBER, float)):
        if form.fullmatch(written) and len(written) <= _DIGITS:
            return _bounded(name, written, kind(written))
    if _NUMBER.fullmatch(written) or written.lower().lstrip("+-") in _NO_NUMBERS:
        raise UnkeepableError(name=name, value=written[:_SHOWN], limit=MOST)
    return _bounded(name, written, written)


def _bounded(name: str, written: str, found: Attribute) -> Attribute:
    try:
        _, kept = msgspec.convert((name, found), tuple[AttributeName, Attribute])
    except msgspec.ValidationError as error:
        raise UnkeepableError(name=name[:_SHOWN], value=written[:_SHOWN], limit=MOST) from error
    return kept
