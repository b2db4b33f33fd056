"""How a workbook looks: its colours, borders and numbers, and what is written into it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from survey_service.conduct.workbooks import Identity, Version
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.workbook_arithmetic import Formula
from survey_service.reports.workbook_formulas import Sheet
from survey_service.reports.workbook_lists import Lists

_DARK, _MIDDLE, _PALE, _OPEN, _LINE = "#1F3A5F", "#D6E2F0", "#F3F6FA", "#FFFBE6", "#B8C4D2"
_BASE = {"font_name": "Calibri", "font_size": 10, "valign": "top", "text_wrap": True}
_RULED = {**_BASE, "border": 1, "border_color": _LINE}
_FILLED = {**_RULED, "bg_color": _OPEN, "locked": False}
_INDEX = "0.00##"
_LOOKS: Mapping[str, dict[str, object]] = {
    "title": {**_BASE, "font_size": 15, "bold": True, "font_color": _DARK, "text_wrap": False},
    "line": {**_BASE, "text_wrap": False},
    "words": _BASE,
    "hidden": {"font_color": "#FFFFFF"},
    "heading": {**_RULED, "bold": True, "bg_color": _DARK, "font_color": "#FFFFFF", "valign": "vcenter", "align": "center"},
    "band": {**_RULED, "bold": True, "bg_color": _MIDDLE},
    "band_number": {**_RULED, "bold": True, "bg_color": _MIDDLE, "num_format": _INDEX, "align": "center"},
    "text": _RULED,
    "below": {**_RULED, "indent": 1},
    "centred": {**_RULED, "align": "center"},
    "weight": {**_RULED, "align": "center", "num_format": "0.####"},
    "value": {**_RULED, "align": "center", "num_format": _INDEX, "bg_color": _PALE},
    "link": {**_RULED, "font_color": "#0B5394", "underline": 1},
    "locked": {**_RULED, "bg_color": _PALE},
    "typed_link": {**_FILLED, "font_color": "#0B5394", "underline": 1},
    "choice": {**_FILLED, "align": "center", "bold": True},
    "typed": {**_FILLED, "align": "center", "num_format": "@"},
    "number": {**_FILLED, "align": "center"},
    "prose": {**_FILLED, "num_format": "@"},
    "index": {**_BASE, "font_size": 22, "bold": True, "num_format": _INDEX, "align": "left", "font_color": _DARK},
    "grade": {**_BASE, "font_size": 22, "bold": True, "font_color": _DARK, "text_wrap": False},
}  # fmt: skip
_MOST = 32_767  # letters in a cell


class Piece(Struct, frozen=True):
    """A piece of evidence: what it is called, and where it lies."""

    name: str
    url: str


class Exported(Struct, frozen=True):
    """What goes into a workbook, by indicator code.

    `shown` are the answers that its cells begin with; `before` is what the stages before said, in
    words, for those who score. `pages` are the addresses of indicators on the service; `at` is when,
    in the organisation's zone.
    """

    questionnaire: Questionnaire
    identity: Identity
    profile: Profile
    shown: Mapping[str, Version]
    before: Mapping[str, str] = {}
    evidence: Mapping[str, Sequence[Piece]] = {}
    pages: Mapping[str, str] = {}
    at: dt.datetime | None = None


class Writing:
    """A workbook that is being written: what goes into it, its looks, and what it reckons with."""

    def __init__(
        self, book: Any, exported: Exported, lists: Lists, running: Sheet, official: Sheet
    ) -> None:
        self.book = book
        self.exported = exported
        self.lists = lists
        self.running = running
        self.official = official
        self.language = exported.identity.language
        self._made: dict[str, Any] = {}

    def look(self, name: str) -> Any:
        """Return a look by its name."""
        if name not in self._made:
            self._made[name] = self.book.add_format(dict(_LOOKS[name]))
        return self._made[name]

    def text(self, page: Any, row: int, at: int, text: str, look: str = "text") -> None:
        """Write a text that stays one, whatever it begins with."""
        page.write_string(row, at, text[:_MOST], self.look(look))

    def formula(self, page: Any, row: int, at: int, formula: Formula, look: str) -> None:
        """Write a formula with what it comes to, or a value that no formula says."""
        if formula.said is not None:
            page.write_formula(row, at, f"={formula.said}", self.look(look), formula.value)
        elif isinstance(formula.value, str):
            page.write_string(row, at, formula.value, self.look(look))
        else:
            page.write_number(row, at, formula.value, self.look(look))

    def protect(self, page: Any) -> None:
        """Lock what is not to be filled in, without a password: against accidents, not against people."""
        allowed = ("format_cells", "format_columns", "format_rows", "sort", "autofilter")
        page.protect("", dict.fromkeys((*allowed, "insert_rows", "insert_hyperlinks"), True))

    def print_set_up(self, page: Any, rows: int) -> None:
        """Let a sheet be printed across, as wide as the paper, the headings on each page."""
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.repeat_rows(rows)
        page.set_footer("&L&8&F&C&8&A&R&8&P / &N")
        page.hide_gridlines(2)
