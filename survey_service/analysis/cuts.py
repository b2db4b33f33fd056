"""The cut of a graph with few lines: which points hang together with the rest by too few of them.

Points that hang together by enough lines are put together, again and again, until one is left or one
hangs by too few (Nagamochi and Ibaraki 1992): one pass orders the points by how many lines they have
to those before them, and whatever then has enough to those before it is never parted from them.
"""

import heapq
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

P = TypeVar("P", bound=Hashable)

Lines = Mapping[P, Mapping[P, int]]
"""How many lines each point has to each other one; written both ways."""


def least_cut(lines: Lines[P], enough: int) -> frozenset[P] | None:
    """Return points that at least one line and fewer than `enough` join to the others.

    None where there are none such: every part hangs together by enough, or not at all.
    """
    graph = {point: dict(others) for point, others in lines.items()}
    inside = {point: {point} for point in graph}
    while True:
        together: list[tuple[P, P]] = []
        for last, weight in _scanned(graph, enough, together):
            if 0 < weight < enough:
                return frozenset(inside[last])
        if not together:
            return None
        _put_together(graph, inside, together)


def _scanned(
    graph: Mapping[P, Mapping[P, int]], enough: int, together: list[tuple[P, P]]
) -> Iterator[tuple[P, int]]:
    """Yield the last point of each connected part with all its lines; fill in what hangs `together`."""
    left = dict.fromkeys(graph)
    while left:
        attached, number = {next(iter(left)): 0}, 0
        heap: list[tuple[int, int, P]] = [(0, number, next(iter(left)))]
        last, weight = heap[0][2], 0
        while heap:
            below, _, point = heapq.heappop(heap)
            if point not in left:
                continue  # it was taken with more lines already
            del left[point]
            last, weight = point, -below
            for other, count in graph[point].items():
                if other in left:
                    attached[other] = attached.get(other, 0) + count
                    number += 1  # so that points are never compared
                    heapq.heappush(heap, (-attached[other], number, other))
                    if attached[other] >= enough:
                        together.append((point, other))
        yield last, weight


def _put_together(
    graph: dict[P, dict[P, int]], inside: dict[P, set[P]], pairs: list[tuple[P, P]]
) -> None:
    """Make one point of each pair, and so of all that pairs join."""
    now: dict[P, P] = {}
    for one, other in pairs:
        kept, gone = _now(now, one), _now(now, other)
        if kept == gone:
            continue
        now[gone] = kept
        inside[kept] |= inside.pop(gone)
        for point, count in graph.pop(gone).items():
            graph[point].pop(gone)
            if point != kept:
                graph[kept][point] = graph[point][kept] = graph[kept].get(point, 0) + count


def _now(now: Mapping[P, P], point: P) -> P:
    while point in now:
        point = now[point]
    return point
