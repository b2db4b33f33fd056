"""An engine beyond this machine: it comes to the same as we do, and says in words why it does not.

It is Sail, which speaks Spark Connect without a JVM, in a process of its own. It reads what is exported
from a real server of S3.
"""

import asyncio
import io
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from msgspec import Struct, structs
from numpy.typing import NDArray

from survey_service.analysis.national import Answered, Figures, figures
from survey_service.analysis.national_coherence import of_columns
from survey_service.analysis.result_rows import Number
from survey_service.cli import main
from survey_service.errors.engines import (
    ColumnsMissingError,
    EngineFailedError,
    EngineUnreachableError,
    ExtraMissingError,
    NoExportError,
    NoSuchCycleError,
    NoSuchGroupError,
    OtherExportError,
    PartialExportError,
)
from survey_service.maturity.cards import NOTHING
from survey_service.operations import questionnaires
from survey_service.operations.columns import KeptColumns
from survey_service.operations.generated_country import Size, generate
from survey_service.operations.jobs import tools_for
from survey_service.outside.engine import Question, ask
from survey_service.settings import Settings
from survey_service.store import cycles
from survey_service.store.database import Database, Reader
from survey_service.store.files import Files, files
from survey_service.store.schema import migrate
from tests.exporting import export
from tests.s3 import BUCKET, KEY, SECRET, make_bucket, serving
from tests.samples import FLAGSHIP

SIZE = Size(agencies=40, units=120, cycles=2)
PLACE = f"s3://{BUCKET}/country/national/all/asn-maturity-2026.1"
_SERVE = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
"""


class Engine(Struct, frozen=True):
    """An engine that reads an export, and what we make of the same: by kind, and by region since.

    `files` is where the exports lie, and `folder` a questionnaire's in one that lies on this machine.
    """

    address: str
    files: Files
    folder: Path
    by_kind: Figures
    since: Figures


@pytest.fixture(scope="module", autouse=True)
def _is_a_program() -> Iterator[None]:
    """Say where the program stands: PySpark takes one that has no file for a run of its doctests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["__main__"], "__file__", __file__, raising=False)
        yield


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with serving() as s3, _engine(s3) as address:
        make_bucket(s3)
        yield asyncio.run(_exported(address, tmp_path_factory.mktemp("country"), s3))


@pytest.fixture(scope="module")
def answered(engine: Engine) -> Answered:
    """What the engine makes of all of the export, by kind."""
    return ask(engine.address, Question(PLACE))


@contextmanager
def _engine(s3: str) -> Iterator[str]:
    known = {
        "AWS_ENDPOINT": s3,
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
    }
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        env={**os.environ, **known},  # noqa: TID251 - for the child
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield f"sc://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()


async def _exported(address: str, folder: Path, s3: str) -> Engine:
    """Export a country to S3, and to a folder; return what we make of its last cycle."""
    database = str(folder / "survey.db")
    place = f"s3://{BUCKET}/country"
    settings = Settings(
        database=database, files=place, s3_endpoint=s3, s3_key=KEY, s3_secret=SECRET
    )
    await migrate(database)
    tools = tools_for(settings)
    db = tools.db
    await db.write(questionnaires.publish, FLAGSHIP.read_bytes(), FLAGSHIP.name)
    await generate(db, SIZE, _ignore)
    await export(tools, "all")
    here = files(Settings(files=str(folder / "files")))
    await export(structs.replace(tools, files=here), "here")
    by_kind, since = await _figures(db)
    await db.close()
    lies = folder / "files" / "national" / "here" / "asn-maturity-2026.1"
    return Engine(address, tools.files, lies, by_kind, since)


async def _figures(db: Database) -> tuple[Figures, Figures]:
    def read(tx: Reader) -> tuple[Figures, Figures]:
        before, last = (KeptColumns().of(tx, one) for one in cycles.all_open(tx))
        return figures(last), figures(last, "region", before)

    return await db.read(read)


def _ignore(_: str) -> None:
    pass


def test_an_engine_comes_to_the_same_as_we_do(engine: Engine, answered: Answered) -> None:
    found = answered

    assert engine.by_kind.compared == 96
    assert len(engine.by_kind.spreads) == 6 * 20
    assert (found.cycle, found.cycles, found.digits) == (2, (1, 2), 6)
    assert found.figures == engine.by_kind
    assert found.titles["en"]["merit"] == "Merit system and competence"
    assert found.tops == ("merit", "culture", "digitalization", "oversight")


def test_what_lies_in_a_folder_comes_to_the_same(engine: Engine) -> None:
    found = ask(engine.address, Question(str(engine.folder), before=1, by="region"))

    assert found.figures == engine.since


