"""Organisations as they were and how far answers are, on every assessment."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
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
_assessment = sa.table(
    "assessment",
    sa.column("organisation_id", sa.Integer),
    sa.column("organisation_name", sa.Text),
    sa.column("organisation_kind", sa.Text),
    sa.column("organisation_attributes", sa.Text),
    sa.column("organisation_ancestors", sa.Text),
)


def upgrade() -> None:
    _snapshots()
    _progress()


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


def _progress() -> None:
    """Let every assessment count its answers; those from before are counted after this migration."""
    column = sa.Column("answered", sa.Integer(), nullable=False, server_default="0")
    op.add_column("assessment", column)
    op.add_column("assessment", sa.Column("total", sa.Integer(), nullable=True))


def _above(known: dict[int, Any], one: Any) -> Iterator[dict[str, object]]:
    """Yield those above an organisation, its parent first."""
    while one.parent_id is not None:
        one = known[one.parent_id]
        yield {"id": one.id, "name": one.name}
