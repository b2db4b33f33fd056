"""A card as it is kept: every value exact, and again as whole numbers, to read many at once.

A `KeptCard` holds all that a card says in the order of the questionnaire, as its organisation is
asked it; `restored` makes the same card of it, without scoring. The index and the values of nodes
and of indicators are packed beside it, in the order of the questionnaire itself, so that those of
all kinds of organisation stand in the same columns:

    packed    32-bit whole numbers, little-endian; each a value times `10 ** digits`, cut off
    digits    6, less where the index of a questionnaire is counted in thousands of points
    NOTHING   what has no value: unanswered, not asked, or of another kind

Cut off, because a number that is cut off rounds half up to fewer digits just as the exact one does:
3.3349999 that had become 3.335000 would be shown as 3.34.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

import numpy as np
from msgspec import UNSET, Struct
from numpy.typing import NDArray

from survey_service.maturity.finishing import Adjusted
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card, NodeScore, Refusal
from survey_service.maturity.tree import Indicator, Node

NOTHING = -(2**31)
_HIGHEST = 2**31 - 1
_DIGITS = 6
_ROOM = 8  # times the span: bonuses go beyond it
_FIT = 9  # digits that any 32-bit number has room for

Units = NDArray[np.int32]


class KeptRefusal(Struct, frozen=True, forbid_unknown_fields=True):
    """A grade withheld, by its code, and the place among its gates of the one that withholds it."""

    grade: str
    gate: int
    node: str | None
    index: Decimal | None


class KeptAdjustment(Struct, frozen=True, forbid_unknown_fields=True):
    """What an adjustment, by its place among the questionnaire's, did to the index of a code."""

    code: str
    adjustment: int
    before: Decimal
    after: Decimal


class KeptCard(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """All that a card says; `values`, `answered` and `total` in the order of `codes`.

    `grades` are those of nodes that have bands, None where the index lies under every bound.
    """

    index: Decimal | None
    grade: str | None
    answered: tuple[int, ...]
    total: tuple[int, ...]
    values: tuple[Decimal | None, ...]
    counted: tuple[int, int]
    refused: tuple[KeptRefusal, ...] = ()
    adjusted: tuple[KeptAdjustment, ...] = ()
    grades: dict[str, str | None] = {}


UNREADABLE = KeptCard(None, None, (), (), (), (-1, -1))
"""Stands for a card that is damaged where it is kept: none counts less than nothing."""


def codes(questionnaire: Questionnaire) -> Iterator[str]:
    """Yield the code of every node and indicator, each parent before its children."""
    return chain.from_iterable(_family(top) for top in questionnaire.nodes)


def _family(thing: Node | Indicator) -> Iterator[str]:
    yield thing.code
    for child in thing.children if isinstance(thing, Node) else ():
        yield from _family(child)


def kept(questionnaire: Questionnaire, card: Card) -> KeptCard:
    """Return what is kept of a card.

    Args:
        questionnaire: As the organisation is asked it.
        card: What its answers are worth.
    """
    scores = [card.nodes[code] for code in codes(questionnaire)]
    adjustments = questionnaire.adjustments
    return KeptCard(
        card.index,
        card.grade.code if card.grade else None,
        tuple(one.answered for one in scores),
        tuple(one.total for one in scores),
        tuple(one.index for one in scores),
        (card.answered, card.total),
        tuple(
            KeptRefusal(one.grade.code, one.grade.gates.index(one.gate), one.node, one.index)
            for one in card.refused
        ),
        tuple(
            KeptAdjustment(one.code, adjustments.index(one.adjustment), one.before, one.after)
            for one in card.adjusted
        ),
        {code: one.grade for code, one in card.nodes.items() if one.grade is not UNSET},
    )


def restored(questionnaire: Questionnaire, kept_card: KeptCard) -> Card:
    """Return the card of which this was kept; see `kept`."""
    grades = {grade.code: grade for grade in questionnaire.grades}
    columns = zip(
        codes(questionnaire), kept_card.values, kept_card.answered, kept_card.total, strict=True
    )
    nodes = {
        code: NodeScore(
            value,
            questionnaire.weights[code],
            answered,
            total,
            kept_card.grades.get(code, UNSET),
        )
        for code, value, answered, total in columns
    }
    return Card(
        kept_card.index,
        None if kept_card.grade is None else grades[kept_card.grade],
        tuple(
            Refusal(grades[one.grade], grades[one.grade].gates[one.gate], one.node, one.index)
            for one in kept_card.refused
        ),
        *kept_card.counted,
        nodes,
        tuple(
            Adjusted(one.code, questionnaire.adjustments[one.adjustment], one.before, one.after)
            for one in kept_card.adjusted
        ),
    )


def digits(questionnaire: Questionnaire) -> int:
    """Return how many decimals a packed value has; less than none where it counts whole tens."""
    return min(_DIGITS, _FIT - len(str(int(questionnaire.furthest * _ROOM))))


def packed_nodes(questionnaire: Questionnaire, card: Card) -> bytes:
    """Return the index and that of every node, in the order of `all_nodes`."""
    values = [card.index, *_values(card, questionnaire.all_nodes)]
    return _packed(values, digits(questionnaire))


def packed_indicators(questionnaire: Questionnaire, card: Card) -> bytes:
    """Return what every indicator is worth, in the order of `indicators`."""
    return _packed(_values(card, questionnaire.indicators), digits(questionnaire))


def unpacked(rows: Sequence[bytes], width: int) -> Units:
    """Return packed rows of equal `width` as a matrix."""
    return np.frombuffer(b"".join(rows), dtype="<i4").reshape(len(rows), width)


def exact_unit(value: int, digits_: int) -> Decimal | None:
    """Return a packed value as the decimal that it stands for; None for `NOTHING`."""
    return None if value == NOTHING else Decimal(value).scaleb(-digits_)


def _values(card: Card, wanted: dict[str, Node] | dict[str, Indicator]) -> list[Decimal | None]:
    found = (card.nodes.get(code) for code in wanted)
    return [None if one is None else one.index for one in found]


def _packed(values: Sequence[Decimal | None], digits_: int) -> bytes:
    units = [NOTHING if value is None else unit(value, digits_) for value in values]
    return np.array(units, dtype="<i4").tobytes()


def unit(value: Decimal, digits_: int) -> int:
    """Return a value in units, cut off; what no unit can hold as the furthest one that can."""
    unit = int(value.scaleb(digits_))
    return min(max(unit, NOTHING + 1), _HIGHEST)
