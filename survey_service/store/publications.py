"""Releases that are drafted or published, their files, and what of them must be remembered."""

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct, structs

from survey_service.analysis.publications import PAPERS, Memory, Publication
from survey_service.conduct.access import Actor
from survey_service.conduct.evidence import Kept
from survey_service.store.cycles import known_to
from survey_service.store.database import Reader, Writer
from survey_service.store.organisations import HIGHEST
from survey_service.store.tables import cycle, evidence, file, organisation
from survey_service.store.tables.actions import action_evidence
from survey_service.store.tables.publications import publication, publication_file


class Listed(Struct, frozen=True):
    """A release that is published, without what it tells: its cycle, and the `organisation` that runs it.

    `digest` is that of the questionnaire; it `is_corrected` where there is a later one of the cycle.
    """

    id: int
    number: int
    published_at: dt.datetime
    cycle_id: int
    cycle: str
    digest: str
    organisation: str
    is_corrected: bool


_PUBLICATION = sa.select(*(publication.c[field] for field in Publication.__struct_fields__))
_PUBLISHED = publication.c.number.is_not(None)
_later = publication.alias("later")
_LISTED = (
    sa.select(
        publication.c.id,
        publication.c.number,
        publication.c.published_at,
        cycle.c.id,
        cycle.c.name,
        cycle.c.digest,
        organisation.c.name,
        sa.exists().where(
            _later.c.cycle_id == publication.c.cycle_id, _later.c.number > publication.c.number
        ),
    )
    .join_from(publication, cycle)
    .join(organisation, organisation.c.id == cycle.c.organisation_id)
)
_WITH_PAPERS = publication.c.id.in_(
    sa.select(publication_file.c.publication_id).where(publication_file.c.name == PAPERS["id"])
)


def find(tx: Reader, publication_id: int) -> Publication | None:
    """Return a release, whoever may see it; None if there is none."""
    if not 0 < publication_id <= HIGHEST:
        return None
    row = tx.execute(_PUBLICATION.where(publication.c.id == publication_id)).first()
    return Publication(*row) if row else None


def of_cycle(tx: Reader, cycle_id: int) -> list[Publication]:
    """Return the releases of a cycle, newest first, and before them its draft."""
    own = _PUBLICATION.where(publication.c.cycle_id == cycle_id)
    newest = own.order_by(_PUBLISHED, publication.c.number.desc())
    return [Publication(*row) for row in tx.execute(newest)]


def newest(tx: Reader, cycle_id: int) -> Publication | None:
    """Return the release of a cycle that stands; None where nothing is published."""
    own = _PUBLICATION.where(publication.c.cycle_id == cycle_id, _PUBLISHED)
    row = tx.execute(own.order_by(publication.c.number.desc()).limit(1)).first()
    return Publication(*row) if row else None


def published(
    tx: Reader, *, before: int | None, limit: int, actor: Actor | None = None
) -> list[Listed]:
    """Return up to `limit` releases whose papers are there, newest first, with ids under `before`.

    They are those of the cycles that an actor may know of; with None all.
    """
    query = _LISTED.where(_PUBLISHED, _WITH_PAPERS).order_by(publication.c.id.desc())
    if actor is not None:
        query = query.where(known_to(actor))
    if before is not None:
        query = query.where(publication.c.id < before)
    return [Listed(*row) for row in tx.execute(query.limit(limit))]


def with_code(tx: Reader, code: str) -> Publication | None:
    """Return the release that is known by a code; None if none is."""
    row = tx.execute(_PUBLICATION.where(publication.c.code == code, _PUBLISHED)).first()
    return Publication(*row) if row else None


def memories(tx: Reader, cycle_id: int) -> list[Memory]:
    """Return what the releases of a cycle told of groups, in their order."""
    own = sa.select(publication.c.memory).where(publication.c.cycle_id == cycle_id, _PUBLISHED)
    return list(tx.execute(own.order_by(publication.c.number)).scalars())


def add(tx: Writer, drafted: Publication, memory: Memory) -> int:
    """Keep a draft, and return its id."""
    values = {**structs.asdict(drafted), "memory": memory}
    del values["id"]
    added = sa.insert(publication).values(values).returning(publication.c.id)
    return int(tx.execute(added).scalar_one())


def save_published(tx: Writer, made: Publication) -> None:
    """Record that a draft is published."""
    told = ("number", "code", "publisher", "published_at", "entry_id")
    values = {name: getattr(made, name) for name in told}
    tx.execute(sa.update(publication).where(publication.c.id == made.id).values(values))


def drafts(tx: Reader, cycle_id: int) -> list[int]:
    """Return the ids of the drafts of a cycle."""
    query = sa.select(publication.c.id).where(publication.c.cycle_id == cycle_id, ~_PUBLISHED)
    return list(tx.execute(query).scalars())


def remove_draft(tx: Writer, draft_id: int) -> None:
    """Remove a draft whose files are let go."""
    tx.execute(sa.delete(publication).where(publication.c.id == draft_id))


def files(tx: Reader, publication_id: int) -> dict[str, Kept]:
    """Return the files of a release, by what they are called."""
    query = sa.select(publication_file.c.name, file.c.digest, file.c.media_type, file.c.size)
    own = query.join_from(publication_file, file).where(
        publication_file.c.publication_id == publication_id
    )
    return {name: Kept(*kept) for name, *kept in tx.execute(own.order_by(publication_file.c.name))}


def save_files(tx: Writer, publication_id: int, digests: Mapping[str, str]) -> None:
    """Let a release have files that are kept, by what they are called."""
    rows = [
        {"publication_id": publication_id, "name": name, "digest": digest}
        for name, digest in digests.items()
    ]
    tx.execute(sa.insert(publication_file), rows)


def let_go(tx: Writer, publication_id: int) -> None:
    """Let a draft have no files any more."""
    own = publication_file.c.publication_id == publication_id
    tx.execute(sa.delete(publication_file).where(own))


def forget_file(tx: Writer, digest: str) -> None:
    """Forget a file that nothing refers to; the next clean-up removes it."""
    others = (evidence.c.digest, action_evidence.c.digest, publication_file.c.digest)
    wanted = [sa.exists().where(column == digest) for column in others]
    tx.execute(sa.delete(file).where(file.c.digest == digest, ~sa.or_(*wanted)))
