"""Which better answers an indicator could have, and the effort of getting there step by step.

A level costs the effort of every step from the level that stands, as the questionnaire tells it or
the reader does, else the highest effort; an option or an item of a checklist the latter, too. What
is unanswered starts at the lowest answer. A number has no steps: it stays as it is, unless the
reader sets a target; so does what does not apply, and what units answer.
"""

from collections.abc import Container, Iterator, Mapping
from fractions import Fraction
from itertools import combinations

import msgspec
from msgspec import Struct

from survey_service.errors.answers import UnknownIndicatorError
from survey_service.maturity.answer_types import Effort, Step
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.recommendations import UNKNOWN
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import Values, climbed

_ITEMS = 8  # of a checklist that a condition looks at, every choice of them is tried; 256 of 8


class Need(Struct, frozen=True, forbid_unknown_fields=True):
    """What comes first: `indicator` gets `answer`, or a better one, only with `after` at its own.

    What is not asked need not come.
    """

    indicator: str
    answer: Answer
    after: str
    after_answer: Answer


class Wishes(Struct, frozen=True, forbid_unknown_fields=True):
    """What the reader says of the way, by indicator.

    `fixed` are answers that the plan must have, `excluded` what must stay as it is. `targets` are
    answers that may be aimed at beside the steps, such as numbers. `efforts` are the reader's own,
    for each step. `needs` is what comes first.
    """

    fixed: dict[str, Answer] = {}
    excluded: tuple[str, ...] = ()
    targets: dict[str, Answer] = {}
    efforts: dict[str, Effort] = {}
    needs: tuple[Need, ...] = ()


class Climb(Struct, frozen=True):
    """One step of an indicator: None is for what is unanswered; `step` says how, where that is known."""

    indicator: str
    before: Answer | None
    after: Answer
    effort: int
    step: Step | None = None

    @property
    def who(self) -> str | None:
        """The code of the actor who takes the step; None where the questionnaire tells none."""
        return self.step.who if self.step else None

    @property
    def key(self) -> bytes:
        """What tells it from other steps; as answers by unit, of dicts, cannot."""
        return msgspec.json.encode((self.indicator, self.before, self.after))


_NONE: tuple[Climb, ...] = ()


class Rung(Struct, frozen=True):
    """An answer that an indicator could have, what that is worth, and the steps up to it."""

    answer: Answer | None
    value: Fraction | None
    climbs: tuple[Climb, ...] = ()

    @property
    def effort(self) -> int:
        """The effort of all steps up to it."""
        return sum(climb.effort for climb in self.climbs)


def check(questionnaire: Questionnaire, wishes: Wishes) -> None:
    """Refuse wishes about what is not asked, or for answers that are not there.

    Raises:
        SurveyError: As `accept` does.
    """
    pairs = [*wishes.fixed.items(), *wishes.targets.items()]
    for need in wishes.needs:
        pairs += [(need.indicator, need.answer), (need.after, need.after_answer)]
    for code, answer in pairs:
        accept(questionnaire, code, answer)
    for code in (*wishes.excluded, *wishes.efforts):
        if code not in questionnaire.indicators:
            raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)


