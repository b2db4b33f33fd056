"""An organisation over many cycles: what was official, where it breaks, and what a change is made of.

The official series is never reckoned anew: what was published stands, and where the method or the
organisation is another one, the line breaks. What lies on the common basis of several versions is
beside it; see `maturity.common_basis`.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from survey_service.conduct.successions import Succession, SuccessionKind
from survey_service.maturity.instrument import Questionnaire

Break = Literal["instrument", "version", "organisation"]


class Point(Struct, frozen=True):
    """What was official of an organisation in a cycle, which ended `on` a day.

    `index` is on the scale of the `questionnaire`, `code@version`; None where there was none.
    """

    organisation_id: int
    on: dt.date
    questionnaire: str
    index: Decimal | None


class Stretch(Struct, frozen=True):
    """Points that are joined by a line; `breaks` tell why it does not go on from the one before."""

    points: tuple[Point, ...]
    breaks: tuple[Break, ...]


class Line(Struct, frozen=True):
    """The official series of one organisation, of which `until` a day another one follows.

    `followed_by` is the organisation that does and `kind` how; all None for the one that is asked for.
    """

    organisation_id: int
    stretches: tuple[Stretch, ...]
    until: dt.date | None = None
    kind: SuccessionKind | None = None
    followed_by: int | None = None


class Split(Struct, frozen=True):
    """A change between two versions, exactly: `change == performance + method`.

    All are fractions of the span of an index. `both_ways` tells that both years were scored under
    both methods, of which the mean is taken; else the later year alone was, or the earlier one.
    """

    change: Fraction
    performance: Fraction
    method: Fraction
    both_ways: bool


def official(points: Sequence[Point]) -> tuple[Stretch, ...]:
    """Return the official series of points, by day, in stretches between which it breaks.

    What has no index ends a stretch too, without a break: the line has a gap there.
    """
    found: list[Stretch] = []
    last: Point | None = None
    gap = False
    for one in sorted(points, key=lambda point: point.on):
        if one.index is None:
            gap = True
            continue
        breaks = () if last is None else tuple(_breaks(last, one))
        if last is None or gap or breaks:
            found.append(Stretch((one,), breaks))
        else:
            found[-1] = Stretch((*found[-1].points, one), found[-1].breaks)
        last, gap = one, False
    return tuple(found)


def lines(
    organisation_id: int, points: Sequence[Point], successions: Sequence[Succession]
) -> list[Line]:
    """Return the series of an organisation and of all that it follows, each as it was.

    Nothing is summed or averaged: of a merger there are as many lines as there were predecessors,
    and after a split each successor has the one line before it.

    Args:
        organisation_id: Whose series it is.
        points: Its own and those of its predecessors, in any order.
        successions: All that lead to it, in any order.
    """
    found = [Line(organisation_id, _own(points, organisation_id, None))]
    seen, waiting = {organisation_id}, [organisation_id]
    while waiting:
        later = waiting.pop(0)
        for one in sorted(successions, key=lambda each: (each.on, each.predecessor_id)):
            if one.successor_id == later and one.predecessor_id not in seen:
                seen.add(one.predecessor_id)
                waiting.append(one.predecessor_id)
                own = _own(points, one.predecessor_id, one.on)
                found.append(Line(one.predecessor_id, own, one.on, one.kind, later))
    return found


def way(questionnaire: Questionnaire, index: Decimal) -> Fraction:
    """Return the fraction of its span that an index reaches, which compares between scales."""
    lowest, highest = questionnaire.spans[""]
    return (Fraction(index) - lowest) / (highest - lowest)


def split(
    before_old: Fraction,
    after_new: Fraction,
    *,
    after_old: Fraction | None = None,
    before_new: Fraction | None = None,
) -> Split | None:
    """Return how much of a change is performance, and how much the other method.

    Performance is the change under one method, and method the difference that it makes in one year.
    Where both years were scored under both, each is the mean of the two ways to go. None where no
    year was: then nobody can tell.

    Args:
        before_old: The index of the earlier year under the old method, as a fraction of its span.
        after_new: That of the later year under the new one.
        after_old: That of the later year under the old one, if it was scored so.
        before_new: That of the earlier year under the new one, if it was scored so.
    """
    ways = []
    if after_old is not None:
        ways.append((after_old - before_old, after_new - after_old))
    if before_new is not None:
        ways.append((after_new - before_new, before_new - before_old))
    if not ways:
        return None
    performance, method = (sum(parts, Fraction(0)) / len(ways) for parts in zip(*ways, strict=True))
    return Split(after_new - before_old, performance, method, len(ways) > 1)


def changed(
    before: tuple[Questionnaire, Decimal],
    after: tuple[Questionnaire, Decimal],
    *,
    after_under_old: Decimal | None = None,
    before_under_new: Decimal | None = None,
) -> Split | None:
    """Return the same of two indices, each with what was asked, and of those of an overlap year.

    Args:
        before: The earlier year, as it was published.
        after: The later one.
        after_under_old: The later answers, as the old questionnaire scores them.
        before_under_new: The earlier answers, as the new questionnaire scores them.
    """
    (old, then), (new, now) = before, after
    return split(
        way(old, then),
        way(new, now),
        after_old=None if after_under_old is None else way(old, after_under_old),
        before_new=None if before_under_new is None else way(new, before_under_new),
    )


def _breaks(before: Point, after: Point) -> list[Break]:
    found: list[Break] = []
    instrument, version = (
        [point.questionnaire.partition("@")[part] for point in (before, after)] for part in (0, 2)
    )
    if instrument[0] != instrument[1]:
        found.append("instrument")
    elif version[0] != version[1]:
        found.append("version")
    if before.organisation_id != after.organisation_id:
        found.append("organisation")
    return found


def _own(
    points: Sequence[Point], organisation_id: int, until: dt.date | None
) -> tuple[Stretch, ...]:
    return official(
        [
            one
            for one in points
            if one.organisation_id == organisation_id and (until is None or one.on <= until)
        ]
    )
