"""Recovery codes, who issued a token, what people were called when they did something, and where."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "number", name=op.f("pk_recovery_code")),
    )
    op.add_column("session", sa.Column("issued_by", sa.Text()))
    op.create_index(op.f("ix_session_issued_by"), "session", ["issued_by"])
    op.add_column("entry", sa.Column("name", sa.Text()))
    op.create_table(
        "whereabouts",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_whereabouts")),
    )
