"""The tables of signing in. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.store.metadata import metadata
from survey_service.store.types import Moment

one_time_link = sa.Table(
    "one_time_link",  # with which an invited person, or one who forgot it, sets a password
    metadata,
    sa.Column("token", sa.Text, primary_key=True),  # the token's SHA-256, never the token
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("expires_at", Moment, nullable=False),
)

recovery_code = sa.Table(
    "recovery_code",  # which serves once where a code of the second factor is asked for
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("hash", sa.Text, nullable=False),  # argon2id, as of a password
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
    sa.Column("issued_by", sa.Text, index=True),  # the token that issued it, and ends it
)

secret = sa.Table(
    "secret",  # that the service made for itself, sealed
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("public", sa.Text),  # what everybody may know of it
)

attempt = sa.Table(
    "attempt",  # to sign in, that failed
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, index=True),  # a keyed digest of what was typed
    sa.Column("address", sa.Text, nullable=False, index=True),  # or which known device
    sa.Column("at", Moment, nullable=False, index=True),
)

familiar = sa.Table(
    "familiar",  # addresses from which somebody signed in, and when last
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("at", Moment, nullable=False),
)
