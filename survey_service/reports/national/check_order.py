"""Whom to check first: the order of a queue, with what there is to look at, and never a verdict."""

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.check_order import Answers, Flags, Queued, Reason, Rows, queue, rises
from survey_service.analysis.selection import KIND, PERCENT, Selection
from survey_service.conduct.life import State
from survey_service.maturity.cards import NOTHING, Units
from survey_service.reports.national.view import Asked, Field, View, group_name
from survey_service.reports.tables import Cell

WAITING: tuple[State, ...] = ("submitted", "internal_review", "external_evaluation")
"""Where assessments stand that have still to be checked."""

_JUMP = PERCENT // 2  # of the span: two levels of five
_HIGH = PERCENT * 3 // 4  # level 4 of five
_NAMED = 12  # answers in a sentence


class Shown(Struct, frozen=True):
    """What the answers of those who wait are supported by: a row for each, a column for each indicator.

    `evidence` tells which answers have some, and `fresh` which of those that rose by much have some
    that was not there the cycle before.
    """

    evidence: Flags
    fresh: Flags


class Waiting(Struct, frozen=True):
    """Those who wait to be checked: their rows among all who are `compared`, and they alone."""

    compared: Selection
    rows: Rows
    those: Selection


def waiting(selection: Selection) -> Waiting:
    """Return those of a selection who wait to be checked."""
    counted = selection.counted
    are = np.array([one.state in WAITING for one in counted.members], np.bool_)
    return Waiting(counted, np.flatnonzero(are), counted.only(are))


def check_order(
    of: Waiting, before: Selection | None, shown: Shown, asked: Asked, language: str
) -> View:
    """Return the view: a row for each organisation that waits to be checked, in the order to do so.

    Args:
        of: Those who are in the queue; all who are compared are peers.
        before: The cycle before that asked the same; None without one.
        shown: What the answers of those who wait are supported by.
        asked: Which rows.
        language: Of the words.
    """
    counted = of.compared
    index = counted.reached([""], counted.at_stage("self"))[:, 0]
    answers = _answers(of.those, before, shown)
    found = queue(answers, index, counted.groups(KIND).tolist(), _JUMP, _HIGH, of.rows)
    first = list(islice(found, asked.rows.start, asked.rows.stop))
    rows: list[list[Cell]] = []
    for number, one in enumerate(first, start=asked.start + 1):
        rows.append([counted.members[one.place].name, number, *_told(counted, one, language)])
    links = [counted.members[one.place].organisation for one in first]
    return _view(rows, language, count=len(of.rows), links=links)


def jumps(those: Selection, before: Selection) -> Iterator[tuple[int, Rows]]:
    """Yield the place of each indicator in which some rose by much, with their rows."""
    codes = tuple(those.questionnaire.indicators)
    claimed = those.reached(codes, those.at_stage("self"))
    jumped = rises(claimed, _earlier(those, before, codes)) >= _JUMP
    for place in np.flatnonzero(jumped.any(axis=0)).tolist():
        yield place, np.flatnonzero(jumped[:, place])


def _answers(those: Selection, before: Selection | None, shown: Shown) -> Answers:
    codes = tuple(those.questionnaire.indicators)
    claimed = those.reached(codes, those.at_stage("self"))
    return Answers(
        codes,
        claimed,
        np.full_like(claimed, NOTHING) if before is None else _earlier(those, before, codes),
        shown.evidence,
        shown.fresh,
    )


def _earlier(those: Selection, before: Selection, codes: Sequence[str]) -> Units:
    """Return what stood of the same organisations the cycle before."""
    then = before.counted
    then = then.only(np.isin(then.ids, those.ids))
    rows = {id_: row for row, id_ in enumerate(then.ids.tolist())}
    places = np.array([rows.get(id_, -1) for id_ in those.ids.tolist()], np.intp)
    found = np.full((len(those.members), len(codes)), NOTHING, np.int32)
    found[places >= 0] = then.reached(codes)[places[places >= 0]]
    return found


def _told(counted: Selection, one: Queued, language: str) -> list[Cell]:
    member = counted.members[one.place]
    said = [in_words(reason, language) for reason in one.reasons]
    return [
        group_name(KIND, member.kind, language),
        i18n.translate(f"state.{member.state}", language),
        len(one.reasons),
        "; ".join(said) or i18n.translate("nothing stands out", language),
    ]


def in_words(reason: Reason, language: str) -> str:
    """Return a reason to look, in words."""
    named = ", ".join(reason.codes[:_NAMED])
    if len(reason.codes) > _NAMED:
        named += " …"
    if reason.why == "jump":
        return i18n.translate(
            "rose by half the scale or more with nothing new to show: {codes}",
            language,
            codes=named,
        )
    if reason.why == "no_evidence":
        return i18n.translate("high without evidence: {codes}", language, codes=named)
    if reason.why == "uniform":
        return i18n.translate(
            "{percent} % of the answers are the same", language, percent=int(reason.figure)
        )
    if reason.figure > 0:
        return i18n.translate("its index lies far above that of its peers", language)
    return i18n.translate("its index lies far below that of its peers", language)


def _view(rows: list[list[Cell]], language: str, *, count: int, links: Sequence[int]) -> View:
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        Field("place", "integer", i18n.translate("Place in the queue", language)),
        Field("kind", "string", i18n.translate("Kind", language)),
        Field("state", "string", i18n.translate("State", language)),
        Field("count", "integer", i18n.translate("Number of reasons", language)),
        Field("reasons", "string", i18n.translate("What there is to look at", language)),
    ]
    title = i18n.translate("Whom to check first", language)
    words = i18n.translate(
        "The order of a queue, and no verdict: each reason is something to look at, and can be in order. Those who have been checked already are not in it.",
        language,
    )
    if not rows:
        words = i18n.translate("Nobody of this selection waits to be checked.", language)
    return View("checks", title, fields, rows, count, links=links, words=words)
