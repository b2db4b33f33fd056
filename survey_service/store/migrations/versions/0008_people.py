"""People without a password yet, their second factor and single sign-on, and idle sessions."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.alter_column("password", existing_type=sa.Text(), nullable=True)
        table.add_column(sa.Column("email", sa.Text(), nullable=True))
        table.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.add_column(sa.Column("subject", sa.Text(), nullable=True))
        table.add_column(sa.Column("totp", sa.Text(), nullable=True))
        table.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        table.create_unique_constraint(op.f("uq_person_subject"), ["subject"])
    op.add_column(
        "organisation",
        sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "session",
        sa.Column("seen_at", Moment(), nullable=False, server_default="2000-01-01 00:00:00"),
    )
    op.create_table(
        "one_time_link",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_one_time_link_person_id_person")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_one_time_link")),
    )
    op.create_index(op.f("ix_one_time_link_person_id"), "one_time_link", ["person_id"])