def test_claims_coverage_and_grades_are_asked_of_an_engine_too(
    engine: Engine, answered: Answered
) -> None:
    found = answered.figures

    assert found.checked == engine.by_kind.checked > 0
    claims = {one.code: one for one in found.claims}
    assert claims[""].over > 0
    assert len(claims) == 1 + 19 + len(found.indicators)
    assert sum(one.count for one in found.coverage) == sum(found.states.values())
    assert sum(one.count for one in found.grades) == found.compared


def test_an_engine_knows_who_moved_and_groups_by_an_attribute(engine: Engine) -> None:
    found = ask(engine.address, Question(PLACE + "/", cycle=2, before=1, by="region"))

    assert found.figures == engine.since
    movement = found.figures.movement
    assert movement is not None
    assert movement.rose + movement.same + movement.fell == 96
    assert movement.left == 24
    assert movement.first[0].change > 0 > movement.last[-1].change


def test_without_groups_all_are_one(engine: Engine) -> None:
    found = ask(engine.address, Question(PLACE, by=""))

    assert {one.group for one in found.figures.spreads} == {""}
    assert found.figures.compared == found.figures.spreads[0].count == 96


def test_what_an_engine_does_not_find_is_said(engine: Engine) -> None:
    with pytest.raises(NoExportError):
        ask(engine.address, Question(f"s3://{BUCKET}/country/national/other"))
    with pytest.raises(NoExportError):
        ask(engine.address, Question("/no/such/folder"))
    with pytest.raises(NoSuchCycleError) as cycle:
        ask(engine.address, Question(PLACE, cycle=2, before=9))
    with pytest.raises(NoSuchGroupError) as group:
        ask(engine.address, Question(PLACE, by="`; drop table results"))

    with pytest.raises(EngineFailedError) as refused:
        ask(engine.address, Question("s3://elsewhere/country/national/all"))

    assert str(refused.value.details["why"]).startswith("Generic S3 error")
    assert cycle.value.details == {"cycle": 9, "place": PLACE, "known": "1, 2"}
    assert group.value.details["known"] == "kind, group, region"


async def _copied(kept: Files, name: str, change: dict[str, bytes | None]) -> str:
    """Copy the export, with some files changed, None to leave them out; return where it lies."""
    for one in [found async for found in kept.below("national/all/asn-maturity-2026.1/")]:
        path = one.name.removeprefix("national/all/asn-maturity-2026.1/")
        content = change.get(path, await kept.get(one.name))
        if content is not None:
            await kept.put(f"national/{name}/asn-maturity-2026.1/{path}", content)
    return PLACE.replace("/all/", f"/{name}/")


def _parquet(table: pa.Table) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made)
    return made.getvalue()


async def _table(kept: Files, path: str) -> pa.Table:
    content = await kept.get(f"national/all/asn-maturity-2026.1/{path}")
    return pq.read_table(io.BytesIO(content or b""))


_LAST = "results/cycle=2/part-00000.parquet"


async def _with_gaps(kept: Files) -> tuple[str, dict[str, NDArray[np.int32]], list[Number]]:
    """Copy the export with values missing; return where it lies, and the columns of those compared."""
    results, told = await _table(kept, _LAST), await _table(kept, "columns.parquet")
    names = [one["column"] for one in told.to_pylist()]
    for every, name in ((3, names[1]), (4, names[-1]), (5, names[-2])):
        gaps = [
            None if row % every == 0 else value
            for row, value in enumerate(results[name].to_pylist())
        ]
        place = results.column_names.index(name)
        results = results.set_column(place, name, pa.array(gaps, results.schema.field(name).type))
    place = await _copied(kept, "gaps", {_LAST: _parquet(results)})
    compared = results.filter(results["compared"])
    units = {
        one["code"]: np.array(compared[one["column"]].fill_null(NOTHING), np.int32)
        for one in told.to_pylist()
    }
    fields = [one for one in Number.__struct_fields__ if one != "name"]
    known = [Number(one["column"], *(one[field] for field in fields)) for one in told.to_pylist()]
    return place, units, known


def test_what_is_missing_is_missing_to_an_engine_too(engine: Engine) -> None:
    place, units, known = asyncio.run(_with_gaps(engine.files))

    found = ask(engine.address, Question(place)).figures.coherence

    assert found == of_columns(known, units)
    assert len({one.count for one in found.correlations}) > 3


async def _damaged(kept: Files) -> dict[str, str]:
    """Copy the export in every way in which it can be wrong; return where each copy lies."""
    whole, results = await _table(kept, "cycles.parquet"), await _table(kept, _LAST)
    later = whole.set_column(0, "form", pa.array([9] * len(whole)))
    changes: dict[str, dict[str, bytes | None]] = {
        "unmarked": {"cycles.parquet": None},
        "unreadable": {"cycles.parquet": b"PAR1"},
        "short": {_LAST: _parquet(results.slice(0, 5))},
        "later": {"cycles.parquet": _parquet(later)},
        "narrow": {
            path: _parquet((await _table(kept, path)).drop_columns(["index.merit", "kind"]))
            for path in (_LAST, _LAST.replace("2", "1", 1))
        },
    }
    return {name: await _copied(kept, name, change) for name, change in changes.items()}


