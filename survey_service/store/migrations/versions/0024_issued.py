"""What reports claim, by their short codes; each claim itself is an entry of the log."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "issued",
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", _LONG, nullable=False),
        sa.Column("step_id", _LONG, nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_issued_assessment_id_assessment")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_issued_entry_id_entry")),
        sa.ForeignKeyConstraint(["step_id"], ["entry.id"], name=op.f("fk_issued_step_id_entry")),
        sa.PrimaryKeyConstraint("claim", name=op.f("pk_issued")),
    )
    op.create_index(op.f("ix_issued_code"), "issued", ["code"])
    op.create_index(op.f("ix_issued_assessment_id"), "issued", ["assessment_id"])
