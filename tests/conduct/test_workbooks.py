"""Workbooks against what was exported and what stands now: what is taken in, and what somebody decides."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.conduct.assessment import Assessment, Organisation, Response
from survey_service.conduct.life import Moved, Step
from survey_service.conduct.workbook_cells import Cell, Entry, UnitRow, entry
from survey_service.conduct.workbooks import (
    Book,
    Identity,
    Version,
    answered,
    checksum,
    compared,
    require_same,
    returned_since,
)
from survey_service.errors import SurveyError
from survey_service.errors.answers import InvalidLevelError, NoAnswerError
from survey_service.errors.workbooks import (
    OtherAssessmentError,
    OtherQuestionnaireError,
    OtherStageError,
    OtherVersionError,
)
from survey_service.errors.writing import AmbiguousNumberError
from survey_service.maturity.answers import NOTHING, Answer, UnitAnswer
from survey_service.maturity.instrument import Questionnaire
from tests.samples import given, tiny

ASKED, UNITS, ANSWERS = tiny("two_dimensions"), tiny("units"), tiny("answers")
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
IDENTITY = Identity(1, "two-dimensions@1", "digest", "id", "", "Agency", 7, NOW, NOW)
ASSESSMENT = Assessment(
    7, "two-dimensions", "1", "digest", Organisation(1, "Agency", "regency"), "draft", NOW
)
A2, A3, A4 = (Version(Answer(level=level)) for level in (2, 3, 4))


def book(
    exported: dict[str, Version],
    typed: Mapping[str, Entry | Version],
    questionnaire: Questionnaire = ASKED,
    **more: object,
) -> Book:
    """Return a workbook in which, beside what was exported, something else was typed."""
    said = {
        code: entry(questionnaire.indicators[code], one.answer, one.note, "id")
        for code, one in exported.items()
    }
    for code, each in typed.items():
        if isinstance(each, Version):
            indicator = questionnaire.indicators[code]
            said[code] = entry(indicator, each.answer, each.note, "id")
        else:
            said[code] = each
    return Book("a.xlsx", IDENTITY, exported, said, **more)  # type: ignore[arg-type] # what a book has


def stands(code: str, version: Version, revision: int = 1) -> dict[str, Response]:
    answer = version.answer or NOTHING
    return {code: Response(code, answer, version.note, revision, "alice", NOW)}


def test_what_nobody_typed_changes_nothing() -> None:
    found = compared(ASKED, [book({"A": A3}, {})], stands("A", A3))

    assert (found.differences, found.misfits) == ((), ())


def test_what_only_the_workbook_changed_is_decided() -> None:
    (found,) = compared(ASKED, [book({"A": A3}, {"A": A4})], stands("A", A3)).differences

    assert (found.decided, found.why, found.choices[0].version) == (0, "", A4)


def test_a_first_answer_and_one_that_is_taken_back_are_changes_too() -> None:
    first = book({"A": Version()}, {"A": A4})
    emptied = book({"A": A3}, {"A": Version()})

    assert compared(ASKED, [first], {}).differences[0].decided == 0
    (found,) = compared(ASKED, [emptied], stands("A", A3)).differences
    assert found.choices[0].version == Version()


def test_what_both_changed_is_to_be_decided_unless_they_agree() -> None:
    brought = book({"A": A2}, {"A": A4})

    (found,) = compared(ASKED, [brought], stands("A", A3, 2)).differences

    assert (found.decided, found.why) == (None, "changed_meanwhile")
    assert compared(ASKED, [brought], stands("A", A4, 2)).differences == ()


def test_what_only_others_changed_stays() -> None:
    assert compared(ASKED, [book({"A": A2}, {})], stands("A", A4, 2)).differences == ()


def test_what_was_taken_back_meanwhile_is_no_answer() -> None:
    (found,) = compared(ASKED, [book({"A": A2}, {"A": A4})], stands("A", Version(), 2)).differences

    assert found.why == "changed_meanwhile"


def test_several_workbooks_come_together_where_they_agree_or_one_alone_speaks() -> None:
    one = book({"A": A2, "B": A2}, {"A": A4})
    two = book({"A": A2, "B": A2}, {"A": A4, "B": A3})

    found = compared(ASKED, [one, two], stands("A", A2) | stands("B", A2)).differences

    assert [(each.indicator, each.decided) for each in found] == [("A", 0), ("B", 0)]
    assert found[0].choices[0].books == (0, 1)


def test_workbooks_that_differ_are_to_be_decided() -> None:
    one, two = (book({"A": A2}, {"A": version}) for version in (A3, A4))

    (found,) = compared(ASKED, [one, two], stands("A", A2)).differences

    assert (found.decided, found.why) == (None, "workbooks_differ")
    assert [choice.books for choice in found.choices] == [(0,), (1,)]


def _by_units(**levels: int) -> Version:
    return Version(Answer(units={name: UnitAnswer(level=level) for name, level in levels.items()}))


def test_workbooks_that_each_answer_for_other_units_are_put_together() -> None:
    before = _by_units(old=1, gone=2)
    one = book({"mean": before}, {"mean": _by_units(old=1, gone=2, a=3)}, UNITS)
    two = book({"mean": before}, {"mean": _by_units(old=1, b=4)}, UNITS)

    (found,) = compared(UNITS, [one, two], stands("mean", before)).differences

    assert found.decided == 0
    assert found.choices[0].version == _by_units(old=1, a=3, b=4)
    assert found.choices[0].books == (0, 1)


def test_a_unit_that_two_say_otherwise_of_is_to_be_decided() -> None:
    one, two = (book({"mean": Version()}, {"mean": _by_units(a=n)}, UNITS) for n in (3, 4))
    noted = structs.replace(_by_units(b=4), note="catatan")

    (found,) = compared(UNITS, [one, two], {}).differences
    (other,) = compared(
        UNITS, [one, book({"mean": Version()}, {"mean": noted}, UNITS)], {}
    ).differences
    (moved,) = compared(UNITS, [one], stands("mean", _by_units(a=5))).differences
    (emptied,) = compared(
        UNITS,
        [book({"mean": _by_units(a=1, b=1)}, {"mean": _by_units(b=1)}, UNITS),
         book({"mean": _by_units(a=1, b=1)}, {"mean": _by_units(a=1)}, UNITS)],
        stands("mean", _by_units(a=1, b=1)),
    ).differences  # fmt: skip

    assert found.decided is other.decided is moved.decided is emptied.decided is None


def test_a_number_with_two_readings_is_to_be_decided_unless_one_alone_fits() -> None:
    wide = book({"own": Version()}, {"own": Entry(Cell("1.850"))}, ANSWERS)
    both = book(
        {"done": Version()},
        {"done": Entry(below={"open": Cell("1.850"), "done": Cell("2")})},
        ANSWERS,
    )

    (found,) = compared(ANSWERS, [both], {}).differences

    assert found.why == "two_readings"
    assert [one.reading for one in found.choices] == ["whole", "part"]
    misfit = compared(ANSWERS, [wide], {}).misfits[0]  # neither lies from 20 to 60
    assert misfit.error.code == "invalid_value"


def test_of_two_readings_the_one_that_fits_is_taken() -> None:
    typed = {"less": Entry(Cell("1.850"))}  # from 0 to 50

    (found,) = compared(ANSWERS, [book({"less": Version()}, typed, ANSWERS)], {}).differences

    assert found.choices[0].version == Version(Answer(value=Decimal("1.850")))
    assert found.decided == 0


@pytest.mark.parametrize(
    ("typed", "error"),
    [(Entry(Cell("9")), InvalidLevelError), (Entry(note="catatan"), NoAnswerError)],
)
def test_what_does_not_fit_is_told_with_its_place_and_changes_nothing(
    typed: Entry, error: type[SurveyError]
) -> None:
    placed = structs.replace(typed, place=("1 Merit", 6))

    found = compared(ASKED, [book({"A": Version()}, {"A": placed})], {})

    assert found.differences == ()
    assert isinstance(found.misfits[0].error, error)
    assert (found.misfits[0].indicator, found.misfits[0].place) == ("A", ("1 Merit", 6))


def test_rows_that_are_gone_or_stand_twice_stay_as_they_are() -> None:
    gone = Book("a.xlsx", IDENTITY, {"A": A3}, {}, missing=("A",))
    twice = book({"A": A3}, {"A": A4}, twice=("A",))

    assert compared(ASKED, [gone, twice], stands("A", A3)).differences == ()


def test_all_answers_of_a_workbook_are_read_with_what_nobody_touched() -> None:
    typed: dict[str, Entry | Version] = {"B": A4, "C": Version(), "D": Entry(Cell("9"))}
    exported = {"A": A3, "B": A2, "C": A2, "D": A2, "E": Version()}

    found, misfits = answered(ASKED, book(exported, typed), None)

    assert found == {"A": A3.answer, "B": A4.answer, "D": A2.answer}
    assert [one.indicator for one in misfits] == ["D"]


def test_a_number_with_two_readings_is_read_as_one_says() -> None:
    both = Entry(below={"open": Cell("1.850"), "done": Cell("2")})
    brought = book({"done": Version()}, {"done": both}, ANSWERS)

    _, misfits = answered(ANSWERS, brought, None)
    found, none = answered(ANSWERS, brought, "whole")

    assert isinstance(misfits[0].error, AmbiguousNumberError)
    assert none == []
    assert found == given(done={"values": {"open": 1850, "done": 2}})


@pytest.mark.parametrize(
    ("identity", "error"),
    [
        ({"questionnaire": "units@1"}, OtherQuestionnaireError),
        ({"questionnaire": "two-dimensions@2", "digest": "other"}, OtherVersionError),
        ({"digest": "other"}, OtherVersionError),
        ({"assessment": 8}, OtherAssessmentError),
        ({"opened_at": NOW + dt.timedelta(days=1)}, OtherAssessmentError),
        ({"stage": "internal"}, OtherStageError),
    ],
)
def test_a_workbook_of_something_else_is_refused(
    identity: dict[str, object], error: type[SurveyError]
) -> None:
    brought = book({}, {})

    require_same(brought, ASSESSMENT, "self")
    with pytest.raises(error):
        require_same(
            structs.replace(brought, identity=structs.replace(IDENTITY, **identity)),
            ASSESSMENT,
            "self",
        )


def test_one_that_belongs_to_no_assessment_is_of_every_one_that_asks_the_same() -> None:
    loose = structs.replace(IDENTITY, assessment=None, opened_at=None)

    require_same(structs.replace(book({}, {}), identity=loose), ASSESSMENT, "self")


def test_an_export_before_a_return_is_known() -> None:
    taken: list[tuple[Step, int]] = [("return", -1), ("return", 1), ("submit", 2)]
    steps = [
        Moved(number, step, "draft", "draft", "x", NOW + dt.timedelta(days=day))
        for number, (step, day) in enumerate(taken, start=1)
    ]

    assert returned_since(IDENTITY, steps) == steps[1]
    assert returned_since(structs.replace(IDENTITY, exported_at=None), steps) is None
    assert returned_since(IDENTITY, steps[:1]) is None


def test_a_checksum_tells_what_was_changed() -> None:
    assert checksum("a", {"A": "x"}) == checksum("a", {"A": "x"})
    assert checksum("a", {"A": "x"}) != checksum("a", {"A": "y"})


def test_units_typed_by_hand_are_compared_as_what_they_say() -> None:
    rows = (UnitRow("a", Cell("3"), evidence="tidak"),)

    (found,) = compared(
        UNITS, [book({"mean": Version()}, {"mean": Entry(units=rows)}, UNITS)], {}
    ).differences

    assert found.choices[0].version.answer == Answer(
        units={"a": UnitAnswer(level=3, evidence=False)}
    )


def test_an_old_sheet_answers_otherwise_and_nobody_changed_anything_meanwhile() -> None:
    theirs = book({}, {"A": A4, "B": A2})
    old = structs.replace(theirs, identity=structs.replace(IDENTITY, mapping="LKE 2019"))
    standing = {**stands("A", A3), **stands("B", A2)}

    (found,) = compared(ASKED, [old], standing).differences

    assert (found.indicator, found.decided, found.why) == ("A", None, "stands_otherwise")
