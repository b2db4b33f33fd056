"""Files by name, in a local folder."""

from pathlib import Path

from obstore.store import LocalStore


class Files:
    """A folder of files that appear whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._store = LocalStore(folder.absolute(), mkdir=True)

    async def get(self, name: str) -> bytes | None:
        """Return a file's content; None if there is no such file."""
        try:
            found = await self._store.get_async(name)
        except FileNotFoundError:
            return None
        return bytes(await found.bytes_async())

    async def put(self, name: str, content: bytes) -> None:
        """Keep a file under a name."""
        await self._store.put_async(name, content)
