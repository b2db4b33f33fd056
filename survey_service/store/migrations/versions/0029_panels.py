"""Evaluators who score an assessment alone before they agree on one score."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "panellist",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("handed_in_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_panellist_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_panellist_person_id_person")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "person_id", name=op.f("pk_panellist")),
    )
    op.create_index(op.f("ix_panellist_person_id"), "panellist", ["person_id"])
    op.create_table(
        "independent_score",
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f("fk_independent_score_assessment_id_assessment"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_independent_score_person_id_person")
        ),
        sa.PrimaryKeyConstraint(
            "assessment_id", "person_id", "indicator", name=op.f("pk_independent_score")
        ),
    )
    op.create_index(op.f("ix_independent_score_person_id"), "independent_score", ["person_id"])
