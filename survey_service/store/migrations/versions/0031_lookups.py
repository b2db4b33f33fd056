"""What is looked up by where it belongs is found without a walk through all there is."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_person_organisation_id"), "person", ["organisation_id"])
    op.create_index(op.f("ix_assessment_superseded_by"), "assessment", ["superseded_by"])
