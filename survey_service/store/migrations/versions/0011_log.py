"""The log: a Merkle tree over the audit trail, into which the chain of before goes first.

What the trail did not tell so far, where organisations and people stand and which points were made,
is recorded as it is found; from here on the trail accounts for it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from survey_service import clock
from survey_service.conduct.merkle import Peaks, leaf_hash
from survey_service.conduct.trail import Entry
from survey_service.store.types import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TOGETHER = 1000  # rows in memory at a time
_SAID = (
    "at", "actor", "address", "action", "about", "before", "after", "assessment_id", "previous",
    "digest",
)  # fmt: skip
_entry = sa.table(
    "entry",
    sa.column("id", _LONG),
    sa.column("at", Moment),
    *(sa.column(name) for name in _SAID[1:]),
)
_leaf = sa.table("leaf", *(sa.column(name) for name in ("number", "entry_id", "hashes")))


def upgrade() -> None:
    _make_trail()
    _make_attempts()
    _copy()
    _record_what_is_there()
    _number()
    op.drop_table("audit")
    _guard()


def _make_trail() -> None:
    op.create_table(
        "entry",
        sa.Column("id", _LONG, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _SAID[1:5]),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("assessment_id", sa.Integer(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_entry_assessment_id_assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_assessment_id", "entry", ["assessment_id", "id"])
    op.create_table(
        "pending",
        sa.Column("entry_id", _LONG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_pending")),
    )
    op.create_table(
        "leaf",
        sa.Column("number", _LONG, autoincrement=False, nullable=False),
        sa.Column("entry_id", _LONG, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_leaf_entry_id_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_leaf")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_leaf_entry_id")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("public", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )


def _make_attempts() -> None:
    """Forget what was typed into sign-in forms; keep from where people are known to come."""
    op.create_table(
        "familiar",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_familiar_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "address", name=op.f("pk_familiar")),
    )
    op.execute(
        "insert into familiar (person_id, address, at) "
        "select person.id, attempt.address, max(attempt.at) from attempt "
        "join person on person.login = attempt.login where attempt.succeeded "
        "group by person.id, attempt.address"
    )
    op.drop_table("attempt")
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    for column in ("login", "address", "at"):
        op.create_index(op.f(f"ix_attempt_{column}"), "attempt", [column])
    op.create_table(
        "tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("day", "action", "address", name=op.f("pk_tally")),
    )


def _copy() -> None:
    """Put the chain in as it is; the numbers that it had are the entries' ids."""
    columns = ", ".join(_SAID)
    op.execute(
        f"insert into entry (id, {columns}) select number, {columns} from audit"  # noqa: S608
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "select setval(pg_get_serial_sequence('entry', 'id'), max(id)) from entry "
            "having max(id) is not null"
        )


def _record_what_is_there() -> None:
    found = sa.insert(_entry).inline()
    now = clock.now()
    for table, action, after in (
        ("organisation", "organisation.found", _organisations()),
        ("person", "person.found", _people()),
        ("remark", "remark.found", _points()),
    ):
        for about, one in after:
            said = {"at": now, "actor": "-", "address": "-", "action": action, "about": about}
            theirs = one.pop("assessment_id", None) if table == "remark" else None
            words = msgspec.json.encode(one).decode()
            op.get_bind().execute(found, {**said, "after": words, "assessment_id": theirs})


def _organisations() -> Iterator[tuple[str, dict[str, Any]]]:
    query = (
        "select id, name, kind, parent_id, attributes, active, second_factor from organisation "
        "where id > :after order by id limit :together"
    )
    for row in _rows(query):
        row["attributes"] = msgspec.json.decode(row["attributes"])
        row["active"], row["second_factor"] = bool(row["active"]), bool(row["second_factor"])
        yield f"organisations/{row['id']}", row


def _people() -> Iterator[tuple[str, dict[str, Any]]]:
    query = (
        "select person.id, login, person.name, role, organisation_id, organisation.name as "
        "organisation, email, person.active, password is null and subject is null as invited, "
        "totp is not null as second_factor from person join organisation on organisation.id = "
        "person.organisation_id where person.id > :after order by person.id limit :together"
    )
    for row in _rows(query):
        for flag in ("active", "invited", "second_factor"):
            row[flag] = bool(row[flag])
        yield f"people/{row['id']}", row


def _points() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the points with which assessments were returned: only the step told of them."""
    query = (
        "select id, kind, indicator, text, author, at, answer, resolved_by, resolved_at, "
        "assessment_id from remark where kind = 'point' and id > :after order by id limit :together"
    )
    for row in _rows(query, at=Moment, resolved_at=Moment):
        yield f"assessments/{row['assessment_id']}/remarks/{row['id']}", row


def _rows(query: str, **types: type[Moment]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a query by id, so many at a time."""
    typed = sa.text(query).columns(**{name: each() for name, each in types.items()})
    after = 0
    while True:
        found = op.get_bind().execute(typed, {"after": after, "together": _TOGETHER})
        rows = [dict(row) for row in found.mappings()]
        yield from (dict(row) for row in rows)
        if len(rows) < _TOGETHER:
            return
        after = rows[-1]["id"]


def _number() -> None:
    peaks, after = Peaks(), 0
    columns = [_entry.c[name] for name in Entry.__struct_fields__ if name in _entry.c]  # as of then
    page = sa.select(*columns).order_by(_entry.c.id).limit(_TOGETHER)
    while found := list(op.get_bind().execute(page.where(_entry.c.id > after))):
        leaves = []
        for row in found:
            filled = peaks.append(leaf_hash(Entry(*row).leaf))
            hashes = b"".join(each for _, each in filled)
            leaves.append({"number": peaks.size, "entry_id": row.id, "hashes": hashes})
        op.get_bind().execute(sa.insert(_leaf), leaves)
        after = found[-1].id


def _guard() -> None:
    """Let nobody change what is recorded, and every new entry wait for its number."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("entry", "leaf"):
            op.execute(
                f"create trigger {table}_append_only before update or delete or truncate "
                f"on {table} for each statement execute function refuse_change()"
            )
        op.execute(
            "create function wait_for_number() returns trigger language plpgsql as "
            "$$ begin insert into pending (entry_id) values (new.id) on conflict do nothing; "
            "return null; end $$"
        )
        op.execute(
            "create trigger entry_waits after insert on entry "
            "for each row execute function wait_for_number()"
        )
        return
    for table in ("entry", "leaf"):
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {table}_no_{change} before {change} on {table} "
                f"begin select raise(abort, '{table} is append-only'); end"
            )
    op.execute(
        "create trigger entry_waits after insert on entry "
        "begin insert or ignore into pending (entry_id) values (new.id); end"
    )
