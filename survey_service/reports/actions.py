"""What to do: the first steps grouped by who takes them, and the rest."""

from collections.abc import Sequence

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.answers import Advice

FIRST = 10  # steps that are told with all their criteria
ON_ONE_PAGE = 5


class Ranked(Struct, frozen=True):
    """A step with its place among all of them, from 1, and who takes it, "" where nobody is named."""

    rank: int
    advice: Advice
    owner: str


class Actions(Struct, frozen=True):
    """The `first` steps by owner, in the order of each owner's first one; and the rest in order."""

    first: list[tuple[str, list[Ranked]]]
    rest: list[Ranked]
    foremost: list[Ranked]


def actions(questionnaire: Questionnaire, advice: Sequence[Advice], language: str) -> Actions:
    """Return what to do, of recommendations in their order."""
    ranked = [
        Ranked(rank, one, _owner(questionnaire, one, language))
        for rank, one in enumerate(advice, start=1)
    ]
    grouped: dict[str, list[Ranked]] = {}
    for one in ranked[:FIRST]:
        grouped.setdefault(one.owner, []).append(one)
    return Actions(list(grouped.items()), ranked[FIRST:], ranked[:ON_ONE_PAGE])


def _owner(questionnaire: Questionnaire, advice: Advice, language: str) -> str:
    step = advice.item.step
    return "" if step is None else questionnaire.actor_names[step.who].in_(language)
