"""Results that stay: organisations as they were, progress, results by stage, withdrawals."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from survey_service import clock
from survey_service.store.types import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_organisation = sa.table(
    "organisation",
    sa.column("id", sa.Integer),
    sa.column("name", sa.Text),
    sa.column("kind", sa.Text),
    sa.column("attributes", sa.Text),
    sa.column("parent_id", sa.Integer),
)
_SAID = ("actor", "address", "action", "about", "after", "assessment_id")
_OWNED = ("name", "kind", "attributes", "ancestors")
_assessment = sa.table(
    "assessment",
    sa.column("id", sa.Integer),
    sa.column("organisation_id", sa.Integer),
    sa.column("organisation_name", sa.Text),
    sa.column("organisation_kind", sa.Text),
    sa.column("organisation_attributes", sa.Text),
    sa.column("organisation_ancestors", sa.Text),
)


def upgrade() -> None:
    _snapshots()
    _progress()
    _results()
    _withdrawals()
    _record()


def _snapshots() -> None:
    """Let every assessment keep its organisation as it is today: nothing tells how it was."""
    for name, default in (
        ("organisation_name", ""),
        ("organisation_kind", ""),
        ("organisation_attributes", "{}"),
        ("organisation_ancestors", "[]"),
    ):
        column = sa.Column(name, sa.Text(), nullable=False, server_default=default)
        op.add_column("assessment", column)
    connection = op.get_bind()
    known = {row.id: row for row in connection.execute(sa.select(_organisation))}
    assessed = connection.execute(sa.select(_assessment.c.organisation_id).distinct())
    for (id_,) in list(assessed):
        one = known[id_]
        connection.execute(
            sa.update(_assessment)
            .where(_assessment.c.organisation_id == id_)
            .values(
                organisation_name=one.name,
                organisation_kind=one.kind,
                organisation_attributes=one.attributes,
                organisation_ancestors=json.dumps(list(_above(known, one))),
            )
        )


def _record() -> None:
    """Record as whose every assessment is known from now on: the trail said so of nobody."""
    connection = op.get_bind()
    said = sa.table("entry", *(sa.column(name) for name in _SAID), sa.column("at", Moment))
    columns = [_assessment.c[f"organisation_{one}"] for one in _OWNED]
    for id_, *fields in connection.execute(sa.select(_assessment.c.id, *columns)).all():
        name, kind, attributes, ancestors = fields
        owned = {
            "name": name,
            "kind": kind,
            "attributes": _as_written(attributes),
            "ancestors": _as_written(ancestors),
        }
        entry = {
            "at": clock.now(), "actor": "-", "address": "-", "action": "assessment.found",
            "about": f"assessments/{id_}", "assessment_id": id_,
            "after": msgspec.json.encode({"organisation": owned}).decode(),
        }  # fmt: skip
        connection.execute(sa.insert(said).inline(), entry)


def _as_written(written: str) -> msgspec.Raw:
    return msgspec.Raw(written.encode())


def _progress() -> None:
    """Let every assessment count its answers; those from before are counted after this migration."""
    column = sa.Column("answered", sa.Integer(), nullable=False, server_default="0")
    op.add_column("assessment", column)
    op.add_column("assessment", sa.Column("total", sa.Integer(), nullable=True))


def _results() -> None:
    """Make room for results; those from before come about after this migration."""
    op.create_table(
        "result",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("scoring", sa.Integer(), nullable=False),
        sa.Column("index", sa.Text(), nullable=True),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("nodes", sa.LargeBinary(), nullable=False),
        sa.Column("indicators", sa.LargeBinary(), nullable=False),
        sa.Column("running", sa.Text(), nullable=False),
        sa.Column("official", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_result_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", "stage", name=op.f("pk_result")),
    )
    for name in ("stage", "index", "grade"):  # no batch: a copy of the table loses its triggers
        op.add_column("step", sa.Column(name, sa.Text(), nullable=True))


def _withdrawals() -> None:
    op.add_column("participant", sa.Column("withdrawn_because", sa.Text(), nullable=True))
    op.add_column("participant", sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.add_column("participant", sa.Column("withdrawn_at", Moment(), nullable=True))


def _above(known: dict[int, Any], one: Any) -> Iterator[dict[str, object]]:
    """Yield those above an organisation, its parent first; a tree that closes on itself ends."""
    seen: set[int] = set()
    while one.parent_id is not None and one.parent_id not in seen:
        one = known[one.parent_id]
        seen.add(one.id)
        yield {"id": one.id, "name": one.name}
