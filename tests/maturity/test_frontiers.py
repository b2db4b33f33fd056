"""Frontiers beyond what fits: numbers of more than 64 bits, efforts and values beyond count."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from survey_service.maturity import frontiers
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Climb
from survey_service.maturity.frontiers import Frontier, first_of, joined, of, union

HUGE = 2**61


def frontier(*entries: tuple[int, Fraction | int], every: bool = False) -> Frontier:
    """Return a frontier whose entries are each one step named after their effort."""

    def steps(effort: int) -> Iterator[Climb]:
        yield Climb(str(effort), None, Answer(level=1), effort)

    return of(
        [
            (effort, Fraction(value), lambda effort=effort: steps(effort))  # type: ignore[misc] # bound now
            for effort, value in entries
        ],
        every=every,
    )


def told(found: Frontier) -> list[tuple[int, Fraction | int]]:
    return list(zip(found.efforts.tolist(), found.fractions, strict=True))


def steps(found: Frontier, at: int) -> list[str]:
    return [climb.indicator for climb in found.trail(at)]


def test_only_what_nothing_surpasses_counts() -> None:
    found = frontier((3, 4), (0, 1), (2, 1), (3, 2))

    assert told(found) == [(0, 1), (3, 4)]
    assert told(frontier((3, 4), (0, 1), (2, 1), (3, 2), every=True)) == [(0, 1), (3, 4), (3, 2)]


def test_the_documents_example_is_the_sum() -> None:
    sums = joined(frontier((0, 1), (2, 3)), frontier((0, 1), (3, 4)), np.add, every=False)

    assert told(sums) == [(0, 2), (2, 4), (3, 5), (5, 7)]
    assert steps(sums, 3) == ["2", "3"]


def test_sums_beyond_64_bits_are_exact() -> None:
    one = frontier((0, HUGE - 1), (1, HUGE + 1))

    sums = joined(one, one, np.add, every=False)
    products = one.times(Fraction(HUGE))
    both = joined(products, frontier((0, 1)), np.add, every=True)

    assert told(sums) == [(0, 2 * HUGE - 2), (1, 2 * HUGE), (2, 2 * HUGE + 2)]
    assert told(both)[0] == (0, (HUGE - 1) * HUGE + 1)
    assert min(told(union([products, one], every=True))) == (0, HUGE - 1)


def test_efforts_beyond_a_table_are_paired() -> None:
    far = frontier((0, 1), (10**6, 3))

    sums = joined(far, far, np.add, every=False)

    assert told(sums) == [(0, 2), (10**6, 4), (2 * 10**6, 6)]
    assert steps(sums, 1) == [str(10**6), "0"]


def test_more_values_than_can_be_kept_are_said() -> None:
    many = of(
        [(at, Fraction(at), lambda: iter(())) for at in range(frontiers.MOST + 1)], every=True
    )

    assert len(many) == frontiers.MOST
    assert not many.exact
    assert not joined(many, frontier((0, 1)), first_of, every=False).exact
