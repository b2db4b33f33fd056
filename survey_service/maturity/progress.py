"""How far the answers are, kept up to date answer by answer: always what `scoring` would count.

Most answers change nothing but whether they are there, so that a save need not look at the others.
Where a question is asked on a condition, or is what a condition looks at, all are counted anew.
"""

from collections.abc import Container, Iterable, Mapping

from msgspec import Struct, structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile, facts, looks_at_all, mentioned
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import ALONE, Card
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values


class Progress(Struct, frozen=True):
    """How many indicators that apply are answered, how many apply, and how many are to be confirmed.

    Or a change of these. What was carried over is not answered until somebody confirms it, and is
    not left out as not applicable either.
    """

    answered: int = 0
    total: int = 0
    to_confirm: int = 0


def progress(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    carried: Container[str] = (),
) -> Progress:
    """Return how far `answers` are.

    Args:
        questionnaire: As organisations of the profile's kind are asked it.
        answers: By indicator code.
        profile: Whose they are.
        carried: The codes of those that were carried over and that nobody has confirmed yet.
    """
    return _together(_counts(questionnaire, answers, profile, carried).values())


def without(
    card: Card,
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    carried: Container[str],
) -> Card:
    """Return a card of `answers` whose counts are those of `progress`; see there."""
    counted = _counts(questionnaire, answers, profile, carried)

    def below(thing: Node | Indicator) -> Progress:
        if isinstance(thing, Indicator):
            return counted.get(thing.code, Progress())
        return _together([*map(below, thing.indicators), *map(below, thing.nodes)])

    whole = _together(counted.values())
    stands = {code: below(questionnaire.things[code]) for code in card.nodes}
    nodes = {
        code: structs.replace(one, answered=stands[code].answered, total=stands[code].total)
        for code, one in card.nodes.items()
    }
    return structs.replace(card, answered=whole.answered, total=whole.total, nodes=nodes)


def _counts(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    carried: Container[str],
) -> dict[str, Progress]:
    """Return what each indicator that is asked adds, by its code."""
    unasked = facts(questionnaire, answers, profile, official=False).unasked
    return {
        code: _counted(questionnaire, code, answers.get(code), carried=code in carried)
        for code in questionnaire.indicators
        if code not in unasked
    }


def _together(counted: Iterable[Progress]) -> Progress:
    """Return the sum."""
    each = list(counted)
    return Progress(
        sum(one.answered for one in each),
        sum(one.total for one in each),
        sum(one.to_confirm for one in each),
    )


def change(
    questionnaire: Questionnaire,
    code: str,
    before: Answer | None,
    after: Answer | None,
    *,
    carried: bool = False,
) -> Progress | None:
    """Return what another answer to one indicator changes; None where that depends on other answers.

    Args:
        questionnaire: As the organisation is asked it.
        code: The indicator.
        before: Its answer so far; None while there was none.
        after: Its answer from now on; None where it was taken back.
        carried: Whether the one before was carried over and not confirmed.
    """
    if questionnaire.asked_on and _is_entangled(questionnaire, code):
        return None
    then = _counted(questionnaire, code, before, carried=carried)
    now = _counted(questionnaire, code, after)
    return Progress(
        now.answered - then.answered, now.total - then.total, now.to_confirm - then.to_confirm
    )


def _counted(
    questionnaire: Questionnaire, code: str, answer: Answer | None, *, carried: bool = False
) -> Progress:
    """Return what an indicator that is asked counts."""
    if answer is None:
        return Progress(0, 1)
    if carried:
        return Progress(0, 1, 1)
    if answer.not_applicable is not None:
        indicator = questionnaire.indicators[code]
        if Values(questionnaire, ALONE).of(indicator, answer) is None:
            return Progress(0, 0)
    return Progress(1, 1)


def _is_entangled(questionnaire: Questionnaire, code: str) -> bool:
    """Whether an indicator is asked on a condition, or a question's condition looks at its answer."""
    conditions = questionnaire.asked_on
    return code in conditions or any(
        looks_at_all(condition) or code in mentioned(condition)
        for each in conditions.values()
        for condition in each
    )
