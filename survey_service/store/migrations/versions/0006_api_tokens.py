"""Tokens for programs: sessions with a name, that may be only for reading."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("scope", sa.Text(), nullable=False, server_default="write"))
    op.add_column("session", sa.Column("label", sa.Text(), nullable=False, server_default=""))
