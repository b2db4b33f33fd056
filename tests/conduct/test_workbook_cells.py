"""An answer as cells and back: every kind of it, and everything that people write instead."""

import datetime as dt
from decimal import Decimal

import pytest

from survey_service.conduct.workbook_cells import Cell, Entry, UnitRow, answer, entry
from survey_service.errors import SurveyError
from survey_service.errors.writing import (
    AmbiguousNumberError,
    LostDigitsError,
    NotADateError,
    NotANumberError,
    UnitTwiceError,
    UnreadableAnswerError,
)
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from tests.samples import given, tiny

ANSWERS, UNITS, EXTERNAL = tiny("answers"), tiny("units"), tiny("external")
EACH = given(
    climb={"level": 3},
    part={"checked": ["2.1", "3.2"]},
    own={"value": "20.5"},
    less={"not_applicable": "sebab"},
    grade={"option": "B"},
    done={"values": {"open": 2, "done": "3.25"}},
    list={"checked": ["team"]},
    words={"text": "=1+2, baris pertama\nkedua"},
)
UNIT_ANSWERS = given(
    mean={"units": {"Dinas A": {"level": 3}, "Dinas B": {"not_applicable": "sebab"}}},
    weighted={"units": {"Dinas A": {"level": 2, "weight": "120.5"}}},
    mode={"units": {"Dinas A": {"level": 2, "evidence": False}}},
    minimum={"units": {"Dinas A": {"level": 2}}, "level": 4, "override": "lebih baik"},
)


def read(questionnaire: Questionnaire, code: str, cells: Entry, **reading: str) -> Answer | None:
    return answer(questionnaire, questionnaire.indicators[code], cells, **reading)  # type: ignore[arg-type] # one of two


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("asked", "code"), [(ANSWERS, code) for code in EACH])
def test_every_kind_of_answer_comes_back(asked: Questionnaire, code: str, language: str) -> None:
    cells = entry(asked.indicators[code], EACH[code], "", language)

    assert read(asked, code, cells) == EACH[code]


@pytest.mark.parametrize("code", UNIT_ANSWERS)
def test_answers_of_units_come_back(code: str) -> None:
    cells = entry(UNITS.indicators[code], UNIT_ANSWERS[code], "", "id")

    assert read(UNITS, code, cells) == UNIT_ANSWERS[code]


def test_the_day_of_a_value_comes_back() -> None:
    said = Answer(value=Decimal("3.5"), dated=dt.date(2026, 3, 1))

    assert read(EXTERNAL, "B", entry(EXTERNAL.indicators["B"], said, "", "id")) == said


@pytest.mark.parametrize("code", ["climb", "own", "grade", "done", "list", "words"])
def test_empty_cells_say_nothing(code: str) -> None:
    assert entry(ANSWERS.indicators[code], None, "", "id") == Entry()
    assert read(ANSWERS, code, Entry(note="catatan")) is None


def test_nothing_of_a_checklist_is_an_answer_and_so_is_no_criterion_met() -> None:
    none = Answer(checked=())

    listed = entry(ANSWERS.indicators["list"], none, "", "id")
    climbed = entry(ANSWERS.indicators["climb"], none, "", "id")

    assert listed.below == {"plan": Cell("tidak"), "team": Cell("tidak")}
    assert climbed.own == Cell(".")
    assert read(ANSWERS, "list", listed) == read(ANSWERS, "climb", climbed) == none


@pytest.mark.parametrize(
    ("code", "typed", "meant"),
    [
        ("climb", "2", {"level": 2}),
        ("climb", "Level 2", {"level": 2}),
        ("climb", "2 – Ditulis.", {"level": 2}),  # noqa: RUF001 - as it reads beside it
        ("climb", "2.1, 2.2", {"checked": ["2.1", "2.2"]}),
        ("climb", "Tidak Berlaku", {"not_applicable": "sebab"}),
        ("grade", "b", {"option": "B"}),
        ("grade", "B – Kurang.", {"option": "B"}),  # noqa: RUF001
        ("grade", "B", {"option": "B"}),
        ("own", "20,5", {"value": "20.5"}),
        ("own", "1.850,5", {"value": "1850.5"}),
        ("own", "\u200b 42 ", {"value": 42}),
        ("own", "n/a", {"not_applicable": "sebab"}),
    ],
)
def test_answers_are_read_as_people_write_them(code: str, typed: str, meant: object) -> None:
    found = read(ANSWERS, code, Entry(Cell(typed), reason=" sebab "))

    assert found == given(x=meant)["x"]


def test_numbers_are_exact_whether_kept_as_numbers_or_texts() -> None:
    long = Answer(value=Decimal("0.12345678901234567"))

    cells = entry(ANSWERS.indicators["own"], long, "", "id")

    assert not cells.own.is_number
    assert read(ANSWERS, "own", cells) == long
    assert (
        read(ANSWERS, "own", Entry(Cell("1.125", is_number=True)))
        == given(x={"value": "1.125"})["x"]
    )


def test_a_number_with_two_readings_is_read_as_it_is_said() -> None:
    cells = Entry(Cell("1.850"))

    with pytest.raises(AmbiguousNumberError):
        read(ANSWERS, "own", cells)

    assert read(ANSWERS, "own", cells, reading="whole") == given(x={"value": 1850})["x"]
    assert read(ANSWERS, "own", cells, reading="part") == given(x={"value": "1.850"})["x"]


@pytest.mark.parametrize(
    ("code", "cells", "error"),
    [
        ("climb", Entry(Cell("tinggi")), UnreadableAnswerError),
        ("grade", Entry(Cell("Z")), UnreadableAnswerError),
        ("list", Entry(below={"plan": Cell("mungkin")}), UnreadableAnswerError),
        ("own", Entry(Cell("2026-03-01")), NotANumberError),
        ("own", Entry(Cell("1e15", is_number=True)), LostDigitsError),
        ("own", Entry(Cell("1.2345678901234567", is_number=True)), LostDigitsError),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_expected(
    code: str, cells: Entry, error: type[SurveyError]
) -> None:
    with pytest.raises(error):
        read(ANSWERS, code, cells)


def test_a_day_and_units_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(NotADateError):
        read(EXTERNAL, "B", Entry(Cell("3"), {"@dated": Cell("kemarin")}))
    with pytest.raises(UnitTwiceError):
        read(UNITS, "mean", Entry(units=(UnitRow("Dinas A"), UnitRow("dinas a "))))


def test_an_option_that_is_called_as_what_does_not_apply_is_that_option() -> None:
    asked = tiny("combining")
    code = next(code for code, one in asked.indicators.items() if asked.options(one))
    option = asked.options(asked.indicators[code])[0].code

    assert read(asked, code, Entry(Cell(option))) == Answer(option=option)


def test_ends_of_lines_and_blanks_are_no_difference() -> None:
    one = Entry(Cell("3", is_number=True), {"x": Cell("")}, "a\r\nb  \n")

    assert one.plain == Entry(Cell("3"), {}, "a\nb").plain
    assert one.plain != Entry(Cell("4"), {}, "a\nb").plain
