"""The tables of actions. A change here needs a migration beside it; a test compares the two."""

import sqlalchemy as sa

from survey_service.maturity import answers
from survey_service.maturity.answers import Answer
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

action = sa.Table(
    "action",  # that an organisation means to take; changed, and never removed
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), nullable=False, index=True),
    sa.Column("indicator", sa.Text, nullable=False),
    sa.Column("before", Json(Answer, answers.UNREADABLE)),  # none where it was unanswered
    sa.Column("after", Json(Answer, answers.UNREADABLE), nullable=False),
    sa.Column("owner_id", sa.ForeignKey("person.id"), index=True),
    sa.Column("owner", sa.Text, nullable=False, server_default=""),
    sa.Column("due", sa.Date),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("notes", sa.Text, nullable=False, server_default=""),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_action_state", "state", "due"),
)

action_evidence = sa.Table(
    "action_evidence",  # that an action is done: a file or a link; taken away, never lost
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("action_id", sa.ForeignKey("action.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("digest", sa.ForeignKey("file.digest"), index=True),
    sa.Column("url", sa.Text),
    sa.Column("effective", sa.Date),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("removed_by", sa.Text),
    sa.Column("removed_at", Moment),
)
