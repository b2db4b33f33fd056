"""All results as Parquet in the store of files: what is in it, what it is called, and what is replaced."""

import io
import json
from collections import Counter
from typing import Any

import pyarrow.parquet as pq
import pytest

from survey_service.errors.engines import ExportTakenError, NothingToExportError
from survey_service.operations import responses, result_files, steps
from survey_service.operations.steps import Taking
from survey_service.settings import Settings
from survey_service.store.database import Database, Writer
from survey_service.store.files import Files, files
from tests.country import Country, settle
from tests.cycles import run_cycle

LEVELS = {f"Kabupaten {number}": 1 + number % 5 for number in range(7)}


@pytest.fixture
def kept(settings: Settings) -> Files:
    return files(settings)


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


async def test_each_cycle_is_a_file_with_a_row_for_each_assessment_and_stage(
    db: Database, kept: Files
) -> None:
    country = await settle(db)
    await db.write(_two_cycles, country)
    told: list[str] = []

    (found,) = await result_files.export(db, kept, "all", told.append)

    assert told == ["2025", "2026"]
    paths = [part.path for part in found.parts]
    assert paths == [f"two-dimensions-1/results/cycle={n}/part-00000.parquet" for n in (1, 2)]
    rows = await _table(kept, paths[0])
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
    assert [part.rows for part in found.parts] == [10, 7]


async def test_the_dictionary_names_every_file_and_column_in_both_languages(
    db: Database, kept: Files
) -> None:
    country = await settle(db)
    await db.write(_two_cycles, country)

    await result_files.export(db, kept, "all", _ignore)

    content = await kept.get("national/all/datapackage.json")
    results, columns = json.loads(content or b"")["resources"]
    there = {one.name async for one in kept.below("national/all/")}
    named = {f"national/all/{path}" for path in (*results["path"], *columns["path"])}
    assert there == named | {"national/all/datapackage.json"}
    assert results["partition"]["values"] == {"1": "2025", "2": "2026"}
    fields = {one["name"]: one for one in results["schema"]["fields"]}
    assert list(fields) == list((await _table(kept, results["path"][0]))[0])
    assert all(one["titles"]["id"] and one["titles"]["en"] for one in fields.values())
    assert fields["index.merit"]["lowest"] == 1_000_000
    assert "10^6" in fields["index.merit"]["descriptions"]["en"]
    described = {row["column"]: row for row in await _table(kept, columns["path"][0])}
    assert set(described) == {name for name in fields if "." in name or name == "index"}
    assert (described["value.A"]["parent"], described["value.A"]["tier"]) == ("merit", "indicator")


async def test_an_export_is_replaced_only_where_that_is_asked_for(
    db: Database, kept: Files
) -> None:
    country = await settle(db)
    await db.write(_two_cycles, country)
    await result_files.export(db, kept, "all", _ignore)
    await kept.put("national/all/two-dimensions-1/results/cycle=9/part-00000.parquet", b"old")
    await kept.put("national/other/kept", b"x")

    with pytest.raises(ExportTakenError):
        await result_files.export(db, kept, "all", _ignore)
    await result_files.export(db, kept, "all", _ignore, replace=True)

    there = [one.name async for one in kept.below("national/all/")]
    assert len(there) == 4
    assert not any("cycle=9" in name for name in there)
    assert await kept.has("national/other/kept")


async def test_where_no_cycle_was_opened_there_is_nothing_to_export(
    db: Database, kept: Files
) -> None:
    with pytest.raises(NothingToExportError):
        await result_files.export(db, kept, "all", _ignore)


def _ignore(_: str) -> None:
    pass
