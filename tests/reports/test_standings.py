"""The board's charts: what they show is in their words, and prints."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from msgspec import structs

from survey_service.analysis.spread import spread
from survey_service.analysis.standings import Standing, side_by_side
from survey_service.maturity.cards import packed_nodes
from survey_service.maturity.instrument import Scale
from survey_service.maturity.scoring import Card, NodeScore, score
from survey_service.reports.charts.distribution import distribution
from survey_service.reports.charts.slope import Slope, slope
from survey_service.reports.standings import among_peers, figure, figures
from tests.samples import FLAGSHIP, ROOT, TINY, given, load

TWO = load(TINY / "two_dimensions.yaml")
DIMENSIONS = [node.code for node in TWO.nodes]
FIVE = Scale(Decimal(1), Decimal(5))


def _standing(number: int, *values: str) -> Standing:
    own, index, first, second = map(Decimal, values)
    scores = dict(zip(DIMENSIONS, (first, second), strict=True))
    nodes = {code: NodeScore(each, Decimal(1), 1, 1) for code, each in scores.items()}
    card = Card(index, None, (), 5, 5, nodes)
    return Standing(
        number,
        f"Kota {number}",
        "city",
        number,
        "final",
        5,
        5,
        index,
        own,
        nodes=packed_nodes(TWO, card),
    )


ROWS = [
    _standing(1, "4", "3", "2", "4"),
    _standing(2, "2", "2", "1", "3"),
    _standing(3, "3", "3.5", "4", "3"),
]


THREE = side_by_side(TWO, ROWS)


def _words(drawn: str) -> str:
    """Return the title and the description of an image, whose elements hold nothing a page forbids."""
    root = ET.fromstring(drawn)
    for element in root.iter():
        assert not {"style", "class"} & set(element.attrib)
    title, description = root[0], root[1]
    assert title.tag.endswith("title")
    return f"{title.text}: {description.text}"


def test_each_figure_has_its_values_in_words_and_as_a_table() -> None:
    found = {one.code: one for one in figures(TWO, THREE, "en")}

    assert "city: median 3.00, n = 3" in _words(found["index"].drawn)
    assert "Kota 1: " in _words(found["field"].drawn)
    assert "Kota 1: Verified 3.00, Self 4.00" in _words(found["verified"].drawn)
    assert "Kota 2" not in _words(found["verified"].drawn)  # verified as it said
    assert found["verified"].table.rows[0] == ("Kota 1", Decimal(4), Decimal(3), Decimal(-1))
    assert ("final", 3) in found["coverage"].table.rows


def test_without_anything_handed_in_nothing_is_drawn() -> None:
    waiting = side_by_side(TWO, [Standing(1, "Kota", "city")])

    found = figures(TWO, waiting, "id")

    (coverage,) = found
    assert "belum mulai 1" in coverage.drawn
    assert coverage.table.rows[0] == ("belum mulai", 1)


def test_who_is_withdrawn_is_listed_where_nobody_is_compared() -> None:
    withdrawn = side_by_side(TWO, [Standing(1, "Kota", "city", withdrawn="Merged.")])

    _, index = figures(TWO, withdrawn, "id")

    assert (index.code, index.drawn, len(index.table.rows)) == ("index", "", 1)


def test_a_board_of_nobody_is_empty() -> None:
    assert [one.drawn for one in figures(TWO, side_by_side(TWO, []), "id")] == [""]
    for code in ("index", "dimensions", "field", "verified"):
        nothing = figure(code, TWO, side_by_side(TWO, []), "id")
        assert nothing is not None
        assert nothing.drawn == ""


def test_one_stands_among_its_peers_with_their_median() -> None:
    dots, web = among_peers(TWO, THREE, ROWS[0], "en")

    assert "median of peers 2.50" in _words(dots.drawn)  # (1 + 4) / 2
    assert "2.00" in _words(web)


def test_dimensions_of_points_are_compared_by_how_much_they_reach() -> None:
    points = load(TINY / "points.yaml")
    card = score(points, given(P1={"option": "A"}, P2={"option": "A"}, P3={"option": "A"}))
    full = Standing(1, "A", "city", 1, "final", 1, 1, card.index, nodes=packed_nodes(points, card))

    found = {one.code: one for one in figures(points, side_by_side(points, [full]), "en")}

    assert found["dimensions"].table.rows[0][1] == Decimal(100)
    assert "A: Plan 100.00" in _words(found["field"].drawn)


def test_a_table_on_a_page_is_the_beginning_of_the_one_to_take_along() -> None:
    shown = {one.code: one for one in figures(TWO, THREE, "en", 2)}
    whole = figure("index", TWO, THREE, "en")

    assert [len(shown[code].table.rows) for code in ("index", "field", "verified")] == [2, 2, 2]
    assert [shown[code].rows for code in ("index", "field", "verified")] == [3, 3, 2]
    assert whole is not None
    assert [row[0] for row in whole.table.rows] == ["Kota 1", "Kota 2", "Kota 3"]
    assert figure("nothing", TWO, THREE, "en") is None


def test_who_is_withdrawn_is_told_with_the_reason_and_not_compared() -> None:
    gone = structs.replace(ROWS[0], withdrawn="Merged with Kota 2.")
    board = side_by_side(TWO, [gone, *ROWS[1:]])

    found = {one.code: one for one in figures(TWO, board, "en")}

    assert ("withdrawn", 1) in found["coverage"].table.rows
    row = found["index"].table.rows[0]
    assert (row[0], row[2], row[7]) == ("Kota 1", "withdrawn", "Merged with Kota 2.")
    assert "n = 2" in _words(found["index"].drawn)
    assert "Kota 1" not in found["field"].drawn + found["verified"].drawn


def test_a_line_over_a_change_of_version_is_visibly_broken() -> None:
    rows = [Slope("x", Decimal(2), Decimal(3)), Slope("y", Decimal(3), Decimal(3))]

    joined = slope(rows, ("2025", "2026"), FIVE, "t", "en")
    broken = slope(rows, ("2025", "2026"), FIVE, "t", "en", broken=True)

    assert "stroke-dasharray" not in joined
    assert "≠" in broken
    assert "x 2.00 → 3.00" in _words(broken)


def test_lines_take_the_height_between_the_marks_around_them() -> None:
    drawn = slope([Slope("x", Decimal(2), Decimal(3))], ("a", "b"), FIVE, "t", "en")

    places = {element.get("cy") for element in ET.fromstring(drawn).iter() if element.get("cy")}
    assert places == {"30.0", "290.0"}  # from the top to 260 below it


def test_equal_values_are_seen_one_by_one() -> None:
    ends = FIVE.lowest, FIVE.highest
    four, one = (spread(np.array(each, np.int32), 0, ends) for each in ([3, 3, 3, 3], [1]))
    drawn = distribution([("g", four), ("alone", one)], FIVE, "t", "en")

    dots = {line for line in drawn.split("<") if line.startswith("circle")}
    assert len(dots) == 5 + 1  # and the one of the legend


def test_many_values_are_columns_of_which_there_are_no_more_than_fit() -> None:
    ends = FIVE.lowest, FIVE.highest
    many = spread(np.array([10, 30, 30, 40] * 5_000, np.int32), 1, ends)

    drawn = distribution([("g", many)], FIVE, "t", "en")

    assert "<circle" not in drawn
    assert drawn.count("<rect") == 1 + 3 + 2  # the middle half, a column for each value; the legend
    assert '1.07: 5000"' in drawn
    assert "g: median 3.00, n = 20000" in _words(drawn)


def test_a_dot_tells_whose_it_is_and_how_much() -> None:
    found = {one.code: one.drawn for one in figures(TWO, THREE, "en")}

    for code in ("index", "dimensions"):
        assert re.search(r'aria-label="Kota 1: \d\.\d\d"><title>Kota 1: ', found[code])
    assert 'aria-label="Kota 1: ' in found["field"]


def test_every_chart_of_marks_has_one_on_the_way_of_the_tab_key_and_a_legend() -> None:
    dots, web = among_peers(TWO, THREE, ROWS[0], "en")
    found = {one.code: one.drawn for one in figures(TWO, THREE, "en")}

    for drawn in (dots.drawn, web, found["index"], found["field"], found["dimensions"]):
        assert drawn.count('tabindex="0"') == 1
        assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" role="group"')
    assert ">an organisation</text>" in found["index"]
    assert ">median of peers</text>" in dots.drawn
    assert ">median of peers</text>" in web
    assert re.search(r">4\.2 . 5</text>", found["field"])


@pytest.mark.parametrize("path", sorted((ROOT / "questionnaires").glob("*/*.yaml")), ids=str)
def test_every_questionnaire_of_the_library_has_a_board(path: object) -> None:
    questionnaire = load(path)  # type: ignore[arg-type] # a path
    empty = packed_nodes(questionnaire, Card(None, None, (), 0, 0, {}))
    board = side_by_side(questionnaire, [Standing(1, "x", "city", 1, "final", nodes=empty)])

    found = figures(questionnaire, board, "id")

    assert found
    assert all(one.table.headings for one in found)


def test_the_flagship_names_its_dimensions() -> None:
    found = figure("dimensions", load(FLAGSHIP), side_by_side(load(FLAGSHIP), []), "id")

    assert found is not None
    assert found.table.rows[0][0] == "Sistem merit dan kompetensi"
