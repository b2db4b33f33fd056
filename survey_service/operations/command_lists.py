"""Lists that are taken in from the command line, and for a day undone there as one step."""

from collections.abc import Callable, Sequence

from survey_service import clock
from survey_service.conduct.drafted_lists import UNDONE_WITHIN, Drafted
from survey_service.conduct.organisation_lists import Entry, Plan
from survey_service.conduct.organisations import Intended
from survey_service.errors.writing import CannotBeUndoneError, NothingToUndoError
from survey_service.operations import organisations
from survey_service.operations.drafted_lists import reversal
from survey_service.operations.jobs import rest
from survey_service.store import drafted_lists
from survey_service.store.database import Database, Reader, Writer


async def import_list(db: Database, file: str, rows: Sequence[Entry]) -> Plan:
    """Change what a list changes; where anything is wrong in it, nothing."""
    plan = await db.read(organisations.preview, None, rows)
    await _apply(db, plan.changes, lambda tx: _keep(tx, file, plan.changes))
    return plan


def recent(tx: Reader) -> list[Drafted]:
    """Return the lists that can be undone unless what they changed was changed since, newest first."""
    now = clock.now()
    found = drafted_lists.from_command(tx, now - UNDONE_WITHIN)
    return [one for one in found if one.can_be_undone(now)]


def reversed_list(tx: Reader, list_id: int | None = None) -> tuple[Drafted, Plan]:
    """Return a list, the one that was taken in last unless another is named, and what undoes it.

    Raises:
        CannotBeUndoneError: There is no such list of the last day.
        NothingToUndoError: There is none at all.
        ChangedSinceError: Something of it was changed since, as by a later list.
    """
    found = next((one for one in recent(tx) if list_id in {None, one.id}), None)
    if found is None and list_id is None:
        raise NothingToUndoError
    if found is None:
        raise CannotBeUndoneError(name=str(list_id))
    return found, Plan(reversal(tx, found.changes))


async def undo(db: Database, list_id: int | None = None) -> tuple[Drafted, Plan]:
    """Undo a list, all of it; return it, and what that changed.

    Raises:
        CannotBeUndoneError, NothingToUndoError, ChangedSinceError: See `reversed_list`.
    """
    found, plan = await db.read(reversed_list, list_id)
    await _apply(db, plan.changes, lambda tx: drafted_lists.remove_one(tx, found.id))
    return found, plan


async def _apply(
    db: Database, changes: Sequence[Intended], finish: Callable[[Writer], None]
) -> None:
    """Make changes in pieces, and what there is to be done besides with the last of them."""
    done = 0
    while done < len(changes):
        done += await db.write(_apply_piece, changes, done, finish)
        await rest()


def _apply_piece(
    tx: Writer, changes: Sequence[Intended], start: int, finish: Callable[[Writer], None]
) -> int:
    count = organisations.apply(tx, None, changes, start)
    if start + count == len(changes):
        finish(tx)
    return count


def _keep(tx: Writer, file: str, changes: Sequence[Intended]) -> None:
    drafted_lists.add_from_command(tx, file, changes, clock.now())
