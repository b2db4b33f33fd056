"""What releases claim that are written and that nobody published, by their short codes."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "issued_release",
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", _LONG, nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_issued_release_cycle_id_cycle")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_issued_release_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_issued_release")),
    )
    op.create_index(op.f("ix_issued_release_code"), "issued_release", ["code"])
    op.create_index(op.f("ix_issued_release_cycle_id"), "issued_release", ["cycle_id"])
