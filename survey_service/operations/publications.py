"""Publishing releases: what is drafted is looked at, then published once, and never changed.

A draft holds all that is published, to the last byte: whoever confirms it confirms what they saw, and
not what has come about meanwhile. What it told of groups is remembered with it, for the next one.
"""

import datetime as dt
from collections.abc import Sequence

import msgspec
from msgspec import Struct, structs

from survey_service import clock
from survey_service.analysis.publications import PAPERS, Beside, Publication, code_of
from survey_service.analysis.releases import WHOLE, Figure
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.evidence import Kept
from survey_service.conduct.statements import Claim, Released
from survey_service.errors import NotFoundError
from survey_service.errors.releases import (
    DraftOutdatedError,
    NothingFinalError,
    PublishedError,
    ReasonMissingError,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.showing import digits
from survey_service.operations import audit, issuing
from survey_service.operations.cycles import asked
from survey_service.operations.jobs import enqueue
from survey_service.operations.questionnaires import decoded
from survey_service.store import cycles, organisations, publications, releases
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Wanted
from survey_service.store.publications import Listed


class WantedDraft(Struct, frozen=True):
    """A draft of a release: of which cycle, whether it names organisations, and why it corrects."""

    cycle_id: int
    named: bool = True
    reason: str = ""


class WantedPapers(Struct, frozen=True):
    """The papers of a release that is published."""

    publication_id: int


class Shown(Struct, frozen=True):
    """A release with its files, by what they are called; they are not there while they are made."""

    release: Publication
    files: dict[str, Kept]

    @property
    def has_papers(self) -> bool:
        """Whether its report is made, in all languages."""
        return self.files.keys() >= set(PAPERS.values())

    def files_for(self, language: str) -> dict[str, Kept]:
        """Return the files, those in the reader's language before the same in another."""
        others = {paper for one, paper in PAPERS.items() if one != language}
        names = sorted(self.files, key=others.__contains__)
        return {name: self.files[name] for name in names}


class History(Struct, frozen=True):
    """The releases of a cycle, newest first; its `draft` is for those who may publish it."""

    cycle: Cycle
    questionnaire: Questionnaire
    published: list[Shown]
    draft: Shown | None
    may_publish: bool


def history(tx: Reader, actor: Actor, cycle_id: int) -> History:
    """Return what was released of a cycle, to whoever knows of it.

    Raises:
        NotFoundError: There is no such cycle for this actor.
    """
    require(actor, "read")
    cycle = cycles.fetch(tx, cycle_id, visible_to=actor)
    publishes = may(actor, "publish", owner=cycle.organisation_id)
    found = [
        Shown(one, publications.files(tx, one.id)) for one in publications.of_cycle(tx, cycle_id)
    ]
    drafts = [one for one in found if not one.release.is_published]
    return History(
        cycle,
        asked(tx, cycle),
        [one for one in found if one.release.is_published],
        drafts[0] if drafts and publishes else None,
        publishes,
    )


def view(tx: Reader, actor: Actor, cycle_id: int, publication_id: int) -> History:
    """Return one release of a cycle, as `history` does all; a draft to those who may publish it.

    Raises:
        NotFoundError: There is none for this actor.
    """
    found = history(tx, actor, cycle_id)
    drafts = [] if found.draft is None else [found.draft]
    for one in (*found.published, *drafts):
        if one.release.id == publication_id:
            return structs.replace(
                found,
                published=[one] if one.release.is_published else [],
                draft=None if one.release.is_published else one,
            )
    raise NotFoundError(release=publication_id)


class InList(Struct, frozen=True):
    """A release as lists name it, with what its cycle asked."""

    release: Listed
    questionnaire: Questionnaire


def all_open(tx: Reader, *, before: int | None, limit: int) -> list[InList]:
    """Return up to `limit` releases as anybody sees them, newest first, with ids under `before`."""
    return _in_list(tx, publications.published(tx, before=before, limit=limit))


def all_known(tx: Reader, actor: Actor, *, before: int | None, limit: int) -> list[InList]:
    """Return releases of the cycles that an actor knows of, as `all_open` does all."""
    require(actor, "read")
    return _in_list(tx, publications.published(tx, before=before, limit=limit, actor=actor))


def _in_list(tx: Reader, found: Sequence[Listed]) -> list[InList]:
    return [InList(one, decoded(tx, one.digest)) for one in found]


class Open(Struct, frozen=True):
    """A release as anybody sees it, with its cycle, and who published it."""

    cycle: Cycle
    questionnaire: Questionnaire
    organisation: str
    shown: Shown
    newest: Publication | None


def one_open(tx: Reader, publication_id: int) -> Open:
    """Return a release as anybody sees it.

    Raises:
        NotFoundError: There is none, or its papers are not made yet.
    """
    release = publications.find(tx, publication_id)
    if release is None or not release.is_published:
        raise NotFoundError(release=publication_id)
    shown = Shown(release, publications.files(tx, release.id))
    if not shown.has_papers:
        raise NotFoundError(release=publication_id)
    cycle = cycles.of_id(tx, release.cycle_id)
    return Open(
        cycle,
        asked(tx, cycle),
        organisations.organised(tx, cycle.organisation_id).name,
        shown,
        publications.newest(tx, release.cycle_id),
    )


def draft(tx: Writer, actor: Actor, wanted: WantedDraft) -> int:
    """Return the id of the job that drafts a release of a cycle.

    Raises:
        NotFoundError: There is no such cycle for this actor.
        ForbiddenError: The actor may not publish it.
        NothingFinalError: Nothing in it is final.
        ReasonMissingError: It corrects a release, and does not say why.
    """
    cycle = cycles.fetch(tx, wanted.cycle_id, visible_to=actor)
    require(actor, "publish", owner=cycle.organisation_id)
    if not releases.has_final(tx, cycle):
        raise NothingFinalError(cycle=cycle.name)
    before = publications.newest(tx, cycle.id)
    if before is not None and is_blank(wanted.reason):
        raise ReasonMissingError(number=before.number)
    audit.record(tx, actor, "release.draft", _about(cycle), after=wanted)
    payload = msgspec.json.encode(wanted).decode()
    key = f"release:{cycle.id}:{actor.id}"
    return enqueue(tx, actor, Wanted("release", key, payload, _about(cycle), cycle.name))


def publish(tx: Writer, actor: Actor, cycle_id: int, publication_id: int, seen: str) -> int:
    """Publish a draft as the next release of its cycle; return the id of the job that makes its papers.

    Args:
        tx: In which it becomes public.
        actor: Who publishes it.
        cycle_id: Of the cycle.
        publication_id: Of the draft; another draft may have come in its place.
        seen: The digest by which it is the one that was looked at.

    Raises:
        NotFoundError: There is none for this actor.
        ForbiddenError: The actor may not publish it.
        PublishedError: It is published already.
        DraftOutdatedError: Another one of the cycle was drafted or published since.
    """
    cycle = cycles.fetch(tx, cycle_id, visible_to=actor)
    require(actor, "publish", owner=cycle.organisation_id)
    drafted = _drafted(view(tx, actor, cycle_id, publication_id))
    questionnaire = asked(tx, cycle)
    before = publications.newest(tx, cycle.id)
    if drafted.digests != seen or drafted.before_id != (before and before.id):
        raise DraftOutdatedError
    number = 1 if before is None or before.number is None else before.number + 1
    named = structs.replace(
        drafted,
        number=number,
        code=code_of(drafted.digests, number),
        publisher=actor.name,
        published_at=clock.now(),
    )
    entry_id = issuing.record(tx, claim_of(tx, cycle, questionnaire, named))
    publications.save_published(tx, structs.replace(named, entry_id=entry_id))
    about, after = f"{_about(cycle)}/{number}", {"digests": named.digests, "code": named.code}
    audit.record(tx, actor, "release.publish", about, after=after)
    payload = msgspec.json.encode(WantedPapers(publication_id)).decode()
    key = f"release_papers:{publication_id}"
    return enqueue(tx, actor, Wanted("release_papers", key, payload, _about(cycle), cycle.name))


def _drafted(found: History) -> Publication:
    for one in found.published:
        raise PublishedError(number=one.release.number)
    assert found.draft is not None  # one of the two is what was asked for
    return found.draft.release


def claim_of(tx: Reader, cycle: Cycle, questionnaire: Questionnaire, release: Publication) -> Claim:
    """Return what a release that is published claims."""
    assert release.number is not None  # it is published
    told = release.told
    publisher = organisations.organised(tx, cycle.organisation_id).name
    return claim_on(
        cycle,
        told.beside or Beside(publisher, cycle.name),
        questionnaire,
        told.figures,
        code=release.code,
        digests=release.digests,
        at=release.at,
        released=Released(release.number, release.organisations, release.named),
    )


def claim_on(
    cycle: Cycle,
    beside: Beside,
    questionnaire: Questionnaire,
    figures: Sequence[Figure],
    *,
    code: str,
    digests: str,
    at: dt.datetime,
    released: Released,
) -> Claim:
    """Return what a release of a cycle claims, with the mean of all as its index where it is told."""
    figure = whole(figures)
    mean = None if figure is None else figure.mean
    index = None if mean is None else mean.as_integer_ratio()
    return Claim(
        code=code,
        assessment=0,
        organisation=beside.organisation,
        questionnaire=questionnaire.reference,
        name=questionnaire.name,
        cycle=beside.cycle,
        state="final",
        stage="final",
        at=at,
        index=None if index is None else f"{index[0]}/{index[1]}",
        digits=0 if mean is None else digits(questionnaire, mean),
        grade=None,
        graded=None,
        answers=digests,
        questionnaire_sha256=cycle.digest or "",
        reported=None,
        released=released,
    )


def whole(figures: Sequence[Figure]) -> Figure | None:
    """Return the figure of the index of everybody; None where it is not told."""
    told = (one for one in figures if (one.grouping, one.code) == (WHOLE, WHOLE))
    return next(told, None)


def _about(cycle: Cycle) -> str:
    return f"cycles/{cycle.id}/releases"
