"""Results: what the answers that count at a stage are worth, worked out once, when it is over."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from survey_service.conduct.life import Stage
from survey_service.maturity.cards import (
    UNREADABLE,
    KeptCard,
    codes,
    kept,
    packed_indicators,
    packed_nodes,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import SCORING_VERSION, Cards


class Outcome(Struct, frozen=True):
    """What a result comes to, in short: whose it is, its index, and its grade by code."""

    stage: Stage
    index: Decimal | None
    grade: str | None


class Result(Struct, frozen=True):
    """The result of a stage.

    It came about after the `step` of that number, by the rules of `scoring`; index, grade and what is
    counted are those of the `running` card. `official` is None where it is the same card. `nodes` and
    `indicators` are packed; see `maturity.cards`.
    """

    stage: Stage
    step: int
    scoring: int
    index: Decimal | None
    grade: str | None
    answered: int
    total: int
    nodes: bytes
    indicators: bytes
    running: KeptCard
    official: KeptCard | None

    @property
    def is_damaged(self) -> bool:
        """Whether a card was damaged where it is kept; the answers then tell what it was."""
        return UNREADABLE in (self.running, self.official)


def result(
    questionnaire: Questionnaire, kind: str, stage: Stage, step: int, cards: Cards
) -> Result:
    """Return the result that is stored of cards.

    Args:
        questionnaire: What is asked, of all kinds of organisation.
        kind: That of the organisation.
        stage: Whose result it is.
        step: The number of the last step that was taken.
        cards: What the answers that count are worth.
    """
    asked, (running, official) = questionnaire.for_kind(kind), cards
    return Result(
        stage,
        step,
        SCORING_VERSION,
        running.index,
        running.grade.code if running.grade else None,
        running.answered,
        running.total,
        packed_nodes(questionnaire, running),
        packed_indicators(questionnaire, running),
        kept(asked, running),
        None if official == running else kept(asked, official),
    )


class Difference(Struct, frozen=True):
    """Something about a stored result that is otherwise when it is worked out anew.

    `what` is `index`, `official index`, `grade`, the code of a node or indicator, or what else of the
    card or of the columns beside it differs. `is_copy` tells that the card itself is the same, and
    only what is stored beside it, to be read sooner, differs.
    """

    what: str
    stored: str
    now: str
    is_copy: bool = False


def differences(asked: Questionnaire, stored: Result, now: Result) -> Iterator[Difference]:
    """Yield every difference between a stored result and the same worked out anew, exactly.

    Args:
        asked: The questionnaire as the organisation is asked it.
        stored: What was stored.
        now: What it is worked out to be.
    """
    cards = [
        *_between("", asked, stored.running, now.running),
        *_between("official ", asked, _official(stored), _official(now)),
    ]
    yield from cards
    for field in ("index", "grade", "answered", "total", "nodes", "indicators"):
        before, after = getattr(stored, field), getattr(now, field)
        if before != after and not cards:
            yield Difference(field, _said(before), _said(after), is_copy=True)


def _official(one: Result) -> KeptCard:
    return one.running if one.official is None else one.official


def _between(
    prefix: str, asked: Questionnaire, stored: KeptCard, now: KeptCard
) -> Iterator[Difference]:
    if stored == now:
        return
    for field in KeptCard.__struct_fields__:
        before, after = getattr(stored, field), getattr(now, field)
        if before == after:
            continue
        if field == "values" and len(before) == len(after):
            rows = zip(codes(asked), before, after, strict=True)
            for code, then, here in rows:
                if then != here:
                    yield Difference(prefix + code, _said(then), _said(here))
        else:
            yield Difference(prefix + field, _said(before), _said(after))


def _said(value: object) -> str:
    if value is None:
        return "-"
    return value.hex() if isinstance(value, bytes) else str(value)
