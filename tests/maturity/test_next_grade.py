"""What an index still lacks to the next grade."""

from decimal import Decimal

from survey_service.maturity.answers import Answer
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.scoring import score
from tests.samples import TINY, load

TWO = load(TINY / "two_dimensions.yaml")  # "good" from 3.0, and every dimension at least 2.0


def _ahead(**levels: int) -> tuple[str, Decimal] | None:
    found = next_grade(
        TWO, score(TWO, {code: Answer(level=level) for code, level in levels.items()})
    )
    return None if found is None else (found.grade.code, found.lacking)


def test_the_next_grade_is_as_far_as_its_bound() -> None:
    assert _ahead(A=5, B=3, C=1) == ("good", Decimal("0.50"))  # 0.6*3.5 + 0.4*1 = 2.5


def test_what_is_lacking_is_rounded_up_so_that_it_suffices() -> None:
    # 0.6 * (1*2 + 3*3)/4 + 0.4 * (1 + 2 + 2)/3 = 1.65 + 0.6666… = 2.3166…
    assert _ahead(A=2, B=3, C=1, D=2, E=2) == ("good", Decimal("0.69"))


def test_a_grade_that_a_minimum_keeps_back_lacks_no_index() -> None:
    assert _ahead(A=5, B=5, C=1) == ("good", Decimal(0))


def test_there_is_nothing_ahead_of_the_highest_or_without_an_index() -> None:
    assert _ahead(A=5, B=5, C=5) is None
    assert _ahead() is None
