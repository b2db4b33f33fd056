"""The tables of the trail and its log. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.store.metadata import metadata
from survey_service.store.types import Moment

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # whose row ids are as long

entry = sa.Table(
    "entry",  # of the audit trail; triggers keep rows from being changed or removed
    metadata,
    sa.Column("id", _LONG, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id")),
    sa.Column("previous", sa.Text),  # of the chain that there was before the log
    sa.Column("digest", sa.Text),
    sa.Column("name", sa.Text),  # of the actor, as it was; none in entries from before it was kept
    sa.Index("ix_entry_assessment_id", "assessment_id", "id"),
)

whereabouts = sa.Table(
    "whereabouts",  # of entries that hold only a digest of from where something was done
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("salt", sa.Text, nullable=False),
)

pending = sa.Table(
    "pending",  # entries that have no number yet: a trigger puts every new one here
    metadata,
    sa.Column("entry_id", _LONG, primary_key=True, autoincrement=False),  # unlocked: no foreign key
)

leaf = sa.Table(
    "leaf",  # of the log: an entry's number, and the hash of it and of each subtree that it completes
    metadata,
    sa.Column("number", _LONG, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.ForeignKey("entry.id"), nullable=False, unique=True),
    sa.Column("hashes", sa.LargeBinary, nullable=False),  # 32 bytes each, from the leaf's own up
)

tally = sa.Table(
    "tally",  # of what nobody who is signed in tried, by day and address
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("action", sa.Text, primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
)
