"""The board's charts: what they show is in their words, and prints."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from survey_service.analysis.standings import Standing
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.distribution import distribution
from survey_service.reports.charts.slope import Slope, slope
from survey_service.reports.standings import among_peers, figures
from tests.samples import FLAGSHIP, ROOT, TINY, load

TWO = load(TINY / "two_dimensions.yaml")
DIMENSIONS = [node.code for node in TWO.nodes]
FIVE = Scale(Decimal(1), Decimal(5))


def _standing(number: int, *values: str) -> Standing:
    own, index, first, second = map(Decimal, values)
    nodes = dict(zip(DIMENSIONS, (first, second), strict=True))
    return Standing(
        number, f"Kota {number}", "city", number, "final", 5, 5, index, own, None, nodes
    )


THREE = [
    _standing(1, "4", "3", "2", "4"),
    _standing(2, "2", "2", "1", "3"),
    _standing(3, "3", "3.5", "4", "3"),
]


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
    waiting = [Standing(1, "Kota", "city")]

    found = figures(TWO, waiting, "id")

    assert [one.drawn for one in found[1:]] == [""] * 4
    assert "belum mulai 1" in found[0].drawn
    assert found[0].table.rows[0] == ("belum mulai", 1)


def test_a_board_of_nobody_is_empty() -> None:
    assert [one.drawn for one in figures(TWO, [], "id")] == [""] * 5


def test_one_stands_among_its_peers_with_their_median() -> None:
    dots, web = among_peers(TWO, THREE, THREE[0], "en")

    assert "median of peers 2.50" in _words(dots.drawn)  # (1 + 4) / 2
    assert "2.00" in _words(web)


def test_dimensions_of_points_are_compared_by_how_much_they_reach() -> None:
    points = load(TINY / "points.yaml")
    first = points.nodes[0]
    _, highest = points.spans[first.code]
    index = Decimal(highest.numerator) / highest.denominator
    full = Standing(1, "A", "city", 1, "final", 1, 1, index, index, nodes={first.code: index})

    found = {one.code: one for one in figures(points, [full], "en")}

    assert found["dimensions"].table.rows[0][1] == Decimal(100)


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
    drawn = distribution([("g", [Decimal(3)] * 4), ("alone", [Decimal(1)])], FIVE, "t", "en")

    assert len({line for line in drawn.split("<") if line.startswith("circle")}) == 5


@pytest.mark.parametrize("path", sorted((ROOT / "questionnaires").glob("*/*.yaml")), ids=str)
def test_every_questionnaire_of_the_library_has_a_board(path: object) -> None:
    questionnaire = load(path)  # type: ignore[arg-type] # a path
    nodes = {node.code: None for node in questionnaire.nodes}

    for one in figures(questionnaire, [Standing(1, "x", "city", 1, "final", nodes=nodes)], "id"):
        assert one.table.headings


def test_the_flagship_names_its_dimensions() -> None:
    found = figures(load(FLAGSHIP), [], "id")[2]

    assert found.table.rows[0][0] == "Sistem merit dan kompetensi"
