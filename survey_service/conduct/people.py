"""Lists of people: whom one would invite, who is known already, and what is wrong in it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from survey_service.characters import normal
from survey_service.conduct.access import ROLES, Role
from survey_service.conduct.names import LONGEST, is_name

LOGIN, EMAIL = r"[\w.@+-]+", r"[^@\s<>,;:\\\"\x00-\x1f]+@[\w.-]+"
"""What somebody signs in with: letters, digits and what stands in addresses; and such an address."""

LONGEST_LOGIN = 100  # letters


class ListedPerson(Struct, frozen=True):
    """Somebody as a list has them, on a line of it; `email` is "" where it tells none.

    Where several organisations are called so, `organisation` has that of the parent before it: "A / B".
    """

    login: str
    name: str
    role: str
    organisation: str
    email: str = ""
    line: int = 0


class Misfit(Struct, frozen=True):
    """A row that cannot be taken: its line in the list, and what of it is wrong (`problem.<reason>`)."""

    line: int
    name: str
    reason: Literal[
        "no_login",
        "login_twice",
        "bad_name",
        "no_role",
        "not_to_give",
        "no_organisation",
        "which_organisation",
        "no_email",
    ]
    value: str = ""


class Invited(Struct, frozen=True):
    """Somebody whom a list invites, and into which organisation by its id."""

    login: str
    name: str
    role: Role
    organisation_id: int
    email: str | None


class Admission(Struct, frozen=True):
    """Whom a list would invite, the logins in it that are known and stay as they are, its misfits."""

    invited: tuple[Invited, ...]
    known: tuple[str, ...]
    misfits: tuple[Misfit, ...]


def admission(
    rows: Sequence[ListedPerson],
    known: Collection[str],
    organisations: Mapping[str, Sequence[int]],
    admits: Collection[Role],
) -> Admission:
    """Return what a list of people would do.

    Args:
        rows: The list, in its order.
        known: The logins that are taken, whoever they are.
        organisations: The ids of those that whoever brings the list looks after, by the normal form
            of their names, alone and after that of their parent and a stroke.
        admits: The roles that they may give.
    """
    new = [row for row in rows if row.login not in known]
    misfits = tuple(_misfits(rows, known, organisations, admits))
    invited = () if misfits else tuple(_invited(row, organisations) for row in new)
    return Admission(invited, tuple(row.login for row in rows if row.login in known), misfits)


def _invited(row: ListedPerson, organisations: Mapping[str, Sequence[int]]) -> Invited:
    role = next(role for role in ROLES if role == row.role)
    (place,) = organisations[normal(row.organisation)]
    return Invited(row.login, row.name, role, place, row.email or None)


def _misfits(
    rows: Sequence[ListedPerson],
    known: Collection[str],
    organisations: Mapping[str, Sequence[int]],
    admits: Collection[Role],
) -> Iterator[Misfit]:
    seen: set[str] = set()
    for row in rows:
        places = organisations.get(normal(row.organisation), ())
        no_login = len(row.login) > LONGEST_LOGIN or not re.fullmatch(LOGIN, row.login)
        wrong: dict[str, tuple[bool, str]] = {
            "no_login": (no_login, row.login),
            "login_twice": (normal(row.login) in seen, row.login),
            "bad_name": (not is_name(row.name), row.name),
            "no_role": (row.role not in ROLES, row.role),
            "not_to_give": (row.role not in admits, row.role),
            "no_organisation": (not places, row.organisation),
            "which_organisation": (len(places) > 1, row.organisation),
            "no_email": (bool(row.email) and not re.fullmatch(EMAIL, row.email), row.email),
        }
        seen.add(normal(row.login))
        found = next((one for one, (is_wrong, _) in wrong.items() if is_wrong), None)
        if row.login not in known and found is not None:
            value = wrong[found][1][:LONGEST]
            yield Misfit(row.line, row.login or row.name, found, value)  # type: ignore[arg-type] # one of its keys
