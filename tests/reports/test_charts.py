from decimal import Decimal
from xml.etree import ElementTree as ET

from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.bars import Bar, bars

ROWS = [Bar("Merit <1>", Decimal(3)), Bar("Selection", None, 1), Bar("Careers", Decimal("4.5"), 1)]
_SVG = "{http://www.w3.org/2000/svg}"


def test_a_bar_reaches_as_far_as_its_value_on_the_scale() -> None:
    widths = [rect.get("width") for rect in _drawn().iter(f"{_SVG}rect")]

    assert widths == ["100%", "50.00%", "100%", "100%", "87.50%"]  # (3-1)/4 and (4.5-1)/4


def test_the_scale_is_marked_at_every_level() -> None:
    texts = [text.text for text in _drawn().iter(f"{_SVG}text")]

    assert texts[-5:] == ["1", "2", "3", "4", "5"]


def test_the_text_alternative_tells_every_value_in_the_readers_notation() -> None:
    title = _drawn().find(f"{_SVG}title")

    assert title is not None
    assert title.text == "Index: Merit <1> 3,00; Selection –; Careers 4,50"  # noqa: RUF001


def test_nothing_in_the_chart_needs_a_style_sheet() -> None:
    attributes = {name for element in _drawn().iter() for name in element.attrib}

    assert not attributes & {"style", "class"}


def test_a_long_scale_is_marked_at_its_quarters() -> None:
    wide = Scale(lowest=Decimal(0), highest=Decimal(100))
    drawn = ET.fromstring(bars(ROWS[:1], wide, "Index", "id"))

    texts = [text.text for text in drawn.iter(f"{_SVG}text")]
    assert texts[-5:] == ["0", "25", "50", "75", "100"]


def _drawn() -> ET.Element:
    return ET.fromstring(bars(ROWS, Scale(), "Index", "id"))
