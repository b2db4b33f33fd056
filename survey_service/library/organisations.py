"""Lists of organisations: a spreadsheet with a row for each."""

import re
from decimal import Decimal

import msgspec

from survey_service import i18n
from survey_service.characters import single_blanks, visible
from survey_service.conduct.organisation_lists import Entry
from survey_service.conduct.organisations import KINDS
from survey_service.errors import DocumentError
from survey_service.errors.organisations import UnkeepableError
from survey_service.errors.writing import AmbiguousNumberError, LostDigitsError, NotANumberError
from survey_service.library import tables
from survey_service.library.tables import Row
from survey_service.library.vocabulary import named, plain, truth, words
from survey_service.maturity.conditions import MOST, Attribute, AttributeName

_HEADINGS = words(
    name="nama,nama instansi,nama organisasi,nama unit,instansi,organisasi,organisation,organization,agency",
    kind="jenis,jenis instansi",
    parent="induk,instansi induk,di bawah,below",
    active="aktif,status aktif",
)
_OWN = {"name", "kind", "parent", "active"}
_KINDS = named("kind", KINDS, words(body="badan", regency="kab", province="prov", unit="unit"))
Thousands = bool | None
"""Whether what stands once before three digits parts thousands, or decimals; None where nobody says."""

_POWER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+")
_LOST = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E[+][0-9]{2,}|[1-9][0-9]{13}[1-9]0{2,}")
"""How a spreadsheet saves what was typed as digits: with a power of ten, or with noughts at the end."""

_IDENTIFIER = re.compile(r"0[0-9]+|(?![0-9]*0{6})[0-9]{16,40}")
"""Digits that count nothing: with noughts in front, or more of them than a number has."""

_ENDLESS = re.compile(r"[+-]?(nan|inf|infinity|[0-9]{16,})", re.IGNORECASE)
_SHOWN = 60  # characters of what is told of a cell that is refused


def load(content: bytes, file: str, thousands: Thousands = None) -> list[Entry]:
    """Return what a list says of organisations, row by row.

    The columns name, kind, parent and active may be headed in either language; every other column is
    an attribute by its heading. An empty cell says nothing.

    Args:
        content: A CSV file or a workbook.
        file: What it is called, in errors.
        thousands: How a number is read that may mean two.

    Raises:
        DocumentError: The file is no table, lacks a name, or has a cell that cannot be read.
    """
    rows = tables.rows(content, file, _HEADINGS)
    if "name" not in rows[0].cells:
        raise DocumentError(file=file, line=rows[0].top, key="name", reason="headings")
    return [_entry(row, file, thousands) for row in rows]


def _entry(row: Row, file: str, thousands: Thousands) -> Entry:
    said = {name: single_blanks(cell) for name, cell in row.cells.items() if name in _OWN}
    kind = said.get("kind", "")
    return Entry(
        row.line,
        said.get("name", ""),
        _KINDS.get(plain(kind), kind) or None,
        said.get("parent") or None,
        {
            name: _attribute(row, name, file, thousands)
            for name, cell in sorted(row.cells.items())
            if name not in _OWN and cell
        },
        _active(row, file),
    )


def _active(row: Row, file: str) -> bool | None:
    said = row.cells.get("active", "")
    if said and truth(said) is None:
        raise DocumentError(
            file=file, line=row.line, key="active", reason="not_yes_no", value=said[:_SHOWN]
        )
    return truth(said)


def _attribute(row: Row, name: str, file: str, thousands: Thousands) -> Attribute:
    cell = row.cells[name]
    try:
        if name in row.numbers:  # a spreadsheet's own, and no way of writing it to be guessed
            return _bounded(name, cell, _number(Decimal(cell)))
        return attribute(name, cell, thousands)
    except (UnkeepableError, AmbiguousNumberError, LostDigitsError) as error:
        raise DocumentError(
            file=file, line=row.line, key=name, reason=error.code, **error.details
        ) from error


def attribute(name: str, written: str, thousands: Thousands = None) -> Attribute:
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
    return _bounded(name, written, _read(bare, thousands))


def _read(bare: str, thousands: Thousands) -> Attribute:
    if _POWER.fullmatch(bare):
        return float(bare.replace(",", "."))
    try:
        value = i18n.number(bare)
    except NotANumberError:
        return bare
    except AmbiguousNumberError:
        if thousands is None:
            raise
        whole, part = i18n.readings(bare)
        value = whole if thousands else part
    return "" if value is None else _number(value)


def _number(value: Decimal) -> Attribute:
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
