"""Organisations over many cycles, as tables with words."""

import datetime as dt
from decimal import Decimal
from xml.etree import ElementTree as ET

from msgspec import structs

from survey_service.conduct.successions import Succession
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Rounding
from survey_service.maturity.scoring import score
from survey_service.reports.charts.drawing import ACCENT, MAIN
from survey_service.reports.national.series import Assessed, Median, medians, series
from survey_service.reports.national.view import Asked, part
from tests.national import ASKED, five

# the same questions, dimensions weighted 40 and 60 instead of 60 and 40
REWEIGHTED = structs.replace(
    ASKED,
    version="2",
    nodes=tuple(
        structs.replace(node, weight=weight)
        for node, weight in zip(ASKED.nodes, (Decimal(40), Decimal(60)), strict=True)
    ),
)
OTHER = structs.replace(ASKED, code="other")


def assessed(
    year: int,
    answers: dict[str, Answer],
    asked: Questionnaire = ASKED,
    of: int = 1,
    month: int = 12,
) -> Assessed:
    card = score(asked, answers)
    name, on = f"Agency {of} in {year}", dt.date(year, month, 31)
    return Assessed(of, name, f"Cycle {year}", on, asked, answers, card, Profile("regency"))


def test_a_change_between_versions_is_exactly_performance_and_method() -> None:
    found = series(
        1,
        [
            assessed(2025, five(1, 3, 5, 5, 5), REWEIGHTED),
            assessed(2024, five(1, 3, 4, 4, 4)),
            assessed(2023, five(1, 3, 3, 3, 3)),
        ],
        [],
        "en",
    )

    first, second, third = found.rows
    # 0.6*2.5+0.4*3 = 2.7; then 3.1; then by the other weights 0.4*2.5+0.6*5 = 4
    assert [row[4] for row in found.rows] == [Decimal("2.7"), Decimal("3.1"), Decimal(4)]
    assert first[5:] == [None, Decimal("3.0") - Decimal("0.2"), None, None, None, None]
    assert second[7:] == [
        Decimal("10.00"), Decimal("10.00"), Decimal("0.00"),
        "the same version: all of it is performance",
    ]  # fmt: skip
    # of 22.5 percent: under the old method 10, under the new one 15; the rest is method
    assert third[5] == "break: another version"
    assert third[7:] == [
        Decimal("22.50"), Decimal("12.50"), Decimal("10.00"),
        "both years reckoned under both versions",
    ]  # fmt: skip
    # on the basis of the latest version, all of which all three ask: 0.4*2.5+0.6*3, 3.4 and 4
    assert [row[6] for row in found.rows] == [Decimal("2.8"), Decimal("3.4"), Decimal(4)]
    assert "5 indicators that all of these versions ask alike, 100.0 %" in found.words


def test_an_overlap_year_is_told_from_the_year_before_it() -> None:
    years = [
        assessed(2024, five(1, 3, 3, 3, 3)),
        assessed(2025, five(1, 3, 4, 4, 4), month=10),
        assessed(2025, five(1, 3, 4, 4, 4), REWEIGHTED),
    ]

    *_, last = series(1, years, [], "en").rows

    # from 2.7 to 3.4, which is 17.5 percent, of which 2024 to 2025 by the old method 10 and by the
    # new one, 2.8 to 3.4, 15
    assert last[7:] == [
        Decimal("17.50"), Decimal("12.50"), Decimal("5.00"),
        "one year was scored under both versions",
    ]  # fmt: skip


def test_where_no_year_answers_both_nobody_can_tell() -> None:
    found = series(
        1,
        [assessed(2024, five(1, 3, 3, 3, 3)), assessed(2025, five(1, 1, 1, 1, 1), OTHER)],
        [],
        "en",
    )

    assert found.rows[1][5] == "break: another questionnaire"
    assert found.rows[1][7:] == [
        None, None, None, "cannot be told: no year answers all that both versions ask",
    ]  # fmt: skip
    assert "common basis of" not in found.words


def test_one_of_the_years_is_enough() -> None:
    fewer = structs.replace(ASKED, version="2", nodes=ASKED.nodes[:1])

    found = series(
        1,
        [
            assessed(2024, five(1, 3, 3, 3, 3)),
            assessed(2025, {"A": Answer(level=2), "B": Answer(level=4)}, fewer),
        ],
        [],
        "en",
    )

    assert found.rows[1][10] == "one of the years reckoned under both versions"
    assert found.rows[1][7] == found.rows[1][8] + found.rows[1][9]  # type: ignore[operator] # numbers


