"""Organisations by the form in which names are compared, the lists in which they come, and who follows whom."""

import sqlalchemy as sa
from alembic import op

from survey_service.characters import normal
from survey_service.store.types import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("organisation") as table:
        table.drop_constraint(op.f("uq_organisation_name"), type_="unique")
        table.add_column(sa.Column("normal", sa.Text(), nullable=False, server_default=""))
    organisation = sa.table(
        "organisation", sa.column("id", sa.Integer), sa.column("name"), sa.column("normal")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(organisation.c.id, organisation.c.name)).all():
        one = sa.update(organisation).where(organisation.c.id == row.id)
        connection.execute(one.values(normal=normal(row.name)))
    with op.batch_alter_table("organisation") as table:
        table.alter_column("normal", existing_type=sa.Text(), server_default=None)
    op.create_index(op.f("ix_organisation_normal"), "organisation", ["normal"])
    op.create_table(
        "drafted_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("undoing_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_drafted_list_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafted_list")),
    )
    op.create_index(op.f("ix_drafted_list_person_id"), "drafted_list", ["person_id"])
    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["organisation.id"],
            name=op.f("fk_succession_predecessor_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organisation.id"],
            name=op.f("fk_succession_successor_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
    )
    op.create_index(op.f("ix_succession_predecessor_id"), "succession", ["predecessor_id"])
    op.create_index(op.f("ix_succession_successor_id"), "succession", ["successor_id"])
