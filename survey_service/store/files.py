"""Files by name, in a local folder or in S3: whole or not at all."""

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from msgspec import Struct
from obstore.store import LocalStore, ObjectStore, S3Store

from survey_service import clock
from survey_service.settings import Settings
from survey_service.store import arrivals
from survey_service.store.permissions import make_folder

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Config  # is there for types alone

_PATIENCE = dt.timedelta(seconds=5)
_PROOF = "ready"
_CHUNK = 1024 * 1024  # bytes
_UNDER_WAY = dt.timedelta(hours=1)  # in S3, a younger file may be about to be recorded


class Stored(Struct, frozen=True):
    """A file that lies in the store: its name, and its size in bytes."""

    name: str
    size: int


class Files:
    """A store of files that appear whole or not at all.

    Args:
        store: Where they lie.
        folder: The same, where it is a folder of this machine's; None for S3.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def get(self, name: str) -> bytes | None:
        """Return a file's content; None if there is no such file."""
        try:
            found = await obstore.get_async(self._store, name)
        except FileNotFoundError:
            return None
        return bytes(await found.bytes_async())

    async def stream(self, name: str) -> AsyncIterator[bytes] | None:
        """Return a file's content piece by piece; None if there is no such file."""
        try:
            found = await obstore.get_async(self._store, name)
        except FileNotFoundError:
            return None
        return _pieces(found)

    async def put(self, name: str, content: bytes | Path) -> None:
        """Keep a file under a name; one on disk is read piece by piece."""
        if self._folder is None:
            await obstore.put_async(self._store, name, content)
        else:
            await asyncio.to_thread(self._put, self._folder / name, content)

    def _put(self, target: Path, content: bytes | Path) -> None:
        with self.arriving() as arrived:
            if isinstance(content, Path):
                shutil.copyfile(content, arrived)
            else:
                arrived.write_bytes(content)
            arrivals.place(arrived, target)

    def arriving(self) -> AbstractContextManager[Path]:
        """Make room, on this machine, for a file that arrives; it is gone afterwards."""
        return arrivals.arriving(self._arrivals())

    @asynccontextmanager
    async def keeping(self, name: str, arrived: Path) -> AsyncIterator[None]:
        """Keep a file that has arrived; nobody clears it away before the block has recorded it.

        Args:
            name: Names its content: what bears the name is the same.
            arrived: Where it lies, in what `arriving` made.
        """
        if self._folder is None:
            await self.put(name, arrived)  # again, where it is there: it then counts as young
            yield
            return
        held = arrivals.named(arrived, self._folder / name)
        await asyncio.to_thread(held.__enter__)
        try:
            yield
        finally:
            held.__exit__(None, None, None)

    async def left_over(self) -> list[Path]:
        """Return what uploads that were cut off have left on this machine."""
        root = self._folder or self._arrivals().parent
        return await asyncio.to_thread(arrivals.left_over, root)

    async def clear(self, name: str, is_wanted: Callable[[], Awaitable[bool]]) -> bool:
        """Remove a file unless it is about to be recorded, or wanted; return whether it is gone."""
        if self._folder is None:
            if await self._is_young(name) or await is_wanted():
                return False
            await self.remove(name)
            return True
        path = self._folder / name
        with arrivals.unheld(path) as free:
            if not free or await is_wanted():
                return False
            path.unlink()
            return True

    async def _is_young(self, name: str) -> bool:
        """Whether a file in S3 may be about to be recorded; one that is not there is left alone."""
        try:
            found = await obstore.head_async(self._store, name)
        except FileNotFoundError:
            return True
        return clock.now() - found["last_modified"] < _UNDER_WAY

    def _arrivals(self) -> Path:
        return (self._folder or arrivals.temporary()) / arrivals.FOLDER

    async def has(self, name: str) -> bool:
        """Whether there is a file of a name."""
        try:
            await obstore.head_async(self._store, name)
        except FileNotFoundError:
            return False
        return True

    async def below(self, folder: str) -> AsyncIterator[Stored]:
        """Yield the files below a folder."""
        async for found in obstore.list(self._store, folder):
            for one in found:
                yield Stored(one["path"], one["size"])

    async def move(self, name: str, to: str) -> None:
        """Give a file another name, in place of what bears it."""
        await obstore.rename_async(self._store, name, to)

    async def remove_below(self, folder: str) -> None:
        """Remove the files below a folder."""
        if self._folder is not None:
            await asyncio.to_thread(_remove_folder, self._folder / folder)
            return
        for one in [found async for found in self.below(folder)]:
            await self.remove(one.name)

    async def require_working(self) -> None:
        """Keep something, as whoever uploads does; it rises why that is not possible."""
        await self.put(_PROOF, b"ok")

    async def remove(self, name: str) -> None:
        """Remove a file."""
        await obstore.delete_async(self._store, name)


def _remove_folder(path: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(path)


async def _pieces(found: "GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=_CHUNK):
        yield bytes(piece)


def files(settings: Settings) -> Files:
    """Return the store of files that the settings name: a folder, or `s3://bucket/prefix`."""
    if not settings.files.startswith("s3://"):
        folder = Path(settings.files).absolute()
        make_folder(folder)
        return Files(LocalStore(folder), folder)
    place = urlsplit(settings.files)
    config: S3Config = {"region": settings.s3_region}
    if settings.s3_endpoint:
        config["endpoint"] = settings.s3_endpoint
    if settings.s3_key:
        config["access_key_id"] = settings.s3_key
        config["secret_access_key"] = settings.s3_secret
    return Files(
        S3Store(
            place.netloc,
            prefix=place.path.strip("/") or None,
            config=config,
            client_options={
                "allow_http": settings.s3_endpoint.startswith("http://"),
                "connect_timeout": _PATIENCE,
            },
            # else a store that is gone is tried for three minutes, while people wait
            retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
        )
    )
