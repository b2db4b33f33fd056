"""Secrets that the service made for itself: sealed, and what everybody may know of them."""

from typing import Literal

import sqlalchemy as sa
from msgspec import Struct

from survey_service.store.database import Reader, Writer
from survey_service.store.tables.accounts import secret

Name = Literal["log", "attempts"]
"""What it is for: signing the log's checkpoints, digesting what strangers type."""


class Kept(Struct, frozen=True):
    """A secret as it is kept; `public` is None for one of which nothing may be known."""

    sealed: str
    public: str | None = None


def secret_for(tx: Reader, name: Name) -> Kept | None:
    """Return the secret for something; None until there is one."""
    one = sa.select(secret.c.sealed, secret.c.public).where(secret.c.name == name)
    row = tx.execute(one).first()
    return Kept(*row) if row else None


def keep(tx: Writer, name: str, kept: Kept) -> None:
    """Keep a secret, instead of one that was kept under its name."""
    values = {"sealed": kept.sealed, "public": kept.public}
    known = sa.update(secret).where(secret.c.name == name).values(values)
    if tx.execute(known).rowcount == 0:
        tx.execute(sa.insert(secret).values(name=name, **values))


def all_kept(tx: Reader) -> dict[str, Kept]:
    """Return every secret by its name."""
    rows = tx.execute(sa.select(secret.c.name, secret.c.sealed, secret.c.public))
    return {row.name: Kept(row.sealed, row.public) for row in rows}
