"""The way to the next grade on the library's questionnaires, against an integer programme.

What each rung adds to the index of each node is asked of the scorer, one rung at a time: these
questionnaires add up, once their conditions are settled.
"""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from survey_service.maturity.answers import Answer, ends
from survey_service.maturity.better_answers import BetterAnswers, Wishes
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.programmes import Programme
from survey_service.maturity.roadmap import plan
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import Values
from tests.samples import LIBRARY, load

REGENCY = Profile("regency")
SCALE = 10**12  # indices as whole numbers
SETTLED = {
    "jalur": Answer(option="mandiri"),
    "tlhp": Answer(option="ya"),
    "tahun-wbk": Answer(value=Decimal(2)),
}
"""Answers on which conditions depend, so that they hold."""

FILES = [
    "asn-maturity/2026.1",
    "asn-maturity/2025.1",
    "spbe/2020.59",
    "sakip/2021.88",
    "merit/2018.40",
    "zona-integritas/2021.90",
]


@pytest.mark.parametrize("name", FILES)
def test_an_integer_programme_finds_no_better_plan(name: str) -> None:
    questionnaire = load(LIBRARY / f"{name}.yaml").for_kind("regency")
    answers = {
        code: SETTLED.get(code, _answer(questionnaire, one, place))
        for place, (code, one) in enumerate(questionnaire.indicators.items())
    }
    now = score(questionnaire, answers, official=True, profile=REGENCY)
    assert now.index is not None
    higher = [grade for grade in questionnaire.grades if not grade.reached(now.index)]  # type: ignore[arg-type] # decimals compare as well

    found = {one.code: plan(questionnaire, answers, one.code, profile=REGENCY) for one in higher}

    assert higher
    assert any(each.climbs for each in found.values())
    for grade in higher:
        each = found[grade.code]
        assert each.proven
        assert each.reached is each.target.is_met(each.card)
        least = _least(questionnaire, answers, now, grade)
        assert (each.effort if each.reached else None) == least


def _answer(questionnaire: Questionnaire, indicator: Indicator, place: int) -> Answer:
    """Return an answer below the middle; numbers are at their best, as no step leads there."""
    if indicator.answer_type == "level":
        levels = list(questionnaire.levels(indicator))
        return Answer(level=levels[place % max(len(levels) - 2, 1)])
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return Answer(option=options[-1 - place % 2].code)
    if indicator.ratio is not None:
        codes = [one.code for one in indicator.ratio.inputs]
        tried = [
            Answer(values={code: Decimal(code in chosen) for code in codes})
            for chosen in (codes, indicator.ratio.part, set(codes) - set(indicator.ratio.part))
        ]
    else:
        assert indicator.number is not None
        tried = [Answer(value=end) for end in ends(questionnaire, indicator.number)]
    return max(tried, key=lambda each: Values(questionnaire, {}).of(indicator, each) or 0)


def _least(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], now: Card, grade: Grade
) -> int | None:
    """Return the least effort by an integer programme; None where it says that there is none."""
    programme = Programme()
    rungs = BetterAnswers(questionnaire, Values(questionnaire, {}), Wishes(), ()).rungs(answers)
    gains: dict[int, Card] = {}
    efforts: dict[int, int] = {}
    for code, each in rungs.items():
        columns = []
        for rung in each[1:]:
            assert rung.answer is not None
            column = programme.column(rung.effort)
            given = {**answers, code: rung.answer}
            gains[column] = score(questionnaire, given, official=True, profile=REGENCY)
            efforts[column] = rung.effort
            columns.append(column)
        programme.row(dict.fromkeys(columns, 1), at_most=1)
    minima = [
        (gate, code)
        for gate in grade.gates
        for code in questionnaire.gated(gate)
        if gate.require is None and now.nodes[code].total
    ]
    rows = [("", Decimal(grade.bound), grade.above is not None)] + [
        (code, Decimal(str(float(questionnaire.minimum(gate, code)))), gate.above is not None)
        for gate, code in minima
    ]
    for code, bound, is_strict in rows:
        gained = {column: _index(card, code) - _index(now, code) for column, card in gains.items()}
        terms = {column: round(each * SCALE) for column, each in gained.items()}
        slack = 1 if is_strict else -len(terms)  # for what was rounded
        programme.row(terms, at_least=round((bound - _index(now, code)) * SCALE) + slack)
    chosen = programme.solve(60).chosen
    return None if chosen is None else sum(efforts[column] for column in chosen)


def _index(card: Card, code: str) -> Decimal:
    index = card.nodes[code].index if code else card.index
    assert index is not None
    return index
