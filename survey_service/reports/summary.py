"""An assessment on one page: the result in sentences, its distance to the next grade, its extremes."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from survey_service.i18n import decimal, translate
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.next_grade import next_grade
from survey_service.maturity.rounding import exact
from survey_service.maturity.scoring import Card
from survey_service.maturity.showing import least
from survey_service.maturity.tree import Node
from survey_service.reports.indices import index
from survey_service.reports.record import Record
from survey_service.reports.scores import alone, reason

EXTREMES = 3  # how many nodes are named as strongest and as weakest


class Extreme(Struct, frozen=True):
    """A node that stands out: its index, and the median of the peers, None where it is not known."""

    node: Node
    index: Decimal
    median: Decimal | None


def sentences(
    questionnaire: Questionnaire,
    organisation: str,
    card: Card,
    record: Record | None,
    language: str,
) -> list[str]:
    """Return the result in words: what is reached, what is next, and how it lies beside others."""
    beside = " ".join(_beside(questionnaire, record, language))
    return [
        one
        for one in (
            _reached(questionnaire, organisation, card, language),
            alone(questionnaire, card, language),
            _ahead(questionnaire, card, language),
            beside,
        )
        if one
    ]


def extremes(
    questionnaire: Questionnaire, card: Card, record: Record | None
) -> tuple[list[Extreme], list[Extreme]]:
    """Return the strongest and the weakest of the nodes that indicators hang on.

    Ordered by what lies between them and the peers' median, weighted; where no median is known, by how
    much of its own span each reaches. What ties keeps the order of the questionnaire.
    """
    medians = record.peers.nodes if record is not None and record.peers is not None else {}
    found = [
        (
            _gap(questionnaire, node, reached, medians.get(code)),
            Extreme(node, reached, medians.get(code)),
        )
        for code, node in questionnaire.all_nodes.items()
        if node.indicators
        and (reached := card.nodes[code].index) is not None
        and (code in medians or not medians)
    ]
    best = sorted(found, key=lambda pair: -pair[0])[:EXTREMES]
    rest = [pair for pair in found if pair not in best]
    worst = sorted(rest, key=lambda pair: pair[0])[:EXTREMES]
    return [one for _, one in best], [one for _, one in worst]


def _gap(
    questionnaire: Questionnaire, node: Node, reached: Decimal, median: Decimal | None
) -> Fraction:
    lowest, highest = questionnaire.spans[node.code]
    if highest == lowest:
        return Fraction(0)
    if median is None:
        return (Fraction(reached) - lowest) / (highest - lowest)
    return (
        _share(questionnaire, node.code)
        * (Fraction(reached) - Fraction(median))
        / (highest - lowest)
    )


def _share(questionnaire: Questionnaire, code: str) -> Fraction:
    """Return how much of the whole a node makes up, at all tiers above it."""
    share, above = Fraction(1), ""
    for each in (code_ for code_, node in questionnaire.all_nodes.items() if _is_in(node, code)):
        share *= questionnaire.counts[each] / (questionnaire.wholes[above] or 1)
        above = each
    return share


def _is_in(node: Node, code: str) -> bool:
    """Whether a node is another one, or above it."""
    return any(below.code == code for _, below in node.walk())


def _reached(questionnaire: Questionnaire, organisation: str, card: Card, language: str) -> str:
    if card.index is None:
        return translate("Nothing is scored as a whole.", language)
    scale = questionnaire.index_scale
    named = {
        "organisation": organisation or translate("The organisation", language),
        "index": index(card.index, questionnaire, language),
        "lowest": scale.lowest,
        "highest": scale.highest,
    }
    if card.grade is None:
        return translate(
            "{organisation} reaches an index of {index} on the scale from {lowest} to {highest}.",
            language,
            **named,
        )
    return translate(
        "{organisation} reaches an index of {index} on the scale from {lowest} to {highest}, which is the grade “{called}”.",
        language,
        called=card.grade.name.in_(language),
        **named,
    )


def _ahead(questionnaire: Questionnaire, card: Card, language: str) -> str:
    """Return how far the next grade is, and which gate stands in the way."""
    following = next_grade(questionnaire, card)
    if following is None:
        if card.grade is None:
            return ""
        return translate("There is no higher grade.", language)
    name = following.grade.name.in_(language)
    if following.lacking:
        lacking = decimal(following.lacking, language, following.digits)
        return translate(
            "{lacking} points of the index are lacking to the next grade, “{next}”.",
            language,
            lacking=lacking,
            next=name,
        )
    gates = [
        reason(questionnaire, refusal, language)
        for refusal in card.refused
        if refusal.grade == following.grade
    ]
    return translate(
        "The index would do for the next grade, “{next}”; what stands in the way: {gates}",
        language,
        next=name,
        gates=" ".join(gates),
    )


def _beside(questionnaire: Questionnaire, record: Record | None, language: str) -> Iterator[str]:
    """Yield how the result lies beside the time before, and beside the peers."""
    if record is None:
        return
    if (before := record.before) is not None:
        yield _since(questionnaire, before.called, moved_by(record), language)
    if (others := record.peers) is not None and others.median is not None and others.quarters:
        low, high = (index(end, questionnaire, language) for end in others.quarters)
        yield translate(
            "Among {count} others of its kind the median is {median}, and half of them lie between {low} and {high}.",
            language,
            count=others.count,
            median=index(others.median, questionnaire, language),
            low=low,
            high=high,
        )


def _since(questionnaire: Questionnaire, before: str, moved: Decimal | None, language: str) -> str:
    if moved is None:
        return translate(
            "It cannot be compared with “{before}”, which asked other things.",
            language,
            before=before,
        )
    points = decimal(abs(moved), language, least(questionnaire))
    if moved > 0:
        words = translate(
            "Since “{before}” it has risen by {points} on what both ask.",
            language,
            before=before,
            points=points,
        )
    elif moved < 0:
        words = translate(
            "Since “{before}” it has fallen by {points} on what both ask.",
            language,
            before=before,
            points=points,
        )
    else:
        words = translate(
            "Since “{before}” it has not changed on what both ask.", language, before=before
        )
    return words


def moved_by(record: Record) -> Decimal | None:
    """Return how far the index has moved on the common basis, None where there is none."""
    found = None if record.before is None else record.before.trend
    if found is None or found.before is None or found.after is None:
        return None
    return exact(Fraction(found.after) - Fraction(found.before))
