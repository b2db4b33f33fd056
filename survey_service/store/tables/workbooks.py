"""The tables of workbooks that came back, and of what reads old sheets. A change needs a migration; a test compares the two."""

import sqlalchemy as sa

from survey_service.conduct.workbooks import UNREADABLE, Books
from survey_service.store.metadata import metadata
from survey_service.store.types import Json, Moment

drafted_workbook = sa.Table(
    "drafted_workbook",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), index=True, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("books", Json(Books, UNREADABLE), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
    sa.Column("taken_at", Moment),
    sa.Column("taken", sa.Integer),  # answers
)

workbook_mapping = sa.Table(
    "workbook_mapping",  # what reads the old sheets of a ministry; kept until it takes it away
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), index=True, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("questionnaire", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("removed_at", Moment),
)
