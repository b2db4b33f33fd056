"""Every table: the core here, the others in modules by theme. A change needs a migration; a test compares the two."""

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultExecutionContext

from survey_service.characters import normal
from survey_service.conduct import cycles
from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.cycles import Calendar
from survey_service.maturity import answers, cards, conditions, texts
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import KeptCard
from survey_service.maturity.conditions import Attributes
from survey_service.maturity.texts import Text
from survey_service.store.metadata import metadata as metadata
from survey_service.store.tables import (
    accounts,
    actions,
    jobs,
    lists,
    log,
    notices,
    publications,
    reports,
    review,
    workbooks,
)
from survey_service.store.types import Exact, Json, Moment

# Read here, so that `metadata` has every table, whoever asks it.
_OTHERS = (accounts, actions, jobs, lists, log, notices, publications, reports, review, workbooks)


def _normal_name(context: DefaultExecutionContext) -> str:
    """Return the form in which the name that is written is compared."""
    return normal(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call] # theirs


organisation = sa.Table(
    "organisation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("normal", sa.Text, nullable=False, index=True, default=_normal_name),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column(
        "attributes", Json(Attributes, conditions.UNREADABLE), nullable=False, server_default="{}"
    ),
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
    sa.Column("organisation_id", sa.ForeignKey("organisation.id"), nullable=False, index=True),
    sa.Column("password", sa.Text),  # an argon2id hash; none while invited, or by single sign-on
    sa.Column("email", sa.Text),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("subject", sa.Text, unique=True),  # issuer and subject of single sign-on
    sa.Column("totp", sa.Text),  # the second factor's secret, sealed
    sa.Column("totp_step", sa.Integer),  # the last one accepted: a code serves once
    # login and email as they are compared; with a blank before a login that another one resembles
    sa.Column("login_key", sa.Text, unique=True),
    sa.Column("email_key", sa.Text, index=True),
)

questionnaire = sa.Table(
    "questionnaire",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("name", Json(Text, texts.UNREADABLE), nullable=False),
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
    sa.Column("calendar", Json(Calendar, cycles.UNREADABLE), nullable=False),
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
    sa.Column("withdrawn_because", sa.Text),  # none while it takes part
    sa.Column("withdrawn_by", sa.Text),
    sa.Column("withdrawn_at", Moment),
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
    sa.Column("superseded_by", sa.ForeignKey("assessment.id"), index=True),
    sa.Column("discarded_at", Moment),  # a draft that was thrown away: on record, and nowhere else
    sa.Column("discarded_by", sa.Text),
    # how far its own answers are, kept by each save; no total: not counted since before it was kept
    sa.Column("answered", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer),
    sa.Column("to_confirm", sa.Integer, nullable=False, server_default="0"),
    # the organisation as it was: what is handed in does not change with master data
    sa.Column("organisation_name", sa.Text, nullable=False, server_default=""),
    sa.Column("organisation_kind", sa.Text, nullable=False, server_default=""),
    sa.Column(
        "organisation_attributes",
        Json(Attributes, conditions.UNREADABLE),
        nullable=False,
        server_default="{}",
    ),
    sa.Column(
        "organisation_ancestors",
        Json(tuple[Ancestor, ...], (Ancestor(0, "?"),)),
        nullable=False,
        server_default="[]",
    ),
    sa.ForeignKeyConstraint(
        ["questionnaire", "version"], ["questionnaire.code", "questionnaire.version"]
    ),
)
GOING_ON = sa.and_(assessment.c.superseded_by.is_(None), assessment.c.discarded_at.is_(None))
sa.Index(  # an organisation takes part in a cycle once
    "ix_assessment_going_on",
    assessment.c.cycle_id,
    assessment.c.organisation_id,
    unique=True,
    sqlite_where=GOING_ON,
    postgresql_where=GOING_ON,
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
    sa.Column("stage", sa.Text),  # whose result stood afterwards, and what it was
    sa.Column("index", Exact),
    sa.Column("grade", sa.Text),
    sa.Column("digest", sa.Text),  # of what was handed in
)

result = sa.Table(
    "result",  # of a stage that is over, stored when it came about; see maturity.cards for the rest
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True),
    sa.Column("step", sa.Integer, nullable=False),  # the last one before it came about
    sa.Column("scoring", sa.Integer, nullable=False),  # the version of the program's rules
    sa.Column("index", Exact),
    sa.Column("grade", sa.Text),
    sa.Column("answered", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("nodes", sa.LargeBinary, nullable=False),
    sa.Column("indicators", sa.LargeBinary, nullable=False),
    sa.Column("running", Json(KeptCard, cards.UNREADABLE), nullable=False),
    sa.Column("official", Json(KeptCard, cards.UNREADABLE)),  # none where it is the same
)

response = sa.Table(
    "response",
    metadata,
    sa.Column("assessment_id", sa.ForeignKey("assessment.id"), primary_key=True),
    sa.Column("stage", sa.Text, primary_key=True, server_default="self"),
    sa.Column("indicator", sa.Text, primary_key=True),
    sa.Column("answer", Json(Answer, answers.UNREADABLE), nullable=False),
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
    sa.Column("answer", Json(Answer, answers.UNREADABLE), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("carried_from", sa.Text),
    sa.Column("judged", sa.Integer),
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
