"""Lists of people that somebody uploaded, kept to be looked at again; see `drafted_lists`."""

import msgspec

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.drafted_lists import Drafted
from survey_service.conduct.people import Admission, ListedPerson
from survey_service.errors import DamagedError, NotFoundError
from survey_service.operations import people
from survey_service.store import drafted_lists
from survey_service.store.database import Reader, Writer


def keep(tx: Writer, actor: Actor, file: str, rows: str) -> int:
    """Keep a list that was uploaded, its rows as JSON, and return its id."""
    require(actor, "admit")
    return drafted_lists.add(tx, actor, "people", file, rows, clock.now())


def look(tx: Reader, actor: Actor, list_id: int) -> tuple[Drafted, Admission]:
    """Return a list, and whom it would invite as things stand.

    Raises:
        NotFoundError: There is none for this actor.
    """
    found = drafted_lists.find(tx, actor, "people", list_id)
    if found is None:
        raise NotFoundError(list=list_id)
    try:
        rows = msgspec.json.decode(found.rows, type=list[ListedPerson])
    except msgspec.MsgspecError:
        raise DamagedError(what=found.file) from None
    return found, people.preview(tx, actor, rows)
