"""Lists of organisations: a spreadsheet with a row for each."""

import re
from decimal import Decimal

import msgspec

from survey_service import i18n
from survey_service.characters import visible
from survey_service.conduct.organisations import Listed
from survey_service.errors import DocumentError, UnkeepableError
from survey_service.library import tables
from survey_service.library.tables import Row
from survey_service.maturity.conditions import MOST, Attribute, AttributeName
from survey_service.writing_errors import AmbiguousNumberError, LostDigitsError, NotANumberError

_OWN = {"name": "nama", "kind": "jenis", "parent": "induk", "active": "aktif"}  # or in Indonesian
_POWER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_LOST = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E[+][0-9]{2,}|[1-9][0-9]{13}[1-9]0{2,}")
"""How a spreadsheet saves what was typed as digits: with a power of ten, or with noughts at the end."""

_IDENTIFIER = re.compile(r"0[0-9]+|(?![0-9]*0{6})[0-9]{16,40}")
"""Digits that count nothing: with noughts in front, or more of them than a number has."""

_ENDLESS = re.compile(r"[+-]?(nan|inf|infinity|[0-9]{16,})", re.IGNORECASE)
_SHOWN = 60  # characters of what is told of a cell that is refused
_NO = {"no", "tidak", "0", "false"}


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
        kind=own["kind"],
        parent=own["parent"] or None,
        attributes={name: _attribute(found, name, file) for name in sorted(others) if row[name]},
        active=own["active"].lower() not in _NO,
    )


def _attribute(row: Row, name: str, file: str) -> Attribute:
    try:
        return attribute(name, row.cells[name])
    except (UnkeepableError, AmbiguousNumberError, LostDigitsError) as error:
        raise DocumentError(
            file=file, line=row.line, key=name, reason=error.code, **error.details
        ) from error


def attribute(name: str, written: str) -> Attribute:
    """Return what somebody wrote as a whole number, a number or a text.

    Identifiers stay texts: `0012` keeps its noughts.

    Raises:
        UnkeepableError: It is a number that nothing can be reckoned with, or as large or as long as
            none is; or a text longer than any; or it has no name.
        AmbiguousNumberError: It is a number that may be read in two ways.
        LostDigitsError: A spreadsheet has made a number of it and kept only its first digits.
    """
    bare = visible(written)
    if _LOST.fullmatch(bare):
        raise LostDigitsError(name=name[:_SHOWN], value=bare[:_SHOWN])
    if _IDENTIFIER.fullmatch(bare):
        return _bounded(name, written, bare)
    if _ENDLESS.fullmatch(bare):
        raise UnkeepableError(name=name, value=bare[:_SHOWN], limit=MOST)
    return _bounded(name, written, _read(bare))


def _read(bare: str) -> Attribute:
    if _POWER.fullmatch(bare):
        return float(bare.replace(",", "."))
    try:
        value = i18n.number(bare)
    except NotANumberError:
        return bare
    if value is None:
        return ""
    return int(value) if value == value.to_integral_value() else float(value)


def typed(value: Attribute, language: str) -> str:
    """Return an attribute as a reader of the language types it, so that it is read the same again."""
    if isinstance(value, bool | str):
        return str(value)
    return i18n.typed(Decimal(str(value)), language)


def _bounded(name: str, written: str, found: Attribute) -> Attribute:
    try:
        _, kept = msgspec.convert((name, found), tuple[AttributeName, Attribute])
    except msgspec.ValidationError as error:
        raise UnkeepableError(name=name[:_SHOWN], value=written[:_SHOWN], limit=MOST) from error
    return kept
