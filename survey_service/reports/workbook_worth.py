"""What an answer is worth, as a formula of the cells in which it stands."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from survey_service.maturity.answer_types import Number, Ratio
from survey_service.maturity.answers import ends
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node
from survey_service.reports.workbook_arithmetic import (
    ANSWER,
    VALUE,
    Places,
    banded,
    reaches,
    written,
)


class Worth:
    """The worth of the answers to a questionnaire; `cell` tells the address of a code's column."""

    def __init__(
        self, questionnaire: Questionnaire, places: Places, cell: Callable[[str, int], str]
    ) -> None:
        self._asked = questionnaire
        self._places = places
        self._cell = cell

    def of(self, indicator: Indicator) -> str | None:
        """Return what the answer in its cell is worth, on the scale; None where no formula says it."""
        given = self._cell(indicator.code, ANSWER)
        if indicator.answer_type in {"level", "option"}:
            return self._places.worth(indicator.code).replace("?", given)
        if indicator.answer_type == "text":
            return '""'
        if indicator.number is not None:
            return self._number(indicator, indicator.number, given)
        if indicator.ratio is not None:
            return self._ratio(indicator, indicator.ratio)
        return self._checked(indicator)

    def _number(self, indicator: Indicator, number: Number, given: str) -> str | None:
        if number.bands:
            least = written(self._asked.ends[0])
            ordered = sorted(number.bands, key=lambda band: band.bound, reverse=True)
            pairs = [
                (reaches(given, band), written(self._asked.on_scale(indicator, band.value)))
                for band in ordered
            ]
            found = banded(pairs, least)
            return None if found is None else f'IF(ISNUMBER({given}),{found},"")'
        lowest, highest = ends(self._asked, number)
        if number.by != "ends" or number.target is not None:
            return None
        if lowest is None or highest is None or lowest >= highest:
            return None
        span = Fraction(highest) - Fraction(lowest)
        way = f"MAX(0,MIN(1,({given}-{written(lowest)})/{written(span)}))"
        return f'IF(ISNUMBER({given}),{self._along(way, inverted=number.inverted)},"")'

    def _along(self, way: str, *, inverted: bool = False) -> str:
        lowest, highest = self._asked.ends
        return f"{written(lowest)}+{written(highest - lowest)}*{f'(1-{way})' if inverted else way}"

    def entries(self, indicator: Indicator, at: int) -> str:
        """Return the range of what is entered below an indicator."""
        below = entered(indicator)
        first, last = (f"{indicator.code}#{key}" for key in (below[0], below[-1]))
        return f"{self._cell(first, at)}:{self._cell(last, at)}"

    def _ratio(self, indicator: Indicator, ratio: Ratio) -> str:
        def total(codes: Sequence[str]) -> str:
            return "+".join(self._cell(f"{indicator.code}#{code}", VALUE) for code in codes)

        part, whole = total(ratio.part), total(ratio.whole)
        nothing = self._along(str(int(ratio.zero == "highest")))
        zero = '""' if ratio.zero == "not_applicable" else nothing
        way = f"MIN(({part})/({whole}),{written(ratio.cap)})"
        return f"IF({whole}=0,{zero},{self._along(way, inverted=ratio.inverted)})"

    def _checked(self, indicator: Indicator) -> str:
        weight = sum((Fraction(item.weight) for item in indicator.checklist), Fraction(0))
        there = self.entries(indicator, VALUE)
        return self._along(f"SUM({there})/{written(weight)}")


def entered(indicator: Indicator) -> list[str]:
    """Return the keys of what is entered below an indicator and counts."""
    inputs = indicator.ratio.inputs if indicator.ratio else ()
    return [*(one.code for one in inputs), *(item.code for item in indicator.checklist)]


def ordered(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield every code, siblings beside one another and all below them before; the whole last."""

    def family(children: Sequence[Node | Indicator]) -> Iterator[str]:
        for child in children:
            if isinstance(child, Node):
                yield from family(child.children)
        yield from (child.code for child in children)

    yield from family(questionnaire.nodes)
    yield ""
    for indicator in questionnaire.indicators.values():
        yield from (f"{indicator.code}#{key}" for key in entered(indicator))
