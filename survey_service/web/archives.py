"""Many files as one ZIP, sent while it is made: no archive ever lies in memory or on disk."""

import zipfile
from collections.abc import AsyncIterator, Sequence

from survey_service.store.files import Files


class _Outgoing:
    """What is written to it is taken from it again."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, piece: bytes, /) -> int:
        self._written += piece
        return len(piece)

    def flush(self) -> None:
        """Do nothing: whoever takes, takes all."""

    def close(self) -> None:
        """Do nothing: nothing is open."""

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece


async def archive(
    files: Files, first: tuple[str, bytes], members: Sequence[tuple[str, str]]
) -> AsyncIterator[bytes]:
    """Yield an archive piece by piece.

    Args:
        files: Where the files are kept; one that is not there is left out.
        first: The name and the content of what comes first.
        members: The name in the archive, and the name under which it is kept, of each file.
    """
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w") as made:
        made.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name, kept in members:
            pieces = await files.stream(kept)
            if pieces is None:
                continue
            with made.open(zipfile.ZipInfo(name), "w", force_zip64=True) as member:
                async for piece in pieces:
                    member.write(piece)
                    yield outgoing.taken()
    yield outgoing.taken()
