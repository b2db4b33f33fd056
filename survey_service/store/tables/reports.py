"""The tables of what reports claim. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.store.metadata import metadata

issued = sa.Table(
    "issued",  # a claim that is in the log, by its SHA-256, with the code printed on the report
    metadata,
    sa.Column("claim", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, index=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), nullable=False, index=True),
    sa.Column("entry_id", sa.ForeignKey("entry.id"), nullable=False),
    sa.Column("step_id", sa.ForeignKey("entry.id")),  # none where no step is on record
)

issued_release = sa.Table(
    "issued_release",  # the same of releases that nobody published
    metadata,
    sa.Column("claim", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False, index=True),
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), nullable=False, index=True),
    sa.Column("entry_id", sa.ForeignKey("entry.id"), nullable=False),
)
