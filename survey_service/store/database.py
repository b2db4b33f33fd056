"""Connections and transactions: readers that cannot write, one writer that commits in groups.

Every query and every operation is a plain function of a connection, handed to `read` or `write`. It
runs as a whole in a thread that owns a connection, one hop for all its statements; what a query
computes keeps nobody waiting who talks to the event loop:

    found = await db.read(assessments.fetch, assessment_id, visible_to=actor)
    saved = await db.write(operations.responses.save_response, actor, assessment_id, draft)

A write is on disk when `write` returns. On SQLite the writes that wait together are committed
together, each in a savepoint of its own, so that one flush serves them all. On PostgreSQL a few
groups are under way at a time, each a serializable transaction; where one of its writes is refused,
or collides with others, the group is undone and its writes run again, one by one; one that collides
again and again keeps others from beginning. An operation may thus run more than once, and must touch
nothing but its transaction.

What a write adds to the audit trail gets its number in the log at once on SQLite; on PostgreSQL
afterwards, from whoever calls `sequence`.
"""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NewType, ParamSpec, TypeVar, cast

import aiosqlite
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from typing_extensions import override

from survey_service.store import locks, log
from survey_service.store.collisions import UndoneError, transact
from survey_service.store.faults import conceal, connected
from survey_service.store.groups import GroupError, Groups, Operation, run_all
from survey_service.store.permissions import make_file, make_folder

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

P = ParamSpec("P")
T = TypeVar("T")

Reader = NewType("Reader", sa.Connection)
"""A snapshot to query."""

Writer = NewType("Writer", Reader)
"""A transaction to write in. Serves wherever a Reader does, never the other way round."""

PRAGMAS = (  # of every connection to SQLite
    "journal_mode=wal",
    "synchronous=full",
    "foreign_keys=on",
    "busy_timeout=5000",
    "trusted_schema=off",
)
_READERS = 4  # more would only wait for the interpreter
_ASKING = 8  # while some wait for the server, others go on
_GROUP = 128  # writes committed together at the most: bounds the wait of the first
_TOGETHER = 16  # the same on the server, where others may collide with it meanwhile
_AT_ONCE = 4  # groups under way on the server
_PATIENCE = 5  # seconds for a connection to the server; who waits longer would rather be told
_LONGEST = 60  # seconds of one statement: a network that swallows all would be waited for for hours
_ATTEMPTS = 12
_CROWDED_OUT = 4  # attempts after which others wait: short writes would come in between for ever
_CONNECTIONS = 12  # of a process: they keep two cores busy even where each answer takes a while


