"""Descriptions of Frictionless Data Packages: what is the same of each, whatever it holds."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from survey_service.maturity.instrument import Questionnaire

MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
DESCRIPTION = "datapackage.json"
MARK = len(b"\xef\xbb\xbf")  # by which a spreadsheet knows UTF-8, and a program nothing


def description(package: Mapping[str, object]) -> bytes:
    """Return the file that describes a package."""
    return msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n"


def titled(titles: Mapping[str, str]) -> dict[str, object]:
    """Return how anything is titled, in Indonesian and by language."""
    return {"title": titles["id"], "titles": titles}


def sources(questionnaire: Questionnaire) -> list[dict[str, str]]:
    """Return what the data follow from: a questionnaire, and what that is taken from."""
    titles = [f"{questionnaire.name.id} ({questionnaire.reference})", questionnaire.source]
    return [{"title": one.strip()} for one in titles if one.strip()]


def resource(
    name: str, form: str, content: bytes, fields: Sequence[Mapping[str, object]], **schema: object
) -> dict[str, object]:
    """Return what a package says of a table in it, which has one file for each form.

    Args:
        name: Of the table, and its file without the form.
        form: As in `MEDIA`.
        content: Of the file.
        fields: What each column is.
        schema: What else is to say of the columns, such as `primaryKey`.
    """
    return {
        "profile": "tabular-data-resource",
        "name": name if form == "csv" else f"{name}-{form}",
        "path": f"{name}.{form}",
        "format": form,
        "mediatype": MEDIA[form],
        **({"encoding": "utf-8"} if form == "csv" else {}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": fields, "missingValues": [""], **schema},
    }
