"""What a release tells otherwise than the one before: who came, who left, and which figures changed."""

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from survey_service.analysis.releases import PERCENTS, WHOLE, Change, Release, Row

K = TypeVar("K", bound=Hashable)


class _Told(Struct, frozen=True):
    """An organisation or a group: what it is called, and its figures by code and name."""

    of: str
    figures: dict[tuple[str, str], str]


def changes(before: Release, now: Release) -> tuple[Change, ...]:
    """Return what is otherwise; of organisations only where both releases name them."""
    found: list[Change] = []
    if before.rows is not None and now.rows is not None:
        then = {row.id: _organisation(row) for row in before.rows}
        found += _between("organisations", then, {row.id: _organisation(row) for row in now.rows})
    found += _between("groups", _groups(before), _groups(now))
    return tuple(found)


def _between(table: str, then: Mapping[K, _Told], now: Mapping[K, _Told]) -> Iterator[Change]:
    for key, one in now.items():
        if (other := then.get(key)) is None:
            yield Change("joined", table, one.of)
        else:
            yield from _changed(table, one.of, other.figures, one.figures)
    yield from (Change("left", table, one.of) for key, one in then.items() if key not in now)


def _changed(
    table: str,
    of: str,
    then: Mapping[tuple[str, str], str],
    now: Mapping[tuple[str, str], str],
) -> Iterator[Change]:
    for code, figure in dict.fromkeys((*now, *then)):
        before, after = (one.get((code, figure), "") for one in (then, now))
        if before != after:
            yield Change("changed", table, of, code, figure, before, after)


def _organisation(row: Row) -> _Told:
    whole = {
        (WHOLE, "name"): row.name,
        (WHOLE, "kind"): row.kind,
        (WHOLE, "index"): _said(row.index),
        (WHOLE, "grade"): row.grade or "",
    }
    nodes = {(code, "index"): _said(value) for code, value in row.nodes.items()}
    worth = {(code, "value"): _said(value) for code, value in row.worth.items()}
    return _Told(row.name, {**whole, **nodes, **worth})


def _groups(release: Release) -> dict[tuple[str, str], _Told]:
    found: dict[tuple[str, str], _Told] = {}
    for one in release.figures:
        of = f"{one.grouping}={one.group}" if one.grouping != WHOLE else ""
        told = found.setdefault((one.grouping, one.group), _Told(of, {}))
        told.figures[one.code, "count"] = str(one.count)
        told.figures[one.code, "mean"] = _said(one.mean)
        for percent, value in zip(PERCENTS, one.quantiles, strict=True):
            told.figures[one.code, f"p{percent}"] = _said(value)
    return found


def _said(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
