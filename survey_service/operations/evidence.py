"""Attaching evidence to answers, taking it away, and looking at it.

A file is kept before it is recorded: where anything fails between the two, a file is left that
nothing refers to, and never a reference to a file that is not there.
"""

import asyncio
import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.evidence import (
    Evidence,
    Kept,
    Space,
    require_link,
    require_room,
    require_space,
)
from survey_service.errors import NotFoundError, SurveyError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.evidence import FileTooLargeError
from survey_service.library.contents import require_acceptable
from survey_service.operations import audit
from survey_service.operations.assessments import asked
from survey_service.store import assessments, evidence
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.files import Files

FOLDER = "evidence/"


class Limits(Struct, frozen=True):
    """How large one file may be, in bytes, how many pieces an answer may have, and all together."""

    size: int
    count: int
    space: Space


class Wanted(Struct, frozen=True):
    """What to attach to an indicator, under what name, and since when it holds (None: not said)."""

    indicator: str
    name: str
    effective: dt.date | None = None


def path(digest: str) -> str:
    """Return the name under which a file of a digest is kept."""
    return f"{FOLDER}{digest[:2]}/{digest}"


def require_attachable(tx: Reader, actor: Actor, assessment_id: int, indicator: str) -> Assessment:
    """Return the assessment if the actor may attach evidence to an indicator of it now.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor may not.
        ClosedError: The assessment is neither being answered nor objected to.
        UnknownIndicatorError: The questionnaire has no such indicator.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    owner = assessment.organisation.id
    require(actor, "attach", owner=owner, stage="self")
    if assessment.state == "objection" and may(actor, "object", owner=owner):
        assessment.require_going_on()
    else:
        assessment.require_open("self", clock.now())
    if indicator not in asked(tx, assessment).indicators:
        raise UnknownIndicatorError(indicator=indicator, questionnaire=assessment.reference)
    return assessment


@asynccontextmanager
async def keeping(
    db: Database, files: Files, content: AsyncIterator[bytes], name: str, limit: int
) -> AsyncIterator[Kept]:
    """Keep a file that arrives piece by piece, once it is whole and what its name says.

    Until the block is done nobody clears it away, though nothing refers to it yet; where the block
    refuses it, it goes.

    Args:
        db: What refers to files.
        files: Where it is kept; nothing is left there if it is refused or cut off.
        content: Its pieces.
        name: What it is called.
        limit: Its size at the most, in bytes.

    Raises:
        FileTooLargeError: It is larger.
        UnacceptableFileError: See `library.contents`.
    """
    digest = ""
    try:
        with files.arriving() as arrived:
            digest, size = await _receive(content, arrived, name, limit)
            media_type = await asyncio.to_thread(require_acceptable, arrived, name)
            async with files.keeping(path(digest), arrived):
                yield Kept(digest, media_type, size)
    except SurveyError:
        if digest:
            await files.clear(path(digest), partial(db.read, evidence.is_kept, digest))
        raise


async def _receive(
    content: AsyncIterator[bytes], arrived: Path, name: str, limit: int
) -> tuple[str, int]:
    """Write what arrives to a file; return its digest and size."""
    digest, size = hashlib.sha256(), 0
    with arrived.open("wb") as opened:
        async for piece in content:
            size += len(piece)
            if size > limit:
                raise FileTooLargeError(name=name, limit=f"{limit // 1_000_000} MB")
            digest.update(piece)
            opened.write(piece)
    return digest.hexdigest(), size


def attach_file(
    tx: Writer, actor: Actor, assessment_id: int, wanted: Wanted, kept: Kept, limits: Limits
) -> Evidence:
    """Attach a file that is kept; the same file on the same indicator is attached once.

    Where it was taken away, it comes back.

    Raises:
        TooManyFilesError: The answer has as much evidence as it may have.
        AssessmentFullError: There is no room for it, or in the organisation's share.
        SurveyError: See `require_attachable`.
    """
    assessment = require_attachable(tx, actor, assessment_id, wanted.indicator)
    known = evidence.attached(tx, assessment_id, indicator=wanted.indicator)
    same = [one for one in known if one.digest == kept.digest]
    if same:
        return _attached_again(tx, actor, assessment_id, same, limits)
    _require_room(wanted.name, known, limits)
    taken = evidence.space(tx, assessment_id, assessment.organisation.id, kept.digest)
    require_space(wanted.name, kept.size, taken, limits.space)
    made = _made(actor, wanted, kept, None)
    evidence.keep(tx, kept, made.at)
    return _add(tx, actor, assessment_id, made)


def _require_room(name: str, known: list[Evidence], limits: Limits) -> None:
    attached = sum(one.removed_at is None for one in known)
    require_room(name, attached, len(known), limits.count)


def attach_link(
    tx: Writer, actor: Actor, assessment_id: int, wanted: Wanted, url: str, limits: Limits
) -> Evidence:
    """Attach the address of something on the web; on the same indicator it is attached once.

    Where it was taken away, it comes back.

    Raises:
        InvalidLinkError: It is none.
        TooManyFilesError: The answer has as much evidence as it may have.
        SurveyError: See `require_attachable`.
    """
    require_attachable(tx, actor, assessment_id, wanted.indicator)
    require_link(url)
    known = evidence.attached(tx, assessment_id, indicator=wanted.indicator)
    same = [one for one in known if one.url == url]
    if same:
        return _attached_again(tx, actor, assessment_id, same, limits)
    _require_room(wanted.name, known, limits)
    return _add(tx, actor, assessment_id, _made(actor, wanted, None, url))


def _attached_again(
    tx: Writer, actor: Actor, assessment_id: int, same: list[Evidence], limits: Limits
) -> Evidence:
    """Return what is attached already; the newest comes back where all were taken away."""
    for one in same:
        if one.removed_at is None:
            return one
    return restore(tx, actor, assessment_id, same[-1].id, limits)


def attach_same(
    tx: Writer, actor: Actor, assessment_id: int, wanted: Wanted, same: int, limits: Limits
) -> Evidence:
    """Attach to another indicator what is attached in the assessment already.

    Raises:
        NotFoundError: There is no such evidence in it.
        SurveyError: See `attach_file`.
    """
    known = _fetch(tx, assessment_id, same)
    if known.url is not None:
        return attach_link(tx, actor, assessment_id, wanted, known.url, limits)
    kept = Kept(known.digest or "", known.media_type or "", known.size or 0)
    return attach_file(tx, actor, assessment_id, wanted, kept, limits)


def remove(tx: Writer, actor: Actor, assessment_id: int, evidence_id: int) -> Evidence:
    """Take a piece of evidence away; it stays on record, and can be attached again.

    Raises:
        NotFoundError: There is no such evidence for this actor.
        NotAttachedError: It was taken away before.
        SurveyError: See `require_attachable`.
    """
    before = _changeable(tx, actor, assessment_id, evidence_id)
    assessments.fetch(tx, assessment_id, visible_to=actor).require_open("self", clock.now())
    return _save(tx, actor, assessment_id, before, before.removed(actor.name, clock.now()))


def restore(
    tx: Writer, actor: Actor, assessment_id: int, evidence_id: int, limits: Limits
) -> Evidence:
    """Attach again what was taken away.

    Raises:
        NotFoundError: There is no such evidence for this actor.
        SurveyError: See `attach_file`.
    """
    before = _changeable(tx, actor, assessment_id, evidence_id)
    known = evidence.attached(tx, assessment_id, indicator=before.indicator)
    _require_room(before.name, [one for one in known if one.removed_at is None], limits)
    return _save(tx, actor, assessment_id, before, before.restored())


def list_all(tx: Reader, actor: Actor, assessment_id: int, indicator: str | None) -> list[Evidence]:
    """Return the evidence of an assessment, or of one indicator, with what was taken away."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    return evidence.attached(tx, assessment_id, indicator=indicator)


