"""What was issued under a code, and whether it stands: for auditors, and for whoever holds the paper."""

import re

import msgspec
from msgspec import Struct

from survey_service import clock
from survey_service.analysis.publications import Publication
from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.statements import Claim
from survey_service.conduct.throttling import WINDOW
from survey_service.conduct.verdicts import Finding
from survey_service.errors import NotFoundError
from survey_service.errors.accounts import TooManyAttemptsError
from survey_service.store import assessments, attempts, issued, publications
from survey_service.store.attempts import Reserved
from survey_service.store.database import Database, Reader, Writer
from survey_service.store.issued import Issued, IssuedRelease

MISSES = 20
"""Codes under which nothing was issued that one address may ask for within the window."""

_CODE = re.compile(r"[A-Z2-7]{5}(-[A-Z2-7]{5}){2}")
_ABOUT = "report code"  # what such attempts are kept under, apart from those to sign in


class Found(Struct, frozen=True):
    """What a paper says on its cover, and whether it stands."""

    claim: Claim
    standing: Finding


async def look_up(db: Database, typed: str, address: str) -> Found:
    """Return what was issued under a code as somebody typed it, to anybody who knows the code.

    Misses are counted, and nothing is told any more to whoever had too many.

    Raises:
        NotFoundError: Nothing was.
        TooManyAttemptsError: Too many codes of late were none.
    """
    code = "-".join(re.findall("[A-Z2-7]{5}", re.sub(r"[\s-]", "", typed).upper()))
    found = await db.read(_looked_up, code, _reserved(address))
    if found is None:
        await db.write(_count, address)
        raise NotFoundError(code=code)
    return found


def _reserved(address: str, id_: int = 0) -> Reserved:
    return Reserved(id_, _ABOUT, (f"{_ABOUT} {address}",), known=False)


def _looked_up(tx: Reader, code: str, reserved: Reserved) -> Found | None:
    if attempts.failures(tx, reserved, clock.now()).pair >= MISSES:
        raise TooManyAttemptsError(minutes=int(WINDOW.total_seconds()) // 60)
    if not _CODE.fullmatch(code):
        return None
    if (made := issued.with_code(tx, code)) is not None:
        return Found(_claim(tx, made), _standing(tx, made))
    if (unpublished := issued.release_with_code(tx, code)) is not None:
        return Found(_claimed(tx, unpublished.entry_id), _unpublished(tx, unpublished))
    release = publications.with_code(tx, code)
    if release is None or release.entry_id is None:
        return None
    return Found(_claimed(tx, release.entry_id), _current(tx, release))


def _count(tx: Writer, address: str) -> None:
    asked = _reserved(address)
    attempts.reserve(tx, asked.login, asked.places, clock.now(), known=False)
    attempts.refuse(tx, "report.look_up", address, clock.now())


def concerned(tx: Reader, actor: Actor, code: str) -> Assessment | None:
    """Return the assessment on which something was issued under a code.

    None where nothing was, or where there is none for this actor: a stranger learns no more than the
    cover says.
    """
    made = issued.with_code(tx, code) if may(actor, "read") else None
    try:
        return None if made is None else assessments.fetch(tx, made.assessment_id, visible_to=actor)
    except NotFoundError:
        return None


def standing(tx: Reader, code: str) -> Finding:
    """Return whether the report with a code stands."""
    if (made := issued.with_code(tx, code)) is not None:
        return _standing(tx, made)
    if (release := publications.with_code(tx, code)) is not None:
        return _current(tx, release)
    if (unpublished := issued.release_with_code(tx, code)) is not None:
        return _unpublished(tx, unpublished)
    return Finding("standing", "fails", "never_issued", {"code": code})


def _current(tx: Reader, release: Publication) -> Finding:
    """Return whether a release is the newest one of its cycle."""
    newest = publications.newest(tx, release.cycle_id)
    if newest is None or newest.id == release.id:
        return Finding("standing", "holds", "newest_release")
    return Finding("standing", "fails", "corrected", {"code": newest.code})


def _unpublished(tx: Reader, made: IssuedRelease) -> Finding:
    """Return what came after a release that nobody published: one that was, or one of other results."""
    out = publications.newest(tx, made.cycle_id)
    if out is not None:
        return Finding("standing", "fails", "published_instead", {"code": out.code})
    claim = _claimed(tx, made.entry_id)
    all_ = (_claimed(tx, one.entry_id) for one in issued.releases_of(tx, made.cycle_id))
    newest = next(one for one in all_ if _names(one) == _names(claim))
    if newest.answers != claim.answers:
        return Finding("standing", "fails", "newer_release", {"code": newest.code})
    return Finding("standing", "holds", "unpublished")


def _names(claim: Claim) -> bool:
    """Whether a release names the organisations."""
    return claim.released is not None and claim.released.named


def _standing(tx: Reader, made: Issued) -> Finding:
    """Return whether anything has happened since to what was issued."""
    now, discarded = issued.assessment_now(tx, made.assessment_id)
    last, newest = issued.newest_step(tx, made.assessment_id), issued.newest(tx, made.assessment_id)
    claim = _claim(tx, made)
    if discarded:
        return Finding("standing", "fails", "discarded")
    if now.superseded_by is not None:
        return Finding("standing", "fails", "replaced")
    if last is not None and last.id != made.step_id:
        told = {"at": last.at.isoformat(), "state": now.state}
        return Finding(
            "standing", "fails", "moved_on", {**told, "step": last.action.partition(".")[2]}
        )
    if newest != made and _claim(tx, newest).answers != claim.answers:
        return Finding("standing", "fails", "newer", {"code": newest.code})
    reason = "stands" if claim.state == "final" else "provisional"
    return Finding("standing", "holds", reason, {"state": claim.state})


def _claim(tx: Reader, made: Issued) -> Claim:
    return _claimed(tx, made.entry_id)


def _claimed(tx: Reader, entry_id: int) -> Claim:
    return msgspec.json.decode(issued.entry_of(tx, entry_id).after or "", type=Claim)
