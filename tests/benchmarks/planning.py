"""The way to the next grade: the flagship, the one with conditions, 400 indicators, three years."""

from decimal import Decimal

from survey_service.maturity.answer_types import Ladder, Level, Step
from survey_service.maturity.answers import Answer, ends
from survey_service.maturity.better_answers import Wishes
from survey_service.maturity.budget import Budget
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.roadmap import Plan, plan
from survey_service.maturity.rules import Gate, Grade
from survey_service.maturity.schedule import schedule
from survey_service.maturity.scoring import ANYBODY
from survey_service.maturity.tree import Indicator, Node, Tier
from tests.benchmarks.timing import milliseconds
from tests.samples import FLAGSHIP, LIBRARY, load
from tests.strategies import NAME

_FLAGSHIP = load(FLAGSHIP)
_ANSWERS = {code: Answer(level=place % 3 + 1) for place, code in enumerate(_FLAGSHIP.indicators)}
_TARGET = _FLAGSHIP.grades[-2].code


def flagship() -> float:
    """Return the milliseconds of a plan to the last grade but one."""
    return milliseconds(lambda: _reached(plan(_FLAGSHIP, _ANSWERS, _TARGET)), 10)


def conditional() -> float:
    """Return the milliseconds of a plan to WBK, which asks for other instruments' results."""
    zona = load(LIBRARY / "zona-integritas" / "2021.90.yaml").for_kind("regency")
    answers = {
        code: _low(zona, indicator, place)
        for place, (code, indicator) in enumerate(zona.indicators.items())
    }
    answers["jalur"] = Answer(option="biasa")
    profile = Profile("regency")
    return milliseconds(lambda: _reached(plan(zona, answers, "WBK", profile=profile)), 10)


def _low(questionnaire: Questionnaire, indicator: Indicator, place: int) -> Answer:
    """Return an answer with much to do above it; numbers are at their best."""
    if indicator.answer_type == "option":
        return Answer(option=questionnaire.options(indicator)[-1 - place % 2].code)
    if indicator.ratio is not None:
        return Answer(values={one.code: Decimal(1) for one in indicator.ratio.inputs})
    assert indicator.number is not None
    return Answer(value=ends(questionnaire, indicator.number)[1])


def many() -> float:
    """Return the milliseconds of a plan over 400 indicators in 20 nodes, with a gate on each."""
    ladder = Ladder("five", tuple(Level(step=Step(NAME, "unit", at % 5 + 1)) for at in range(5)))
    nodes = tuple(
        Node(
            f"N{node}",
            NAME,
            weight=Decimal(node % 3 + 1),
            indicators=tuple(
                Indicator(f"N{node}-{at}", NAME, weight=Decimal(at % 7 + 1), ladder="five")
                for at in range(20)
            ),
        )
        for node in range(20)
    )
    grade = Grade(
        code="good",
        name=NAME,
        at_least=Decimal("3.5"),
        gates=(Gate(every="node", at_least=Decimal(3)),),
    )
    questionnaire = Questionnaire(
        "many", "1", NAME, nodes, tiers=(Tier("node", NAME),), grades=(grade,), ladders=(ladder,)
    )
    answers = {code: Answer(level=at % 3 + 1) for at, code in enumerate(questionnaire.indicators)}
    return milliseconds(lambda: _reached(plan(questionnaire, answers, "good")), 3)


def three_years() -> float:
    """Return the seconds of a plan over three years with a budget for each actor."""
    budget = Budget(20)
    return (
        milliseconds(
            lambda: _reached(
                schedule(_FLAGSHIP, _ANSWERS, _TARGET, 3, budget, Wishes(), ANYBODY).plan
            ),
            3,
        )
        / 1000
    )


def _reached(found: Plan) -> None:
    """Refuse a figure for what is no plan."""
    assert found.reached
    assert found.climbs
    assert found.proven
