"""The tables of checking: remarks and more time. A change needs a migration; a test compares the two."""

import sqlalchemy as sa

from survey_service.store.metadata import metadata
from survey_service.store.types import Moment

extension = sa.Table(
    "extension",  # of a stage's days, for one participant
    metadata,
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), primary_key=True, index=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

remark = sa.Table(
    "remark",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("indicator", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Column("resolved_by", sa.Text),
    sa.Column("resolved_at", Moment),
    sa.Column("audience", sa.Text, nullable=False, server_default="all"),
    sa.Column("outcome", sa.Text),
)
