"""The answers that rules look at from elsewhere, tried in every combination that makes a difference.

Conditions, prerequisites and adjustments that look at other indicators tie answers together that no
frontier could. They look at few: for each combination of these few, all others are free of one
another. Answers between which no condition can tell are tried together.
"""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from msgspec import Struct

from survey_service.maturity import conditions
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import BetterAnswers, Need, Rung
from survey_service.maturity.conditions import Attribute, Facts, Profile, Value
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.values import lowest_answer

MOST = 256
"""Combinations that are tried; indicators beyond are left as they are, and that is said."""


class Case(Struct, frozen=True):
    """One combination: what conditions know of it, and the positions of the rungs that are left."""

    known: Facts
    allowed: dict[str, tuple[int, ...]]


def decisive(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the codes of what a condition or an adjustment elsewhere looks at."""
    looked_at = [each.at_most_as or each.times for each in questionnaire.adjustments]
    return conditions.deciding(questionnaire) | {code for code in looked_at if code is not None}


class Cases:
    """The combinations of one questionnaire's answers; `exact` where none is left out."""

    def __init__(
        self, better: BetterAnswers, rungs: Mapping[str, tuple[Rung, ...]], profile: Profile
    ) -> None:
        self._better, self._rungs, self._profile = better, rungs, profile
        self._questionnaire = better.questionnaire
        self._needs = better.wishes.needs
        groups: dict[str, list[tuple[int, ...]]] = {}
        count, self.exact = 1, True
        for code in self._varied():
            groups[code] = self._groups(code)
            if count * len(groups[code]) > MOST:
                groups[code], self.exact = [(0,)], False
            count *= len(groups[code])
        chosen = (dict(zip(groups, each, strict=True)) for each in product(*groups.values()))
        self.found = [case for each in chosen if (case := self._case(each)) is not None]

    def _varied(self) -> list[str]:
        """Return the codes of what is looked at from elsewhere and can be answered otherwise."""
        looked_at = decisive(self._questionnaire) | {need.after for need in self._needs}
        return [code for code, rungs in self._rungs.items() if code in looked_at and len(rungs) > 1]

    def _groups(self, code: str) -> list[tuple[int, ...]]:
        """Return the positions of rungs between which no condition can tell."""
        looking = [
            condition
            for condition in self._questionnaire.conditions
            if conditions.looks_at_all(condition) or code in conditions.mentioned(condition)
        ]
        alone = all(conditions.mentioned(condition) == {code} for condition in looking)
        by_rules = {each.at_most_as or each.times for each in self._questionnaire.adjustments}
        by_rules |= {need.after for need in self._needs}
        rungs = self._rungs[code]
        if code in by_rules or not alone or any(map(conditions.looks_at_all, looking)):
            return [(at,) for at in range(len(rungs))]
        groups: dict[tuple[bool, ...], tuple[int, ...]] = {}
        for at, rung in enumerate(rungs):
            known = self._seen(code, rung.answer)
            told = tuple(conditions.holds(each, known, self._organisation) for each in looking)
            groups[told] = (*groups.get(told, ()), at)
        return list(groups.values())

    @property
    def _organisation(self) -> dict[str, Attribute]:
        return {"kind": self._profile.kind} | self._profile.attributes

    def _seen(self, code: str, answer: Answer | None) -> dict[str, Value]:
        """Return what conditions see of one answer; what is unanswered counts as the lowest."""
        indicator = self._questionnaire.indicators[code]
        given = lowest_answer(self._questionnaire, indicator) if answer is None else answer
        value = conditions.answered_with(indicator, given)
        return {} if value is None else {code: value}

    def _case(self, chosen: Mapping[str, tuple[int, ...]]) -> Case | None:
        """Return one combination; None where it is no other one, or breaks what comes first."""
        firsts = {code: chosen.get(code, (0,))[0] for code in self._rungs}
        answers = {
            code: answer
            for code, at in firsts.items()
            if (answer := self._rungs[code][at].answer) is not None
        }
        known = conditions.facts(self._questionnaire, answers, self._profile, official=True)
        if any(code in known.unasked and 0 not in positions for code, positions in chosen.items()):
            return None  # a better answer to what is not asked is none
        allowed = dict(chosen)
        for need in self._needs:
            if need.after not in known.unasked:
                allowed[need.indicator] = self._after(need, allowed, firsts[need.after])
        return Case(known, allowed) if all(allowed.values()) else None

    def _after(
        self, need: Need, allowed: Mapping[str, tuple[int, ...]], at: int
    ) -> tuple[int, ...]:
        """Return the positions of what needs something else, given the rung `at` of that."""
        rungs = self._rungs[need.indicator]
        left = allowed.get(need.indicator, tuple(range(len(rungs))))
        before = self._better.worth(need.after, need.after_answer)
        if _reaches(self._rungs[need.after][at], before):
            return left
        wanted = self._better.worth(need.indicator, need.answer)
        return tuple(each for each in left if each == 0 or not _reaches(rungs[each], wanted))


def _reaches(rung: Rung, value: Fraction | None) -> bool:
    """Whether a rung is worth as much as an answer; one that is worth nothing is always reached."""
    return value is None or (rung.value is not None and rung.value >= value)
