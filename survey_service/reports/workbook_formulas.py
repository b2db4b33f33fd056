"""The rules of scoring as formulas of a spreadsheet, beside the values that we reckoned exactly.

Every node and indicator has a row on a hidden sheet, siblings beside one another, so that a formula
takes a family together by its range. What a formula cannot say, or not exactly, is written as the
value it has: conditions, look-ups, values by units, roundings that spreadsheets do not have.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.workbook_cells import NO, NOT_APPLICABLE, YES, mark
from survey_service.maturity import conditions
from survey_service.maturity.answers import Answer
from survey_service.maturity.combining import rule_of
from survey_service.maturity.conditions import Facts, Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Adjustment, Conversion
from survey_service.maturity.scoring import Reckoning, Tally
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values
from survey_service.reports.workbook_arithmetic import (
    ANSWER,
    ANSWERED,
    CODE,
    COUNTING,
    EXTRA,
    INDEX,
    LONGEST,
    NOTHING,
    STEPS,
    TOTAL,
    VALUE,
    WEIGHED,
    WEIGHT,
    Formula,
    Line,
    Places,
    Value,
    banded,
    column,
    near,
    reaches,
    written,
)
from survey_service.reports.workbook_worth import Worth, entered, ordered

_ROUNDS = {"half_up": "ROUND", "up": "ROUNDUP", "down": "ROUNDDOWN"}
_COMBINED = {"mean", "geometric", "minimum", "weakest_link", "none"}


class Rules(Struct, frozen=True, dict=True):
    """A questionnaire as its organisation is asked it, with the answers that a workbook begins with.

    With `official`, what is unanswered counts as the lowest.
    """

    questionnaire: Questionnaire
    answers: Mapping[str, Answer]
    profile: Profile
    official: bool


class Sheet:
    """The rows of the hidden sheet, their formulas and what these come to."""

    def __init__(self, rules: Rules, places: Places) -> None:
        self._rules = rules
        self._asked = rules.questionnaire
        self._places = places
        answers, official = rules.answers, rules.official
        self._known = conditions.facts(self._asked, answers, rules.profile, official=official)
        self._values = Values(self._asked, {})
        reckoning = Reckoning(self._asked, answers, self._known, self._values, official)
        self.card = reckoning.card()
        self._whole, _ = reckoning.whole()
        self._tallies = reckoning.tallies
        self._reckoned = {code: place for place, code in enumerate(reckoning.tallies)}
        self._worths = Worth(self._asked, places, self.cell)
        self._rows = {code: row for row, code in enumerate(ordered(self._asked), start=1)}

    @property
    def known(self) -> Facts:
        """What conditions know, of the answers that the workbook begins with."""
        return self._known

    def cell(self, code: str, at: int) -> str:
        """Return the address of a cell of a node or indicator."""
        return f"${column(at)}${self._rows[code] + 1}"

    def lines(self) -> Iterator[Line]:
        """Yield every row: those of children before their parent's, and what is entered below one."""
        for code in self._rows:
            if "#" in code:
                yield self._entered(code)
                continue
            cells = self._reckoned_cells(code)
            found = self._fixed(code) if cells is None else cells
            live = cells is not None and code not in self._asked.asked_on
            yield Line(code, self._rows[code], self._common(code, found), live)

    def _reckoned_cells(self, code: str) -> dict[int, Formula] | None:
        """Return the cells with the formulas of a row; None where they do not say what it is worth."""
        if code in self._known.unasked:
            return None
        thing = self._asked.things.get(code)
        cells = self._indicator(thing) if isinstance(thing, Indicator) else self._node(code, thing)
        said = (one.said for one in cells.values()) if cells else ()
        return None if any(len(one or "") > LONGEST for one in said) else cells

    def _entered(self, key: str) -> Line:
        """Return the row of something that is entered below an indicator."""
        code, _, below = key.partition("#")
        indicator = self._asked.indicators[code]
        own = self._places.answer(f"#{key}")
        given = self._rules.answers.get(code, Answer())
        cells = {CODE: Formula(None, key)}
        at = self.cell(key, ANSWER)
        if indicator.ratio is not None:
            value = (given.values or {}).get(below)
            number = "" if value is None else float(value)
            cells[ANSWER] = Formula(f'IF({own}="","",{own})', number)
            cells[VALUE] = Formula(f"N({at})", number or 0.0)
            return Line(key, self._rows[key], cells, by_formula=True)
        weight = next(item.weight for item in indicator.checklist if item.code == below)
        yes = ",".join(f'{at}="{mark(YES, language)}"' for language in i18n.LANGUAGES)
        said = given.checked is not None and below in given.checked
        answered = "" if given.checked is None else mark(YES if said else NO, "id")
        cells[ANSWER] = Formula(f'{own}&""', answered)
        cells[VALUE] = Formula(f"IF(OR({yes}),{written(weight)},0)", float(weight) if said else 0.0)
        return Line(key, self._rows[key], cells, by_formula=True)

    def _tally(self, code: str) -> Tally:
        return self._tallies.get(code, Tally(None)) if code else self._whole

    def _index(self, code: str) -> Value:
        index = self.card.nodes[code].index if code else self.card.index
        return "" if index is None else float(index)

    def _value(self, code: str) -> Value:
        value = self._tally(code).value
        return "" if value is None else float(value)

    def _fixed(self, code: str) -> dict[int, Formula]:
        """Return the cells of what no formula says: the values that it has."""
        tally = self._tally(code)
        return {
            ANSWERED: Formula(None, tally.answered),
            TOTAL: Formula(None, tally.total),
            VALUE: Formula(None, self._value(code)),
            INDEX: Formula(None, self._index(code)),
        }

    def _common(self, code: str, cells: dict[int, Formula]) -> dict[int, Formula]:
        """Return the cells of a row with those that its family needs of it."""
        found = {CODE: Formula(None, code), **cells}
        if not code:
            return found
        weight = self._asked.counts[code]
        value, of = self._value(code), self.cell(code, VALUE)
        found[WEIGHT] = Formula(written(weight), float(weight))
        own = self.cell(code, WEIGHT)
        if self._asked.things[code].bonus:
            lowest, highest = self._asked.ends
            part = f"({of}-{written(lowest)})/{written(highest - lowest)}"
            way = 0.0 if value == "" else (float(value) - float(lowest)) / float(highest - lowest)
            found[EXTRA] = Formula(f'IF({of}="",0,{own}*{part})', float(weight) * way)
            return found
        weighed = f"{own}*{of}"
        times = 0.0 if value == "" else float(weight) * float(value)
        if self._rules_above[code] == "geometric":
            weighed = f"IF({of}>0,{own}*LN({of}),0)"
            above = value != "" and float(value) > 0
            times = float(weight) * math.log(float(value)) if above else 0.0
        found[WEIGHED] = Formula(f'IF({of}="",0,{weighed})', times)
        counting = 0.0 if value == "" else float(weight)
        found[COUNTING] = Formula(f'IF({of}="",0,{own})', counting)
        return found

    @cached_property
    def _rules_above(self) -> dict[str, str]:
        """How the family of each node and indicator is taken together."""
        families = [(None, self._asked.nodes)] + [
            (node, node.children) for node in self._asked.all_nodes.values()
        ]
        return {
            child.code: rule_of(self._asked, node) for node, below in families for child in below
        }

    # indicators

    def _indicator(self, indicator: Indicator) -> dict[int, Formula] | None:
        answer = self._rules.answers.get(indicator.code)
        if answer is not None and answer.units is not None:
            return None
        worth = self._worths.of(indicator)
        if worth is None:
            return None
        code = indicator.code
        given, own = self.cell(code, ANSWER), self._places.answer(f"#{code}")
        absent = f"{given}={NOTHING}"
        unsaid = [f'{given}="{mark(NOT_APPLICABLE, language)}"' for language in i18n.LANGUAGES]
        aside = f"OR({','.join(unsaid)})"
        kept = self._values.of(indicator, Answer(not_applicable=NOT_APPLICABLE))
        counted = int(kept is not None)
        least = self._values.lowest(indicator)
        lowest = NOTHING if least is None else written(least)
        unanswered = lowest if self._rules.official else NOTHING
        left_out = NOTHING if kept is None else written(kept)
        value = f"IF({aside},{left_out},IF({absent},{unanswered},{worth}))"
        tally = self._tally(code)
        cells = {
            ANSWER: Formula(self._answer(indicator, own), self._said(answer)),
            ANSWERED: Formula(f"IF({absent},0,IF({aside},{counted},1))", tally.answered),
            TOTAL: Formula(f"IF({aside},{counted},1)", tally.total),
        }
        return self._finished(code, "indicators", [value], cells)

    def _answer(self, indicator: Indicator, own: str) -> str:
        """Return what is answered: a text, or a number; where it has rows below, what they hold."""
        if indicator.answer_type == "value":
            return f'IF({own}="","",{own})'
        if entered(indicator):
            entries = self._worths.entries(indicator, ANSWER)
            any_ = f"SUMPRODUCT(--({entries}<>{NOTHING}))>0"
            return f'IF({own}&""<>"",{own}&"",IF({any_},"1",""))'
        return f'{own}&""'

    def _said(self, answer: Answer | None) -> Value:
        if answer is None:
            return ""
        if answer.value is not None:
            return float(answer.value)
        if answer.not_applicable is not None:
            return mark(NOT_APPLICABLE, "id")
        return str(
            answer.level if answer.level is not None else answer.option or answer.text or "1"
        )

    # nodes

    def _node(self, code: str, node: Node | None) -> dict[int, Formula] | None:
        children = self._asked.nodes if node is None else node.children
        first, last = children[0].code, children[-1].code
        combined = self._combined(node, children)
        if combined is None:
            return None
        tally = self._tally(code)
        cells = {
            ANSWERED: Formula(f"SUM({self._family(first, last, ANSWERED)})", tally.answered),
            TOTAL: Formula(f"SUM({self._family(first, last, TOTAL)})", tally.total),
        }
        place = "nodes" if node is not None else "index"
        return self._finished(code, place, combined, cells)

    def _family(self, first: str, last: str, at: int) -> str:
        return f"{self.cell(first, at)}:{self.cell(last, at)}"

    def _combined(
        self, node: Node | None, children: Sequence[Node | Indicator]
    ) -> list[str] | None:
        """Return the value of a family in steps: combined, converted, and the bonus on top."""
        rule = rule_of(self._asked, node)
        first, last = children[0].code, children[-1].code
        values, weighed, counting, extra = (
            self._family(first, last, at) for at in (VALUE, WEIGHED, COUNTING, EXTRA)
        )
        bonus = any(child.bonus for child in children)
        if rule not in _COMBINED or (bonus and rule != "mean") or self._asks_for_share(node):
            return None
        mean = f'IF(SUM({counting})=0,"",SUM({weighed})/SUM({counting}))'
        lowest = f"MIN({values})"
        better = f"{near(f'MAX({values})-MIN({values})')}>0"
        root = f"EXP(SUM({weighed})/SUM({counting}))"
        value = {
            "mean": mean,
            "none": '""',
            "minimum": f'IF(COUNT({values})=0,"",{lowest})',
            "weakest_link": f'IF(COUNT({values})=0,"",{lowest}+IF({better},{written(self._asked.plus)},0))',
            "geometric": f'IF(SUM({counting})=0,"",IF(COUNTIF({values},"<=0")>0,0,{root}))',
        }[rule]
        if rule == "geometric" and any(not self._asked.counts[child.code] for child in children):
            return None
        steps = [value]
        if node is not None and node.convert is not None:
            converted = self._converted(node, node.convert, counting)
            if converted is None:
                return None
            steps.append(converted)
        if bonus:
            steps.append(self._with_bonus(node, extra))
        return steps

    def _asks_for_share(self, node: Node | None) -> bool:
        """Whether a least share of what a node comes from must have a value."""
        own = None if node is None else node.least_share
        return own is not None or self._asked.least_share is not None

    def _converted(self, node: Node, convert: Conversion, counting: str) -> str | None:
        """Return what the bands of a node make of a value, `?`."""
        read = "?"
        if convert.over == "points":
            lowest, highest = self._asked.ends
            whole = written(self._asked.wholes[node.code])
            read = (
                f"IF(SUM({counting})=0,0,{whole}*(?-{written(lowest)})/{written(highest - lowest)})"
            )
        ordered = sorted(convert.bands, key=lambda band: band.bound, reverse=True)
        found = banded([(reaches(read, band), written(band.value)) for band in ordered], '""')
        return None if found is None else f'IF(?="","",{found})'

    def _with_bonus(self, node: Node | None, extra: str) -> str:
        lowest, highest = self._asked.ends
        whole = self._asked.wholes["" if node is None else node.code]
        if not whole:
            return "?"
        more = f"{written(highest - lowest)}*SUM({extra})/{written(whole)}"
        return f'IF(SUM({extra})=0,?,IF(?="",{written(lowest)},?)+{more})'

    # finishing

    def _finished(
        self, code: str, place: str, worth: list[str], cells: dict[int, Formula]
    ) -> dict[int, Formula] | None:
        """Return the cells with the steps to a value, and from it to its index."""
        steps = self._steps(code, place)
        if steps is None:
            return None
        found = dict(cells)
        factor, offset = self._asked.expressions[code] if self._asked.points else (1, 0)
        expressed = f"?*{written(Fraction(factor))}+{written(Fraction(offset))}"
        templates = [*worth, *(f'IF(?="","",{one})' for one in ((expressed, *steps)))]
        for at, template in enumerate(templates, start=STEPS):
            before = self.cell(code, at - 1)
            value = self._value(code) if at < STEPS + len(worth) else self._index(code)
            found[at] = Formula(template.replace("?", before), value)
        value = self.cell(code, STEPS + len(worth) - 1)
        last = self.cell(code, STEPS + len(templates) - 1)
        back = f"({last}-{written(Fraction(offset))})/{written(Fraction(factor))}"
        found[VALUE] = Formula(f'IF({last}="","",{back if steps else value})', self._value(code))
        found[INDEX] = Formula(f'IF({last}="","",{last})', self._index(code))
        return found

    def _steps(self, code: str, place: str) -> list[str] | None:
        """Return what is done to an index, `?`, one after the other; None where no formula does it."""
        rounding = self._asked.rounding
        rounds = rounding is not None and place in rounding.at
        adjusting = self._asked.adjusting.get(code, ()) if code else ()
        if not rounds and not adjusting:
            return []
        steps: list[str] = []
        rounded = ""
        if rounding is not None and rounds:
            if rounding.mode not in _ROUNDS:
                return None
            rounded = f"{_ROUNDS[rounding.mode]}({near('?')},{rounding.digits})"
            steps.append(rounded)
        for adjustment in adjusting:
            if adjustment.when is not None:
                return None
            step = self._adjusted(code, adjustment)
            if step is None:
                return None
            steps.append(step)
        if adjusting and rounded:
            steps.append(rounded)
        return steps

    def _adjusted(self, code: str, adjustment: Adjustment) -> str | None:
        """Return what an adjustment makes of an index."""
        lowest = written(self._asked.spans[code][0])
        step: str | None = None
        other = adjustment.at_most_as or adjustment.times
        if adjustment.at_most is not None:
            step = f"MIN(?,{written(adjustment.at_most)})"
        elif adjustment.lower_by is not None:
            step = f"MAX(?-{written(adjustment.lower_by)},MIN(?,{lowest}))"
        elif other is not None and self._is_before(other, code):
            value = self.cell(other, VALUE)
            if adjustment.at_most_as is not None:
                factor, offset = self._asked.expressions[code] if self._asked.points else (1, 0)
                index = f"({value}*{written(Fraction(factor))}+{written(Fraction(offset))})"
                step = f'IF({value}="",?,MIN(?,IF({index}=0,{lowest},{index})))'
            else:
                start, end = self._asked.ends
                way = f"({value}-{written(start)})/{written(end - start)}"
                step = f'IF({value}="",?,{lowest}+(?-{lowest})*{way})'
        if step is not None and adjustment.reaching is not None:
            step = f"IF({near('?')}<{written(adjustment.reaching)},?,{step})"
        return step

    def _is_before(self, other: str, code: str) -> bool:
        """Whether the value of another one is known where that of a code is adjusted."""
        return self._reckoned.get(other, -1) < self._reckoned.get(code, -1)
