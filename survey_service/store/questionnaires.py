"""Published questionnaires: their text, and what a list shows of them."""

import datetime as dt

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.maturity.texts import UNREADABLE, Text
from survey_service.store.database import Reader, Writer
from survey_service.store.tables import questionnaire


class Published(Struct, frozen=True):
    """A published version; `digest` is the SHA-256 of its file, `indicators` their number."""

    code: str
    version: str
    digest: str
    name: Text
    indicators: int
    published_at: dt.datetime

    @property
    def reference(self) -> str:
        """`code@version`."""
        return f"{self.code}@{self.version}"

    @property
    def is_damaged(self) -> bool:
        """Whether its name was damaged where it is kept."""
        return self.name == UNREADABLE


_PUBLISHED = (
    questionnaire.c.code,
    questionnaire.c.version,
    questionnaire.c.digest,
    questionnaire.c.name,
    questionnaire.c.indicators,
    questionnaire.c.published_at,
)


def add(tx: Writer, published: Published, content: str) -> None:
    """Publish a version with its file's text."""
    tx.execute(sa.insert(questionnaire).values(**structs.asdict(published), content=content))


def save_name(tx: Writer, digest: str, name: Text) -> None:
    """Keep the name of a published version, which somebody damaged."""
    one = sa.update(questionnaire).where(questionnaire.c.digest == digest)
    tx.execute(one.values(name=name))


def published(tx: Reader, code: str, version: str) -> Published | None:
    """Return a published version; None if it is not."""
    named = sa.and_(questionnaire.c.code == code, questionnaire.c.version == version)
    row = tx.execute(sa.select(*_PUBLISHED).where(named)).first()
    return Published(*row) if row else None


def list_all(tx: Reader) -> list[Published]:
    """Return all published versions, the newest of each code first."""
    order = (
        questionnaire.c.code,
        questionnaire.c.published_at.desc(),
        questionnaire.c.version.desc(),
    )
    return [Published(*row) for row in tx.execute(sa.select(*_PUBLISHED).order_by(*order))]


def content(tx: Reader, digest: str) -> str:
    """Return the text that was published under a digest."""
    query = sa.select(questionnaire.c.content).where(questionnaire.c.digest == digest)
    return str(tx.execute(query).scalar_one())
