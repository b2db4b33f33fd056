"""Adding people to organisations, from the command line."""

import secrets
from survey_service.errors import UnknownRoleError
from survey_service.maturity.access import ROLES, Role
from survey_service.maturity.conditions import Attribute
from survey_service.maturity.organisations import KINDS
from survey_service.operations import audit
from survey_service.operations.sessions import hashed
from survey_service.store import organisations, people
from survey_service.store.database import Writer


def add(
    tx: Writer,
    login: str,
    name: str,
    role: Role,
    organisation: str,
    kind: str,
    attributes: dict[str, Attribute],
) -> str:
    """Add a person, and their organisation where it is not there yet; return their password.

    Somebody who is there already gets a new password, and their sessions end.

    Raises:
        UnknownRoleError: There is no such role, or no such kind of organisation.
    """
    for found, expected in ((role, ROLES), (kind, KINDS)):
        if found not in expected:
            raise UnknownRoleError(found=found, expected=", ".join(expected))
    password = secrets.token_urlsafe(12)
    belongs_to = organisations.add(tx, organisation, kind, attributes)
    known = people.credential(tx, login)
    people.save_person(tx, people.Person(login, name, role, belongs_to, hashed(password)))
    if known is not None:
        people.remove_sessions(tx, known.person_id)
    said = {"name": name, "role": role, "organisation": organisation}
    audit.record_system(tx, "person.reset" if known else "person.add", f"people/{login}", said)
    return password