def test_an_export_that_is_not_as_it_says_gives_no_figures(engine: Engine) -> None:
    places = asyncio.run(_damaged(engine.files))

    for name in ("unmarked", "short"):
        with pytest.raises(PartialExportError):
            ask(engine.address, Question(places[name]))
    with pytest.raises(EngineFailedError, match="Parquet"):
        ask(engine.address, Question(places["unreadable"]))
    with pytest.raises(OtherExportError):
        ask(engine.address, Question(places["later"]))
    with pytest.raises(ColumnsMissingError) as narrow:
        ask(engine.address, Question(places["narrow"]))
    assert narrow.value.details["missing"] == "index.merit, kind"


class _Spark:
    """Reads as Spark itself, which needs a JVM: what is not there is an error that has a name."""

    def __init__(self, condition: str) -> None:
        self.read, self._condition = self, condition

    def option(self, _: str, __: str) -> "_Spark":
        return self

    def parquet(self, path: str) -> None:
        from pyspark.errors.exceptions.connect import AnalysisException

        raise AnalysisException(f"[{self._condition}] {path}", errorClass=self._condition)


@pytest.mark.parametrize("condition", ["PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"])
def test_what_spark_says_of_a_file_that_is_missing_is_passed_on(condition: str) -> None:
    from pyspark.errors.exceptions.connect import AnalysisException

    from survey_service.outside import spark_connect

    missing: Any = _Spark(condition)  # what is asked of a session here, it has
    refusing: Any = _Spark("CONNECT")

    with pytest.raises(NoExportError) as none:
        spark_connect._file(missing, PLACE, "columns.parquet")
    with pytest.raises(PartialExportError) as part:
        spark_connect._whole_cycles(missing, PLACE)
    with pytest.raises(AnalysisException):
        spark_connect._file(refusing, PLACE, "columns.parquet")

    assert none.value.details["why"] == f"[{condition}] {PLACE}/columns.parquet"
    assert part.value.details["why"] == f"[{condition}] {PLACE}/cycles.parquet"


def test_an_engine_that_is_not_there_is_not_waited_for_long() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(EngineUnreachableError):
            ask(f"sc://127.0.0.1:{port}", Question(PLACE), seconds=0.5)

    with pytest.raises(EngineUnreachableError):
        ask(f"sc://127.0.0.1:{port}", Question(PLACE), seconds=0.5)
    with pytest.raises(EngineUnreachableError):
        ask("sc://127.0.0.1:port", Question(PLACE), seconds=0.5)


def test_without_the_extra_it_says_which_one_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "grpc", None)

    with pytest.raises(ExtraMissingError) as raised:
        ask("sc://127.0.0.1:1", Question(PLACE))

    assert raised.value.details == {"extra": "spark"}


def test_the_command_prints_what_the_engine_answers(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_LANGUAGE", "en")

    written = _analyse(PLACE, "--engine", engine.address, "--since", "1", "--by", "region")
    as_json = _analyse(PLACE, "--engine", engine.address, "--json")

    assert written.exit_code == 0, written.output
    assert "96  Compared" in written.stdout
    assert "Provinsi 00" in written.stdout
    assert "With a result only now: 0; only before: 24." in written.stdout
    assert f"Claimed against found, of {engine.by_kind.checked} checked" in written.stdout
    alpha = engine.since.coherence.alpha["merit"]
    assert alpha is not None
    assert f"{alpha:>14.2f}  merit Merit system and competence" in written.stdout
    assert "Weight it turns out to have, in percent" in written.stdout
    found = msgspec.json.decode(as_json.stdout, type=Answered)
    assert found.figures == engine.by_kind


def test_the_command_says_what_does_not_go_together(engine: Engine) -> None:
    both = _analyse(PLACE, "--engine", engine.address, "--structure", "structure.yaml")
    alone = _analyse("figures.csv", "--structure", "structure.yaml", "--since", "1")
    neither = _analyse("figures.csv")
    elsewhere = [
        _analyse(PLACE, "--engine", address)
        for address in ("http://127.0.0.1", "sc://", "sc://:15002", "sc://[::1", "sc://a:port")
    ]

    assert [one.exit_code for one in (both, alone, neither, *elsewhere)] == [2] * 8
    assert "Missing option '--structure'" in neither.stderr
    assert all("sc://HOST:PORT" in one.stderr for one in elsewhere)


def _analyse(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["analyse", *arguments])
