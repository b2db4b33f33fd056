"""Organisations form a tree, and are deactivated rather than removed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.create_foreign_key(
            op.f("fk_organisation_parent_id_organisation"), "organisation", ["parent_id"], ["id"]
        )
        table.create_index(op.f("ix_organisation_parent_id"), ["parent_id"])
