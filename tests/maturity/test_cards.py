"""Cards as they are kept: exact, and as whole numbers that round as the exact ones do."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import (
    NOTHING,
    KeptCard,
    codes,
    digits,
    exact_unit,
    kept,
    packed_indicators,
    packed_nodes,
    restored,
    unpacked,
)
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.scoring import score
from tests.samples import LIBRARY, TINY, levels, load, numbers, tiny
from tests.strategies import answers_to, questionnaires

TWO = tiny("two_dimensions")
ALL = [*sorted(TINY.glob("*.yaml")), *sorted(LIBRARY.glob("*/*.yaml"))]


def _survives(questionnaire: Questionnaire, answers: dict[str, Answer], profile: Profile) -> None:
    asked = questionnaire.for_kind(profile.kind)
    for official in (False, True):
        card = score(questionnaire, answers, official=official, profile=profile)

        written = msgspec.json.encode(kept(asked, card))
        again = restored(asked, msgspec.json.decode(written, type=KeptCard))

        assert again == card
        assert list(again.nodes) == list(card.nodes)


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
@settings(max_examples=10)
@given(data=st.data())
def test_a_card_of_every_questionnaire_is_the_same_once_it_was_kept(
    path: Path, data: st.DataObject
) -> None:
    questionnaire = load(path)
    kind = data.draw(st.sampled_from([one.code for one in questionnaire.kinds] or [""]))
    answers = data.draw(answers_to(questionnaire.for_kind(kind)))

    _survives(questionnaire, answers, Profile(kind, {"population": 200_000}))


@settings(max_examples=100)
@given(data=st.data(), questionnaire=questionnaires())
def test_and_one_of_any_made_up_one(data: st.DataObject, questionnaire: Questionnaire) -> None:
    _survives(questionnaire, data.draw(answers_to(questionnaire)), Profile())


def test_values_stand_in_the_order_of_the_questionnaire() -> None:
    card = score(TWO, levels(A=1, B=5, D=2))

    nodes = unpacked([packed_nodes(TWO, card)], 1 + len(TWO.all_nodes))
    indicators = unpacked([packed_indicators(TWO, card)], len(TWO.indicators))

    assert list(codes(TWO)) == ["merit", "A", "B", "oversight", "C", "D", "E"]
    first = [card.index, *(card.nodes[code].index for code in TWO.all_nodes)]
    assert [exact_unit(value, 6) for value in nodes[0].tolist()] == first
    assert indicators[0].tolist() == [1_000_000, 5_000_000, NOTHING, 2_000_000, NOTHING]
    assert exact_unit(NOTHING, 6) is None


def test_what_one_kind_is_not_asked_has_its_column_all_the_same() -> None:
    asked = tiny("master_data")
    rows = [
        packed_indicators(asked, score(asked, numbers(A=40, R=7, U=9), profile=Profile(kind)))
        for kind in ("regency", "city")
    ]

    found = unpacked(rows, len(asked.indicators))

    million = 1_000_000
    assert found.tolist() == [
        [40 * million, NOTHING, 7 * million, NOTHING, NOTHING],
        [40 * million, NOTHING, NOTHING, 9 * million, NOTHING],
    ]


@given(st.decimals("-400", "400", places=9))
def test_a_value_that_was_cut_off_is_shown_as_the_exact_one(value: Decimal) -> None:
    card = structs.replace(score(TWO, {}), index=value)
    unit = unpacked([packed_nodes(TWO, card)], 1 + len(TWO.all_nodes))[0, 0]

    shown = [
        each.quantize(Decimal("0.01"), ROUND_HALF_UP)
        for each in (value, exact_unit(int(unit), 6) or Decimal(0))
    ]

    assert shown[0] == shown[1]


def test_a_scale_of_many_points_has_fewer_decimals_and_never_too_large_a_number() -> None:
    wide = structs.replace(TWO, scale=Scale(Decimal(0), Decimal(10) ** 12))
    card = structs.replace(score(TWO, {}), index=Decimal(10) ** 30)

    found = unpacked([packed_nodes(wide, card)], 1 + len(TWO.all_nodes))

    assert (digits(TWO), digits(tiny("points")), digits(wide)) == (6, 5, -4)
    assert found[0, 0] == 2**31 - 1


def test_nothing_read_is_no_row() -> None:
    assert unpacked([], 3).shape == (0, 3)