def test_a_year_without_a_result_is_a_gap() -> None:
    found = series(
        1,
        [
            assessed(2023, five(1, 3, 3, 3, 3)),
            assessed(2024, {}),
            assessed(2025, five(2, 3, 3, 3, 3)),
        ],
        [],
        "en",
    )

    assert [row[5] for row in found.rows] == [None, "gap: no result"]


def test_predecessors_keep_their_series_and_successors_are_named() -> None:
    day = dt.date(2024, 6, 1)
    successions = [
        Succession("merge", day, 2, "Two", 1, "One"),
        Succession("rename", dt.date(2030, 1, 1), 1, "One", 3, "Three"),
    ]
    found = series(
        1,
        [assessed(2025, five(1, 3, 3, 3, 3)), assessed(2023, five(4, 4, 4, 4, 4), of=2)],
        successions,
        "en",
    )

    assert [row[0] for row in found.rows] == ["Agency 1 in 2025", "Agency 2 in 2023"]
    assert found.title == "One over the cycles"
    assert "Two kept its own series until 1 Jun 2024, when One followed it" in found.words
    assert "Since 1 Jan 2030 Three follows it" in found.words


def test_without_any_result_a_series_says_so() -> None:
    found = series(1, [], [], "en")

    assert (found.count, found.title) == (0, "Over the cycles")
    assert found.words == "Nothing has become final in any cycle yet."


def test_medians_of_all_break_where_the_version_is_another_one() -> None:
    found = medians(
        [
            Median("2025", dt.date(2025, 12, 31), "x@2", 3, Decimal(4)),
            Median("2023", dt.date(2023, 12, 31), "x@1", 2, Decimal(2)),
            Median("2024", dt.date(2024, 12, 31), "x@1", 3, Decimal(3)),
            Median("2026", dt.date(2026, 12, 31), "x@2", 0, None),
        ],
        "en",
    )

    assert [(row[0], row[4], row[5]) for row in found.rows] == [
        ("2023", Decimal(2), None),
        ("2024", Decimal(3), None),
        ("2025", Decimal(4), "break: another version"),
    ]


def test_each_year_has_the_digits_of_its_own_questionnaire() -> None:
    three = structs.replace(REWEIGHTED, rounding=Rounding(("index",), 3))
    one = structs.replace(OTHER, rounding=Rounding(("index",), 1))
    thirds = {**five(1, 3, 4, 4, 4), "E": Answer(level=5)}

    found = series(
        1,
        [
            assessed(2023, thirds),
            assessed(2024, thirds, three),
            assessed(2025, five(1, 3, 3, 3, 3), one),
        ],
        [],
        "en",
    )
    middle = medians([Median("2025", dt.date(2025, 12, 31), "x@1", 3, Decimal(4), 3)], "en")

    # 0.6*2.5 + 0.4*13/3 = 3.2333, cut off as files have it; 0.4*2.5 + 0.6*13/3 = 3.6, rounded to three
    assert [row[4] for row in found.rows] == [Decimal("3.233333"), Decimal("3.600"), Decimal("2.7")]
    assert [found.digits_of(row, 4) for row in range(3)] == [2, 3, 1]
    assert (found.digits_of(0, 7), middle.digits_of(0, 4)) == (2, 3)
    assert part(found, Asked(start=1, limit=1)).digits_of(0, 4) == 3
    assert [row[4] for row in found.table(ASKED).own] == [2, 3, 1]


def test_the_chart_joins_what_was_measured_alike_and_dashes_the_common_basis() -> None:
    found = series(
        1,
        [
            assessed(2023, five(1, 3, 3, 3, 3)),
            assessed(2024, five(1, 3, 4, 4, 4)),
            assessed(2025, five(1, 3, 5, 5, 5), REWEIGHTED),
        ],
        [],
        "en",
    )
    alone = series(1, [assessed(2025, five(1, 3, 3, 3, 3))], [], "en")

    lines = [
        (one.get("stroke"), one.get("stroke-dasharray") is not None)
        for one in ET.fromstring(found.drawn).iter("{http://www.w3.org/2000/svg}line")
        if one.get("stroke-width") == "2"
    ]
    # 2023 to 2024 official, then a break; three on the common basis
    assert lines == [(MAIN, False), (ACCENT, True), (ACCENT, True)]
    assert "on the common basis" in found.drawn
    assert "on the common basis" not in alone.drawn
