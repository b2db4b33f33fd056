"""How answers are read from sheets that are not ours, as a ministry has had them filled in for years.

Answers stand in a row for each indicator, found by what a column says or by the row's number:

    sheet: LKE
    code: B                 # what stands in this column …
    answer: F
    rows: {"A.1": I01, "A.2": I02}

or in a column for each indicator, of which one row is the organisation's:

    sheet: Rekap
    columns: {C: I01, D: I02}
    organisation: B         # … where this column has its name; or `row: 7`
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct

from survey_service.conduct.workbook_cells import keys_below
from survey_service.maturity.checking.findings import Place
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import END

PART = "#"
"""Between an indicator and what of it a row or column has: `I07#staff`, an input or an item."""

Column = Annotated[str, Meta(pattern=f"^[A-Z]{{1,3}}{END}")]
"""A column by its letters, as spreadsheets name them."""

Target = Annotated[str, Meta(min_length=1, max_length=100)]
Row = Annotated[int, Meta(ge=1, le=1_048_576)]


class MappedSheet(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a sheet has answers.

    `sheet` is its name, "" for every one. Of a row for each indicator `code` is the column that tells
    which, None where `rows` has the numbers of rows; what is not in `rows` tells the indicator itself.
    Of a column for each indicator, the row is a number, or the one in whose column `organisation` its
    name stands. `words` are what people wrote for answers, with the answers: `Ya: A`.
    """

    sheet: Annotated[str, Meta(max_length=100)] = ""
    code: Column | None = None
    answer: Column | None = None
    rows: Annotated[dict[str, Target], Meta(max_length=2000)] = {}
    note: tuple[Column, ...] = ()
    reason: Column | None = None
    evidence: Column | None = None
    from_row: Row = 1
    columns: Annotated[dict[Column, Target], Meta(max_length=600)] = {}
    organisation: Column | None = None
    row: Row | None = None
    words: Annotated[dict[str, str | int], Meta(max_length=500)] = {}

    @property
    def targets(self) -> Mapping[str, str]:
        """The indicators that it names, by what they are found with."""
        return self.columns or self.rows


class SheetMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """What a ministry calls its sheets, which questionnaire they answer, and where each has answers.

    `questionnaire` is a code, of whichever version, or `code@version`.
    """

    name: Annotated[str, Meta(min_length=1, max_length=200, pattern=f"^[^\\x00-\\x1f]+{END}")]
    questionnaire: Annotated[str, Meta(min_length=1, max_length=100)]
    sheets: Annotated[tuple[MappedSheet, ...], Meta(min_length=1, max_length=60)]

    def answers(self, reference: str) -> bool:
        """Whether it is of the questionnaire `code@version`."""
        return self.questionnaire in {reference, reference.partition("@")[0]}


class Fault(Struct, frozen=True):
    """What is wrong with a mapping: at which place, which `problem.*`, and its details."""

    at: Place
    reason: str
    details: dict[str, str] = {}


def faults(mapping: SheetMapping, asked: Questionnaire | None) -> Iterator[Fault]:
    """Yield what a mapping says that cannot be; `asked` is what it answers, None where that is not known."""
    for number, sheet in enumerate(mapping.sheets):
        at: Place = ("sheets", number)
        yield from _shape(sheet, at)
        if asked is None:
            continue
        under = "columns" if sheet.columns else "rows"
        for found, target in sheet.targets.items():
            code, _, part = target.partition(PART)
            if not is_asked(asked, code, part):
                yield Fault((*at, under, found), "mapped_to_nothing", {"found": target})


def is_asked(asked: Questionnaire, code: str, part: str) -> bool:
    """Whether there is such an indicator, with such a part; "" for none."""
    indicator = asked.indicators.get(code)
    return indicator is not None and (not part or part in keys_below(indicator))


def _shape(sheet: MappedSheet, at: Place) -> Iterator[Fault]:
    """Yield what keeps a sheet from being read: of the two ways just one is told, and whole."""
    down = sheet.answer is not None and bool(sheet.code or sheet.rows)
    across = bool(sheet.columns) and (sheet.row is None) != (sheet.organisation is None)
    if down == across or (sheet.columns and sheet.rows):
        yield Fault(at, "mapped_how")
    elif down and sheet.code is None:
        for found in sheet.rows:
            if not found.isdecimal():
                yield Fault((*at, "rows", found), "mapped_row", {"found": found})
