"""A view: its fields, described, and its rows; and what of them is asked for."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from msgspec import Struct, structs

from survey_service import i18n
from survey_service.analysis.columns import INDEX
from survey_service.analysis.distributions import Whole
from survey_service.analysis.selection import Selection
from survey_service.maturity.cards import exact_unit
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.showing import USUAL, digits, least
from survey_service.reports.tables import Cell, Table

FieldType = Literal["string", "integer", "number", "date"]


class Field(Struct, frozen=True):
    """A column: its name for programs, its type, and what people call it.

    `code` is that of the node or indicator whose index the numbers are, "" for the whole; None
    where they are none, or where each row is of another one. Numbers are shown the darker the
    higher they stand between `ends`. `unit` is that of what is no index, and `digits` are the
    decimals it is shown with.
    """

    name: str
    type: FieldType
    title: str
    code: str | None = None
    ends: tuple[Decimal, Decimal] | None = None
    unit: str = ""
    digits: int = USUAL


def percent_field(name: str, title: str, ends: tuple[Decimal, Decimal] | None = None) -> Field:
    """Return the field of a share in percent, to a tenth wherever it is shown."""
    return Field(name, "number", title, ends=ends, unit="%", digits=1)


def percent(share: float | None) -> Decimal | None:
    """Return a share in percent, to a tenth."""
    return None if share is None else rounded(Decimal(repr(100 * share)), 1)


def figure(statistic: float | None) -> Decimal | None:
    """Return a statistic, such as a correlation, to a hundredth."""
    return None if statistic is None else rounded(Decimal(repr(statistic)), 2)


def rounded(number: Decimal, places: int) -> Decimal:
    """Return a number with so many decimals, rounded as readers do: half up."""
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def median_words(counts: Whole, language: str) -> str:
    """Return which value the median is where an even number have one; "" where none of `counts` is."""
    if not ((counts > 0) & (counts % 2 == 0)).any():
        return ""
    return i18n.translate(
        "The median here is a value that occurs: of an even number, the lower of the two in the middle.",
        language,
    )


class Asked(Struct, frozen=True):
    """What a view is asked for.

    Args:
        by: What groups are made by: `kind` or an attribute; "" for none.
        node: The code of the node that is looked at; "" for the whole.
        tier: How deep the nodes lie that are shown, from 1; 0 for the indicators.
        sort: The name of the field by which rows are sorted; "" for the view's own order.
        descending: From the highest.
        one: The id of an organisation.
        other: That of another beside it.
        start: How many rows are left out at the beginning.
        limit: How many are shown at the most; None for all.
    """

    by: str = ""
    node: str = INDEX
    tier: int = 1
    sort: str = ""
    descending: bool = False
    one: int = 0
    other: int = 0
    start: int = 0
    limit: int | None = None

    @property
    def rows(self) -> slice:
        """Which of all rows are shown."""
        return slice(self.start, None if self.limit is None else self.start + self.limit)


class View(Struct, frozen=True):
    """What is seen: a title, described fields, and rows, of which there are `count` in all.

    `drawn` is an SVG, "" where there is none; `links` has the id of the organisation of each row
    where it is of one, and `codes` that of the node whose index its numbers are, where they are each of
    another one. `digits` are the decimals of the numbers of each row, by column, where rows are of
    different questionnaires.
    """

    code: str
    title: str
    fields: Sequence[Field]
    rows: Sequence[Sequence[Cell]]
    count: int
    drawn: str = ""
    links: Sequence[int] = ()
    words: str = ""
    codes: Sequence[str] = ()
    digits: Sequence[Sequence[int]] = ()

    def code_of(self, row: int, column: int) -> str | None:
        """Return whose index the number of a cell is; None if it is none."""
        return self.codes[row] if self.codes else self.fields[column].code

    def digits_of(self, row: int, column: int) -> int:
        """Return with how many decimals the number of a cell is shown that is no index."""
        return self.digits[row][column] if self.digits else self.fields[column].digits

    def table(self, asked: Questionnaire) -> Table:
        """Return the view as a table to take along; `asked` is the questionnaire of its cycle."""
        own = [[least(asked, code)] * len(self.fields) for code in self.codes]
        return Table(
            self.title,
            [one.title for one in self.fields],
            self.rows,
            self.codes or [one.code for one in self.fields],
            by_row=bool(self.codes),
            digits=[
                one.digits if one.code is None else least(asked, one.code) for one in self.fields
            ],
            own=self.digits or own,
        )


def part(view: View, asked: Asked) -> View:
    """Return what is asked for of the rows of a view, where it does not part them itself."""
    if len(view.rows) != view.count:
        return view
    some = asked.rows
    return structs.replace(
        view,
        rows=view.rows[some],
        links=view.links[some],
        codes=view.codes[some],
        digits=view.digits[some],
    )


def named(questionnaire: Questionnaire, code: str, language: str) -> str:
    """Return what a node, an indicator, or the whole is called."""
    if code == INDEX:
        return i18n.translate("index", language)
    found = questionnaire.all_nodes.get(code) or questionnaire.indicators[code]
    return found.name.in_(language)


def index_field(selection: Selection, code: str, language: str) -> Field:
    """Return the field of the index of a node or indicator, or of the whole."""
    ends = scale(selection.questionnaire, code)
    title = named(selection.questionnaire, code, language)
    return Field(code or "index", "number", title, code, (ends.lowest, ends.highest))


def scale(questionnaire: Questionnaire, code: str) -> Scale:
    """Return the scale on which the index of a node or indicator lies, or that of the whole."""
    lowest, highest = (
        Decimal(end.numerator) / end.denominator for end in questionnaire.spans[code]
    )
    return Scale(lowest, highest)


def tier(questionnaire: Questionnaire, depth: int) -> tuple[str, ...]:
    """Return the codes of the nodes so deep below the top, from 1; of the indicators for 0."""
    if depth == 0:
        return tuple(questionnaire.indicators)
    return tuple(code for code, place in questionnaire.depths.items() if place == depth - 1)


def tiers(questionnaire: Questionnaire) -> range:
    """Return how deep nodes lie, from 1."""
    return range(1, 2 + max(questionnaire.depths.values()))


def tier_name(questionnaire: Questionnaire, depth: int, language: str) -> str:
    """Return what the nodes so deep are called, from 1; their number where nobody says."""
    named_tiers = questionnaire.tiers
    if depth > len(named_tiers):
        return str(depth)
    return named_tiers[depth - 1].name.in_(language)


def sentence(words: str) -> str:
    """Return words with a capital at the beginning."""
    return words[:1].upper() + words[1:]


def drawn_digits(questionnaire: Questionnaire, code: str, values: Iterable[Decimal | None]) -> int:
    """Return with how many decimals a picture shows indices so that none differs from its table."""
    told = (digits(questionnaire, one, code) for one in values if one is not None)
    return max(told, default=USUAL)


def group_title(by: str, language: str) -> str:
    """Return what groups are made by, in words."""
    return i18n.translate("Kind", language) if by == "kind" else by


def group_name(by: str, group: str, language: str) -> str:
    """Return what a group is called."""
    if not group:
        return i18n.NOTHING
    return i18n.translate(f"kind.{group}", language) if by == "kind" else group


def value(selection: Selection, unit: int) -> Decimal | None:
    """Return a value in units as the decimal that it stands for; None where it is none."""
    return exact_unit(unit, selection.digits)
