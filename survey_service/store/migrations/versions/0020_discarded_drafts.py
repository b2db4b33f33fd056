"""Drafts that were thrown away, in whose place another one can be opened in the cycle."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("assessment", sa.Column("discarded_at", Moment(), nullable=True))
    op.add_column("assessment", sa.Column("discarded_by", sa.Text(), nullable=True))
    going_on = sa.text("superseded_by IS NULL AND discarded_at IS NULL")
    op.create_index(
        op.f("ix_assessment_going_on"),
        "assessment",
        ["cycle_id", "organisation_id"],
        unique=True,
        sqlite_where=going_on,
        postgresql_where=going_on,
    )
    op.drop_index(op.f("ix_assessment_cycle_id"), "assessment")
