"""Which paper was handed out last, so that the same one again is a look into the log and a file.

What a paper says follows from what is recorded. As long as the log has nothing new that could change
it, it is the same one, and is not gathered again to find that out.
"""

import hashlib
from collections.abc import Hashable

from msgspec import Struct, structs

from survey_service.conduct.access import Actor, Role
from survey_service.operations import audit, reports
from survey_service.operations.assessments import readable
from survey_service.operations.record import Shown
from survey_service.operations.remembered import Remembered
from survey_service.operations.reports import Asked, digested, load, name, path
from survey_service.reports.assessment import Report
from survey_service.store import kept_papers as stored
from survey_service.store import log, successions
from survey_service.store.database import Reader, Writer

_MOST = 5000  # papers that are remembered, of some 500 bytes each
_FAR = 10_000  # entries: to look through more takes as long as to gather the paper


class Kept(Struct, frozen=True):
    """A paper: where its file lies, and what that is called.

    It is found again by its `key`. It is as a person `seen_by` sees it: by their id, role and
    organisation. The log had `size` entries when it was the one. `organisations` are those that it
    tells of, its own first, and `cycle_id` is where it has peers. `digest` is that of the file, "" until
    it was handed out.
    """

    key: Hashable
    seen_by: tuple[int, Role, int]
    path: str
    name: str
    size: int
    organisations: tuple[int, ...]
    cycle_id: int | None
    digest: str = ""

    @property
    def tag(self) -> str:
        """What is another one as soon as the paper is."""
        return hashlib.sha256(self.path.encode()).hexdigest()[:32]


class KeptPapers(Remembered[Hashable, Kept]):
    """Remembers the papers that were asked for last, each as somebody sees it."""

    def __init__(self, most: int = _MOST) -> None:
        super().__init__(most)

    def remember(self, kept: Kept) -> None:
        """Remember a paper."""
        self.put(kept.key, kept)


class PaperSought(Struct, frozen=True):
    """A paper on an assessment, as whoever has the session with a token asks for it."""

    token: str | None
    assessment_id: int
    asked: Asked
    shown: Shown

    @property
    def key(self) -> Hashable:
        """What it is remembered by, which is good for nothing else."""
        session = hashlib.sha256((self.token or "").encode()).digest()
        return session, self.assessment_id, self.asked, self.shown


def gathered(
    tx: Reader, actor: Actor, papers: KeptPapers, sought: PaperSought
) -> tuple[Report, Kept]:
    """Return what a paper is made of, and remember the paper.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        NoPaperError: Its state allows no such paper yet.
    """
    report = load(tx, actor, sought.assessment_id, sought.asked.paper, sought.shown)
    assessment = readable(tx, actor, sought.assessment_id)
    own = assessment.organisation.id
    kept = Kept(
        sought.key,
        _person(actor),
        path(report, sought.asked),
        name(report, sought.asked),
        log.size(tx),
        (own, *successions.predecessors(tx, own)),
        None if assessment.cycle is None else assessment.cycle.id,
    )
    papers.remember(kept)
    return report, kept


def is_current(
    tx: Reader, actor: Actor, papers: KeptPapers, assessment_id: int, kept: Kept
) -> bool:
    """Whether a paper that is remembered is the one that the actor would get now.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    readable(tx, actor, assessment_id)
    size = log.size(tx)
    if kept.seen_by != _person(actor) or size - kept.size > _FAR:
        return False
    if stored.is_changed(tx, kept.size, kept.organisations, kept.cycle_id):
        return False
    papers.remember(structs.replace(kept, size=max(size, kept.size)))
    return True


def hand_out(
    tx: Writer, actor: Actor, papers: KeptPapers, sought: PaperSought, kept: Kept, content: bytes
) -> None:
    """Record that the actor gets a paper as it was just gathered.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    made = digested(content)
    reports.hand_out(tx, actor, sought.assessment_id, sought.asked.language, made)
    papers.remember(structs.replace(kept, digest=made.digest))


def hand_out_again(
    tx: Writer, actor: Actor, papers: KeptPapers, sought: PaperSought, kept: Kept
) -> bool:
    """Record that the actor gets a paper that was handed out before; return whether it is still the one.

    All in one transaction: whoever only fetches it waits for one and not for two.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    if not (kept.digest and is_current(tx, actor, papers, sought.assessment_id, kept)):
        return False
    about, after = sought.assessment_id, {"language": sought.asked.language, "digest": kept.digest}
    audit.record_about(tx, actor, "report.download", about, "report", after=after)
    return True


def _person(actor: Actor) -> tuple[int, Role, int]:
    return actor.id, actor.role, actor.organisation_id
