"""The way to the next grade as others read it: what `roadmap --json` prints and the API answers."""

from collections.abc import Collection, Iterable
from decimal import Decimal

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.answers import Answer
from survey_service.maturity.better_answers import Climb
from survey_service.maturity.blocking import Block
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.roadmap import Plan
from survey_service.maturity.schedule import Schedule
from survey_service.reports.answers import said
from survey_service.reports.indices import bound


class Step(Struct, frozen=True):
    """One step of an indicator, in the notation of response files; `before` is null where unanswered.

    `who` is the code of an actor of the questionnaire, null where it tells none; `year` is from 1.
    """

    indicator: str
    before: Answer | None
    after: Answer
    effort: int
    who: str | None
    year: int


class Blocked(Struct, frozen=True):
    """What keeps the target out of reach, in words.

    Either an `indicator`, with the least answer that it `needs` where that can be told, or the actor
    `who`, with the `effort` that the least plan asks of them.
    """

    reason: str
    indicator: str | None = None
    needs: Answer | None = None
    who: str | None = None
    effort: int | None = None


class Roadmap(Struct, frozen=True):
    """A plan in the notation of the contract; indices are exact and encoded as text.

    `curve` has the best index for each effort, gates aside. `proven` is whether no plan takes less
    effort, or none reaches the target.
    """

    target: str
    reached: bool
    effort: int
    index: Decimal | None
    steps: list[Step]
    curve: list[tuple[int, Decimal]]
    blocked: list[Blocked]
    proven: bool


def roadmap(questionnaire: Questionnaire, schedule: Schedule, language: str) -> Roadmap:
    """Return a plan in the notation that others read, reasons in `language`."""
    plan = schedule.plan
    return Roadmap(
        target=plan.target.said,
        reached=plan.reached,
        effort=plan.effort,
        index=plan.card.index,
        steps=[
            Step(each.indicator, each.before, each.after, each.effort, each.who, year)
            for each, year in zip(plan.climbs, schedule.years, strict=True)
        ],
        curve=list(plan.curve),
        blocked=[
            *(blocked(questionnaire, plan, block, language) for block in plan.blocked),
            *(
                _overburdened(questionnaire, who, effort, language)
                for who, effort in schedule.short.items()
            ),
        ],
        proven=plan.proven,
    )


class Stretch(Struct, frozen=True):
    """Steps of an indicator that are told as one: of those without a text only the answers differ."""

    climbs: tuple[Climb, ...]
    year: int

    @property
    def before(self) -> Answer | None:
        """The answer that it starts from."""
        return self.climbs[0].before

    @property
    def after(self) -> Answer:
        """The answer that it leads to."""
        return self.climbs[-1].after

    @property
    def effort(self) -> int:
        """What all of it takes."""
        return sum(one.effort for one in self.climbs)


def stretches(
    climbs: Iterable[tuple[Climb, int]], settled: Collection[tuple[str, Answer]]
) -> list[Stretch]:
    """Return steps, those put together that follow one another and have no text of their own.

    Args:
        climbs: Each with its year.
        settled: Indicators and answers that something is settled about: there a stretch ends.
    """
    found: list[Stretch] = []
    for climb, year in climbs:
        if found and _goes_on(found[-1], climb, year) and _end(found[-1]) not in settled:
            found[-1] = Stretch((*found[-1].climbs, climb), year)
        else:
            found.append(Stretch((climb,), year))
    return found


def _goes_on(one: Stretch, climb: Climb, year: int) -> bool:
    last = one.climbs[-1]
    alike = (last.indicator, one.year, last.after) == (climb.indicator, year, climb.before)
    return alike and last.step is None and climb.step is None


def _end(one: Stretch) -> tuple[str, Answer]:
    return one.climbs[-1].indicator, one.after


def target_name(questionnaire: Questionnaire, plan: Plan, language: str) -> str:
    """Return the name of the grade aimed at, or the index."""
    if plan.target.grades:
        return plan.target.grades[0].name.in_(language)
    return bound(plan.target.index, questionnaire, language)


def blocked(questionnaire: Questionnaire, plan: Plan, block: Block, language: str) -> Blocked:
    """Return an indicator that blocks a target, with why nothing can be planned for it."""
    indicator = questionnaire.indicators[block.indicator]
    details = {
        "target": target_name(questionnaire, plan, language),
        "name": indicator.name.in_(language),
    }
    if block.needs is None:
        words = i18n.translate("{target} needs a better answer to {name}.", language, **details)
    else:
        needs = said(questionnaire, indicator, block.needs, language).mark
        words = i18n.translate(
            "{target} needs “{name}” at {needs} or better.", language, needs=needs, **details
        )
    if indicator.external is not None:
        source = indicator.external.source.in_(language)
        told = i18n.translate("It comes from elsewhere: {source}.", language, source=source)
    elif indicator.answer_type in {"value", "values"}:
        told = i18n.translate("It is a number, which no step of the plan raises.", language)
    else:
        told = i18n.translate("The plan leaves it as it is.", language)
    return Blocked(f"{words} {told}", block.indicator, block.needs)


def _overburdened(questionnaire: Questionnaire, who: str, effort: int, language: str) -> Blocked:
    name = actor(questionnaire, who or None, language)
    words = i18n.translate(
        "{who} would have {effort} of effort to spend, which does not fit into the years.",
        language,
        who=name,
        effort=str(effort),
    )
    return Blocked(words, who=who or None, effort=effort)


def actor(questionnaire: Questionnaire, who: str | None, language: str) -> str:
    """Return the name of who takes a step."""
    name = questionnaire.actor_names.get(who or "")
    return name.in_(language) if name else i18n.translate("Nobody in particular", language)
