"""What to do: first the plan to the next grade, by who takes its steps; else what gains most; and the rest."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from survey_service.errors import SurveyError
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.recommendations import Recommendation, recommend
from survey_service.maturity.rescoring import Rescoring
from survey_service.maturity.roadmap import Plan, plan
from survey_service.maturity.rules import Grade
from survey_service.maturity.scoring import Card
from survey_service.reports.answers import Advice, advice
from survey_service.reports.record import Agreed
from survey_service.reports.roadmap import Stretch, blocked, stretches

FIRST = 10  # steps that are told with all their criteria, where no plan says how many there are
MOST = 30  # of those of a plan
ON_ONE_PAGE = 5


class Ranked(Struct, frozen=True):
    """A step with its place among all of them, from 1.

    `owner` is who takes it, "" where nobody is named, and `due` the day that was agreed on.
    """

    rank: int
    advice: Advice
    owner: str
    due: dt.date | None = None


class Way(Struct, frozen=True):
    """The plan to the next grade: `steps` at the least `effort`, after which the `index` is another.

    Where the grade is not `reached` by steps alone, `blocked` says what stands in the way. `proven` is
    whether there is no easier way.
    """

    grade: Grade
    reached: bool
    proven: bool
    steps: int
    effort: int
    index: Decimal | None
    blocked: tuple[str, ...]


class Actions(Struct, frozen=True):
    """The `first` steps by owner, in the order of each owner's first one; and the rest in order.

    `way` is the plan that the first ones are of; None where there is no next grade to plan for.
    """

    first: list[tuple[str, list[Ranked]]]
    rest: list[Ranked]
    foremost: list[Ranked]
    way: Way | None


def actions(
    questionnaire: Questionnaire,
    given: tuple[Mapping[str, Answer], Profile],
    card: Card,
    agreed: Sequence[Agreed],
    language: str,
) -> Actions:
    """Return what to do about answers.

    Args:
        questionnaire: As the organisation is asked it.
        given: The answers that count, and whose they are.
        card: What they are worth.
        agreed: What the organisation has settled about steps.
        language: Of words and numbers.
    """
    answers, profile = given
    every = recommend(questionnaire, answers, profile)
    found = _planned(questionnaire, given, card)
    steps = () if found is None else tuple(_of_plan(questionnaire, given, found, agreed))
    first = steps[:MOST] or every[:FIRST]
    known = {
        (one.indicator.code, each) for one in (*first, *steps) for each in (*one.way, one.after)
    }
    others = [one for one in every if (one.indicator.code, one.after) not in known]
    ranked = [
        _ranked(questionnaire, rank, one, agreed, language)
        for rank, one in enumerate(
            advice(questionnaire, (*first, *steps[MOST:], *others), language), start=1
        )
    ]
    grouped: dict[str, list[Ranked]] = {}
    for one in ranked[: len(first)]:
        grouped.setdefault(one.owner, []).append(one)
    way = None if found is None else _way(questionnaire, found, language)
    return Actions(list(grouped.items()), ranked[len(first) :], ranked[:ON_ONE_PAGE], way)


def _planned(
    questionnaire: Questionnaire, given: tuple[Mapping[str, Answer], Profile], card: Card
) -> Plan | None:
    """Return the plan to the next grade; None where there is none to plan for."""
    following, (answers, profile) = next_grade(questionnaire, card), given
    if following is None:
        return None
    try:
        return plan(questionnaire, answers, following.grade.code, profile=profile)
    except SurveyError:
        return None  # an instrument without an index as a whole, for one


def _way(questionnaire: Questionnaire, found: Plan, language: str) -> Way:
    words = tuple(blocked(questionnaire, found, one, language).reason for one in found.blocked)
    count, index = len(found.climbs), found.card.index
    grade = found.target.grades[0]
    return Way(grade, found.reached, found.proven, count, found.effort, index, words)


def _of_plan(
    questionnaire: Questionnaire,
    given: tuple[Mapping[str, Answer], Profile],
    found: Plan,
    agreed: Sequence[Agreed],
) -> Iterator[Recommendation]:
    """Yield the steps of a plan, those first that gain most for their effort; each after the one below.

    What a step gains is told of it alone, after the steps of its own indicator that come before it.
    Steps without a text are told together, unless something is settled about one of them.
    """
    answers, profile = given
    rescoring = Rescoring(questionnaire, answers, official=True, profile=profile)
    now = rescoring.index or Decimal(0)
    climbed: dict[str, list[Recommendation]] = {}
    reached: dict[str, Decimal] = {}
    order = list(dict.fromkeys(climb.indicator for climb in found.climbs))
    climbs = sorted(found.climbs, key=lambda climb: order.index(climb.indicator))
    settled = [(one.indicator, one.after) for one in agreed]
    for one in stretches(((climb, 1) for climb in climbs), settled):
        code = one.climbs[0].indicator
        after = rescoring.index_with(code, one.after) or Decimal(0)
        gain = after - reached.get(code, now)
        reached[code] = after
        climbed.setdefault(code, []).append(_step(questionnaire, one, gain))
    yield from _in_order(climbed.values())


def _step(questionnaire: Questionnaire, one: Stretch, gain: Decimal) -> Recommendation:
    first, way = one.climbs[0], tuple(climb.after for climb in one.climbs[:-1])
    indicator = questionnaire.indicators[first.indicator]
    return Recommendation(indicator, one.before or Answer(), one.after, first.step, gain, way)


def _in_order(climbed: Iterable[list[Recommendation]]) -> Iterator[Recommendation]:
    waiting = [list(steps) for steps in climbed]
    while waiting:
        best = max(waiting, key=lambda steps: steps[0].gain_per_effort)
        yield best.pop(0)
        waiting = [steps for steps in waiting if steps]


def _ranked(
    questionnaire: Questionnaire, rank: int, one: Advice, agreed: Sequence[Agreed], language: str
) -> Ranked:
    step = one.item.step
    owner = "" if step is None else questionnaire.actor_names[step.who].in_(language)
    settled = next((each for each in agreed if each.is_about(one.item)), None)
    if settled is None:
        return Ranked(rank, one, owner)
    return Ranked(rank, one, settled.owner or owner, settled.due)
