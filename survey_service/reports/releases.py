"""A release of open data as files: a Frictionless Data Package that anybody can recompute.

Equal releases are equal bytes: no file holds a time, and all of them are in a fixed order.
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.releases import ATTRIBUTE, PERCENTS, Release
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import SCORING_VERSION
from survey_service.maturity.texts import Text
from survey_service.reports import parquet
from survey_service.reports.bundle import sums
from survey_service.reports.data_packages import (
    DESCRIPTION,
    MARK,
    MEDIA,
    description,
    resource,
    sources,
    titled,
)
from survey_service.reports.parquet import Column, Type
from survey_service.reports.tables import Cell, Table, csv

LANGUAGES = ("id", "en")
_WRITTEN: dict[str, Type] = {"integer": "integer", "number": "number"}
"""How Parquet has what Frictionless has; all else is text."""


class Field(Struct, frozen=True):
    """A column: its name and type, as Frictionless has them, and its title by language."""

    name: str
    type: str
    titles: dict[str, str]
    unit: str | None = None


class Data(Struct, frozen=True):
    """A table of a release, with what its columns are."""

    name: str
    titles: dict[str, str]
    fields: Sequence[Field]
    rows: Sequence[Sequence[Cell]]
    keys: Sequence[str]


def files(release: Release) -> dict[str, bytes]:
    """Return the files of a release by name; the last has the digests of all others."""
    data = list(_data(release))
    found = {f"{one.name}.csv": _csv(one) for one in data}
    if parquet.is_there():  # an extra: without it there are the same tables as CSV
        found |= {f"{one.name}.parquet": _parquet(one) for one in data}
    found["questionnaire.yaml"] = release.content
    found["README.md"] = _readme(release).encode()
    found[DESCRIPTION] = _described(release, data, found)
    digests = [(hashlib.sha256(found[name]).hexdigest(), name) for name in sorted(found)]
    return {**found, "digests.txt": sums(digests)}


def _data(release: Release) -> Iterator[Data]:
    if release.rows is not None:
        yield _organisations(release)
        yield _indicators(release)
    yield _groups(release)
    if release.edition.before:
        yield _changes(release)


def _organisations(release: Release) -> Data:
    questionnaire, rows = release.questionnaire, release.rows or ()
    nodes = questionnaire.all_nodes
    fields = [
        _field("organisation", "integer"),
        _field("name", "string"),
        _field("kind", "string"),
        _field("attributes", "object"),
        _field("index", "number", _unit(questionnaire, "")),
        _field("grade", "string"),
        _field("answered", "integer"),
        _field("total", "integer"),
        *(
            Field(f"index.{code}", "number", _titles(node.name), _unit(questionnaire, code))
            for code, node in nodes.items()
        ),
    ]
    cells = [
        (
            *(row.id, row.name, row.kind, msgspec.json.encode(row.attributes).decode()),
            *(row.index, row.grade, row.answered, row.total),
            *(row.nodes[code] for code in nodes),
        )
        for row in rows
    ]
    return Data("organisations", _said("release.organisations"), fields, cells, ("organisation",))


def _indicators(release: Release) -> Data:
    fields = [
        _field("organisation", "integer"),
        _field("indicator", "string"),
        _field("answer", "object"),
        _field("value", "number"),
    ]
    cells: list[Sequence[Cell]] = []
    for row in release.rows or ():
        for code in release.questionnaire.indicators:
            answer, worth = row.answers.get(code), row.worth[code]
            if answer is not None or worth is not None:
                written = None if answer is None else msgspec.json.encode(answer).decode()
                cells.append((row.id, code, written, worth))
    titles = _said("release.indicators")
    return Data("indicators", titles, fields, cells, ("organisation", "indicator"))


def _groups(release: Release) -> Data:
    fields = [
        _field("grouping", "string"),
        _field("group", "string"),
        _field("code", "string"),
        _field("count", "integer"),
        _field("mean", "number"),
        *(
            Field(f"p{percent}", "number", _said("release.percent", percent=percent))
            for percent in PERCENTS
        ),
    ]
    cells = [(*one.key, one.count, one.mean, *one.quantiles) for one in release.figures]
    return Data("groups", _said("release.all_groups"), fields, cells, ())


def _changes(release: Release) -> Data:
    names = ("what", "table", "of", "code", "figure", "before", "after")
    cells = [
        (one.what, one.table, one.of, one.code, one.figure, one.before, one.after)
        for one in release.edition.changes
    ]
    fields = [_field(name, "string") for name in names]
    return Data("changes", _said("release.changes"), fields, cells, ())


def _csv(data: Data) -> bytes:
    return csv(Table(data.name, [one.name for one in data.fields], data.rows))[MARK:]


def _parquet(data: Data) -> bytes:
    columns = [
        Column(one.name, _WRITTEN.get(one.type, "string"), one.titles) for one in data.fields
    ]
    return parquet.content(columns, data.rows, {"title": data.titles["en"]})


def _described(release: Release, data: Sequence[Data], known: dict[str, bytes]) -> bytes:
    """Return the description of the package, with its dictionary of the data."""
    found = {
        "profile": "data-package",
        "name": "release",
        **titled(_said("release.title", cycle=release.cycle)),
        "version": str(release.edition.number),
        "before": release.edition.before,
        "reason": release.edition.reason,
        "questionnaire": release.questionnaire.reference,
        "questionnaireDigest": release.digest,
        "scoring": SCORING_VERSION,
        "sources": sources(release.questionnaire),
        **({"licenses": [_licence(release.licence)]} if release.licence else {}),
        "organisations": release.count,
        "fewest": release.fewest,
        "named": release.rows is not None,
        "resources": [
            _resource(one, form, known[f"{one.name}.{form}"])
            for form in MEDIA
            for one in data
            if f"{one.name}.{form}" in known
        ],
    }
    return description(found)


def _licence(named: str) -> dict[str, str]:
    return {"path" if "://" in named else "name": named}


def _resource(data: Data, form: str, content: bytes) -> dict[str, object]:
    schema: dict[str, object] = {}
    if data.keys:
        schema["primaryKey"] = data.keys
    if data.name == "indicators":
        reference = {"resource": "organisations", "fields": "organisation"}
        schema["foreignKeys"] = [{"fields": "organisation", "reference": reference}]
    fields = [_dictionary(one, required=one.name in data.keys) for one in data.fields]
    return {**resource(data.name, form, content, fields, **schema), **titled(data.titles)}


def _dictionary(field: Field, *, required: bool) -> dict[str, object]:
    found = {"name": field.name, "type": field.type, **titled(field.titles)}
    if required:
        found["constraints"] = {"required": True}
    return found if field.unit is None else {**found, "unit": field.unit}


def _readme(release: Release) -> str:
    return "\n".join(_told(release, language) for language in LANGUAGES)


def _told(release: Release, language: str) -> str:
    """Return what a release is, in a language."""

    def said(message: str, **values: object) -> str:
        return i18n.translate(message, language, **values)

    asked, edition = release.questionnaire, release.edition
    corrects = [said("release.corrects", number=edition.number, reason=edition.reason)]
    parts = [
        "# " + said("release.title", cycle=release.cycle),
        said("release.about", name=asked.name.in_(language), reference=asked.reference),
        *(corrects if edition.before else ()),
        said("release.counted", number=release.count),
        said("release.named" if release.rows is not None else "release.groups_alone"),
        said("release.groups", fewest=release.fewest, attribute=ATTRIBUTE),
        *((said("release.licence", licence=release.licence),) if release.licence else ()),
        said("release.numbers"),
        said("release.check"),
        "    survey-service check-release FOLDER",
    ]
    return "\n\n".join(parts) + "\n"


def _field(name: str, type_: str, unit: str | None = None) -> Field:
    return Field(name, type_, _said(f"release.{name}"), unit)


def _said(message: str, **values: object) -> dict[str, str]:
    return {language: i18n.translate(message, language, **values) for language in LANGUAGES}


def _titles(text: Text) -> dict[str, str]:
    return {language: text.in_(language) for language in LANGUAGES}


def _unit(questionnaire: Questionnaire, code: str) -> str:
    """Return the scale of a value, such as `1 … 5`."""
    lowest, highest = (f"{float(end):g}" for end in questionnaire.spans[code])
    return f"{lowest} … {highest}"
