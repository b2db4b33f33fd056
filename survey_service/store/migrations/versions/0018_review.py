"""Who sees a remark, and what became of it; the digest of what is handed in."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    everybody = sa.Column("audience", sa.Text(), nullable=False, server_default="all")
    op.add_column("remark", everybody)
    op.add_column("remark", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("step", sa.Column("digest", sa.Text(), nullable=True))
