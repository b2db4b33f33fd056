"""Who sees a remark, and what became of it; the digest of what is handed in; more time."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    everybody = sa.Column("audience", sa.Text(), nullable=False, server_default="all")
    op.add_column("remark", everybody)
    op.add_column("remark", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("step", sa.Column("digest", sa.Text(), nullable=True))
    op.create_table(
        "extension",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_extension_cycle_id_cycle")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_extension_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", "stage", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_organisation_id"), "extension", ["organisation_id"])
