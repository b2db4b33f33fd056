"""Codes: what a questionnaire calls its parts."""

from typing import Any

import msgspec
import pytest

from survey_service.maturity.texts import Code, Letter, Version


@pytest.mark.parametrize(("text", "type_"), [("M1.1", Code), ("C+", Letter), ("2026.1", Version)])
def test_a_line_break_is_part_of_no_code(text: str, type_: Any) -> None:
    """Two codes that look alike on a page would be two."""
    assert msgspec.convert(text, type_) == text

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(f"{text}\n", type_)
