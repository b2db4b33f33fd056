"""The tables of releases. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.analysis.publications import FORGOTTEN, UNREADABLE, Memory, Told
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

publication = sa.Table(
    "publication",  # triggers keep one that has a number from being changed or removed
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), nullable=False),
    sa.Column("number", sa.Integer),  # within the cycle, from 1; none of a draft
    sa.Column("before_id", sa.ForeignKey("publication.id")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("organisations", sa.Integer, nullable=False),
    sa.Column("digests", sa.Text, nullable=False),  # the SHA-256 of the list of digests
    sa.Column("code", sa.Text, nullable=False, index=True),
    sa.Column("told", Json(Told, UNREADABLE), nullable=False),
    sa.Column("memory", Json(Memory, FORGOTTEN), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("publisher", sa.Text),
    sa.Column("published_at", Moment),
    sa.Column("entry_id", sa.ForeignKey("entry.id")),
    sa.UniqueConstraint("cycle_id", "number"),
)

publication_file = sa.Table(
    "publication_file",
    metadata,
    sa.Column("publication_id", sa.ForeignKey("publication.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("digest", sa.ForeignKey("file.digest"), nullable=False, index=True),
)
