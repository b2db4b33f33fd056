"""The tables of checking: remarks, more time, and what evaluators score alone. A change needs a migration; a test compares the two."""

import sqlalchemy as sa

from survey_service.maturity import answers
from survey_service.maturity.answers import Answer
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

extension = sa.Table(
    "extension",  # of a stage's days, for one participant
    metadata,
    sa.Column("cycle_id", sa.ForeignKey("cycle.id"), primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), primary_key=True, index=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
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
    sa.Column("audience", sa.Text, nullable=False, server_default="all"),
    sa.Column("outcome", sa.Text),
)

panellist = sa.Table(
    "panellist",  # an evaluator who scores an assessment alone before all of them meet
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("handed_in_at", Moment),
)

independent_score = sa.Table(
    "independent_score",  # what a panellist scored alone; see `response` for the columns
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, index=True),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("answer", Json(Answer, answers.UNREADABLE), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("judged", sa.Integer),
)
