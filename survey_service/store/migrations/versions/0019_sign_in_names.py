"""Names to sign in with and addresses as they are compared: without capitals and blanks around.

Of accounts whose names differ only so, the active one that was there first is found by all spellings;
each of the others just as it is written, until somebody gives it up: `doctor` names them.
"""

import sqlalchemy as sa
from alembic import op

from survey_service.characters import normal

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.add_column(sa.Column("login_key", sa.Text()))
        batch.add_column(sa.Column("email_key", sa.Text()))
        batch.create_unique_constraint(op.f("uq_person_login_key"), ["login_key"])
        batch.create_index(op.f("ix_person_email_key"), ["email_key"])
    connection = op.get_bind()
    people = sa.text("select id, login, email from person order by active desc, id")
    taken: set[str] = set()
    for id_, login, email in connection.execute(people).all():
        key = normal(login)
        if key in taken:
            key = f" {login}"
        taken.add(key)
        connection.execute(
            sa.text("update person set login_key = :key, email_key = :email where id = :id"),
            {"key": key, "email": None if email is None else normal(email), "id": id_},
        )
