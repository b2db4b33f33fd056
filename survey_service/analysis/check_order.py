"""Whom to check first: the order of a queue, with its reasons, and never a verdict.

A reason is something that whoever checks can look at: answers that rose without anything new to show
for it, high levels with no evidence, an index far from those of its peers, answers that are all the
same. Each can be in order. Who gives more of them comes earlier, then who has more answers to look at.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from survey_service.analysis.distributions import Whole
from survey_service.maturity.cards import NOTHING, Units

Why = Literal["jump", "no_evidence", "far_from_peers", "uniform"]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]

FAR = 3.5  # robust deviations; of normally distributed indices one in two thousand lies beyond
UNIFORM = 0.9  # of the answers
_ANSWERS = 10  # of fewer it says little that they are the same
_PEERS = 10  # of fewer it says little how far they lie apart
_TO_DEVIATION = 1.4826  # of a normal distribution, from the median of the distances to its median


class Reason(Struct, frozen=True):
    """A reason to look: `codes` are the answers it is about, `figure` what it rests on.

    The figure is, by reason: the highest rise in units, the number of answers, the robust deviations
    from the peers' median, the percent of answers that are the same.
    """

    why: Why
    codes: tuple[str, ...]
    figure: float


class Queued(Struct, frozen=True):
    """An organisation by its place among those that were given, with the reasons to check it early."""

    place: int
    reasons: tuple[Reason, ...]


class Answers(Struct, frozen=True):
    """What those in the queue answered, a row for each and a column for each of `codes`.

    `claimed` and `before` (the cycle before) are in units, `NOTHING` where there is none; `evidence`
    tells which answers have some, `fresh` which have some that was not there before.
    """

    codes: tuple[str, ...]
    claimed: Units | Whole
    before: Units | Whole
    evidence: Flags
    fresh: Flags


def queue(
    answers: Answers, index: Units | Whole, peers: Sequence[str], jump: int, high: int, rows: Rows
) -> Iterator[Queued]:
    """Yield organisations in the order in which to check them; who gives no reason comes last.

    Args:
        answers: Of those in the queue.
        index: Of all organisations, in units, shape (organisations,).
        peers: The group of each, with which its index is compared.
        jump: A rise in units that asks for something new to show, such as two levels.
        high: A value in units from which evidence is expected.
        rows: Which of the organisations are in the queue, ascending; the others are peers alone.
    """
    there = answers.claimed != NOTHING
    rose = rises(answers.claimed, answers.before)
    jumped = (rose >= jump) & ~answers.fresh
    bare = there & (answers.claimed >= high) & ~answers.evidence
    far, alike = _from_peers(index, peers)[rows], _uniform(answers.claimed)
    reasons = np.stack([jumped.any(axis=1), bare.any(axis=1), np.abs(far) >= FAR, alike > 0])
    concerned = (jumped | bare).sum(axis=1)
    highest = rose.max(axis=1, initial=0)
    for row in np.lexsort((-concerned, -reasons.sum(axis=0))).tolist():
        given = zip(get_args(Why), reasons[:, row].tolist(), strict=True)
        told = jumped, bare, highest, far, alike
        found = (_reason(why, row, answers.codes, told) for why, is_so in given if is_so)
        yield Queued(int(rows[row]), tuple(found))


def rises(claimed: Units | Whole, before: Units | Whole) -> Whole:
    """Return by how much each answer is higher than before; 0 where it was not answered then, or is not."""
    both = (claimed != NOTHING) & (before != NOTHING)
    return np.where(both, claimed.astype(np.int64) - before, 0)


def _reason(
    why: Why,
    row: int,
    codes: Sequence[str],
    told: tuple[Flags, Flags, Whole, NDArray[np.float64], NDArray[np.float64]],
) -> Reason:
    jumped, bare, highest, far, alike = told
    if why == "jump":
        return Reason(why, _named(codes, jumped[row]), float(highest[row]))
    if why == "no_evidence":
        named = _named(codes, bare[row])
        return Reason(why, named, float(len(named)))
    # that an index lies far above its peers', or below, whoever checks sees by the sign
    return Reason(why, (), float((far if why == "far_from_peers" else alike)[row]))


def _named(codes: Sequence[str], flags: Flags) -> tuple[str, ...]:
    return tuple(codes[column] for column in np.flatnonzero(flags).tolist())


def _uniform(claimed: Units | Whole) -> NDArray[np.float64]:
    """Return the percent of answers that are the same, 0 where they are too few, or differ.

    What so many answers have is also their median.
    """
    rows, width = claimed.shape
    there = claimed != NOTHING
    counts = there.sum(axis=1)
    enough = counts >= _ANSWERS
    ascending = np.sort(claimed, axis=1)  # what there is not comes first
    middle = np.where(enough, width - counts + counts // 2, 0)
    if not enough.any():
        return np.zeros(rows)
    usual = ascending[np.arange(rows), middle]
    same = (there & (claimed == usual[:, None])).sum(axis=1)
    is_so = enough & (same >= UNIFORM * counts)
    return np.where(is_so, 100 * same / np.maximum(counts, 1), 0.0)


def _from_peers(index: Units | Whole, peers: Sequence[str]) -> NDArray[np.float64]:
    """Return how many robust deviations each index lies above its peers' median; 0 where too few."""
    found = np.zeros(len(index))
    groups = np.asarray(peers, dtype=np.str_)
    for group in sorted(set(peers)):  # which is quicker than to sort all of them
        of = np.flatnonzero((groups == group) & (index != NOTHING))
        values = index[of].astype(float)
        distance = values - np.median(values) if len(values) else values
        deviation = _TO_DEVIATION * float(np.median(np.abs(distance))) if len(values) else 0.0
        if len(values) >= _PEERS and deviation:
            found[of] = distance / deviation
    return found
