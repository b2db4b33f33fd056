"""The tables of workbooks that came back, and of how old ones are read. A change needs a migration."""

import sqlalchemy as sa

from survey_service.conduct.old_workbooks import NO_COLUMNS, Columns
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

workbook_columns = sa.Table(
    "workbook_columns",  # how a ministry's old worksheets of a questionnaire are read
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), index=True, nullable=False),
    sa.Column("questionnaire", sa.Text, nullable=False),
    sa.Column("columns", Json(Columns, NO_COLUMNS), nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.UniqueConstraint("organisation_id", "questionnaire"),
)
