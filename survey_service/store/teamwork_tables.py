"""The tables of work in a team. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.store.metadata import metadata
from survey_service.store.types import Moment

assignment = sa.Table(
    "assignment",  # of a node or indicator to a person
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
)

ready = sa.Table(
    "ready",  # for check: the revision that somebody called so
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

presence = sa.Table(
    "presence",  # at which part of an assessment somebody was last
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)