class BetterAnswers(Struct, frozen=True):
    """The rungs of a questionnaire's indicators; `decisive` are those that rules look at."""

    questionnaire: Questionnaire
    values: Values
    wishes: Wishes
    decisive: Container[str]

    def rungs(self, answers: Mapping[str, Answer]) -> dict[str, tuple[Rung, ...]]:
        """Return what each indicator could be answered, by code; what it is answered comes first.

        What the reader fixed can only be that.
        """
        return {
            code: tuple(self._rungs(indicator, answers.get(code)))
            for code, indicator in self.questionnaire.indicators.items()
        }

    def worth(self, code: str, answer: Answer | None) -> Fraction | None:
        """Return what an answer is worth; what is unanswered is worth the lowest."""
        indicator = self.questionnaire.indicators[code]
        if answer is None:
            return self.values.lowest(indicator)
        return self.values.of(indicator, answer)

    def _rungs(self, indicator: Indicator, answer: Answer | None) -> Iterator[Rung]:
        code, wishes = indicator.code, self.wishes
        now = Rung(answer, self.worth(code, answer))
        better = [] if code in wishes.excluded else list(self._better(indicator, answer))
        if (fixed := wishes.fixed.get(code)) is not None:
            there = [rung for rung in (now, *better) if rung.answer == fixed]
            yield there[0] if there else self._jump(now, code, fixed)
            return
        yield now
        if code in wishes.targets and code not in wishes.excluded:
            better.append(self._jump(now, code, wishes.targets[code]))
        for rung in better:
            if rung.value is not None and (now.value is None or rung.value > now.value):
                yield rung

    def _jump(self, now: Rung, code: str, answer: Answer) -> Rung:
        """Return an answer that no step leads to; only a better one takes effort."""
        value = self.worth(code, answer)
        is_better = value is not None and (now.value is None or value > now.value)
        effort = self.wishes.efforts.get(code, UNKNOWN) if is_better else 0
        return Rung(answer, value, (Climb(code, now.answer, answer, effort),))

    def _better(self, indicator: Indicator, answer: Answer | None) -> Iterator[Rung]:
        """Yield the rungs above an answer, in the order of their steps."""
        given = answer or Answer()
        if given.units is not None or given.not_applicable is not None:
            return
        if indicator.answer_type == "level":
            yield from self._levels(indicator, answer)
        elif indicator.answer_type == "option":
            yield from self._options(indicator, answer)
        elif indicator.answer_type == "checked":
            yield from self._checked(indicator, answer)

    def _levels(self, indicator: Indicator, answer: Answer | None) -> Iterator[Rung]:
        code, levels = indicator.code, self.questionnaire.levels(indicator)
        given = answer or Answer(level=min(levels))
        start = given.level
        if start is None:
            start, _ = climbed(self.questionnaire, indicator, given.checked or ())
        worth, climbs = self.questionnaire.answer_values[code], _NONE
        for number, level in levels.items():
            if number > start:
                known = level.step.effort if level.step else UNKNOWN
                effort, after = self.wishes.efforts.get(code, known), Answer(level=number)
                climbs = (*climbs, Climb(code, answer, after, effort, level.step))
                answer = after
                yield Rung(after, worth[number], climbs)

    def _options(self, indicator: Indicator, answer: Answer | None) -> Iterator[Rung]:
        """Yield the better options; of those worth the same the first, or all where it matters."""
        code, worth = indicator.code, self.questionnaire.answer_values[indicator.code]
        now, climbs = self.worth(code, answer), _NONE
        effort = self.wishes.efforts.get(code, UNKNOWN)
        for value in sorted({value for value in worth.values() if now is None or value > now}):
            alike = [Answer(option=str(option)) for option in worth if worth[option] == value]
            for after in alike if code in self.decisive else alike[:1]:
                yield Rung(after, value, (*climbs, Climb(code, answer, after, effort)))
            climbs = (*climbs, Climb(code, answer, alike[0], effort))
            answer = alike[0]

    def _checked(self, indicator: Indicator, answer: Answer | None) -> Iterator[Rung]:
        """Yield the checklist with more items, the heaviest first, or all choices where it matters."""
        there = (answer or Answer()).checked or ()
        items = [item for item in indicator.checklist if item.code not in there]
        items.sort(key=lambda item: -item.weight)
        codes = [item.code for item in items]
        if indicator.code in self.decisive and len(codes) <= _ITEMS:
            chosen = [one for count in range(len(codes)) for one in combinations(codes, count + 1)]
        else:
            chosen = [tuple(codes[: count + 1]) for count in range(len(codes))]
        for more in chosen:
            yield self._ticked(indicator.code, answer, there, more)

    def _ticked(
        self, code: str, answer: Answer | None, there: tuple[str, ...], more: tuple[str, ...]
    ) -> Rung:
        climbs, before, effort = _NONE, answer, self.wishes.efforts.get(code, UNKNOWN)
        for item in more:
            there = (*there, item)
            after = Answer(checked=there)
            climbs, before = (*climbs, Climb(code, before, after, effort)), after
        return Rung(before, self.worth(code, before), climbs)
