"""A process that records without end, and says so line by line, until it is killed."""

import asyncio
import sys
from itertools import count

from survey_service.operations import audit
from survey_service.operations.log import keep_numbered
from survey_service.store.database import Database, connect

WRITERS = 8


async def _write(db: Database, name: str) -> None:
    for number in count():
        about = f"{name}/{number}"
        await db.write(audit.record_system, "test.write", about)
        print(about, flush=True)  # noqa: T201 - whoever started this reads it


async def main(database: str, name: str) -> None:
    db = connect(database)
    writers = (_write(db, f"{name}/{number}") for number in range(WRITERS))
    await asyncio.gather(keep_numbered(db), _sequencing(db), *writers)


async def _sequencing(db: Database) -> None:
    """Number entries without a pause, so that it is this which is cut off."""
    while hasattr(db, "sequence"):
        await db.sequence()
        await asyncio.sleep(0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
