"""The results of a country as files for engines: what their columns are, and the dictionary beside them.

    datapackage.json                                    what all of it is (Frictionless)
    asn-maturity-2026.1/results/cycle=4/part-….parquet  a row for each assessment and stage
    asn-maturity-2026.1/columns.parquet                 what each column of numbers is, for engines
    asn-maturity-2026.1/cycles.parquet                  which cycles are whole, with how many rows

Each questionnaire has a folder of its own, as its columns are its own.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.national import steps
from survey_service.analysis.result_rows import (
    FIXED,
    FLAGS,
    FORM,
    TEXTS,
    Number,
    attribute_column,
    numbers,
)
from survey_service.conduct.life import STAGES, STATES
from survey_service.conduct.organisations import KINDS
from survey_service.maturity.cards import digits
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports import parquet
from survey_service.reports.data_packages import MEDIA, description, sources, titled
from survey_service.reports.parquet import Cell, Column, Type
from survey_service.reports.releases import LANGUAGES

COLUMNS = (
    Column("column", "string"),
    Column("code", "string"),
    Column("parent", "string"),
    Column("tier", "string"),
    Column("lowest", "integer"),
    Column("highest", "integer"),
    Column("digits", "integer"),
    Column("steps", "integer"),
    *(Column(f"title_{language}", "string") for language in LANGUAGES),
)
"""Of the file that says what columns of numbers are."""

CYCLES = (
    Column("form", "integer"),
    Column("cycle", "integer"),
    Column("name", "string"),
    Column("rows", "integer"),
)
"""Of the file that says what is whole: written last, and removed first."""


class Piece(Struct, frozen=True):
    """A file: its name below the folder of the export, its size in bytes, and its SHA-256."""

    path: str
    size: int
    digest: str


class Part(Piece, frozen=True):
    """A file of results, and the cycle that it is of."""

    cycle: int
    cycle_name: str
    rows: int


class Exported(Struct, frozen=True):
    """The results of a questionnaire: by which attributes organisations are known, and the files.

    `columns` is the file that says what columns of numbers are, `cycles` that which says what is whole.
    """

    questionnaire: Questionnaire
    attributes: Sequence[str]
    parts: Sequence[Part]
    columns: Piece
    cycles: Piece

    @property
    def pieces(self) -> list[Piece]:
        """All of the files; the last says that the others are whole."""
        return [*self.parts, self.columns, self.cycles]


class Made(Struct, frozen=True):
    """What an export is called, when it was made, and by whom; "" for the command line."""

    name: str
    at: dt.datetime
    by: str


def folder(questionnaire: Questionnaire) -> str:
    """Return the name of the folder of a questionnaire."""
    return questionnaire.reference.replace("@", "-")


def result_columns(questionnaire: Questionnaire, attributes: Sequence[str]) -> list[Column]:
    """Return the columns of a file of results, in the order of `analysis.result_rows.rows`."""
    fixed = [Column(name, _type(name), _said(f"export.{name}")) for name in FIXED]
    known = [
        Column(attribute_column(name), "string", _said("export.attribute", name=name))
        for name in attributes
    ]
    counted = [
        Column(one.name, "integer", _titles(questionnaire, one), _units(questionnaire))
        for one in numbers(questionnaire)
    ]
    return [*fixed, *known, *counted]


def about(questionnaire: Questionnaire) -> dict[str, str]:
    """Return what a file of results says of itself."""
    return {
        "questionnaire": questionnaire.reference,
        "digits": str(digits(questionnaire)),
        **{f"title.{of}": text for of, text in _said("export.title").items()},
    }


def number_columns(questionnaire: Questionnaire) -> bytes:
    """Return the file that says what the columns of numbers are."""
    beside = digits(questionnaire), steps(questionnaire)
    rows: list[Sequence[Cell]] = [
        (
            one.name,
            one.code,
            one.parent,
            one.tier,
            one.lowest,
            one.highest,
            *beside,
            *titles.values(),
        )
        for one in numbers(questionnaire)
        for titles in [_titles(questionnaire, one)]
    ]
    return parquet.content(COLUMNS, rows, about(questionnaire))


def whole_cycles(parts: Sequence[Part]) -> bytes:
    """Return the file that says which cycles there are, with how many rows."""
    rows = [(FORM, part.cycle, part.cycle_name, part.rows) for part in parts]
    return parquet.content(CYCLES, rows)


def dictionary(found: Sequence[Exported], made: Made) -> bytes:
    """Return what all of an export is, as a Frictionless Data Package."""
    package = {
        "profile": "data-package",
        "name": made.name.lower(),
        **titled(_said("export.title")),
        "created": made.at.isoformat(timespec="seconds"),
        "contributors": [{"title": made.by, "role": "author"}] if made.by else [],
        "sources": [one for each in found for one in sources(each.questionnaire)],
        "resources": [one for each in found for one in _resources(each)],
    }
    return description({key: value for key, value in package.items() if value != []})


def _resources(one: Exported) -> Iterator[dict[str, object]]:
    asked = one.questionnaire
    units = {entry.name: entry for entry in numbers(asked)}
    fields = [_field(column, units) for column in result_columns(asked, one.attributes)]
    for part in one.parts:
        yield {
            **_resource(asked, "results", part, str(part.cycle)),
            **titled(_said("export.of", name=asked.reference, cycle=part.cycle_name)),
            "questionnaire": asked.reference,
            "digits": digits(asked),
            "cycle": part.cycle,
            "cycleName": part.cycle_name,
            "rows": part.rows,
            "schema": {"fields": fields},
        }
    for table, columns, key, piece in (
        ("columns", COLUMNS, "column", one.columns),
        ("cycles", CYCLES, "cycle", one.cycles),
    ):
        known = [{"name": column.name, "type": column.type} for column in columns]
        yield {
            **_resource(asked, table, piece),
            **titled(_said(f"export.{table}")),
            "questionnaire": asked.reference,
            "schema": {"fields": known, "primaryKey": [key]},
        }


def _resource(asked: Questionnaire, table: str, piece: Piece, *more: str) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": "-".join((folder(asked), table, *more)).lower(),
        "path": piece.path,
        "format": "parquet",
        "mediatype": MEDIA["parquet"],
        "bytes": piece.size,
        "hash": f"sha256:{piece.digest}",
    }


def _field(column: Column, units: dict[str, Number]) -> dict[str, object]:
    found = {"name": column.name, "type": column.type, **titled(dict(column.titles))}
    if column.name in _CONSTRAINTS:
        found["constraints"] = _CONSTRAINTS[column.name]
    if column.name in units:
        one = units[column.name]
        described = dict(column.descriptions)
        found |= {"description": described["id"], "descriptions": described}
        found |= {
            "code": one.code,
            "parent": one.parent,
            "lowest": one.lowest,
            "highest": one.highest,
        }
    return found


_CONSTRAINTS: Mapping[str, dict[str, object]] = {
    **{name: {"required": True} for name in ("assessment", "organisation", "name", *FLAGS)},
    "kind": {"required": True, "enum": KINDS},
    "state": {"required": True, "enum": STATES},
    "stage": {"enum": STAGES},  # none where there is no result yet
}


def _type(name: str) -> Type:
    if name in TEXTS:
        return "string"
    return "boolean" if name in FLAGS else "integer"


def _titles(questionnaire: Questionnaire, one: Number) -> dict[str, str]:
    if one.tier == "index":
        return _said("export.index")
    known = questionnaire.all_nodes if one.tier == "node" else questionnaire.indicators
    return {language: known[one.code].name.in_(language) for language in LANGUAGES}


def _units(questionnaire: Questionnaire) -> dict[str, str]:
    return _said("export.units", digits=digits(questionnaire))


def _said(message: str, **values: object) -> dict[str, str]:
    return {language: i18n.translate(message, language, **values) for language in LANGUAGES}
