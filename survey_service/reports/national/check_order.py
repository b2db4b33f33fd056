"""Whom to check first: the order of a queue, with what there is to look at, and never a verdict."""

from collections.abc import Collection, Mapping, Sequence
from itertools import islice

import numpy as np
from msgspec import Struct

from survey_service import i18n
from survey_service.analysis.check_order import Answers, Flags, Queued, Reason, queue
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
    """Answers by assessment and indicator that have evidence; of `fresh` ones, some of it is new.

    Of assessments in which nothing has `risen`, nobody asks what is fresh.
    """

    evidence: Mapping[int, Collection[str]]
    fresh: Mapping[int, Collection[str]]


def check_order(
    selection: Selection, before: Selection | None, shown: Shown, asked: Asked, language: str
) -> View:
    """Return the view: a row for each organisation that waits to be checked, in the order to do so.

    Args:
        selection: Of which those who wait are in the queue; all who are compared are peers.
        before: The cycle before that asked the same; None without one.
        shown: What the answers are supported by.
        asked: Which rows.
        language: Of the words.
    """
    counted = selection.counted
    answers = _answers(counted, before, shown)
    index = counted.reached([""], counted.at_stage("self"))[:, 0]
    waiting = np.array([one.state in WAITING for one in counted.members], np.bool_)
    found = queue(answers, index, counted.groups(KIND).tolist(), _JUMP, _HIGH, waiting)
    first = list(islice(found, asked.rows.start, asked.rows.stop))
    rows: list[list[Cell]] = []
    for number, one in enumerate(first, start=asked.start + 1):
        rows.append([counted.members[one.place].name, number, *_told(counted, one, language)])
    links = [counted.members[one.place].organisation for one in first]
    return _view(rows, language, count=int(waiting.sum()), links=links)


def risen(selection: Selection, before: Selection) -> list[int]:
    """Return the assessments that wait to be checked and in which an answer rose by much."""
    counted = selection.counted
    codes = tuple(counted.questionnaire.indicators)
    claimed = counted.reached(codes, counted.at_stage("self")).astype(np.int64)
    earlier = _earlier(counted, before, codes)
    rose = (claimed - earlier >= _JUMP) & (claimed != NOTHING) & (earlier != NOTHING)
    return [
        one.assessment
        for one, is_so in zip(counted.members, rose.any(axis=1).tolist(), strict=True)
        if is_so and one.state in WAITING
    ]


def _answers(counted: Selection, before: Selection | None, shown: Shown) -> Answers:
    codes = tuple(counted.questionnaire.indicators)
    claimed = counted.reached(codes, counted.at_stage("self"))
    return Answers(
        codes,
        claimed,
        np.full_like(claimed, NOTHING) if before is None else _earlier(counted, before, codes),
        _flags(counted, shown.evidence, codes),
        _flags(counted, shown.fresh, codes),
    )


def _earlier(counted: Selection, before: Selection, codes: Sequence[str]) -> Units:
    """Return what stood of the same organisations the cycle before."""
    then = before.counted
    values = then.reached(codes)
    rows = {id_: row for row, id_ in enumerate(then.ids.tolist())}
    found = np.full((len(counted.members), len(codes)), NOTHING, np.int32)
    places = np.array([rows.get(id_, -1) for id_ in counted.ids.tolist()], np.intp)
    found[places >= 0] = values[places[places >= 0]]
    return found


def _flags(counted: Selection, of: Mapping[int, Collection[str]], codes: Sequence[str]) -> Flags:
    places = {code: place for place, code in enumerate(codes)}
    found = np.zeros((len(counted.members), len(codes)), np.bool_)
    for row, one in enumerate(counted.members):
        for code in of.get(one.assessment, ()):
            if code in places:
                found[row, places[code]] = True
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
