"""The tables of being told. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.conduct.notices import SILENT, Choice, Kind
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

notice = sa.Table(
    "notice",  # to a person, of what happened or is due
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("time_zone", sa.Text),  # where that day ends
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("seen_at", Moment),
    sa.Column("job_id", sa.Integer),  # that sends it, which is forgotten sooner: no foreign key
    sa.Column("mailed_at", Moment),
    sa.UniqueConstraint("person_id", "key"),
)

subscription = sa.Table(
    "subscription",  # what somebody chose to be told by mail, and how
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("language", sa.Text),
    # where it is damaged nothing is sent: mail that was not wanted cannot be called back
    sa.Column("mail", Json(dict[Kind, Choice], dict(SILENT)), nullable=False),
    sa.Column("digest_on", sa.Date),
)

reminder = sa.Table(
    "reminder",  # of those who had not begun: rows are added and never changed
    metadata,
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), primary_key=True),
    sa.Column("at", Moment, primary_key=True),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),  # who were told
)

calendar_link = sa.Table(
    "calendar_link",  # by which a calendar program reads somebody's last days
    metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("token", sa.Text, nullable=False, unique=True),  # its SHA-256, never the token
)

webhook = sa.Table(
    "webhook",  # an address of somebody's program that is told what happens
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),  # sealed
    sa.Column("previous", sa.Text),  # the one before, sealed: both sign for a day
    sa.Column("made_at", Moment, nullable=False),  # the secret
)
