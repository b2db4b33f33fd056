"""The tables of uploaded lists and of successions. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.conduct.drafted_lists import UNREADABLE
from survey_service.conduct.organisations import Intended
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

drafted_list = sa.Table(
    "drafted_list",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),  # JSON, by kind
    sa.Column("at", Moment, nullable=False),
    sa.Column("job_id", sa.Integer),  # jobs are forgotten before lists are
    sa.Column("undoing_id", sa.Integer),
    sa.Column("changes", Json(tuple[Intended, ...], UNREADABLE), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), index=True),  # none on the command line
)

succession = sa.Table(
    "succession",  # that an organisation follows another one: after a merger, a split, a renaming
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("on", sa.Date, nullable=False),
    sa.Column("predecessor_id", sa.ForeignKey("organisation.id"), index=True, nullable=False),
    sa.Column("successor_id", sa.ForeignKey("organisation.id"), index=True, nullable=False),
)
