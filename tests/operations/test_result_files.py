"""All results as Parquet in the store of files: what is in it, what it is called, and what is replaced."""

import io
import json
from collections import Counter
from typing import Any

import pyarrow.parquet as pq
import pytest

from survey_service.errors.engines import ExportTakenError, NothingToExportError
from survey_service.operations import responses, steps
from survey_service.operations.jobs import Tools
from survey_service.operations.steps import Taking
from survey_service.store.database import Writer
from survey_service.store.files import Files
from tests import packages
from tests.country import Country, settle
from tests.cycles import run_cycle
from tests.exporting import export

LEVELS = {f"Kabupaten {number}": 1 + number % 5 for number in range(7)}


@pytest.fixture
def kept(tools: Tools) -> Files:
    return tools.files


def _two_cycles(tx: Writer, country: Country) -> None:
    """Run two cycles; in the first of them one becomes final, at another level."""
    evaluator = country.people["evaluator@Agency"]
    first, *_ = run_cycle(tx, country, "2025", LEVELS).values()
    run_cycle(tx, country, "2026", dict.fromkeys(LEVELS, 3))
    steps.take(tx, evaluator, first, Taking("begin"))
    responses.accept_rest(tx, evaluator, first, "external")
    steps.take(tx, evaluator, first, Taking("finalise"))


async def _table(kept: Files, path: str) -> list[dict[str, Any]]:
    content = await kept.get(f"national/all/{path}")
    assert content is not None
    rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(content)).to_pylist()
    return rows


async def test_each_cycle_is_a_file_with_a_row_for_each_assessment_and_stage(tools: Tools) -> None:
    country = await settle(tools.db)
    await tools.db.write(_two_cycles, country)
    told: list[str] = []

    found = await export(tools, "all", told.append)

    assert told == ["2025", "2026"]
    paths = [part.path for part in found.files if part.cycle is not None]
    assert paths == [f"two-dimensions-1/results/cycle={n}/part-00000.parquet" for n in (1, 2)]
    rows = await _table(tools.files, paths[0])
    stages = {"self": 7, "internal": 1, "external": 1, "final": 1}
    assert Counter(row["stage"] for row in rows) == stages
    assert sum(row["stands"] for row in rows) == sum(row["compared"] for row in rows) == 7
    standing = {row["name"]: row for row in rows if row["stands"]}
    assert {name: row["index"] for name, row in standing.items()} == {
        name: level * 1_000_000 for name, level in LEVELS.items()
    }
    assert standing["Kabupaten 0"]["state"] == "final"
    assert standing["Kabupaten 1"]["value.A"] == 2_000_000
    assert "cycle" not in rows[0]  # it is in the name of the folder
    assert [part.rows for part in found.files if part.cycle is not None] == [10, 7]
    whole = await _table(tools.files, "two-dimensions-1/cycles.parquet")
    assert [(row["cycle"], row["name"], row["rows"]) for row in whole] == [
        (1, "2025", 10),
        (2, "2026", 7),
    ]


async def test_the_dictionary_names_every_file_and_column_in_both_languages(
    tools: Tools, kept: Files
) -> None:
    country = await settle(tools.db)
    await tools.db.write(_two_cycles, country)

    await export(tools, "all")

    described = json.loads(await kept.get("national/all/datapackage.json") or b"")
    first, second, columns, cycles = described["resources"]
    there = {one.name async for one in kept.below("national/all/")}
    contents = {name.removeprefix("national/all/"): await kept.get(name) for name in there}
    tables = packages.described({name: one or b"" for name, one in contents.items()})
    assert [len(one) for one in tables.values()] == [10, 7, 8, 2]
    assert len(tables) == len(there) - 1
    assert [(one["cycle"], one["cycleName"]) for one in (first, second)] == [
        (1, "2025"),
        (2, "2026"),
    ]
    assert "contributors" not in described  # it was made from the command line
    fields = {one["name"]: one for one in first["schema"]["fields"]}
    assert list(fields) == list((await _table(kept, first["path"]))[0])
    assert all(one["titles"]["id"] and one["titles"]["en"] for one in fields.values())
    assert fields["index.merit"]["lowest"] == 1_000_000
    assert "10^6" in fields["index.merit"]["descriptions"]["en"]
    known = {row["column"]: row for row in await _table(kept, columns["path"])}
    assert set(known) == {name for name in fields if "." in name or name == "index"}
    assert (known["value.A"]["parent"], known["value.A"]["tier"]) == ("merit", "indicator")
    assert [one["name"] for one in cycles["schema"]["fields"]] == ["form", "cycle", "name", "rows"]


async def test_an_export_is_replaced_only_where_that_is_asked_for(
    tools: Tools, kept: Files
) -> None:
    country = await settle(tools.db)
    await tools.db.write(_two_cycles, country)
    await export(tools, "all")
    await kept.put("national/all/two-dimensions-1/results/cycle=2/part-00001.parquet", b"old")
    await kept.put("national/other/kept", b"x")

    with pytest.raises(ExportTakenError):
        await export(tools, "all")
    await export(tools, "all", replace=True)

    there = [one.name async for one in kept.below("national/all/")]
    assert len(there) == 5
    assert not any("part-00001" in name for name in there)
    assert await kept.has("national/other/kept")
    assert [one async for one in kept.below("national-under-way/")] == []


async def test_where_no_cycle_was_opened_there_is_nothing_to_export(tools: Tools) -> None:
    with pytest.raises(NothingToExportError):
        await export(tools, "all")
