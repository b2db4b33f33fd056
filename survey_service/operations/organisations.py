"""Taking in a list of organisations, after a look at what it would change."""

from collections.abc import Sequence

from survey_service.maturity.organisations import Listed, Plan, plan
from survey_service.operations import audit
from survey_service.store import organisations
from survey_service.store.database import Reader, Writer


def preview(tx: Reader, rows: Sequence[Listed]) -> Plan:
    """Return what a list would change, and what is wrong in it."""
    return plan(organisations.listed(tx), rows)


def take_in(tx: Writer, rows: Sequence[Listed]) -> Plan:
    """Change what a list changes, all of it or, where anything is wrong in it, nothing."""
    planned = preview(tx, rows)
    for change in planned.changes:
        after = change.after
        parent = None if after.parent is None else organisations.identity(tx, after.parent)
        if change.action == "add":
            organisations.insert(tx, after, parent)
        else:
            organisations.update(tx, after, parent)
        about = f"organisations/{after.name}"
        audit.record_system(tx, f"organisation.{change.action}", about, change)
    return planned
