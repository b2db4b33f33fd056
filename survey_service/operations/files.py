"""Whether the files that are kept and what refers to them agree."""

import asyncio
import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct

from survey_service.conduct.evidence import Kept
from survey_service.operations.evidence import FOLDER, path
from survey_service.store import evidence
from survey_service.store.arrivals import clear
from survey_service.store.database import Database
from survey_service.store.files import Files

Fault = Literal["missing", "altered", "unused", "cut_off"]


class Inconsistency(Struct, frozen=True):
    """A file of evidence that is not as it should be, by the name under which it is kept.

    It is missing, or altered, though something refers to it; or nothing refers to it, as an upload
    that was interrupted between the two leaves it; or it was cut off as it arrived, and has no name.
    """

    name: str
    fault: Fault


async def inconsistencies(db: Database, files: Files, *, deep: bool) -> list[Inconsistency]:
    """Return what is wrong between the store of files and the database.

    What is being uploaded right now may look unused; it is not cleared away.

    Args:
        db: What refers to files.
        files: The store of files.
        deep: Read every file to see whether it was altered; else only sizes are compared.
    """
    there = {one.name: one.size async for one in files.below(FOLDER)}
    kept = await db.read(evidence.kept)
    found = await asyncio.to_thread(_compared, there, kept)  # of many files it takes its time
    if deep:
        told = {one.name for one in found}
        for digest, each in kept.items():
            name = path(digest)
            if name not in told and not await _is_whole(files, name, each):
                found.append(Inconsistency(name, "altered"))
    found += [Inconsistency(str(one), "cut_off") for one in await files.left_over()]
    return sorted(found, key=lambda one: one.name)


def _compared(there: Mapping[str, int], kept: Mapping[str, Kept]) -> list[Inconsistency]:
    """Return what differs between files that are there, by their sizes, and those that should be."""
    wanted = {path(digest): each.size for digest, each in kept.items()}
    found = [Inconsistency(name, "unused") for name in there if name not in wanted]
    for name, size in wanted.items():
        if name not in there:
            found.append(Inconsistency(name, "missing"))
        elif there[name] != size:
            found.append(Inconsistency(name, "altered"))
    return found


async def clear_up(db: Database, files: Files, found: list[Inconsistency]) -> int:
    """Remove what uploads that were cut off have left, and return how many files that were.

    Safe while others upload: what is about to be recorded stays.
    """
    count = 0
    for one in found:
        if one.fault == "cut_off":
            await asyncio.to_thread(clear, Path(one.name))
            count += 1
        elif one.fault == "unused":
            digest = one.name.rpartition("/")[2]
            count += await files.clear(one.name, partial(db.read, evidence.is_kept, digest))
    return count


async def _is_whole(files: Files, name: str, kept: Kept) -> bool:
    pieces = await files.stream(name)
    digest = hashlib.sha256()
    if pieces is not None:
        async for piece in pieces:
            digest.update(piece)
    return digest.hexdigest() == kept.digest