class _Reading(aiosqlite.Connection):
    """A connection that only reads, and the thread that owns it, in which whole queries run.

    Statement by statement, each would hop to the thread and back four times.
    """

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(self._open, iter_chunk_size=64)
        self._engine = engine
        self._reader: sa.Connection | None = None
        self._opening: asyncio.Task[None] | None = None

    def _open(self) -> sqlite3.Connection:
        self._reader = self._engine.connect()
        return cast("sqlite3.Connection", self._reader.connection.driver_connection)

    async def run(self, query: Callable[[Reader], T]) -> T:
        """Run a query in the thread, on a snapshot of its own."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._begin())
        await asyncio.shield(self._opening)  # whoever leaves meanwhile leaves nothing half open
        return await self._hop(lambda: self._run(query))

    async def _begin(self) -> None:
        try:
            await self
        except BaseException:
            # Its thread ends with the failure, while there is a loop that it can tell so; another one
            # tries when it is asked again.
            await asyncio.to_thread(self._thread.join)
            super().__init__(self._open, iter_chunk_size=64)
            self._opening = None
            raise

    def _run(self, query: Callable[[Reader], T]) -> T:
        reader = self._reader
        assert reader is not None
        with reader.begin():
            reader.exec_driver_sql("begin")
            return query(Reader(reader))

    async def _hop(self, work: Callable[[], T]) -> T:
        done: T = await self._execute(work)  # type: ignore[no-untyped-call] # the library's own way
        return done

    @override
    async def close(self) -> None:
        if self._opening is not None:
            await asyncio.wait([self._opening])
        if self._reader is not None:
            await self._hop(self._reader.close)
            await super().close()


class SQLite:
    """The embedded store: many readers beside one writer thread."""

    def __init__(self, path: str, group: int = _GROUP) -> None:
        make_folder(Path(path).parent)
        with suppress(OSError):  # to open it says what is wrong, in words
            make_file(Path(path))
        url = f"sqlite:///{path}"
        reading = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
        # Readers never checkpoint, and writers one at a time: see `locks`.
        configure(reading, *PRAGMAS, "query_only=on", "wal_autocheckpoint=0")
        self._readers = [_Reading(reading) for _ in range(_READERS)]
        self._idle = asyncio.LifoQueue[_Reading]()  # the one used last knows most pages
        for reader in self._readers:
            self._idle.put_nowait(reader)
        self._writer = sa.create_engine(url, poolclass=sa.StaticPool, hide_parameters=True)
        configure(self._writer, *PRAGMAS)
        self._lock = locks.writing(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._groups = Groups(self._commit, group, at_once=1)

    async def read(
        self, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query on a consistent snapshot."""
        reader = await self._idle.get()
        try:
            return await reader.run(lambda tx: query(tx, *args, **kwargs))
        finally:
            self._idle.put_nowait(reader)

    async def write(
        self, operation: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation; what it did is on disk when this returns, or undone if it raised."""
        return await self._groups.write(lambda tx: operation(tx, *args, **kwargs))

    async def close(self) -> None:
        """Finish the writes under way and give back every connection."""
        await self._groups.close()
        self._thread.shutdown()
        self._writer.dispose()
        self._lock.close()
        for reader in self._readers:
            await reader.close()

    async def _commit(self, operations: list[Operation]) -> list[Any]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._commit_group, operations)

    def _commit_group(self, operations: list[Operation]) -> list[Any]:
        outcomes: list[Any] = []
        with locks.held(self._lock), self._writer.begin() as connection:
            # Savepoints by the driver: SQLAlchemy's are compiled anew each time, a sixth of a save.
            run = connection.connection.cursor().execute
            run("begin immediate")  # else a read followed by a write in it can lose updates
            for operation in operations:
                run("savepoint operation")
                try:
                    outcomes.append(operation(Writer(Reader(connection))))
                except Exception as error:
                    if not _under_way(connection):
                        raise  # SQLite undid it all, as on a full disk: nobody's write is kept
                    run("rollback to operation")
                    outcomes.append(error)  # its caller's; the group goes on
                run("release operation")
            log.sequence_all(Writer(Reader(connection)))
        return outcomes


class _Asking:
    """A thread with a connection to the server, and a loop of its own, in which whole queries run."""

    def __init__(self, url: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        engine = _engine(url, 1, "REPEATABLE READ")
        self._engine = engine.execution_options(postgresql_readonly=True)
        self._runner = asyncio.Runner()

    async def run(self, query: Callable[[Reader], T]) -> T:
        """Run a query in the thread, on a snapshot of its own."""
        return await self._hop(lambda: self._runner.run(self._ask(query)))

    async def _ask(self, query: Callable[[Reader], T]) -> T:
        try:
            return await self._attempt(query)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await self._attempt(query)  # the server was away; what only reads may run twice

    async def _attempt(self, query: Callable[[Reader], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(lambda c: query(Reader(c)))

    async def close(self) -> None:
        """Give back the connection, and end the thread."""
        await self._hop(lambda: self._runner.run(self._engine.dispose()))
        await self._hop(self._runner.close)
        self._thread.shutdown()

    async def _hop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class PostgreSQL:
    """The server store: threads that read, and a pool of connections that write."""

    def __init__(self, url: str, size: int = _CONNECTIONS) -> None:
        self._readers = [_Asking(url) for _ in range(_ASKING)]
        self._idle = asyncio.LifoQueue[_Asking]()
        for reader in self._readers:
            self._idle.put_nowait(reader)
        # None beyond the pool's: to open a connection for one transaction costs as much as ten do.
        self._engine = _engine(url, size, "SERIALIZABLE")
        self._groups = Groups(self._commit, _TOGETHER, _AT_ONCE)
        self._line = asyncio.Lock()
        self._open = asyncio.Event()
        self._open.set()
        self._sequencing = self._engine.execution_options(isolation_level="READ COMMITTED")

    async def read(
        self, query: Callable[Concatenate[Reader, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a query on a consistent snapshot."""
        reader = await self._idle.get()
        try:
            return await reader.run(lambda tx: query(tx, *args, **kwargs))
        finally:
            self._idle.put_nowait(reader)

    async def write(
        self, operation: Callable[Concatenate[Writer, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run an operation; what it did is committed when this returns, or undone if it raised."""
        return await self._groups.write(lambda tx: operation(tx, *args, **kwargs))

    async def _commit(self, operations: list[Operation]) -> list[Any]:
        await self._open.wait()
        if len(operations) > 1:
            with suppress(UndoneError, GroupError):
                return await self._attempt(lambda tx: run_all(operations, tx))
        return await asyncio.gather(*map(self._commit_one, operations), return_exceptions=True)

    async def _commit_one(self, operation: Callable[[Writer], T]) -> T:
        undone: UndoneError | None = None
        for attempt in range(_ATTEMPTS):
            if undone is not None:
                await asyncio.sleep(random.uniform(0, 0.002 * 2**attempt))  # noqa: S311 - jitter
            try:
                # Those that collided go on one by one: a crowd at one row would collide for ever.
                async with (
                    self._line if undone is not None else nullcontext(),
                    self._alone() if attempt >= _CROWDED_OUT else nullcontext(),
                ):
                    return await self._attempt(operation)
            except UndoneError as error:
                if undone is not None and undone.is_taken and error.is_taken:
                    raise error.reason from None
                undone = error
        assert undone is not None
        raise undone.reason

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Let no group begin meanwhile."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    async def _attempt(self, operation: Callable[[Writer], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(
                lambda c: transact(c, lambda: operation(Writer(Reader(c))))
            )

    async def sequence(self, *, wait: bool = False) -> bool:
        """Number entries of the audit trail that wait for it; return whether there may be more.

        Every transaction sees what the one before it in line committed: they read what is committed.
        """
        async with self._sequencing.connect() as connection, connection.begin():
            done = await connection.run_sync(lambda c: log.sequence(Writer(Reader(c)), wait=wait))
        return done == log.BATCH

    async def close(self) -> None:
        """Finish the writes under way and give back every connection."""
        await self._groups.close()
        for reader in self._readers:
            await reader.close()
        await self._engine.dispose()


Database = SQLite | PostgreSQL


def _engine(url: str, size: int, isolation: str) -> "AsyncEngine":
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 - brings the whole ORM

    engine = create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_PATIENCE,
        isolation_level=isolation,
        hide_parameters=True,
        connect_args={
            "async_creator_fn": connected,
            "timeout": _PATIENCE,
            "command_timeout": _LONGEST,
        },
    )
    conceal(engine.sync_engine)
    return engine


def _under_way(connection: sa.Connection) -> bool:
    """Whether a connection to SQLite is in a transaction."""
    opened = cast("sqlite3.Connection", connection.connection.driver_connection)
    return bool(opened.in_transaction)


def connect(database: str) -> Database:
    """Return the store that the setting names: a file, or a `postgresql://` address."""
    if is_postgresql(database):
        return PostgreSQL(address(database))
    return SQLite(database)


def is_postgresql(database: str) -> bool:
    """Whether the setting names a PostgreSQL server."""
    return database.startswith(("postgresql://", "postgres://"))


def address(database: str) -> str:
    """Return the setting as SQLAlchemy's address, with the driver that we use."""
    if is_postgresql(database):
        return "postgresql+asyncpg://" + database.partition("://")[2]
    return f"sqlite+aiosqlite:///{database}"


def configure(engine: sa.Engine, *pragmas: str) -> None:
    """Let connections to SQLite begin when they are told to, with settings of their own.

    They are told through the driver: a listener for it would make every statement a quarter slower.
    """

    @event.listens_for(engine, "connect")
    def _connect(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # else the driver begins late, and a read then a write races
        cursor = dbapi.cursor()
        for pragma in pragmas:
            cursor.execute(f"pragma {pragma}")
        cursor.close()
