"""Whether the files that are kept and what refers to them agree."""

import hashlib
from typing import Literal

from msgspec import Struct

from survey_service.conduct.evidence import Kept
from survey_service.operations.evidence import FOLDER, path
from survey_service.store import evidence
from survey_service.store.database import Database
from survey_service.store.files import Files

Fault = Literal["missing", "altered", "unused"]


class Inconsistency(Struct, frozen=True):
    """A file of evidence that is not as it should be, by the name under which it is kept.

    It is missing, or altered, though something refers to it; or nothing refers to it, as an upload
    that was interrupted between the two leaves it.
    """

    name: str
    fault: Fault


async def inconsistencies(db: Database, files: Files, *, deep: bool) -> list[Inconsistency]:
    """Return what is wrong between the store of files and the database.

    What is being uploaded right now may look unused.

    Args:
        db: What refers to files.
        files: The store of files.
        deep: Read every file to see whether it was altered; else only sizes are compared.
    """
    there = {one.name: one.size async for one in files.below(FOLDER)}
    wanted = {path(digest): kept for digest, kept in (await db.read(evidence.kept)).items()}
    found = [Inconsistency(name, "unused") for name in there if name not in wanted]
    for name, kept in wanted.items():
        if name not in there:
            found.append(Inconsistency(name, "missing"))
        elif there[name] != kept.size or (deep and not await _is_whole(files, name, kept)):
            found.append(Inconsistency(name, "altered"))
    return sorted(found, key=lambda one: one.name)


async def remove_unused(files: Files, found: list[Inconsistency]) -> int:
    """Remove the files to which nothing refers, and return how many there were."""
    unused = [one.name for one in found if one.fault == "unused"]
    for name in unused:
        await files.remove(name)
    return len(unused)


async def _is_whole(files: Files, name: str, kept: Kept) -> bool:
    pieces = await files.stream(name)
    digest = hashlib.sha256()
    if pieces is not None:
        async for piece in pieces:
            digest.update(piece)
    return digest.hexdigest() == kept.digest
