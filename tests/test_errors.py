"""What is kept of an error is enough to bring it back."""

from collections import Counter

from survey_service.errors import DamagedError, every_error
from survey_service.errors.jobs import recalled
from survey_service.errors.papers import RenderingError


def test_an_error_comes_back_by_its_code_and_details() -> None:
    found = recalled("rendering", {"seconds": 60})

    assert isinstance(found, RenderingError)
    assert found.details == {"seconds": 60}


def test_an_error_that_the_program_does_not_know_is_told_as_damage() -> None:
    found = recalled("of_a_newer_program", {"x": 1})

    assert isinstance(found, DamagedError)
    assert found.details == {"what": "of_a_newer_program"}


def test_no_two_errors_have_the_same_code() -> None:
    """The code finds the words, and a program tells errors apart by it."""
    codes = Counter(kind.code for kind in every_error())

    assert [code for code, count in codes.items() if count > 1] == []