def by_indicator(tx: Reader, assessment_id: int) -> defaultdict[str, list[Evidence]]:
    """Return the evidence of an assessment by indicator, with what was taken away."""
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for one in evidence.attached(tx, assessment_id):
        found[one.indicator].append(one)
    return found


def attached(tx: Reader, assessment_id: int) -> dict[str, list[Evidence]]:
    """Return the evidence of an assessment by indicator, without what was taken away."""
    return {
        code: [one for one in found if one.removed_at is None]
        for code, found in by_indicator(tx, assessment_id).items()
    }


def download(tx: Writer, actor: Actor, assessment_id: int, evidence_id: int) -> Evidence:
    """Return the evidence whose file the actor is about to get, and record that they did.

    Raises:
        NotFoundError: There is no such file for this actor.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read", owner=assessment.organisation.id)
    found = _fetch(tx, assessment_id, evidence_id)
    if found.digest is None:
        raise NotFoundError(evidence=evidence_id)
    below = f"evidence/{evidence_id}"
    audit.record_about(
        tx, actor, "evidence.download", assessment_id, below, after={"digest": found.digest}
    )
    return found


def hand_on(tx: Writer, actor: Actor, before: int, after: int, codes: dict[str, str]) -> None:
    """Attach in another assessment what is attached in one, to the indicators that go on there.

    Args:
        tx: The transaction in which the assessment moves.
        actor: Who moves it.
        before: The assessment that has the evidence.
        after: The one that gets it too.
        codes: The new code of each indicator that goes on, by its old one.
    """
    for one in evidence.attached(tx, before):
        if one.removed_at is None and one.indicator in codes:
            _add(tx, actor, after, structs.replace(one, indicator=codes[one.indicator]))


def _made(actor: Actor, wanted: Wanted, kept: Kept | None, url: str | None) -> Evidence:
    """Return the evidence that a file or a link becomes."""
    return Evidence(
        0,
        wanted.indicator,
        wanted.name,
        kept.digest if kept else None,
        kept.media_type if kept else None,
        kept.size if kept else None,
        url,
        wanted.effective,
        actor.name,
        clock.now(),
    )


def _fetch(tx: Reader, assessment_id: int, evidence_id: int) -> Evidence:
    found = evidence.fetch(tx, assessment_id, evidence_id)
    if found is None:
        raise NotFoundError(evidence=evidence_id)
    return found


def _changeable(tx: Writer, actor: Actor, assessment_id: int, evidence_id: int) -> Evidence:
    assessments.fetch(tx, assessment_id, visible_to=actor)
    found = _fetch(tx, assessment_id, evidence_id)
    require_attachable(tx, actor, assessment_id, found.indicator)
    return found


def _add(tx: Writer, actor: Actor, assessment_id: int, made: Evidence) -> Evidence:
    added = evidence.add(tx, assessment_id, made)
    below = f"evidence/{added.id}"
    audit.record_about(tx, actor, "evidence.attach", assessment_id, below, after=added)
    return added


def _save(
    tx: Writer, actor: Actor, assessment_id: int, before: Evidence, after: Evidence
) -> Evidence:
    evidence.save(tx, after)
    action = "evidence.remove" if after.removed_at else "evidence.restore"
    below = f"evidence/{after.id}"
    audit.record_about(tx, actor, action, assessment_id, below, before=before, after=after)
    return after
