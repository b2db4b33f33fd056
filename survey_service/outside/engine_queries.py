"""What an engine is asked for, in SQL that the engines we know read alike, and what becomes of its answers.

The table `results` is that of `analysis.result_rows`. Only whole numbers are compared, summed and parted
(`div`, as `/` is a fraction here and none there), quantiles are discrete, and orders are complete: so
every engine answers the same, which is what `analysis.national` makes of our own columns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from survey_service.analysis.coherence import LEVELS
from survey_service.analysis.distributions import PERCENTS
from survey_service.analysis.moments import PARTS, Items, Level, Pair
from survey_service.analysis.national import (
    BINS,
    MOST,
    Claimed,
    Counted,
    Histogram,
    Moved,
    Movement,
    Reached,
    Spread,
    bounds,
    counted,
    ranked,
    spread,
)
from survey_service.analysis.national_coherence import families, pairs
from survey_service.analysis.result_rows import Number
from survey_service.analysis.selection import PERCENT

Row = Sequence[Any]

_AT_ONCE = 16  # columns in one query: an engine takes long to plan many aggregates
_PAIRS_AT_ONCE = 24  # for the same reason
_HALF = 1 << 20  # squares of what is added up are summed in two halves, else there were no room
CYCLES = "select cycle, count(*) from results group by cycle order by cycle"


class Asked(Struct, frozen=True):
    """Of which cycle, in groups by which column, "" for none; and the columns of numbers."""

    cycle: int
    by: str
    numbers: Sequence[Number]
    steps: int

    def of_tier(self, *tiers: str) -> list[Number]:
        """Return the columns of some tiers."""
        return [one for one in self.numbers if one.tier in tiers]


def states(asked: Asked) -> str:
    """Ask how many assessments stand where."""
    return (
        "select state, count(*) from results "
        f"where cycle = {asked.cycle} and stands and not withdrawn group by state order by state"
    )


def coverage(asked: Asked) -> str:
    """Ask how many assessments stand where, by group."""
    group = _group(asked)
    return (
        f"select {group}, state, count(*) from results "
        f"where cycle = {asked.cycle} and stands and not withdrawn group by {group}, state"
    )


def grades(asked: Asked) -> str:
    """Ask how many have which grade, by group."""
    group, grade = _group(asked), "coalesce(grade, '')"
    return f"select {group}, {grade}, count(*) from {_compared(asked)} group by {group}, {grade}"


def counted_of(rows: Sequence[Row]) -> list[Counted]:
    """Return what the engine answered to `coverage`, or to `grades`."""
    return counted({(group, what): count for group, what, count in rows})


def checked(asked: Asked) -> str:
    """Ask how many have a result that stands of a later stage than their own."""
    return f"select count(*) from {_compared(asked)} where stage <> 'self'"


def claims(asked: Asked) -> Iterator[tuple[list[Number], str]]:
    """Yield, for some columns at a time, what asks how claims compare with what was found."""
    own = f"(select * from results where cycle = {asked.cycle} and stage = 'self') as own"
    for part in _in_parts(asked.numbers):
        inner = ", ".join(
            f"{_part(one, PERCENT, 'own.')} as s{at}, "
            f"{_part(one, PERCENT, 'compared_ones.')} as f{at}"
            for at, one in enumerate(part)
        )
        wanted = ", ".join(
            f"count(s{at} - f{at}), count(case when s{at} > f{at} then 1 end), "
            f"count(case when s{at} < f{at} then 1 end), sum(s{at} - f{at})"
            for at, _ in enumerate(part)
        )
        joined = (
            f"{own} join {_compared(asked)} on own.assessment = compared_ones.assessment "
            "where compared_ones.stage <> 'self'"
        )
        yield part, f"select {wanted} from (select {inner} from {joined}) as both_stages"


def claims_of(answers: Sequence[tuple[list[Number], Sequence[Row]]]) -> list[Claimed]:
    """Return what the engine answered to `claims`, in the order of the questionnaire."""
    return [
        Claimed(one.code, *(int(cell or 0) for cell in row[4 * place : 4 * place + 4]))
        for part, (row,) in answers
        for place, one in enumerate(part)
    ]


def compared(asked: Asked) -> str:
    """Ask how many are compared."""
    return f"select count(*) from {_compared(asked)}"


def spreads(asked: Asked) -> Iterator[tuple[list[Number], str]]:
    """Yield, for some columns at a time, what asks for counts, sums and quantiles by group."""
    some = asked.of_tier("index", "node")
    shares = ", ".join(str(percent / 100) for percent in PERCENTS)
    for part in _in_parts(some):
        wanted = ", ".join(
            f"count({name}), sum({name}), "
            f"percentile_disc(array({shares})) within group (order by {name})"
            for name in (quoted(one.name) for one in part)
        )
        group = _group(asked)
        yield (
            part,
            f"select {group}, count(*), {wanted} from {_compared(asked)} group by {group}",
        )


def spreads_of(asked: Asked, answers: Sequence[tuple[list[Number], Sequence[Row]]]) -> list[Spread]:
    """Return what the engine answered to `spreads`, group by group."""
    found = [
        _spread(row, place, one)
        for part, rows in answers
        for row in rows
        for place, one in enumerate(part)
    ]
    places = {one.code: place for place, one in enumerate(asked.numbers)}
    return sorted(found, key=lambda one: (one.group, places[one.code]))


def _spread(row: Row, place: int, one: Number) -> Spread:
    group, everybody, *cells = row
    count, total, quantiles = cells[3 * place : 3 * place + 3]
    known = dict(zip(PERCENTS, map(int, quantiles), strict=True)) if count else {}
    return spread(group, one.code, count, everybody - count, int(total or 0), known)


def histogram(asked: Asked) -> str:
    """Ask how many indices lie in which part of the scale, by group."""
    (index,) = asked.of_tier("index")
    part = _part(index, BINS)
    group = _group(asked)
    return (
        f"select {group}, least({part}, {BINS - 1}), count(*) from {_compared(asked)} "
        f"group by {group}, least({part}, {BINS - 1})"
    )


def histograms_of(rows: Sequence[Row]) -> list[Histogram]:
    """Return what the engine answered to `histogram`."""
    found: dict[str, list[int]] = {}
    for group, bin_, count in rows:
        found.setdefault(group, [0] * BINS)[int(bin_)] = count
    return [Histogram(group, tuple(found[group])) for group in sorted(found)]


def reached(asked: Asked) -> Iterator[tuple[list[Number], str]]:
    """Yield, for some indicators at a time, what asks how far they are reached, and by how many."""
    begins = bounds(asked.steps)
    for part in _in_parts(asked.of_tier("indicator")):
        inner = ", ".join(f"{_part(one, PERCENT)} as r{at}" for at, one in enumerate(part))
        wanted = ", ".join(
            f"count(r{at}), sum(r{at}), "
            + ", ".join(f"count(case when r{at} >= {begin} then 1 end)" for begin in begins)
            for at, _ in enumerate(part)
        )
        yield part, f"select {wanted} from (select {inner} from {_compared(asked)}) as parts"


def reached_of(
    asked: Asked, answers: Sequence[tuple[list[Number], Sequence[Row]]]
) -> list[Reached]:
    """Return what the engine answered to `reached`, from the strongest to the weakest."""
    width = asked.steps + 3  # a count, a sum, and how many reach each bound
    found = [
        _reached(one, row[width * place : width * (place + 1)])
        for part, (row,) in answers
        for place, one in enumerate(part)
    ]
    codes = [one.code for one in asked.of_tier("indicator")]
    return ranked([one for one in found if one.count], codes)


def _reached(one: Number, cells: Row) -> Reached:
    count, total, *at_least = cells
    levels = [more - fewer for more, fewer in zip(at_least, [*at_least[1:], 0], strict=True)]
    return Reached(one.code, count, int(total or 0), tuple(levels))


def together(asked: Asked) -> Iterator[tuple[list[tuple[Number, Number]], str]]:
    """Yield, for some pairs of columns at a time, what asks for the sums from which their correlation follows."""
    every = pairs(asked.numbers)
    for first in range(0, len(every), _PAIRS_AT_ONCE):
        part = every[first : first + _PAIRS_AT_ONCE]
        places = _places(one for pair in part for one in pair)
        wanted = ", ".join(
            f"count({x} * {y}), sum(case when {y} is not null then {x} end), "
            f"sum(case when {x} is not null then {y} end), "
            f"sum(case when {y} is not null then {x} * {x} end), "
            f"sum(case when {x} is not null then {y} * {y} end), sum({x} * {y})"
            for x, y in ((places[one], places[other]) for one, other in part)
        )
        yield part, f"select {wanted} from {_parted(asked, places)}"


def pairs_of(
    answers: Sequence[tuple[list[tuple[Number, Number]], Sequence[Row]]],
) -> dict[tuple[str, str], Pair]:
    """Return what the engine answered to `together`, by the codes of each pair."""
    width = len(Pair.__struct_fields__)
    return {
        (one.code, other.code): Pair(*_whole(row[width * place : width * (place + 1)]))
        for part, (row,) in answers
        for place, (one, other) in enumerate(part)
    }


def added_up(asked: Asked) -> Iterator[tuple[dict[str, list[Number]], str]]:
    """Yield, for some nodes at a time, what asks for the sums from which the alpha of their parts follows."""
    for some in _some(families(asked.numbers)):
        places = _places(one for family in some.values() for one in family)
        names = [[places[one] for one in family] for family in some.values()]
        wholes = ", ".join(f"{' + '.join(of)} as t{at}" for at, of in enumerate(names))
        wanted = ", ".join(_added(f"t{at}", of) for at, of in enumerate(names))
        yield (
            some,
            f"select {wanted} from (select *, {wholes} from {_parted(asked, places)}) as added",
        )


def _added(whole: str, names: Sequence[str]) -> str:
    halves = f"sum(({whole} * {whole}) div {_HALF}), sum(({whole} * {whole}) % {_HALF})"
    values = [*names, *(f"{name} * {name}" for name in names)]
    sums = [f"sum(case when {whole} is not null then {value} end)" for value in values]
    return ", ".join([f"count({whole})", halves, *sums])


def _some(known: Mapping[str, list[Number]]) -> Iterator[dict[str, list[Number]]]:
    """Yield families, as many at a time as have together some columns."""
    found: dict[str, list[Number]] = {}
    for code, family in known.items():
        if found and sum(map(len, found.values())) + len(family) > _AT_ONCE:
            yield found
            found = {}
        found[code] = family
    yield found


def items_of(answers: Sequence[tuple[dict[str, list[Number]], Sequence[Row]]]) -> dict[str, Items]:
    """Return what the engine answered to `added_up`, by node."""
    found = {}
    for some, (row,) in answers:
        cells = iter(_whole(row))
        for code, family in some.items():
            count, high, low, *sums = islice(cells, 3 + 2 * len(family))
            squares = tuple(sums[len(family) :])
            found[code] = Items(count, tuple(sums[: len(family)]), squares, high * _HALF + low)
    return found


def levels(asked: Asked) -> Iterator[tuple[list[Number], str]]:
    """Yield, for some indicators at a time, what asks for the mean index at each level, where there are few."""
    (index,) = asked.of_tier("index")
    for part in _in_parts(asked.of_tier("indicator")):
        places = _places([*part, index])
        stacked = ", ".join(f"{place}, {places[one]}" for place, one in enumerate(part))
        each = (
            f"(select {places[index]} as y, stack({len(part)}, {stacked}) as (place, v) "
            f"from {_parted(asked, places)}) as stacked"
        )
        grouped = (
            f"(select place, v, count(*) as n, sum(y) as s from {each} "
            "where v is not null and y is not null group by place, v) as grouped"
        )
        counted = f"(select *, count(*) over (partition by place) as levels from {grouped}) as few"
        yield part, f"select place, n, s from {counted} where levels <= {LEVELS} order by place, v"


def levels_of(
    answers: Sequence[tuple[list[Number], Sequence[Row]]],
) -> dict[str, list[Level]]:
    """Return what the engine answered to `levels`, by indicator."""
    found: dict[str, list[Level]] = {}
    for part, rows in answers:
        for place, *level in rows:
            found.setdefault(part[place].code, []).append(Level(*_whole(level)))
    return found


def moved(asked: Asked, before: int) -> dict[str, str]:
    """Return what asks who moved since an earlier cycle: how many, and who furthest."""
    value = quoted(asked.of_tier("index")[0].name)
    earlier, later = (
        f"(select organisation, name, {value} as v from results where cycle = {cycle} and compared)"
        for cycle in (before, asked.cycle)
    )
    both = (
        "(select n.organisation, n.name, o.v as was, n.v as now, n.v - o.v as gain, "
        "rank() over (order by o.v desc) as was_rank, rank() over (order by n.v desc) as now_rank "
        f"from {later} n join {earlier} o on n.organisation = o.organisation) as both_cycles"
    )
    return {
        "counts": (
            "select count(case when gain > 0 then 1 end), count(case when gain = 0 then 1 end), "
            f"count(case when gain < 0 then 1 end), sum(gain) from {both}"
        ),
        "first": f"select * from {both} order by gain desc, organisation limit {MOST}",
        "last": f"select * from {both} order by gain, organisation desc limit {MOST}",
        "joined": f"select count(*) from {later} n left anti join {earlier} o "
        "on n.organisation = o.organisation",
        "left": f"select count(*) from {earlier} o left anti join {later} n "
        "on n.organisation = o.organisation",
    }


def movement_of(answers: Mapping[str, Sequence[Row]]) -> Movement:
    """Return what the engine answered to `moved`."""
    ((rose, same, fell, change),) = answers["counts"]
    ((joined,),), ((left,),) = answers["joined"], answers["left"]
    first = tuple(Moved(*row) for row in answers["first"])
    last = tuple(Moved(*row) for row in reversed(answers["last"]))
    return Movement(rose, same, fell, joined, left, int(change or 0), first, last)


def _places(some: Iterable[Number]) -> dict[Number, str]:
    """Return columns, each once, with what they are called in a query."""
    return {one: f"c{place}" for place, one in enumerate(dict.fromkeys(some))}


def _parted(asked: Asked, places: Mapping[Number, str]) -> str:
    """Return columns, in parts of their spans, of those who are compared."""
    wanted = ", ".join(f"{_part(one, PARTS)} as {name}" for one, name in places.items())
    return f"(select {wanted} from {_compared(asked)}) as parted"


def _whole(cells: Row) -> list[int]:
    """Return sums as whole numbers; those of nobody are 0."""
    return [int(cell or 0) for cell in cells]


def quoted(name: str) -> str:
    """Return a name of a column as SQL has it, whatever letters are in it."""
    return "`" + name.replace("`", "``") + "`"


def _compared(asked: Asked) -> str:
    return f"(select * from results where cycle = {asked.cycle} and compared) as compared_ones"


def _group(asked: Asked) -> str:
    return f"coalesce({quoted(asked.by)}, '')" if asked.by else "''"


def _part(one: Number, parts: int, table: str = "") -> str:
    """Return which of so many equal parts of its span a value lies in; the end is one of its own."""
    name, span = table + quoted(one.name), max(one.highest - one.lowest, 1)
    return (
        f"case when {name} < {one.lowest} then 0 when {name} > {one.highest} then {parts} "
        f"else (({name} - {one.lowest}) * {parts}) div {span} end"
    )


def _in_parts(some: Sequence[Number]) -> Iterator[list[Number]]:
    for first in range(0, len(some), _AT_ONCE):
        yield list(some[first : first + _AT_ONCE])
