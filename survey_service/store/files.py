"""Files by name, in a local folder or in S3: whole or not at all."""

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from msgspec import Struct
from obstore.store import LocalStore, ObjectStore, S3Store

from survey_service.settings import Settings

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Config  # is there for types alone

_PATIENCE = dt.timedelta(seconds=5)
_PROOF = "ready"
_CHUNK = 1024 * 1024  # bytes


class Stored(Struct, frozen=True):
    """A file that lies in the store: its name, and its size in bytes."""

    name: str
    size: int


class Files:
    """A store of files that appear whole or not at all."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

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
        await obstore.put_async(self._store, name, content)

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

    async def require_working(self) -> None:
        """Keep something, as whoever uploads does; it rises why that is not possible."""
        await self.put(_PROOF, b"ok")

    async def remove(self, name: str) -> None:
        """Remove a file."""
        await obstore.delete_async(self._store, name)


async def _pieces(found: "GetResult") -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=_CHUNK):
        yield bytes(piece)


def files(settings: Settings) -> Files:
    """Return the store of files that the settings name: a folder, or `s3://bucket/prefix`."""
    if not settings.files.startswith("s3://"):
        return Files(LocalStore(Path(settings.files).absolute(), mkdir=True))
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
