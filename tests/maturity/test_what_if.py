"""Other answers, tried: what would be, and nothing else."""

from decimal import Decimal

import pytest

from survey_service.errors.answers import InvalidLevelError, UnknownIndicatorError
from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import ANYBODY
from survey_service.maturity.what_if import outcome
from tests.samples import TINY, load

TWO = load(TINY / "two_dimensions.yaml")


def test_what_would_be_gained_and_where_is_told() -> None:
    found = outcome(TWO, {"A": Answer(level=1)}, {"A": Answer(level=3)}, ANYBODY)

    one, three = Decimal(1), Decimal(3)
    assert (found.now.index, found.then.index, found.gained) == (one, three, three - one)
    assert found.moved == {"merit": (one, three)}


def test_without_an_answer_so_far_nothing_can_be_gained() -> None:
    found = outcome(TWO, {}, {"A": Answer(level=3)}, ANYBODY)

    assert found.gained is None
    assert found.moved == {"merit": (None, Decimal(3))}


def test_what_cannot_be_answered_cannot_be_tried() -> None:
    with pytest.raises(InvalidLevelError):
        outcome(TWO, {}, {"A": Answer(level=9)}, ANYBODY)
    with pytest.raises(UnknownIndicatorError):
        outcome(TWO, {}, {"nothing": Answer(level=1)}, ANYBODY)
