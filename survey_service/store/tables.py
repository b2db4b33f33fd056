"""Every table. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Attribute
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
    sa.Column("attributes", Json(dict[str, Attribute]), nullable=False, server_default="{}"),
    sa.Column("parent_id", sa.ForeignKey("organisation.id"), index=True),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False),
    sa.Column("password", sa.Text, nullable=False),  # an argon2id hash
)

session = sa.Table(
    "session",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # the token's SHA-256, never the token
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
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
    sa.ForeignKeyConstraint(
        ["questionnaire", "version"], ["questionnaire.code", "questionnaire.version"]
    ),
)

response = sa.Table(
    "response",
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("answer", Json(Answer), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("carried_from", sa.Text),
)

revision = sa.Table(
    "revision",  # every response there ever was: rows are added and never changed
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("answer", Json(Answer), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("carried_from", sa.Text),
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
