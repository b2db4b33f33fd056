"""What is known of an organisation beside its kind, for conditions and weights."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "organisation", sa.Column("attributes", sa.Text(), nullable=False, server_default="{}")
    )
