"""Ranks as intervals and how a questionnaire hangs together, in words and as tables."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from msgspec import structs

from survey_service.analysis.analyses import seed_of_results
from survey_service.analysis.columns import Columns
from survey_service.analysis.releases import Release, row_of
from survey_service.analysis.selection import Selection, whole
from survey_service.conduct.assessment import Organisation
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import score
from survey_service.reports.charts.intervals import Interval, intervals
from survey_service.reports.national import robustness as ranks
from survey_service.reports.national.coherence import coherence
from survey_service.reports.national.robustness import robustness
from survey_service.reports.national.view import Asked, View
from survey_service.reports.national_paper import National, values
from tests.national import ASKED, cycle, five
from tests.samples import numbers, tiny

ALL = Asked()
FOUR = [five(5, 5, 5, 5, 5), five(4, 2, 1, 2, 3), five(1, 2, 4, 3, 2), five(1, 1, 1, 1, 1)]


def _ranked(selection: Selection, seed: int = 7, asked: Asked = ALL) -> list[View]:
    return robustness(selection, seed, asked, "en")


def test_who_is_best_whatever_is_decided_has_no_interval_and_the_middle_does() -> None:
    first, assumptions, weightings = _ranked(cycle(FOUR))

    bands = {row[0]: row[3:] for row in first.rows}
    assert bands["Agency 1"] == [1, 1, 1, 1]
    assert bands["Agency 4"] == [4, 4, 4, 4]
    # 0.6*2.5+0.4*2 = 2.3 and 0.6*1.75+0.4*3 = 2.25: as near as that, weights decide
    assert bands["Agency 2"][0] == 2
    assert (bands["Agency 2"][1], bands["Agency 2"][3]) == (2, 3)
    assert "depend most on: the weights" in first.words
    assert assumptions.rows[0][0] == "the weights"
    assert {row[3] for row in weightings.rows} <= {
        "nearly the same order", "much the same order", "another order",
    }  # fmt: skip


def test_the_same_seed_gives_the_same_figures_and_is_printed() -> None:
    once, again = _ranked(cycle(FOUR), 7), _ranked(cycle(FOUR), 7)

    assert once == again
    assert "Seed 7, 1,000 draws" in once[0].words


def test_the_national_report_tells_the_ranks_that_the_page_does() -> None:
    asked, kinds = tiny("organisations"), ["city"] * 4
    answers = [numbers(A=a, B=b) for a, b in ((1, 5), (4, 2), (3, 3), (2, 5))]
    rows = tuple(
        row_of(
            Organisation(place, f"Agency {place}", "city", {}),
            asked,
            score(asked, given, profile=Profile("city")),
            given,
        )
        for place, given in enumerate(answers, start=1)
    )
    release = Release("Cycle", asked, "digest", b"", len(rows), rows, (), fewest=2)

    page, *_ = _ranked(cycle(answers, asked=asked, kinds=kinds), seed_of_results("digest"))
    report = values(National(release, "Country", dt.datetime(2026, 1, 1, tzinfo=dt.UTC), {}), "en")

    placed, robust = report["placed"], report["robust"]
    assert isinstance(placed, list)
    assert isinstance(robust, list)
    told = {one.row.name: (one.rank, one.band) for one in placed}
    assert told == {row[0]: (row[3], (row[4], row[6])) for row in page.rows}
    assert {band for _, band in told.values()} == {(1, 3), (1, 4), (2, 4)}
    assert robust[-1] == page.words.splitlines()[-1]


def test_a_page_has_its_bars_and_a_file_of_all_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_DRAWN", 3)

    page, *_ = _ranked(cycle(FOUR), asked=Asked(limit=3))
    whole, *_ = _ranked(cycle(FOUR))

    assert "Agency 3" in page.drawn
    assert (len(whole.rows), whole.drawn) == (4, "")


def test_many_bars_are_several_pictures_each_of_which_fits_on_a_sheet() -> None:
    many = [five(1 + place % 5, 2, 3, 1 + place % 3, 5) for place in range(45)]

    found, *_ = _ranked(cycle(many))

    assert found.drawn.count("<svg") == 3
    assert all(f">Agency {number}<" in found.drawn for number in range(1, 46))


def test_a_page_of_ranks_goes_on_where_the_one_before_ended() -> None:
    first, *_ = _ranked(cycle(FOUR), asked=Asked(start=1, limit=2))

    assert [row[3] for row in first.rows] == [2, 3]
    assert first.count == 4
    assert first.links == [2, 3]


def test_all_alike_are_told_apart_by_nothing() -> None:
    first, assumptions, weightings = _ranked(cycle([five(2, 2, 2, 2, 2)] * 3))

    assert {tuple(row[3:]) for row in first.rows} == {(1, 1, 1, 1)}
    assert "All have the same rank" in first.words
    assert {row[1] for row in assumptions.rows} == {None}
    assert assumptions.words.startswith("No rank changes, whatever is decided")
    why = "cannot be told: one of the two ways has all alike"
    assert {tuple(row[1:]) for row in weightings.rows} == {(None, None, why)}


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_have_no_ranks_to_speak_of(count: int) -> None:
    for views in (_ranked(cycle(FOUR[:count])), coherence(cycle(FOUR[:count]), ALL, "en")):
        assert [one.count for one in views] == [0] * len(views)
        assert {one.words for one in views} == {
            "It takes at least two organisations with a result."
        }


def test_too_many_are_asked_to_be_narrowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "MOST", 3)

    first, *_ = _ranked(cycle(FOUR))

    assert first.count == 0
    assert "4 organisations, too many" in first.words
    assert "at most 3" in first.words


def test_an_index_that_is_no_mean_of_its_parts_is_told_so() -> None:
    lowest = structs.replace(ASKED, combine="minimum")

    first, *_ = _ranked(cycle(FOUR, asked=lowest))

    assert first.count == 0
    assert "no mean of its parts" in first.words


def test_weights_by_kind_are_taken_where_all_are_of_one_kind() -> None:
    asked = tiny("organisations")
    cities = [numbers(A=a, B=b) for a, b in ((1, 5), (4, 2), (3, 3))]
    ministry = numbers(A=1, C=2, D=5)

    alone, *_ = _ranked(cycle(cities, asked=asked, kinds=["city"] * 3))
    mixed, *_ = _ranked(
        cycle([*cities, ministry], asked=asked, kinds=["city", "city", "city", "ministry"])
    )

    # 0.4*1+0.6*5 = 3.4, then 3, and 0.4*4+0.6*2 = 2.8
    assert [row[0] for row in alone.rows] == ["Agency 1", "Agency 3", "Agency 2"]
    assert "rules beyond means" not in alone.words
    assert "rules beyond means" in mixed.words


def test_a_kind_that_is_asked_nothing_is_ranked_by_the_weights_of_all() -> None:
    asked = tiny("organisations")
    both = whole(
        asked, _of_another_kind(cycle([numbers(A=1, B=5)] * 2, asked=asked, kinds=["city"] * 2))
    )

    first, *_ = _ranked(both)

    assert [row[3] for row in first.rows] == [1, 1]


def _of_another_kind(selection: Selection) -> Columns:
    assert selection.columns is not None
    members = tuple(structs.replace(one, kind="agency") for one in selection.members)
    return structs.replace(selection.columns, members=members)


def test_parts_are_told_with_what_they_decide() -> None:
    against = [five(1, 1, 5, 2, 3), five(2, 2, 4, 3, 3), five(3, 3, 3, 4, 3), five(4, 5, 1, 5, 3)]

    parts, pairs = coherence(cycle(against), ALL, "en")

    rows = {str(row[1]): row for row in parts.rows}
    assert [row[0] for row in parts.rows][:2] == ["index", "Merit"]
    assert str(rows["E"][7]) == "tells nobody apart: all have the same, or none"
    assert str(rows["C"][7]) == "works against D"
    assert "Indicators that tell nobody apart: E." in parts.words
    assert "work against one another" in parts.words
    assert "few organisations" in parts.words
    assert "An alpha below 0 tells" in parts.words
    assert pairs.rows[0][1:3] == ["C", "D"]
    assert pairs.rows[0][3] < 0  # type: ignore[operator] # a number
    assert pairs.rows[0][4] == "work against one another"
    # given: 0.6*1/4, 0.6*3/4, and three times 0.4/3
    assert [str(rows[code][5]) for code in "ABC"] == ["15.0", "45.0", "13.3"]


def test_where_no_alpha_or_correlation_can_be_told_stands_why() -> None:
    one_part = structs.replace(ASKED, nodes=ASKED.nodes[:1])

    alone, _ = coherence(cycle(FOUR, asked=one_part), ALL, "en")
    alike, pairs = coherence(cycle([five(1, 2, 3, 4, 3), five(2, 2, 2, 4, 5)]), ALL, "en")

    assert alone.rows[0][7] == "one part alone: it has no alpha"
    assert {row[1]: row[7] for row in alike.rows}["B"] == (
        "tells nobody apart: all have the same, or none"
    )
    untold = [row[4] for row in pairs.rows if row[3] is None]
    assert untold == ["cannot be told: one of the two tells nobody apart"] * len(untold) != []


def test_what_decides_less_than_its_weight_says_is_told() -> None:
    # merit weighs 60 and hardly differs
    hardly = [five(3, 3, 1, 1, 1), five(3, 3, 2, 2, 2), five(3, 4, 4, 4, 4), five(3, 3, 5, 5, 5)]

    parts, _ = coherence(cycle(hardly), ALL, "en")

    notes = {str(row[1]): row[7] for row in parts.rows}
    assert notes["B"] == "decides less than half of what its weight says"
    assert notes["C"] is None


def test_alpha_is_told_or_why_it_is_not() -> None:
    alike, _ = coherence(cycle([five(2, 2, 2, 2, 2)] * 3), ALL, "en")
    together, _ = coherence(
        cycle([five(1, 1, 1, 1, 1), five(3, 3, 3, 3, 3), five(5, 5, 5, 5, 5)]), ALL, "en"
    )
    apart, _ = coherence(
        cycle([five(1, 1, 5, 5, 5), five(2, 2, 4, 4, 4), five(5, 5, 2, 1, 1)]), ALL, "en"
    )

    assert "alpha cannot be told" in alike.words
    assert "is 1.00: the parts measure much the same" in together.words
    assert "the parts measure different things" in apart.words


def test_where_an_index_is_more_than_means_its_topmost_parts_are_looked_at() -> None:
    asked = tiny("bonus")
    many = [numbers(A=level, B=level, X=level) for level in (1, 2, 4)]

    parts, _ = coherence(cycle(many, asked=asked), ALL, "en")

    assert "topmost parts alone" in parts.words


def test_too_many_for_correlations_are_asked_to_be_narrowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranks, "MOST", 3)

    parts, _ = coherence(cycle(FOUR), ALL, "en")

    assert "too many" in parts.words


def test_the_bar_of_an_interval_goes_from_the_best_rank_to_the_worst() -> None:
    drawn = ET.fromstring(
        intervals([Interval("Agency <1>", 1, 2, 5, 3), Interval("B", 4, 4, 4, 4)], 5, "T", "id")
    )

    svg = "{http://www.w3.org/2000/svg}"
    widths = [float(one.get("width", "0")) for one in drawn.iter(f"{svg}rect")]
    # 590 units for ranks 1 to 5, and 3 beyond either end; then the legend's
    assert widths == [596.0, 6.0, 12.0]
    assert "Agency <1>: 3 (1 – 5)" in str(drawn.findtext(f"{svg}desc"))  # noqa: RUF001 - an en dash
    assert len(list(ET.fromstring(intervals([Interval("A", 1, 1, 1, 1)], 1, "T", "id")))) > 2
