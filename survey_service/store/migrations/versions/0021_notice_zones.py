"""Where the last day ends that somebody is told of."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("time_zone", sa.Text(), nullable=True))
