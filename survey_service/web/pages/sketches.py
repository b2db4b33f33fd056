"""What a reader wants of a plan, as its page's address and form have it."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlencode

from msgspec import Meta, Struct

from survey_service.maturity.answer_types import Effort
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Need, Wishes
from survey_service.maturity.budget import Budget, Spent
from survey_service.maturity.next_grade import next_grade
from survey_service.operations.assessments import Sheet
from survey_service.operations.roadmap import MOST_YEARS, Aim
from survey_service.web.pages.forms import Sent

STAYS = "="  # can be no level and no option's code
_BETWEEN = "/"  # an indicator and an input of it; can be in no code
_Entry = Annotated[str, Meta(max_length=40)]
_Typed = Annotated[str, Meta(max_length=40)]
_Pair = Annotated[str, Meta(max_length=81)]


class Sketch(Struct, frozen=True):
    """What is aimed at, and what the reader wants otherwise.

    `index` is aimed at instead of the `target`, where it is typed. `choice` has by indicator the
    answer that the plan must have, or `STAYS`; `value` the numbers that are aimed at, and `values`
    those of ratios, by indicator and input. `effort` is the reader's own for each step, and `actor`
    what one of those who take steps can spend in a year. What comes first is told by rows: `then`
    gets its `level` only with `first` at its `least`.
    """

    target: _Entry = ""
    index: _Typed = ""
    years: Annotated[int, Meta(ge=1, le=MOST_YEARS)] = 1
    budget: Spent | None = None
    actor: dict[_Entry, Spent] = {}
    choice: dict[_Entry, _Entry] = {}
    value: dict[_Entry, _Typed] = {}
    values: dict[_Pair, _Typed] = {}
    effort: dict[_Entry, Effort] = {}
    then: dict[_Entry, _Entry] = {}
    level: dict[_Entry, _Typed] = {}
    first: dict[_Entry, _Entry] = {}
    least: dict[_Entry, _Typed] = {}

    @property
    def address(self) -> str:
        """The query that asks for the same."""
        return urlencode(list(self._pairs()))

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for name in self.__struct_fields__:
            found = getattr(self, name)
            if isinstance(found, dict):
                yield from ((f"{name}.{entry}", str(each)) for entry, each in found.items())
            elif found not in {"", None} and (name, found) != ("years", 1):
                yield name, str(found)

    @property
    def rows(self) -> list[str]:
        """The names of the rows that tell what comes first, and of a new one."""
        used = [row for row in self.then if row in self.first]
        free = next(str(at) for at in range(len(used) + 1) if str(at) not in used)
        return [*used, free]

    def aim(self, sheet: Sheet) -> Aim:
        """Return what it means.

        Raises:
            SurveyError: What was typed is no number, or is asked of nobody.
        """
        chosen = {code: one for code, one in self.choice.items() if one != STAYS}
        wishes = Wishes(
            fixed={code: answer(sheet, code, one) for code, one in chosen.items()},
            excluded=tuple(code for code, one in self.choice.items() if one == STAYS),
            targets=self._targets(sheet),
            efforts=self.effort,
            needs=tuple(self._needs(sheet)),
        )
        target = self.index.replace(",", ".") or self.target or _next(sheet)
        return Aim(target, self.years, self._budget, wishes)

    @property
    def _budget(self) -> Budget | None:
        if self.budget is None and not self.actor:
            return None
        return Budget(Budget.UNLIMITED if self.budget is None else self.budget, self.actor)

    def _targets(self, sheet: Sheet) -> dict[str, Answer]:
        typed: dict[str, dict[str, str]] = {}
        for pair, one in self.values.items():
            code, _, part = pair.partition(_BETWEEN)
            typed.setdefault(code, {})[part] = one
        ratios = {code: _answer(sheet, code, Sent(values=each)) for code, each in typed.items()}
        return {code: answer(sheet, code, one) for code, one in self.value.items()} | ratios

    def _needs(self, sheet: Sheet) -> Iterator[Need]:
        for row, code in self.then.items():
            if first := self.first.get(row):
                wanted = answer(sheet, code, self.level.get(row, ""))
                yield Need(code, wanted, first, answer(sheet, first, self.least.get(row, "")))


def _next(sheet: Sheet) -> str:
    """Return the grade that comes next, or the highest one."""
    following = next_grade(sheet.questionnaire, sheet.official)
    grades = sorted(sheet.questionnaire.grades, key=lambda grade: grade.bound)
    codes = [following.grade.code] if following else [grade.code for grade in grades]
    return codes[-1] if codes else str(sheet.questionnaire.index_scale.highest)


def answer(sheet: Sheet, code: str, typed: str) -> Answer:
    """Return what was typed as an answer: a level, an option's code, a number."""
    indicator = sheet.questionnaire.indicators.get(code)
    is_number = indicator is not None and indicator.number is not None
    return _answer(sheet, code, Sent(value=typed) if is_number else Sent(choice=typed))


def _answer(sheet: Sheet, code: str, sent: Sent) -> Answer:
    """Return the answer that was sent; the planner refuses what is not asked."""
    indicator = sheet.questionnaire.indicators.get(code)
    return Answer() if indicator is None else sent.draft(indicator).answer
