"""Old worksheets that this service did not write: which column says what, told once by a ministry."""

from msgspec import Struct


class Columns(Struct, frozen=True):
    """Where a worksheet has what: by the headings above its columns.

    `code` is the column by which indicators are known, `answer` what was answered, `note` a note,
    empty where there is none. `codes` tells of what stands in the column of codes which indicator it
    is, where it is not just that. `answers` likewise tells of answers what they mean.
    """

    code: str
    answer: str
    note: str = ""
    codes: dict[str, str] = {}
    answers: dict[str, str] = {}


NO_COLUMNS = Columns("", "")
"""Stands for what is damaged where it is kept."""
