"""Workbooks that came back, and are looked at before they are taken in."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafted_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("books", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_drafted_workbook_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_drafted_workbook_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafted_workbook")),
    )
    op.create_index(
        op.f("ix_drafted_workbook_assessment_id"), "drafted_workbook", ["assessment_id"]
    )
    op.create_index(op.f("ix_drafted_workbook_at"), "drafted_workbook", ["at"])
