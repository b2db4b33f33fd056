"""What another kind or other attributes of an organisation would change in its assessment."""

from collections.abc import Container, Mapping
from decimal import Decimal

from msgspec import Struct

from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile, facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.progress import progress
from survey_service.maturity.scoring import score


class Reweighted(Struct, frozen=True):
    """A node or indicator that weighs otherwise: its weights, or equal shares, before and after."""

    code: str
    before: Decimal
    after: Decimal


class Verdict(Struct, frozen=True):
    """How the answers so far stand: the running index, its grade by code, and what is answered."""

    index: Decimal | None
    grade: str | None
    answered: int
    total: int


class Effect(Struct, frozen=True):
    """What changes: the codes of questions that open or close, weights, and how answers stand.

    An answer to a question that closes stays, and does not count.
    """

    opened: tuple[str, ...]
    closed: tuple[str, ...]
    reweighted: tuple[Reweighted, ...]
    before: Verdict
    after: Verdict


def effect(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    before: Profile,
    after: Profile,
    carried: Container[str] = (),
) -> Effect:
    """Return what becomes of `answers` when the organisation is another one than `before`.

    Those that were `carried` over, and that nobody has confirmed, do not count as answered.

    Raises:
        UnknownKindError: The questionnaire is not asked of one of the two kinds.
    """
    old, new = (_asked(questionnaire, answers, profile) for profile in (before, after))
    weights = (questionnaire.for_kind(profile.kind).weights for profile in (before, after))
    then, now = weights
    return Effect(
        tuple(code for code in questionnaire.indicators if code in new and code not in old),
        tuple(code for code in questionnaire.indicators if code in old and code not in new),
        tuple(
            Reweighted(code, then[code], now[code])
            for code in questionnaire.things
            if code in then and code in now and then[code] != now[code]
        ),
        _verdict(questionnaire, answers, before, carried),
        _verdict(questionnaire, answers, after, carried),
    )


def _asked(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile
) -> set[str]:
    """Return the codes of the indicators that are asked."""
    asked = questionnaire.for_kind(profile.kind)
    return set(asked.indicators) - facts(asked, answers, profile, official=False).unasked


def _verdict(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    carried: Container[str],
) -> Verdict:
    card = score(questionnaire, answers, profile=profile)
    grade = card.grade.code if card.grade else None
    counted = progress(questionnaire.for_kind(profile.kind), answers, profile, carried)
    return Verdict(card.index, grade, counted.answered, counted.total)
