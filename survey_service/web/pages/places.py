"""Choosing an organisation in a form: from a list where there are few, by its name where there are many."""

import asyncio
import re
from collections.abc import Sequence

from msgspec import Struct

from survey_service.characters import normal
from survey_service.conduct.organisations import Organised
from survey_service.errors.writing import WhichOrganisationError
from survey_service.operations import organisations
from survey_service.operations.organisations import by_name
from survey_service.web.context import Context

FEW = 50  # that a list to choose from may have
_NUMBERED = re.compile(r".*\(no\. (?P<id>[0-9]{1,9})\)")


class Places(Struct, frozen=True):
    """Organisations to choose from, in the order of their names; `called` tells them apart, by id."""

    found: Sequence[Organised]
    called: dict[int, str]

    @property
    def are_many(self) -> bool:
        """Whether a name is typed rather than chosen from a list."""
        return len(self.found) > FEW

    def written(self, chosen: str | int) -> str:
        """Return what stands in the field for an organisation that is chosen, or was typed."""
        id_ = int(chosen) if str(chosen).isdecimal() else 0
        return self.called.get(id_, "" if id_ or str(chosen) == "0" else str(chosen))

    def id_of(self, written: str) -> int:
        """Return the id of the organisation that was chosen, or whose name was typed; 0 for none.

        Raises:
            WhichOrganisationError: None, or more than one, is called so.
        """
        if not written or (written.isdecimal() and len(written) <= 9):  # noqa: PLR2004 - of an id
            return int(written or 0)
        if numbered := _NUMBERED.fullmatch(written):
            return int(numbered["id"])
        ids = by_name(self.found).get(normal(written), [])
        if len(ids) != 1:
            raise WhichOrganisationError(name=written)
        return ids[0]


async def places(context: Context) -> Places:
    """Return the organisations that the reader sees, to choose from."""
    known = await context.read(organisations.all_seen)
    return await asyncio.to_thread(told_apart, known)


def told_apart(found: Sequence[Organised]) -> Places:
    """Return organisations with what tells each from the others: its name, that of its parent, or a number."""
    ids, names = by_name(found), {one.id: one.name for one in found}
    called = {}
    for one in found:
        below = f"{names.get(one.parent_id or 0, '')} / {one.name}"
        offered = (name for name in (one.name, below) if ids.get(normal(name)) == [one.id])
        called[one.id] = next(offered, f"{one.name} (no. {one.id})")
    return Places(found, called)
