"""Frictionless Data Packages as their specification (version 1) has them, and as their files bear out."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_NAME = re.compile(r"[-a-z0-9._/]+")
_READ: Mapping[str, Callable[[str], object]] = {
    "string": str,
    "object": json.loads,
    "integer": int,
    "number": Decimal,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
}
"""How a cell of a CSV file is read by the type of its column."""

_KEPT = {
    "string": pa.types.is_string,
    "object": pa.types.is_string,
    "integer": pa.types.is_integer,
    "number": pa.types.is_floating,
    "boolean": pa.types.is_boolean,
    "date": pa.types.is_date,
    "datetime": pa.types.is_timestamp,
}
Rows = Sequence[Mapping[str, Any]]


def described(files: Mapping[str, bytes]) -> dict[str, Rows]:
    """Return the rows of every table of a package, having held each to what is said of it."""
    package = json.loads(files["datapackage.json"])
    assert _NAME.fullmatch(package["name"])
    assert package["profile"] in {"data-package", "tabular-data-package"}
    if "created" in package:
        assert dt.datetime.fromisoformat(package["created"]).tzinfo is not None
    for key in ("sources", "contributors", "licenses"):
        assert key not in package or package[key]
    assert all(one["title"] for one in package["sources"])
    resources = {one["name"]: one for one in package["resources"]}
    assert len(resources) == len(package["resources"]) > 0
    tables = {name: _table(one, files[one["path"]]) for name, one in resources.items()}
    for name, one in resources.items():
        for foreign in one["schema"].get("foreignKeys", ()):
            known = {
                row[foreign["reference"]["fields"]]
                for row in tables[foreign["reference"]["resource"]]
            }
            assert {row[foreign["fields"]] for row in tables[name]} <= known
    return tables


def _table(resource: dict[str, Any], content: bytes) -> Rows:
    assert _NAME.fullmatch(resource["name"])
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    fields = {one["name"]: one for one in resource["schema"]["fields"]}
    assert len(fields) == len(resource["schema"]["fields"])
    rows = _csv(fields, content) if resource["format"] == "csv" else _parquet(fields, content)
    for name, field in fields.items():
        allowed = field.get("constraints", {})
        assert allowed.keys() <= {"required", "unique", "enum"}
        values = [row[name] for row in rows]
        assert None not in values or not allowed.get("required")
        assert {*values} - {None} <= {*allowed["enum"]} if "enum" in allowed else True
    keys = resource["schema"].get("primaryKey", ())
    found = [tuple(row[key] for key in keys) for row in rows]
    assert not keys or len({*found}) == len(found)
    assert not any(None in one for one in found)
    return rows


def _csv(fields: Mapping[str, Any], content: bytes) -> Rows:
    heading, *rows = csv.reader(io.StringIO(content.decode()))
    assert heading == list(fields)
    return [
        {
            name: None if cell == "" else _READ[fields[name]["type"]](cell)
            for name, cell in zip(heading, row, strict=True)
        }
        for row in rows
    ]


def _parquet(fields: Mapping[str, Any], content: bytes) -> Rows:
    table = pq.read_table(io.BytesIO(content))
    assert table.column_names == list(fields)
    for name, type_ in zip(table.column_names, table.schema.types, strict=True):
        assert _KEPT[fields[name]["type"]](type_), (name, type_)
    rows: Rows = table.to_pylist()
    return rows
