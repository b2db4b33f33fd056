"""Answers carried over from an earlier version of the questionnaire, until confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("response", "revision"):
        op.add_column(table, sa.Column("carried_from", sa.Text(), nullable=True))
