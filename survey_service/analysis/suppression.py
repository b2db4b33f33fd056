"""Which groups are too small to be told of, also where one could reckon them from the others.

What is published of a group are sums over its members (counts, means). With the whole, whoever has
all groups of a grouping but some can work out those together; so the rest, `REST`, must have enough
members as well, and the smallest group that is large enough joins it where it has not.

Two groupings of the same members, by kind and by region, or in two releases, tell more than each of
them: a region less a kind, the new release less the old one. Draw each group as a point, and each
member as a line from its group in the one to its group in the other: what can be got out of two
groupings is always about the lines that leave some set of points. So nobody is told of as long as no
such cut has fewer than `fewest` lines, and groups join the rest until the least cut has as many. What
three and more groupings tell together is found by linear algebra; see `disclosure`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from survey_service.analysis.cuts import least_cut
from survey_service.analysis.disclosure import small_set

FEWEST = 5
REST = ""
"""The block of all those whose own group is not told of; no group is called so."""

Member = tuple[int, str]
"""An organisation by its id, with what tells its result from a corrected one: another member."""

Grouping = Mapping[Member, str]
"""The group of each member."""

_TWO = 2  # groupings, which cuts tell all about
_Point = tuple[int, str]
_UNTOLD: _Point = (2, "")


class Told(Struct, frozen=True):
    """What may be told: of the `whole`, and of which groups of each grouping, in their order.

    With the whole, the rest of each grouping may be told too, and can anyway be worked out.
    """

    whole: bool
    groups: tuple[frozenset[str], ...]


def told(
    groupings: Sequence[Grouping], earlier: Sequence[Grouping] = (), fewest: int = FEWEST
) -> Told:
    """Return what may be told of organisations that are grouped in one way or in several.

    Args:
        groupings: That are published together; who is missing in one has no group in it.
        earlier: What was told before, each as `blocks` returns it.
        fewest: Members of whom figures may be told together, from 1.
    """
    everybody = {member: REST for one in groupings for member in one}
    whole = len(everybody) >= fewest and all(
        _leak(everybody, one, fewest) is None for one in earlier
    )
    seen = [_Seen({**everybody, **one}, fewest, whole=whole) for one in groupings]
    for place, one in enumerate(seen):
        for other in seen[:place]:
            while (near := _leak(one.blocks, other.blocks, fewest)) is not None:
                _join(near, one, other)
        for before in earlier:
            while (near := _leak(one.blocks, before, fewest)) is not None:
                _join(near, one)
    _part(seen, earlier, fewest)
    return Told(whole, tuple(frozenset(one.groups) for one in seen))


def blocks(grouping: Grouping, groups: frozenset[str], *, whole: bool) -> dict[Member, str]:
    """Return a grouping as it is told: who is in none of `groups` is in `REST`, or left out.

    Args:
        grouping: The group of each member.
        groups: That are told of.
        whole: Whether the whole is told of, and with it the rest.
    """
    return {
        member: group if group in groups else REST
        for member, group in grouping.items()
        if whole or group in groups
    }


class _Seen:
    """A grouping while it is worked out which of its `groups` are told."""

    def __init__(self, grouping: Grouping, fewest: int, *, whole: bool) -> None:
        self.grouping, self._fewest, self._whole = grouping, fewest, whole
        self.sizes = sizes = Counter(grouping.values())
        self.groups = {group for group, size in sizes.items() if size >= fewest and group != REST}
        self._complete()

    @property
    def blocks(self) -> dict[Member, str]:
        return blocks(self.grouping, frozenset(self.groups), whole=self._whole)

    def take_out(self, group: str) -> None:
        self.groups.discard(group)
        self._complete()

    def _complete(self) -> None:
        """Let groups join the rest until it is large enough to be worked out."""
        rest = sum(size for group, size in self.sizes.items() if group not in self.groups)
        for group in sorted(self.groups, key=lambda one: (self.sizes[one], one)):
            if not self._whole or rest == 0 or rest >= self._fewest:
                return
            self.groups.discard(group)
            rest += self.sizes[group]


def _part(seen: Sequence[_Seen], earlier: Sequence[Grouping], fewest: int) -> None:
    """Let groups join the rest until all groupings together tell of nobody."""
    while any(one.groups for one in seen) and len(seen) + len(earlier) > _TWO:
        alone = small_set([*(one.blocks for one in seen), *earlier], fewest)
        if alone is None:
            return
        near = {
            (at, one.grouping[member])
            for at, one in enumerate(seen)
            for member in alone
            if member in one.grouping
        }
        _join(frozenset(near), *seen)


def _join(near: frozenset[_Point], *seen: _Seen) -> None:
    """Let one group of two groupings join the rest: of those near the cut, the smallest."""
    candidates = [
        ((at, group) not in near, one.sizes[group], at, group)
        for at, one in enumerate(seen)
        for group in one.groups
    ]
    _, _, at, group = min(candidates)
    seen[at].take_out(group)


def _leak(one: Grouping, other: Grouping, fewest: int) -> frozenset[_Point] | None:
    """Return the blocks of two groupings near a cut of fewer than `fewest`; None where there is none.

    Some of the one are among them. Blocks of the other without anybody in the one tell of themselves.
    """
    lines: dict[_Point, dict[_Point, int]] = {}
    everybody = {**one, **other}  # in their order: a set of texts has another one in each process
    ends = Counter((one.get(member), other.get(member)) for member in everybody)
    common = {in_other for in_one, in_other in ends if in_one is not None}
    for (in_one, in_other), count in ends.items():
        if in_one is None and in_other not in common:
            continue
        here = _UNTOLD if in_one is None else (0, in_one)
        there = _UNTOLD if in_other is None else (1, in_other)
        lines.setdefault(here, {})[there] = count
        lines.setdefault(there, {})[here] = count
    near = least_cut(lines, fewest)
    if near is not None:
        near = near.union(*(lines[point] for point in near))
        while all(at != 0 for at, _ in near):
            near = near.union(*(lines[point] for point in near))
    return near
