"""Numbers that may be read in two ways: the readings to choose from, and the one that was chosen."""

import re
from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.characters import visible
from survey_service.errors import SurveyError
from survey_service.errors.writing import AmbiguousNumberError

Chosen = Annotated[str, Meta(max_length=100)]
"""What a button of a reading sends: what was written, `=`, and how it is to be read."""


class Readings(Struct, frozen=True):
    """What was `written`, and the texts that say without doubt what it may mean."""

    written: str
    offered: list[str]


def readings(refusal: SurveyError, language: str) -> Readings | None:
    """Return what there is to choose from; None where nothing else than that was wrong."""
    if not isinstance(refusal, AmbiguousNumberError):
        return None
    written = str(refusal.details["value"])
    both = i18n.readings(visible(written))
    return Readings(written, [i18n.typed(one, language) for one in both])


def alone(written: str, chosen: str) -> str:
    """Return what stands in a field, with the reading in its place where it is what was ambiguous."""
    ambiguous, _, reading = chosen.rpartition("=")
    return reading if ambiguous and written.strip() == ambiguous else written


def settled(lines: str, form: re.Pattern[str], groups: Sequence[str], chosen: str) -> str:
    """Return lines of a form with the reading in all groups that are what was ambiguous."""
    return "\n".join(_settled(line, form, groups, chosen) for line in lines.splitlines())


def _settled(line: str, form: re.Pattern[str], groups: Sequence[str], chosen: str) -> str:
    found = form.fullmatch(visible(line))
    if found is None:
        return line
    read = found.string
    for group in reversed(groups):
        start, end = found.span(group)
        if start >= 0:
            read = read[:start] + alone(read[start:end], chosen) + read[end:]
    return read
