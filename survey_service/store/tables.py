"""Every table. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.conduct.cycles import Calendar
from survey_service.conduct.jobs import UNFINISHED, Failure
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Attributes
from survey_service.maturity.texts import Text
from survey_service.store.types import Json, Moment

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("attributes", Json(Attributes), nullable=False, server_default="{}"),
    sa.Column("parent_id", sa.ForeignKey("organisation.id"), index=True),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("second_factor", sa.Boolean, nullable=False, server_default=sa.false()),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False),
    sa.Column("password", sa.Text),  # an argon2id hash; none while invited, or by single sign-on
    sa.Column("email", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("subject", sa.Text, unique=True),  # issuer and subject of single sign-on
    sa.Column("totp", sa.Text),  # the second factor's secret, sealed
    sa.Column("totp_step", sa.Integer),  # the last one accepted: a code serves once
)

one_time_link = sa.Table(
    "one_time_link",  # with which an invited person, or one who forgot it, sets a password
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # the token's SHA-256, never the token
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # the token's SHA-256, never the token
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False, server_default="2000-01-01 00:00:00"),
    sa.Column("scope", sa.Text, nullable=False, server_default="write"),
    sa.Column("label", sa.Text, nullable=False, server_default=""),  # of a token for a program
)

questionnaire = sa.Table(
    "questionnaire",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("name", Json(Text), nullable=False),
    sa.Column("indicators", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
)

cycle = sa.Table(
    "cycle",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False, index=True),
    sa.Column("questionnaire", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("calendar", Json(Calendar), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("digest", sa.ForeignKey("questionnaire.digest")),
    sa.Column("opened_at", Moment),
    sa.ForeignKeyConstraint(
        ["questionnaire", "version"], ["questionnaire.code", "questionnaire.version"]
    ),
)

participant = sa.Table(
    "participant",
    metadata,
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), primary_key=True, index=True),
)

assessment = sa.Table(
    "assessment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("questionnaire", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("digest", sa.ForeignKey("questionnaire.digest"), nullable=False),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_by", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("submitted_at", Moment),
    sa.Column("cycle_id", sa.ForeignKey("cycle.id")),
    sa.Column("reopened", sa.Integer, nullable=False, server_default="0"),
    sa.Column("superseded_by", sa.ForeignKey("assessment.id")),
    sa.ForeignKeyConstraint(
        ["questionnaire", "version"], ["questionnaire.code", "questionnaire.version"]
    ),
)
_going_on = assessment.c.superseded_by.is_(None)
sa.Index(  # an organisation takes part in a cycle once
    "ix_assessment_cycle_id",
    assessment.c.cycle_id,
    assessment.c.organisation_id,
    unique=True,
    sqlite_where=_going_on,
    postgresql_where=_going_on,
)

step = sa.Table(
    "step",  # in the life of an assessment: rows are added and never changed
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

response = sa.Table(
    "response",
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True, server_default="self"),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("answer", Json(Answer), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("carried_from", sa.Text),
    sa.Column("judged", sa.Integer),
)

revision = sa.Table(
    "revision",  # every response there ever was: rows are added and never changed
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True, server_default="self"),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("answer", Json(Answer), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("carried_from", sa.Text),
    sa.Column("judged", sa.Integer),
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
)

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

file = sa.Table(
    "file",  # by content
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),  # SHA-256
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # bytes
    sa.Column("kept_at", Moment, nullable=False),
)

evidence = sa.Table(
    "evidence",  # a file or a link that supports the answer to an indicator; taken away, never lost
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), nullable=False, index=True),
    sa.Column("indicator", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.ForeignKey("file.digest"), index=True),
    sa.Column("url", sa.Text),
    sa.Column("effective", sa.Date),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("removed_by", sa.Text),
    sa.Column("removed_at", Moment),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
)

audit = sa.Table(
    "audit",  # what happened, chained; triggers keep rows from being changed or removed
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("after", sa.Text),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), index=True),
)

attempt = sa.Table(
    "attempt",  # to sign in
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
)

presence = sa.Table(
    "presence",  # at which part of an assessment somebody was last
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)

report = sa.Table(
    "report",  # that was handed out, by the SHA-256 of its file
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True, index=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),  # bytes
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

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
    sa.Column("error", Json(Failure)),
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
