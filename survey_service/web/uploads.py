"""Files that are looked at and not kept: received piece by piece, and gone with the answer."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from survey_service.conduct.verdicts import Verdict
from survey_service.errors.requests import TooLargeError
from survey_service.library.report_files import LARGEST
from survey_service.operations import report_checks
from survey_service.web.context import Context


async def checked(
    context: Context, pieces: AsyncIterator[bytes], kept: str | None = None
) -> Verdict:
    """Return what is found about a file that arrives in pieces; see `report_checks.check`.

    Raises:
        TooLargeError: It is larger than any report.
    """
    key = await context.read(report_checks.known_key)
    services = context.services
    with TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / "file"
        await _receive(path, pieces)
        return await report_checks.check(services.db, services.sealer, key, path, kept)


async def _receive(path: Path, pieces: AsyncIterator[bytes]) -> None:
    size = 0
    with path.open("wb") as file:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise TooLargeError(limit=f"{LARGEST // 1_000_000} MB")
            file.write(piece)
