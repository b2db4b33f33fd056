"""The tables of long work. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.conduct.jobs import UNFINISHED, UNREADABLE, Failure
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

job = sa.Table(
    "job",  # long work, done by whoever claims it
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),  # JSON, by kind
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), index=True),  # none where nobody asked
    sa.Column("address", sa.Text, nullable=False),  # where the request came from
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("lease", Moment),  # until when it is the worker's
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("result", sa.Text, nullable=False),  # JSON, by kind
    sa.Column("error", Json(Failure, UNREADABLE)),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("finished_at", Moment),
)
job_unfinished = job.c.state.in_([sa.literal_column(f"'{state}'") for state in UNFINISHED])
"""Jobs that wait or are being done; in just these words, by which SQLite finds the index."""

sa.Index(  # what is asked for twice is done once
    "ix_job_key",
    job.c.key,
    unique=True,
    sqlite_where=job_unfinished,
    postgresql_where=job_unfinished,
)
sa.Index(
    "ix_job_lane",
    job.c.lane,
    job.c.turn,
    sqlite_where=job_unfinished,
    postgresql_where=job_unfinished,
)

job_asker = sa.Table(
    "job_asker",  # those who asked for a job, and see what becomes of it
    metadata,
    sa.Column("job_id", sa.ForeignKey("job.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
)
