"""What is kept of an error is enough to bring it back."""

from survey_service.errors import DamagedError, RenderingError
from survey_service.job_errors import recalled


def test_an_error_comes_back_by_its_code_and_details() -> None:
    found = recalled("rendering", {"seconds": 60})

    assert isinstance(found, RenderingError)
    assert found.details == {"seconds": 60}


def test_an_error_that_the_program_does_not_know_is_told_as_damage() -> None:
    found = recalled("of_a_newer_program", {"x": 1})

    assert isinstance(found, DamagedError)
    assert found.details == {"what": "of_a_newer_program"}
