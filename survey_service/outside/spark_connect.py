"""The client of Spark Connect, which is an extra: only `engine` imports this, once it is there."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import grpc
from msgspec import Struct
from pyspark.errors import PySparkException
from pyspark.sql.connect.client import DefaultChannelBuilder
from pyspark.sql.connect.client.retries import DefaultPolicy
from pyspark.sql.connect.dataframe import DataFrame
from pyspark.sql.connect.session import SparkSession

from survey_service.analysis.national import Answered, Figures
from survey_service.analysis.national_coherence import coherent
from survey_service.analysis.result_rows import CYCLE, FIXED, FORM, Number, attribute_column
from survey_service.analysis.selection import KIND
from survey_service.errors.engines import (
    ColumnsMissingError,
    EngineFailedError,
    EngineUnreachableError,
    NoExportError,
    NoSuchCycleError,
    NoSuchGroupError,
    OtherExportError,
    PartialExportError,
)
from survey_service.outside import engine_queries as queries
from survey_service.outside.engine import Question
from survey_service.outside.engine_queries import Asked, Row

_ATTRIBUTE = attribute_column("")
_LANGUAGES = ("id", "en")
_RETRIES = 3  # of a request that got lost, where the client itself would try for ten minutes
_NOTHING_THERE = {"PATH_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"}  # the latter of an empty folder
_NUMBER = ("column", *Number.__struct_fields__[1:])
_LONGEST = 300  # letters of what an engine says: some send all of their own programme with it


class _Described(Struct, frozen=True):
    """What an export says of its numbers, and which cycles it has results of, ascending."""

    cycles: tuple[int, ...]
    numbers: tuple[Number, ...]
    digits: int
    steps: int
    titles: dict[str, dict[str, str]]

    @property
    def tops(self) -> tuple[str, ...]:
        """The codes of the uppermost nodes."""
        return tuple(one.code for one in self.numbers if one.tier == "node" and not one.parent)


def ask(address: str, question: Question, seconds: float) -> Answered:
    """Return what an engine makes of an export; see `engine.ask`."""
    with _session(address, seconds) as session, _in_words(address, seconds):
        described = _described(session, question.place)
        cycles = described.cycles
        cycle = question.cycle or cycles[-1]
        for one in (cycle, question.before or cycle):
            if one not in cycles:
                known = ", ".join(map(str, cycles))
                raise NoSuchCycleError(cycle=one, place=question.place, known=known)
        by = _grouping(session, question.by)
        asked = Asked(cycle, by, described.numbers, described.steps)
        found = _figures(session, asked, question.before)
        return Answered(cycle, cycles, described.digits, described.tops, described.titles, found)


@contextmanager
def _session(address: str, seconds: float) -> Iterator[SparkSession]:
    """Open a session; the engine must say that it is there before anything is asked of it."""
    try:
        builder = DefaultChannelBuilder(address)
        with builder.toChannel() as channel:
            grpc.channel_ready_future(channel).result(timeout=seconds)
        session = SparkSession.builder.channelBuilder(builder).create()
    except (PySparkException, ValueError, grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise EngineUnreachableError(address=address, seconds=seconds) from error
    try:
        session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES)])
        yield session
    finally:
        session.stop()


@contextmanager
def _in_words(address: str, seconds: float) -> Iterator[None]:
    try:
        yield
    except PySparkException as error:
        raise EngineFailedError(why=_said(error)) from error
    except grpc.RpcError as error:
        raise EngineUnreachableError(address=address, seconds=seconds) from error


def _described(session: SparkSession, place: str) -> _Described:
    """Return what the columns of numbers are, as the export says beside its results.

    Raises:
        NoExportError: It says nothing, or has no results.
        PartialExportError: It does not say that it is whole, or not the same as its results.
        OtherExportError: It is of another version.
        ColumnsMissingError: It has not all of its columns.
    """
    rows = _file(session, place, "columns.parquet").collect()
    results = _file(session, place, "results")
    results.createOrReplaceTempView("results")
    cycles = _whole_cycles(session, place)
    known = {*FIXED, CYCLE, *(row["column"] for row in rows)}
    if missing := sorted(known - set(results.columns)):
        raise ColumnsMissingError(place=place, missing=", ".join(missing)[:_LONGEST])
    if not cycles:
        raise NoExportError(place=place, why="")
    numbers = tuple(Number(*(row[name] for name in _NUMBER)) for row in rows)
    titles = {of: {row["code"]: row[f"title_{of}"] for row in rows} for of in _LANGUAGES}
    return _Described(cycles, numbers, rows[0]["digits"], rows[0]["steps"], titles)


def _file(session: SparkSession, place: str, name: str) -> DataFrame:
    """Return a table of an export.

    Raises:
        NoExportError: It has none; there is no export there.
        PySparkException: It cannot be read, whether it is there or not.
    """
    path = f"{place.rstrip('/')}/{name}"
    try:
        found = session.read.option("mergeSchema", "false").parquet(path)
        found.limit(1).collect()  # an engine that is lazy says only now what it does not find
    except PySparkException as error:
        if error.getCondition() in _NOTHING_THERE:
            raise NoExportError(place=place, why=_said(error)) from error
        raise
    if not found.columns:  # what some make of no file at all
        raise NoExportError(place=place, why="")
    return found


def _whole_cycles(session: SparkSession, place: str) -> tuple[int, ...]:
    """Return the cycles of the results, ascending.

    Raises:
        OtherExportError: They are of another version.
        PartialExportError: They are not those of which the export says that all are there.
    """
    try:
        told = _file(session, place, "cycles.parquet").collect()
    except NoExportError as error:
        raise PartialExportError(place=place, why=error.details["why"]) from error
    if any("form" not in row or row["form"] != FORM for row in told):
        raise OtherExportError(place=place)
    there = {int(row[0]): int(row[1]) for row in _rows(session, queries.CYCLES)}
    # a cycle that nobody takes part in yet has a file and no rows
    if there != {row["cycle"]: row["rows"] for row in told if row["rows"]}:
        raise PartialExportError(place=place, why="")
    return tuple(there)


def _grouping(session: SparkSession, by: str) -> str:
    """Return the column by which groups are made.

    Raises:
        NoSuchGroupError: There is none.
    """
    columns = session.table("results").columns
    known = {KIND: KIND} | {
        name.removeprefix(_ATTRIBUTE): name for name in columns if name.startswith(_ATTRIBUTE)
    }
    if by and by not in known:
        raise NoSuchGroupError(by=by, known=", ".join(known))
    return known.get(by, "")


def _figures(session: SparkSession, asked: Asked, before: int) -> Figures:
    spreads = [(part, _rows(session, query)) for part, query in queries.spreads(asked)]
    reached = [(part, _rows(session, query)) for part, query in queries.reached(asked)]
    wanted = queries.moved(asked, before).items() if before else ()
    moved = {what: _rows(session, query) for what, query in wanted}
    ((compared,),) = _rows(session, queries.compared(asked))
    claims = [(part, _rows(session, query)) for part, query in queries.claims(asked)]
    ((checked,),) = _rows(session, queries.checked(asked))
    sums = [(part, _rows(session, query)) for part, query in queries.together(asked)]
    added = [(some, _rows(session, query)) for some, query in queries.added_up(asked)]
    levels = [(part, _rows(session, query)) for part, query in queries.levels(asked)]
    return Figures(
        {str(row[0]): int(row[1]) for row in _rows(session, queries.states(asked))},
        compared,
        queries.spreads_of(asked, spreads),
        queries.histograms_of(_rows(session, queries.histogram(asked))),
        queries.reached_of(asked, reached),
        queries.counted_of(_rows(session, queries.coverage(asked))),
        queries.counted_of(_rows(session, queries.grades(asked))),
        checked,
        queries.claims_of(claims),
        coherent(
            asked.numbers,
            queries.pairs_of(sums),
            queries.items_of(added),
            queries.levels_of(levels),
        ),
        queries.movement_of(moved) if before else None,
    )


def _rows(session: SparkSession, query: str) -> Sequence[Row]:
    return [tuple(row) for row in session.sql(query).collect()]


def _said(error: PySparkException) -> str:
    """Return the first line of what an engine says."""
    return (str(error.getMessage() or error).strip().splitlines() or [""])[0][:_LONGEST]
