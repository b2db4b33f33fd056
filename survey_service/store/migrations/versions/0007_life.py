"""Cycles, the stages of an assessment, its steps, remarks and assignments."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PINNED = ["questionnaire.code", "questionnaire.version"]


def upgrade() -> None:
    _cycles()
    _assessments()
    for table in ("response", "revision"):
        _stages(table)
    _work()
    for table in ("revision", "step"):
        _append_only(table)


def _cycles() -> None:
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_cycle_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["questionnaire.digest"], name=op.f("fk_cycle_digest_questionnaire")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire", "version"],
            _PINNED,
            name=op.f("fk_cycle_questionnaire_questionnaire"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycle")),
    )
    op.create_index(op.f("ix_cycle_organisation_id"), "cycle", ["organisation_id"])
    op.create_table(
        "participant",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_participant_cycle_id_cycle")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_participant_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "organisation_id", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_organisation_id"), "participant", ["organisation_id"])


def _assessments() -> None:
    with op.batch_alter_table("assessment") as table:
        table.add_column(sa.Column("cycle_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("superseded_by", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_assessment_cycle_id_cycle"), "cycle", ["cycle_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_assessment_superseded_by_assessment"),
            "assessment",
            ["superseded_by"],
            ["id"],
        )
    going_on = sa.text("superseded_by IS NULL")
    op.create_index(
        "ix_assessment_cycle_id",
        "assessment",
        ["cycle_id", "organisation_id"],
        unique=True,
        sqlite_where=going_on,
        postgresql_where=going_on,
    )


def _stages(name: str) -> None:
    """Let every stage keep responses of its own: the stage becomes part of what names a row."""
    key = ["assessment_id", "stage", "indicator"] + (["revision"] if name == "revision" else [])
    with op.batch_alter_table(name) as table:
        table.add_column(sa.Column("stage", sa.Text(), nullable=False, server_default="self"))
        table.add_column(sa.Column("judged", sa.Integer(), nullable=True))
        table.drop_constraint(op.f(f"pk_{name}"), type_="primary")
        table.create_primary_key(op.f(f"pk_{name}"), key)


def _work() -> None:
    _of_assessment(
        "step",
        "number",
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("step", "before", "after")),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    _of_assessment(
        "ready",
        "indicator",
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    _of_assessment(
        "assignment",
        "code",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "person_id",
            sa.Integer(),
            sa.ForeignKey("person.id", name=op.f("fk_assignment_person_id_person")),
            nullable=False,
        ),
    )
    op.create_index(op.f("ix_assignment_person_id"), "assignment", ["person_id"])
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "assessment_id",
            sa.Integer(),
            sa.ForeignKey("assessment.id", name=op.f("fk_remark_assessment_id_assessment")),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.Column("resolved_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_assessment_id"), "remark", ["assessment_id"])


def _append_only(table: str) -> None:
    """Let nobody change or remove a row; see 0003 for the function."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"create trigger {table}_append_only before update or delete or truncate on {table} "
            "for each statement execute function refuse_change()"
        )
        return
    for change in ("update", "delete"):
        op.execute(
            f"create trigger {table}_no_{change} before {change} on {table} "
            f"begin select raise(abort, '{table} is append-only'); end"
        )


def _of_assessment(name: str, key: str, *columns: sa.Column[Any]) -> None:
    """Add a table whose rows are named by the assessment and a key."""
    op.create_table(
        name,
        sa.Column("assessment_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["assessment_id"],
            ["assessment.id"],
            name=op.f(f"fk_{name}_assessment_id_assessment"),
        ),
        sa.PrimaryKeyConstraint("assessment_id", key, name=op.f(f"pk_{name}")),
    )
