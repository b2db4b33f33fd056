"""Lists of people: whom one would invite, who is known already, and what is wrong in it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from survey_service.conduct.access import ROLES, Role
from survey_service.conduct.names import is_name
from survey_service.conduct.sign_in_names import comparable

LOGIN, EMAIL = r"[\w.@+-]+", r"[^@\s<>,;:\\\"\x00-\x1f]+@[\w.-]+"
"""What somebody signs in with: letters, digits and what stands in addresses; and such an address."""

LONGEST_LOGIN = 100  # letters


class ListedPerson(Struct, frozen=True):
    """Somebody as a list has them; `email` is "" where it tells none."""

    login: str
    name: str
    role: str
    organisation: str
    email: str = ""


class Misfit(Struct, frozen=True):
    """A row that cannot be taken: its line in the list, and why (`problem.<reason>`)."""

    line: int
    name: str
    reason: Literal[
        "no_login",
        "login_twice",
        "bad_name",
        "no_role",
        "not_to_give",
        "no_organisation",
        "no_email",
    ]


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
    organisations: Mapping[str, int],
    admits: Collection[Role],
    first_line: int = 2,
) -> Admission:
    """Return what a list of people would do.

    Args:
        rows: The list, in its order.
        known: The logins that are taken, whoever they are.
        organisations: The ids of those that whoever brings the list looks after, by name.
        admits: The roles that they may give.
        first_line: Where its first row stands.
    """
    new = [row for row in rows if row.login not in known]
    misfits = tuple(_misfits(rows, known, organisations, admits, first_line))
    invited = () if misfits else tuple(_invited(row, organisations) for row in new)
    return Admission(invited, tuple(row.login for row in rows if row.login in known), misfits)


def _invited(row: ListedPerson, organisations: Mapping[str, int]) -> Invited:
    role = next(role for role in ROLES if role == row.role)
    place = organisations[row.organisation]
    return Invited(row.login, row.name, role, place, row.email or None)


def _misfits(
    rows: Sequence[ListedPerson],
    known: Collection[str],
    organisations: Mapping[str, int],
    admits: Collection[Role],
    first_line: int,
) -> Iterator[Misfit]:
    seen: set[str] = set()
    for line, row in enumerate(rows, start=first_line):
        wrong: dict[str, bool] = {
            "no_login": len(row.login) > LONGEST_LOGIN or not re.fullmatch(LOGIN, row.login),
            "login_twice": comparable(row.login) in seen,
            "bad_name": not is_name(row.name),
            "no_role": row.role not in ROLES,
            "not_to_give": row.role not in admits,
            "no_organisation": row.organisation not in organisations,
            "no_email": bool(row.email) and not re.fullmatch(EMAIL, row.email),
        }
        seen.add(comparable(row.login))
        if row.login not in known and (reason := next(filter(wrong.__getitem__, wrong), None)):
            yield Misfit(line, row.login or row.name, reason)  # type: ignore[arg-type] # one of its keys
