"""Results from before they were stored, and all of them worked out anew to see whether they stand.

Whatever differs is named. Mended is only what follows from something else that is stored: a count of
answers, and the columns beside a card. A result itself is never replaced, removed or put back: that
it differs is for people to find out about, in the trail.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, structs

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import Stage, settled
from survey_service.conduct.results import Result, differences, result
from survey_service.errors.installation import ResultsMissingError
from survey_service.maturity.cards import restored
from survey_service.maturity.progress import Progress, progress
from survey_service.maturity.scoring import SCORING_VERSION, Cards
from survey_service.operations import audit, questionnaires
from survey_service.operations.assessments import asked, is_asked
from survey_service.operations.results import Given, cards_of
from survey_service.store import assessments, recomputation, responses, results
from survey_service.store.database import Database, Reader, Writer

_TOGETHER = 200  # assessments in one transaction, and in memory


class Discrepancy(Struct, frozen=True):
    """Something stored of an assessment that is otherwise when it is worked out anew.

    `stage` is None for what is of none; `scoring` is the version of the rules by which the result
    came about where it is not today's. What is `mendable` follows from something else that is stored,
    and is `mended` once it was put right.
    """

    assessment: int
    stage: Stage | None
    what: str
    stored: str
    now: str
    scoring: int | None = None
    mendable: bool = False
    mended: bool = False


class _Chunk(NamedTuple):
    """Some assessments with what is stored of them, and what it is worked out to be."""

    assessments: list[Assessment]
    counted: dict[int, Progress]
    progress: dict[int, Progress]
    stored: dict[int, dict[Stage, Result]]
    now: dict[int, dict[Stage, Result]]


async def catch_up(db: Database) -> int:
    """Count and score every assessment from before results were stored; return how many."""
    count = 0
    while done := await db.write(_catch_up):
        count += done
    return count


def require_caught_up(tx: Reader) -> None:
    """Raise `ResultsMissingError` while there are assessments from before results were stored."""
    if recomputation.uncounted(tx, limit=1):
        raise ResultsMissingError


async def discrepancies(db: Database, *, mend: bool) -> AsyncIterator[Discrepancy]:
    """Yield what of all that is stored differs when it is worked out anew.

    Args:
        db: The store.
        mend: Put right what can be.
    """
    after = 0
    while chunk := await db.read(_examined, after):
        for one, found in chunk:
            mending = mend and any(each.mendable for each in found)
            if mending:
                await db.write(_mend, one.id)
            for each in found:
                yield structs.replace(each, mended=mending and each.mendable)
        after = chunk[-1][0].id


def _catch_up(tx: Writer) -> int:
    found = recomputation.uncounted(tx, limit=_TOGETHER)
    chunk = _chunk(tx, found)
    for one in found:
        for stage, each in chunk.now.get(one.id, {}).items():
            if stage not in chunk.stored.get(one.id, {}):
                results.add(tx, one.id, each)
        assessments.save_progress(tx, one.id, chunk.progress.get(one.id, Progress()))
    return len(found)


def _examined(tx: Reader, after: int) -> list[tuple[Assessment, list[Discrepancy]]]:
    """Return the next assessments, each with what differs."""
    chunk = _chunk(tx, recomputation.some(tx, after=after, limit=_TOGETHER))
    return [(one, list(_differing(tx, one, chunk))) for one in chunk.assessments]


def _chunk(tx: Reader, found: list[Assessment]) -> _Chunk:
    """Return assessments with what is stored and what that is worked out to be.

    Nothing is worked out of those of a kind that their questionnaire does not know.
    """
    ids = [one.id for one in found]
    known = [one for one in found if is_asked(tx, one)]
    given, carried = responses.answers_of_many(tx, ids), responses.carried(tx, ids)
    return _Chunk(
        found,
        recomputation.counted(tx, ids),
        {
            one.id: progress(
                asked(tx, one),
                given.get(one.id, {}).get("self", {}),
                one.organisation.profile,
                carried.get(one.id, ()),
            )
            for one in known
        },
        recomputation.results_of_many(tx, ids),
        _results(tx, known, given),
    )


def _results(
    tx: Reader, known: Sequence[Assessment], given: Given
) -> dict[int, dict[Stage, Result]]:
    by_id = {one.id: one for one in known}
    steps = recomputation.last_steps(tx, list(by_id))
    found: dict[int, dict[Stage, Result]] = {}
    wanted = [(one, settled(one.state)) for one in known]
    for (id_, stage), both in cards_of(tx, wanted, given).items():
        questionnaire = questionnaires.decoded(tx, by_id[id_].digest)
        kind, last = by_id[id_].organisation.kind, steps.get(id_, 0)
        found.setdefault(id_, {})[stage] = result(questionnaire, kind, stage, last, both)
    return found


def _differing(tx: Reader, one: Assessment, chunk: _Chunk) -> Iterator[Discrepancy]:
    if one.id not in chunk.progress:
        yield Discrepancy(one.id, None, "kind", one.organisation.kind, "-")
        return
    counted, now = chunk.counted.get(one.id, Progress()), chunk.progress[one.id]
    if counted != now:
        yield Discrepancy(one.id, None, "progress", _count(counted), _count(now), mendable=True)
    stored, worked_out = chunk.stored.get(one.id, {}), chunk.now.get(one.id, {})
    for stage in settled("final"):
        before, after = stored.get(stage), worked_out.get(stage)
        if before is not None and after is not None:
            rules = None if before.scoring == SCORING_VERSION else before.scoring
            for each in differences(asked(tx, one), before, after):
                found = Discrepancy(one.id, stage, each.what, each.stored, each.now, rules)
                yield structs.replace(found, mendable=each.is_copy)
        elif before is not None or after is not None:
            yield Discrepancy(one.id, stage, "result", _said(before), _said(after))


def _count(progress_: Progress) -> str:
    carried = f"+{progress_.to_confirm}" if progress_.to_confirm else ""
    return f"{progress_.answered}{carried}/{progress_.total}"


def _said(one: Result | None) -> str:
    return "-" if one is None else f"{one.index} {one.grade or ''}".strip()


def _mend(tx: Writer, assessment_id: int) -> None:
    """Put right what follows from something else that is stored, and record it."""
    (one,) = recomputation.some(tx, after=assessment_id - 1, limit=1)
    chunk = _chunk(tx, [one])
    found = [each for each in _differing(tx, one, chunk) if each.mendable]
    for stage in {each.stage for each in found if each.stage is not None}:
        results.remove(tx, one.id, (stage,))
        results.add(tx, one.id, _made_again(tx, one, chunk.stored[one.id][stage]))
    assessments.save_progress(tx, one.id, chunk.progress[one.id])
    audit.record_system(tx, "results.mend", f"assessments/{one.id}", found)


def _made_again(tx: Reader, one: Assessment, stored: Result) -> Result:
    """Return a result with the columns beside its card made of the card anew."""
    questionnaire, here = questionnaires.decoded(tx, one.digest), asked(tx, one)
    both = (stored.running, stored.official or stored.running)
    cards = Cards(*(restored(here, each) for each in both))
    again = result(questionnaire, one.organisation.kind, stored.stage, stored.step, cards)
    return structs.replace(again, scoring=stored.scoring)
