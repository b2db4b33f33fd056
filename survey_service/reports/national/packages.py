"""A view to go on with elsewhere: a Frictionless Data Package, its description the dictionary of the data.

As CSV, and as Parquet where that extra is installed.
"""

import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from survey_service.analysis.selection import Selection
from survey_service.reports import parquet
from survey_service.reports.data_packages import DESCRIPTION, MARK, description, resource, sources
from survey_service.reports.national.view import Field, View, scale
from survey_service.reports.tables import Table, csv


class About(Struct, frozen=True):
    """What a package says of itself: of which cycle and questionnaire it is, what was asked for, and when.

    The cells that are words are in `language`.
    """

    cycle: str
    questionnaire: str
    digest: str
    language: str
    asked: Mapping[str, str | int | bool]
    at: dt.datetime


def package(views: Mapping[str, View], selection: Selection, about: About) -> bytes:
    """Return the package of a view as a ZIP.

    Args:
        views: The same view by language.
        selection: Of what it is.
        about: What the package says of itself.
    """
    own = views[about.language]
    names = _names(own.fields)
    forms = {"csv": csv(Table(own.code, names, own.rows))[MARK:]}
    if parquet.is_there():
        forms["parquet"] = _parquet(views, names, about)
    fields = list(_fields(views, names, selection))
    described = {
        "profile": "tabular-data-package",
        "name": own.code,
        "title": own.title,
        "titles": {language: view.title for language, view in views.items()},
        "description": own.words,
        "created": about.at.isoformat(timespec="seconds"),
        "cycle": about.cycle,
        "questionnaire": about.questionnaire,
        "questionnaireDigest": about.digest,
        "sources": sources(selection.questionnaire),
        "language": about.language,
        "asked": about.asked,
        "resources": [resource(own.code, form, content, fields) for form, content in forms.items()],
    }
    files = {f"{own.code}.{form}": content for form, content in forms.items()}
    return _zipped({DESCRIPTION: description(described), **files}, about.at)


def _parquet(views: Mapping[str, View], names: Sequence[str], about: About) -> bytes:
    own = views[about.language]
    columns = [
        parquet.Column(
            name,
            own.fields[place].type,
            {language: view.fields[place].title for language, view in views.items()},
        )
        for place, name in enumerate(names)
    ]
    return parquet.content(columns, own.rows, {"title": own.title, "cycle": about.cycle})


def _names(fields: Sequence[Field]) -> list[str]:
    """Return what the columns are called for programs, each otherwise, capitals or not."""
    met: Counter[str] = Counter()
    found = []
    for field in fields:
        met[field.name.casefold()] += 1
        count = met[field.name.casefold()]
        found.append(field.name if count == 1 else f"{field.name}_{count}")
    return found


def _fields(
    views: Mapping[str, View], names: Sequence[str], selection: Selection
) -> Iterator[dict[str, object]]:
    """Yield the dictionary: a description of each column."""
    for place, name in enumerate(names):
        of = {language: view.fields[place] for language, view in views.items()}
        field = next(iter(of.values()))
        described: dict[str, object] = {
            "name": name,
            "type": field.type,
            "title": field.title,
            "titles": {language: one.title for language, one in of.items()},
        }
        if (unit := _unit(field, selection)) is not None:
            described["unit"] = unit
        yield described


def _unit(field: Field, selection: Selection) -> str | None:
    """Return the unit of a column: of an index its scale, such as `1 … 5`; None where it has none."""
    if field.type != "number" or field.code is None:
        return field.unit or None
    ends = scale(selection.questionnaire, field.code)
    return f"{ends.lowest.normalize():f} … {ends.highest.normalize():f}"


def _zipped(files: Mapping[str, bytes], at: dt.datetime) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            about = zipfile.ZipInfo(name, at.timetuple()[:6])
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, data)
    return content.getvalue()
