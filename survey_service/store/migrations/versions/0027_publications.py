"""Releases of open data as they are published, and their files."""

import sqlalchemy as sa
from alembic import op

from survey_service.store.types import Moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_LONG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("organisations", sa.Integer(), nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("entry_id", _LONG, nullable=True),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_publication_cycle_id_cycle")
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["publication.id"], name=op.f("fk_publication_before_id_publication")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_publication_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_publication_cycle_id")),
    )
    op.create_index(op.f("ix_publication_code"), "publication", ["code"])
    op.create_table(
        "publication_file",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_file_publication_id_publication"),
        ),
        sa.ForeignKeyConstraint(
            ["digest"], ["file.digest"], name=op.f("fk_publication_file_digest_file")
        ),
        sa.PrimaryKeyConstraint("publication_id", "name", name=op.f("pk_publication_file")),
    )
    op.create_index(op.f("ix_publication_file_digest"), "publication_file", ["digest"])
    _keep_what_is_published()


def _keep_what_is_published() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create function refuse_withdrawal() returns trigger language plpgsql as "
            "$$ begin if old.number is not null then "
            "raise exception 'a release is never changed'; end if; "
            "if tg_op = 'DELETE' then return old; end if; return new; end $$"
        )
        op.execute(
            "create trigger publication_kept before update or delete on publication "
            "for each row execute function refuse_withdrawal()"
        )
        return
    for change in ("update", "delete"):
        op.execute(
            f"create trigger publication_no_{change} before {change} on publication "
            "when old.number is not null "
            "begin select raise(abort, 'a release is never changed'); end"
        )
