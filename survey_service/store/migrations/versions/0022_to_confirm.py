"""How many answers are to be confirmed, counted beside those answered; lists of the command line."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count both anew wherever anything was carried over: what is answered counted those as well."""
    column = sa.Column("to_confirm", sa.Integer(), nullable=False, server_default="0")
    op.add_column("assessment", column)
    op.execute(
        "update assessment set total = null where discarded_at is null and id in (select assessment_id from response"
        " where stage = 'self' and carried_from is not null)"
    )
    with op.batch_alter_table("drafted_list") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
