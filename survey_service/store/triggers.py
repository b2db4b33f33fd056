"""The triggers that keep what is recorded from being changed: what they must be, and whether they are.

Whoever owns the database can lift them, so that they stop accidents; that they are gone tells of more.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa

from survey_service.store.database import Reader

_KEPT = ("entry", "leaf", "revision", "step")  # tables whose rows are added and never changed
_BEFORE_ANY_CHANGE = 2 + 8 + 16 + 32  # bits of pg_trigger.tgtype: before delete, update, truncate
_AFTER_EACH_INSERT = 1 + 4
_BEFORE_A_ROWS_CHANGE = 1 + 2 + 8 + 16
_REFUSE = "begin raise exception 'the audit trail is append-only'; end"
_WAIT = (
    "begin insert into pending (entry_id) values (new.id) on conflict do nothing; return null; end"
)
_WITHDRAW = (
    "begin if old.number is not null then raise exception 'a release is never changed'; end if; "
    "if tg_op = 'DELETE' then return old; end if; return new; end"
)

_SQLITE = {
    **{
        f"{table}_no_{change}": f"create trigger {table}_no_{change} before {change} on {table} "
        f"begin select raise(abort, '{table} is append-only'); end"
        for table in _KEPT
        for change in ("update", "delete")
    },
    **{
        f"publication_no_{change}": f"create trigger publication_no_{change} before {change} "
        "on publication when old.number is not null "
        "begin select raise(abort, 'a release is never changed'); end"
        for change in ("update", "delete")
    },
    "entry_waits": "create trigger entry_waits after insert on entry "
    "begin insert or ignore into pending (entry_id) values (new.id); end",
}
_POSTGRESQL = {
    **{f"{table}_append_only": (table, _BEFORE_ANY_CHANGE, _REFUSE) for table in _KEPT},
    "publication_kept": ("publication", _BEFORE_A_ROWS_CHANGE, _WITHDRAW),
    "entry_waits": ("entry", _AFTER_EACH_INSERT, _WAIT),
}
_STANDING = """
    select tgname, relname, tgtype, prosrc from pg_trigger
    join pg_class on pg_class.oid = tgrelid join pg_proc on pg_proc.oid = tgfoid
    where tgenabled in ('O', 'A') and not tgisinternal and tgqual is null
    and relnamespace = current_schema()::regnamespace
"""


def missing(tx: Reader) -> Iterator[str]:
    """Yield the names of triggers that do not stand, or are not what they must be."""
    if tx.dialect.name == "postgresql":
        rows = tx.execute(sa.text(_STANDING))
        found = {row[0]: (row[1], row[2], _bare(row[3])) for row in rows}
        yield from (name for name, wanted in _POSTGRESQL.items() if found.get(name) != wanted)
        return
    query = sa.text("select name, sql from sqlite_master where type = 'trigger'")
    standing = {row[0]: _bare(row[1]) for row in tx.execute(query)}
    yield from (name for name, wanted in _SQLITE.items() if standing.get(name) != wanted)


def _bare(written: str) -> str:
    """Return SQL as it is written here, whatever case and spaces the database keeps it with."""
    return re.sub(r"\s+", " ", written).strip().replace("CREATE TRIGGER", "create trigger")
