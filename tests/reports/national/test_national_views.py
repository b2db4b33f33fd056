"""Each view of a cycle: an ordinary one, and those in which there is little or nothing to tell."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import msgspec
import numpy as np
import pytest
from arro3.io import read_parquet

from survey_service import clock
from survey_service.analysis.columns import Columns, Member, columns
from survey_service.analysis.selection import KIND, Filters, Selection, select, whole
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.cycles import Window
from survey_service.conduct.life import State
from survey_service.errors import NotFoundError
from survey_service.maturity.cards import NOTHING
from survey_service.maturity.conditions import Attributes
from survey_service.reports import parquet
from survey_service.reports.national.comparison import comparison, first
from survey_service.reports.national.coverage import Day, NotBegun, coverage, meant, progress
from survey_service.reports.national.distribution import DRAWN, distribution
from survey_service.reports.national.heatmap import heatmap
from survey_service.reports.national.indicators import indicators
from survey_service.reports.national.movers import movers, no_movers
from survey_service.reports.national.packages import About, package
from survey_service.reports.national.regions import regions
from survey_service.reports.national.view import Asked, View, part
from tests.samples import tiny

ASKED = tiny("two_dimensions")


def coverage_(of: Selection, asked: Asked, language: str) -> View:
    return coverage(of, [], asked, language)


CODES = ("", "merit", "oversight", "A", "B", "C", "D", "E")
TOP = Ancestor(1, "Country")
Values = tuple[float | None, ...]
ONES: Values = (1,) * 8


def _cycle(
    *values: Values,
    kind: Callable[[int], str] = lambda _: "city",
    attributes: Callable[[int], Attributes] = lambda _: {},
    state: State = "final",
) -> Selection:
    """Return a cycle of organisations with values of the codes, in their order."""
    members = tuple(
        Member(n, 10 + n, f"Kota {n}", kind(n), attributes(n), (TOP,), state, 5, 5)
        for n in range(1, len(values) + 1)
    )
    empty = columns(ASKED, members, {})
    units = np.array(
        [[NOTHING if one is None else round(one * 10**6) for one in row] for row in values], "<i4"
    ).reshape(len(values), len(CODES))
    of = Columns(members, CODES, {**empty.values, "final": units}, empty.grades)
    return whole(ASKED, of)


THREE = _cycle(
    (2, 2, 2, 1, 2, 2, 2, 2),
    (3, 3.5, 2.25, 5, 3, 2, 2, 2.75),
    (4, 4, 4, 4, 4, 4, 4, None),
    attributes=lambda n: {"region": "North" if n < 3 else "South"},
)
EMPTY = _cycle()
UNDER_WAY = _cycle(ONES, ONES, state="draft")
ALONE = _cycle((3, 3.5, 2.25, 5, 3, 2, 2, 2.75))
EQUAL = _cycle(*[(3,) * 8] * 6)
WITHOUT_A_NODE = _cycle(*[(3, 3, None, 3, 3, None, None, None)] * 2)


def _rows(view: View) -> list[list[object]]:
    """Return the rows, which have a cell for each field."""
    assert {len(row) for row in view.rows} <= {len(view.fields)}
    return [list(row) for row in view.rows]


def _compared(of: Selection, one: int, other: int = 0, seen: set[int] | None = None) -> View:
    return comparison(of, of, seen, Asked(one=one, other=other), "en")


# Distribution


def test_a_distribution_has_the_index_and_every_node() -> None:
    found = distribution(THREE, Asked(), "en")

    assert [row[:4] for row in _rows(found)] == [
        ["index", 3, 0, Decimal(3)],
        ["Merit", 3, 0, Decimal("3.166666")],  # (2 + 3.5 + 4) / 3, cut off
        ["Oversight", 3, 0, Decimal("2.75")],
    ]
    lowest, median, highest = (
        [one.name for one in found.fields].index(name) for name in ("p0", "p50", "p100")
    )
    assert [_rows(found)[0][place] for place in (lowest, median, highest)] == [2, 3, 4]
    assert "<svg" in found.drawn


def test_quantiles_of_a_few_are_left_out_with_why() -> None:
    three, many = (
        distribution(of, Asked(), "en")
        for of in (THREE, _cycle(*[(n % 5 + 1,) * 8 for n in range(21)]))
    )

    names = [one.name for one in three.fields]
    told = {name: cell for name, cell in zip(names, three.rows[0], strict=True) if cell is None}
    assert set(told) == {"p5", "p25", "p75", "p95"}
    assert "Quartiles are told of 5 and more" in three.words
    assert None not in many.rows[0]
    assert many.words == ""


def test_a_thousand_groups_of_one_are_counted_and_not_all_drawn() -> None:
    of = _cycle(*[ONES] * 1000, attributes=lambda n: {"office": f"Office {n:04}"})

    found = distribution(of, Asked(by="office"), "en")
    tiles = regions(of, Asked(by="office"), "en")

    assert [row[:3] for row in _rows(found)][::999] == [
        ["Office 0001", 1, 0],
        ["Office 1000", 1, 0],
    ]
    assert f"The chart has the first {DRAWN} of 1000 groups" in found.words
    assert "the first 98 of 1000" in tiles.words
    assert found.drawn.count("Office") < 1000
    assert len(part(found, Asked(start=990, limit=100)).rows) == 10


# Regions


def test_regions_have_their_median_and_mean() -> None:
    found = regions(THREE, Asked(by="region", node="merit"), "en")

    assert _rows(found) == [["North", 2, Decimal(2), Decimal("2.75")], ["South", 1, 4, 4]]
    assert found.title == "Merit by region"
    assert "of an even number, the lower of the two in the middle" in found.words
    assert "<svg" in found.drawn


# Heatmap


def test_a_heatmap_has_everybody_from_the_highest_or_sorted_by_any_column() -> None:
    found = heatmap(THREE, Asked(), "en")
    by_part = heatmap(THREE, Asked(tier=0, sort="A", descending=True), "en")
    by_name = heatmap(THREE, Asked(sort="organisation", descending=True, start=1, limit=1), "en")

    assert [[row[0], *row[3:]] for row in _rows(found)] == [
        ["Kota 3", 4, 4, 4],
        ["Kota 2", 3, Decimal("3.5"), Decimal("2.25")],
        ["Kota 1", 2, 2, 2],
    ]
    assert [row[0] for row in _rows(by_part)] == ["Kota 2", "Kota 3", "Kota 1"]
    assert [row[0] for row in _rows(by_name)] == ["Kota 2"]
    assert (found.links, by_name.count) == ([13, 12, 11], 3)


# Indicators


def test_indicators_go_from_the_weakest_to_the_strongest_with_how_many_stand_where() -> None:
    found = indicators(THREE, Asked(), "en")

    # of 1 to 5: C and D at 2, 2 and 4 reach (1 + 1 + 3) / 12; E at 2 and 2.75 reaches 2.75 / 8
    assert [(row[0], row[3], row[4]) for row in _rows(found)] == [
        ("E", 2, Decimal("34.4")),
        ("D", 3, Decimal("41.7")),
        ("C", 3, Decimal("41.7")),
        ("B", 3, Decimal("50.0")),
        ("A", 3, Decimal("58.3")),
    ]
    assert _rows(found)[-1][5:] == [1, 0, 0, 1, 1]
    assert "<svg" in found.drawn


@pytest.mark.parametrize("view", [distribution, regions, coverage_])
def test_groups_of_an_attribute_are_texts_that_programs_read(
    view: Callable[[Selection, Asked, str], View],
) -> None:
    of = _cycle(ONES, ONES, attributes=lambda n: {"region": ("North", "South")[n % 2]})

    found = view(of, Asked(by="region"), "en")

    assert [row[0] for row in json.loads(msgspec.json.encode(found.rows))] == ["North", "South"]


# Movers


def test_movers_are_who_has_an_index_in_both_cycles_with_both_ranks() -> None:
    before = _cycle((3,) * 8, (2.5,) * 8)

    found = movers(before, THREE, Asked(), "en")

    assert [[row[0], *row[2:]] for row in _rows(found)] == [
        ["Kota 2", Decimal("2.5"), 3, Decimal("0.5"), 2, 1],
        ["Kota 1", 3, 2, -1, 1, 2],
    ]
    assert found.words == "With a result only now: 1; only before: 0."


def test_who_fell_most_comes_first_where_that_is_asked_for() -> None:
    before = _cycle((3,) * 8, (2.5,) * 8)

    found = movers(before, THREE, Asked(descending=True, limit=1), "en")

    assert [row[0] for row in found.rows] == ["Kota 1"]
    assert found.links == [11]


def test_who_never_moved_share_a_rank() -> None:
    found = movers(EQUAL, EQUAL, Asked(limit=2), "en")

    assert [row[4:] for row in _rows(found)] == [[0, 1, 1]] * 2
    assert found.count == 6


def test_without_an_earlier_cycle_nobody_moved() -> None:
    found = no_movers(THREE, Asked(), "en")

    assert (found.count, bool(found.words)) == (0, True)


# Comparison


def test_one_stands_among_all_and_beside_another() -> None:
    among, beside = _compared(THREE, 12), _compared(THREE, 12, 13)

    assert among.title == "Kota 2 among 3 organisations"
    assert _rows(among)[1] == ["Merit", Decimal("3.5"), 2, Decimal("3.5"), 4]
    assert beside.title == "Kota 2 beside Kota 3"
    assert _rows(beside)[1][:4] == ["Merit", Decimal("3.5"), 4, Decimal("-0.5")]
    with pytest.raises(NotFoundError):
        _compared(THREE, 99)


def test_whoever_sees_only_themselves_is_told_what_others_reach_and_nobody_is_named() -> None:
    of = _cycle(*[(n / 2,) * 8 for n in range(2, 9)])  # 1 … 4
    own = select(of, Filters(), {14})

    found = comparison(own, of, {14, 99}, Asked(one=14), "en")

    assert found.title == "Kota 4 among its peers"
    # of 1, 1.5, 2, 3, 3.5 and 4, without their own 2.5
    assert _rows(found)[0] == [
        "index",
        Decimal("2.5"),
        Decimal("1.625"),
        Decimal("2.5"),
        Decimal("3.375"),
    ]
    assert "none of whom is named" in found.words
    told = " ".join(
        [found.title, found.words, str(found.rows), *(one.title for one in found.fields)]
    )
    assert [n for n in range(1, 8) if f"Kota {n}" in told] == [4]
    with pytest.raises(NotFoundError):  # nobody else stands beside them
        comparison(own, of, {14, 99}, Asked(one=14, other=11), "en")


@pytest.mark.parametrize(
    ("of", "seen"),
    [
        pytest.param(_cycle(ONES), {11, 12}, id="nobody-else"),
        pytest.param(_cycle(*[ONES] * FEWEST), {11}, id="too-few"),
        pytest.param(_cycle(*[ONES] * (FEWEST + 2)), {11, 12, 13}, id="too-few-unseen"),
        pytest.param(
            _cycle(*[ONES] * 9, kind=lambda n: "city" if n < FEWEST else "body"),
            {11},
            id="too-few-of-the-kind",
        ),
    ],
)
def test_of_too_few_whom_somebody_does_not_see_nothing_is_told(
    of: Selection, seen: set[int]
) -> None:
    found = comparison(select(of, Filters(), seen), of, seen, Asked(one=11), "en")

    assert {cell for row in _rows(found) for cell in row[2:]} == {None}
    assert "too few have handed in" in found.words


def test_what_too_few_others_have_a_value_of_is_left_out() -> None:
    rest: list[Values] = [(2, 2, None, 2, 2, None, None, None)] * 2
    of = _cycle(*[ONES] * FEWEST, *rest)

    found = comparison(select(of, Filters(), {11}), of, {11}, Asked(one=11), "en")

    assert [row[2:] for row in _rows(found)] == [
        [1, 1, Decimal("1.75")],
        [1, 1, Decimal("1.75")],
        [None] * 3,
    ]


def test_filters_change_nothing_of_what_is_told_of_the_unseen() -> None:
    of = _cycle(*[(1 + n / 4,) * 8 for n in range(9)], attributes=lambda n: {"region": str(n % 2)})
    seen = {11, 12, 13}

    narrow, wide = (
        comparison(select(of, filters, seen), of, seen, Asked(one=11), "en")
        for filters in (Filters(attribute="region", value="1"), Filters())
    )

    assert narrow.rows == wide.rows


def test_who_is_compared_where_nobody_says_is_the_reader_or_whoever_comes_first() -> None:
    assert first(THREE, 12) == 12
    assert first(THREE, 99) == 11
    assert first(UNDER_WAY, 11) == 0


# Coverage and progress


def test_coverage_counts_by_group_where_everybody_stands() -> None:
    left = [NotBegun("body", {}), NotBegun("city", {"region": "North"}, withdrawn=True)]
    many = [NotBegun("city", {})]

    found = coverage(THREE, left, Asked(by=KIND), "en")

    names = [one.name for one in found.fields]
    counts = [
        {name: cell for name, cell in zip(names, row, strict=True) if cell} for row in found.rows
    ]
    assert counts == [
        {"group": "body", "participants": 1, "not_begun": 1},
        {"group": "city", "participants": 4, "final": 3, "withdrawn": 1, "handed_in_percent": 100},
    ]
    shares = [coverage(THREE, many * count, Asked(), "en").rows[0][-1] for count in (5, 500, 1000)]
    assert shares == [38, 1, 1]  # of 3 of 8: 37.5; of 3 of 1003, 0.3: somebody is not nobody


def test_who_has_not_begun_is_filtered_as_the_others_are() -> None:
    one = NotBegun("city", {"region": "North"})

    assert meant(one, Filters(kind="city", attribute="region", value="North"))
    assert not meant(one, Filters(kind="body"))
    assert not meant(one, Filters(attribute="region", value="South"))


def test_progress_adds_up_day_by_day_and_says_when_stages_end() -> None:
    days = [Day(dt.date(2026, 3, 1), 2, 0), Day(dt.date(2026, 3, 5), 1, 2)]
    window = Window(dt.date(2026, 1, 1), dt.date(2026, 6, 30))

    found = progress(days, {"self": window}, 7, "en")

    assert _rows(found) == [[days[0].on, 2, 2, 0, 0], [days[1].on, 1, 3, 2, 2]]
    assert found.words == (
        "Handed in, over all: 3, of 7 that take part. Last days: self-assessment: 30 Jun 2026."
    )
    assert "5 Mar 2026: 3 handed in, 2 final" in found.drawn


def test_a_long_course_is_drawn_without_a_dot_for_each_day() -> None:
    start, window = dt.date(2026, 1, 1), Window(dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    days = [Day(start + dt.timedelta(days=n), 1, 0) for n in range(100)]

    found = progress(days, {"self": window, "external": window}, 100, "en")

    assert "<circle" not in found.drawn
    assert found.drawn.count("stroke-dasharray") == 2  # both deadlines are on a day; and the legend


# Little or nothing to tell

VIEWS: dict[str, Callable[[Selection], View]] = {
    "distribution": lambda of: distribution(of, Asked(), "en"),
    "distribution-by": lambda of: distribution(of, Asked(by="region", node="oversight"), "en"),
    "regions": lambda of: regions(of, Asked(by=KIND, node="oversight"), "en"),
    "heatmap": lambda of: heatmap(of, Asked(tier=0), "en"),
    "indicators": lambda of: indicators(of, Asked(), "en"),
    "movers": lambda of: movers(of, of, Asked(node="oversight"), "en"),
    "comparison": lambda of: _compared(of, first(of, 0)),
    "coverage": lambda of: coverage(of, (), Asked(), "en"),
    "progress": lambda _: progress((), {}, 0, "en"),
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("of", [EMPTY, UNDER_WAY], ids=["empty", "nobody-handed-in"])
def test_of_nobody_there_is_no_number(view: str, of: Selection) -> None:
    found = VIEWS[view](of)

    numbers = [cell for row in _rows(found) for cell in row if isinstance(cell, Decimal)]
    assert numbers == []
    assert found.drawn == ""
    assert (found.count > 0) == (view == "coverage" and of is UNDER_WAY)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "of", [ALONE, EQUAL, WITHOUT_A_NODE], ids=["one", "all-equal", "a-node-is-missing"]
)
def test_little_is_told_as_it_is(view: str, of: Selection) -> None:
    found = VIEWS[view](of)

    for row in _rows(found):
        for cell in row:
            assert not isinstance(cell, float)
            assert not isinstance(cell, Decimal) or cell.is_finite()
            assert not isinstance(cell, Decimal) or abs(cell) <= 100


def test_a_node_that_nobody_has_is_none_everywhere() -> None:
    spread, beside = distribution(WITHOUT_A_NODE, Asked(), "en"), _compared(WITHOUT_A_NODE, 11)
    by_region = regions(WITHOUT_A_NODE, Asked(by=KIND, node="oversight"), "en")

    assert set(_rows(spread)[2][3:]) == {None}
    assert _rows(spread)[2][:3] == ["Oversight", 0, 2]
    assert _rows(beside)[2] == ["Oversight", None, None, None, None]
    assert _rows(by_region) == [["city", 0, None, None]]


# Packages


def test_a_package_tells_of_every_column_in_both_languages_and_holds_what_is_shown() -> None:
    views = {language: heatmap(THREE, Asked(), language) for language in ("id", "en")}
    about = About("2026", ASKED.reference, "d1", "en", {"kind": "city"}, clock.now())

    content = package(views, THREE, about)

    with ZipFile(BytesIO(content)) as archive:
        told = json.loads(archive.read("datapackage.json"))
        written = archive.read("heatmap.csv").decode()
        columns = read_parquet(BytesIO(archive.read("heatmap.parquet"))).read_all()
    fields = {one["name"]: one for one in told["resources"][0]["schema"]["fields"]}
    assert fields["organisation"]["titles"] == {"id": "Instansi", "en": "Organisation"}
    assert (fields["merit"]["type"], fields["merit"]["unit"]) == ("number", "1 … 5")
    assert fields["merit"]["titles"] == {"id": "Merit", "en": "Merit"}
    assert (told["cycle"], told["questionnaire"], told["asked"]) == (
        "2026",
        "two-dimensions@1",
        {"kind": "city"},
    )
    assert written.splitlines()[:2] == [
        "organisation,kind,grade,index,merit,oversight",
        "Kota 3,city,,4,4,4",
    ]
    assert [one["path"] for one in told["resources"]] == ["heatmap.csv", "heatmap.parquet"]
    assert columns.schema.names == ["organisation", "kind", "grade", "index", "merit", "oversight"]
    assert columns["index"].to_pylist() == [4.0, 3.0, 2.0]
    assert columns["grade"].to_pylist() == [None] * 3


def test_without_the_extra_a_package_has_no_parquet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    about = About("2026", ASKED.reference, "", "en", {}, clock.now())

    with ZipFile(BytesIO(package({"en": heatmap(THREE, Asked(), "en")}, THREE, about))) as archive:
        assert archive.namelist() == ["datapackage.json", "heatmap.csv"]


def test_columns_of_a_package_are_told_apart_and_formulas_are_none() -> None:
    of = _cycle(ONES)
    odd = View(
        "odd",
        "Odd",
        [*heatmap(of, Asked(), "en").fields[:1]] * 2,
        [["=1+1", "@x"]],
        1,
    )
    about = About("2026", ASKED.reference, "", "en", {}, clock.now())

    with ZipFile(BytesIO(package({"en": odd}, of, about))) as archive:
        written = archive.read("odd.csv").decode()

    assert written == "organisation,organisation_2\r\n'=1+1,'@x\r\n"
