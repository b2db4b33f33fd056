"""The results of a country as files for engines: what their columns are, and the dictionary beside them.

    datapackage.json                                    what all of it is (Frictionless)
    asn-maturity-2026.1/results/cycle=4/part-….parquet  a row for each assessment and stage
    asn-maturity-2026.1/columns.parquet                 what each column of numbers is, for engines

Each questionnaire has a folder of its own, as its columns are its own.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.national import steps
from survey_service.analysis.result_rows import (
    CYCLE,
    FIXED,
    FLAGS,
    TEXTS,
    Number,
    attribute_column,
    numbers,
)
from survey_service.maturity.cards import digits
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports import parquet
from survey_service.reports.data_packages import description, titled
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


class Part(Struct, frozen=True):
    """A file of results: its name below the folder of the export, and the cycle that it is of."""

    path: str
    cycle: int
    cycle_name: str
    rows: int
    size: int


class Exported(Struct, frozen=True):
    """The results of a questionnaire: by which attributes organisations are known, and the files."""

    questionnaire: Questionnaire
    attributes: Sequence[str]
    parts: Sequence[Part]


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


def dictionary(found: Sequence[Exported]) -> bytes:
    """Return what all of an export is, as a Frictionless Data Package."""
    package = {
        "profile": "data-package",
        "name": "results",
        **titled(_said("export.title")),
        "resources": [one for each in found for one in _resources(each)],
    }
    return description(package)


def _resources(one: Exported) -> Iterator[dict[str, object]]:
    asked = one.questionnaire
    name = folder(asked)
    cycles = {part.cycle: part.cycle_name for part in one.parts}
    parted = {"name": CYCLE, "type": "integer", **titled(_said("export.cycle"))}
    units = {entry.name: entry for entry in numbers(asked)}
    fields = [_field(column, units) for column in result_columns(asked, one.attributes)]
    yield {
        **_resource(f"{name}-results", [part.path for part in one.parts]),
        **titled(_said("export.of", name=asked.reference)),
        "questionnaire": asked.reference,
        "digits": digits(asked),
        "partition": {**parted, "values": {str(id_): called for id_, called in cycles.items()}},
        "schema": {"fields": fields},
    }
    columns = [{"name": column.name, "type": column.type} for column in COLUMNS]
    yield {
        **_resource(f"{name}-columns", [f"{name}/columns.parquet"]),
        **titled(_said("export.columns")),
        "schema": {"fields": columns},
    }


def _resource(name: str, paths: Sequence[str]) -> dict[str, object]:
    return {"name": name.lower(), "path": paths, "format": "parquet"}


def _field(column: Column, units: dict[str, Number]) -> dict[str, object]:
    found = {"name": column.name, "type": column.type, **titled(dict(column.titles))}
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
