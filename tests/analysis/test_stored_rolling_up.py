"""Stored results of units rolled up to their agency, as answers of the agency would be scored."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from survey_service.analysis.columns import INDEX, Member, Packed, columns
from survey_service.analysis.selection import Selection, whole
from survey_service.analysis.stored_rolling_up import Agency, RollingUp
from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.life import State
from survey_service.errors.national import NotRolledUpError
from survey_service.library import documents, questionnaires
from survey_service.maturity.answers import Answer, Given, UnitAnswer
from survey_service.maturity.cards import NOTHING, packed_indicators, packed_nodes
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import score
from tests.samples import FLAGSHIP, TINY, levels, load, numbers, tiny

MINISTRY, AGENCY = Ancestor(1, "Ministry"), Ancestor(2, "Agency")
ABOVE = {1: Agency("Ministry", "ministry", {}), 2: Agency("Agency", "regency", {"region": "North"})}
Answers = Mapping[str, Answer]


def _unit(
    id_: int,
    *,
    kind: str = "unit",
    organisation: int = 0,
    above: Sequence[Ancestor] = (AGENCY, MINISTRY),
    state: State = "final",
    withdrawn: str | None = None,
) -> Member:
    place = organisation or 100 + id_
    return Member(id_, place, f"Unit {id_}", kind, {}, tuple(above), state, 4, 5, withdrawn)


def _cycle(asked: Questionnaire, given: Sequence[tuple[Member, Answers]]) -> Selection:
    final = {}
    for one, answers in given:
        card = score(asked, answers, profile=Profile(one.kind))
        final[one.assessment] = Packed(
            card.grade.code if card.grade else None,
            packed_nodes(asked, card),
            packed_indicators(asked, card),
        )
    return whole(asked, columns(asked, [one for one, _ in given], {"final": final}))


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        pytest.param(
            tiny("units"),
            [
                levels(mean=1, weighted=1, mode=3, minimum=4, whole=2),
                levels(mean=4, weighted=4, mode=3, minimum=2, whole=3),
                levels(mean=4, weighted=2, mode=5, minimum=3, whole=3),
            ],
            id="every-rule",
        ),
        pytest.param(
            tiny("two_dimensions"),
            [
                levels(A=1, B=2, C=2, D=2, E=3),
                levels(A=2, B=2, C=5, E=3),
                {**levels(A=2, B=4, E=4), "C": Answer(not_applicable="no posts")},
            ],
            id="gates-and-what-is-missing",
        ),
        pytest.param(
            load(FLAGSHIP),
            [
                levels(**{code: 1 + n % 3 for n, code in enumerate(load(FLAGSHIP).indicators)}),
                levels(**{code: 2 + n % 2 for n, code in enumerate(load(FLAGSHIP).indicators)}),
                levels(**dict.fromkeys(load(FLAGSHIP).indicators, 5)),
            ],
            id="the-flagship",
        ),
    ],
)
def test_an_agency_comes_to_what_its_answers_unit_by_unit_would(
    asked: Questionnaire, answers: Sequence[Answers]
) -> None:
    given = [(_unit(n), one) for n, one in enumerate(answers, 1)]

    found = RollingUp().of(_cycle(asked, given), ABOVE)

    card = score(asked, _unit_by_unit(answers))
    nodes, indicators = packed_nodes(asked, card), packed_indicators(asked, card)
    assert found.values.tobytes() == nodes + indicators
    assert found.grades.tolist() == [card.grade.code if card.grade else ""]
    assert found.compared.tolist() == [True]


def _unit_by_unit(answers: Sequence[Answers]) -> dict[str, Answer]:
    """Return the answers of units as those of an agency that answers for each of them."""
    found: dict[str, dict[str, UnitAnswer]] = {}
    for number, given in enumerate(answers):
        for code, answer in given.items():
            if answer.given:
                own = {field: getattr(answer, field) for field in Given.__struct_fields__}
                found.setdefault(code, {})[str(number)] = UnitAnswer(**own)
    return {code: Answer(units=units) for code, units in found.items()}


def test_what_changed_is_rolled_up_anew_and_what_did_not_is_kept() -> None:
    asked, other = tiny("two_dimensions"), Ancestor(3, "Other")
    above = {**ABOVE, 3: Agency("Other", "city", {})}
    there = (_unit(2, above=[other, MINISTRY]), levels(A=5, B=4, C=3, D=2, E=1))
    changed = _cycle(asked, [(_unit(1), levels(A=4, B=4, C=4, D=4, E=4)), there])
    rolling = RollingUp()
    before = rolling.of(_cycle(asked, [(_unit(1), levels(A=1, B=1, C=1, D=1, E=1)), there]), above)

    after = rolling.of(changed, above)
    renamed = rolling.of(changed, {**above, 3: Agency("Renamed", "city", {})})

    assert before.column(INDEX)[0] == 1_000_000
    assert after.column(INDEX)[0] == 4_000_000
    assert after.values.tolist() == RollingUp().of(changed, above).values.tolist()
    assert after.members[1] is before.members[1]
    assert [one.name for one in renamed.members] == ["Agency", "Renamed"]


def test_numbers_are_taken_together_to_the_digits_that_are_kept() -> None:
    asked = tiny("binary")
    of = _cycle(asked, [(_unit(n), numbers(A=value)) for n, value in enumerate(("0.3", "0.75"), 1)])

    found = RollingUp().of(of, ABOVE)

    assert found.column("A").tolist() == [525_000]


def test_who_is_no_unit_stays_and_the_agency_itself_is_one_of_its_units() -> None:
    asked = tiny("two_dimensions")
    city = _unit(3, kind="city", above=[MINISTRY])
    of = _cycle(
        asked,
        [
            (_unit(1, kind="regency", organisation=2, above=[MINISTRY]), levels(A=4, B=4, C=4)),
            (_unit(2), levels(A=2, B=2, C=2)),
            (city, levels(A=4)),
        ],
    )

    found = RollingUp().of(of, ABOVE)

    assert [(one.name, one.kind, one.organisation) for one in found.members] == [
        ("Unit 1", "regency", 2),
        ("Unit 3", "city", 103),
    ]
    assert found.column("").tolist() == [3_000_000, 4_000_000]
    assert (found.members[0].answered, found.members[0].total) == (8, 10)
    assert found.members[0].ancestors == (MINISTRY,)


def test_an_agency_that_takes_no_part_is_known_as_it_is() -> None:
    desk = _unit(1, above=[Ancestor(3, "Office"), AGENCY, MINISTRY])
    of = _cycle(tiny("two_dimensions"), [(desk, levels(A=2))])
    above = {**ABOVE, 3: Agency("Office", "unit", {})}

    (found,) = RollingUp().of(of, above).members

    assert (found.organisation, found.name, found.kind) == (2, "Agency", "regency")
    assert (found.attributes, found.ancestors) == ({"region": "North"}, (MINISTRY,))
    assert (found.assessment, found.state) == (0, "final")


def test_a_unit_below_no_agency_stays() -> None:
    of = _cycle(tiny("two_dimensions"), [(_unit(1, above=[]), levels(A=2))])

    found = RollingUp().of(of, ABOVE)

    assert [one.name for one in found.members] == ["Unit 1"]
    assert found.values.tolist() == of.values.tolist()


def test_units_that_are_not_compared_count_for_nothing() -> None:
    asked = tiny("two_dimensions")
    gone, draft = _unit(1, withdrawn="merged"), _unit(2, state="draft")
    rest = _unit(3)

    some = RollingUp().of(
        _cycle(asked, [(one, levels(A=n)) for n, one in [(1, gone), (2, draft), (3, rest)]]), ABOVE
    )
    none = RollingUp().of(
        _cycle(asked, [(gone, levels(A=1)), (_unit(4, withdrawn="x"), {})]), ABOVE
    )

    assert some.column("A").tolist() == [3_000_000]
    assert (some.members[0].withdrawn, some.members[0].state) == (None, "draft")
    assert (none.column("").tolist(), none.compared.tolist()) == ([NOTHING], [False])
    assert none.members[0].withdrawn == "merged"


def test_an_agency_is_asked_what_its_kind_is_or_else_what_its_units_are() -> None:
    """Of a unit A weighs 40 and B 60; of a ministry A weighs 10 and C, which units have not, 90."""
    content = (TINY / "organisations.yaml").read_bytes().replace(b"city", b"unit")
    asked = questionnaires.load(documents.read(content, "organisations.yaml"))
    of = _cycle(asked, [(_unit(1), numbers(A=1, B=2)), (_unit(2), numbers(A=3, B=4))])

    regency = RollingUp().of(of, ABOVE)
    ministry = RollingUp().of(of, {2: Agency("Agency", "ministry", {})})

    assert regency.column("").tolist() == [2_600_000]  # 0.4*2 + 0.6*3
    assert ministry.column("").tolist() == [2_000_000]
    assert ministry.column("B").tolist() == [NOTHING]


def test_a_cycle_without_anybody_rolls_up_to_nothing() -> None:
    found = RollingUp().of(_cycle(tiny("two_dimensions"), []), ABOVE)

    assert found.values.shape == (0, 8)


def test_what_is_asked_on_conditions_is_not_rolled_up() -> None:
    of = _cycle(tiny("conditions"), [])

    with pytest.raises(NotRolledUpError):
        RollingUp().of(of, ABOVE)


def test_branches_are_those_above_some_of_them() -> None:
    asked = tiny("two_dimensions")
    other = Ancestor(5, "Elsewhere")
    of = _cycle(asked, [(_unit(1), {}), (_unit(2, above=[other, MINISTRY]), {})])

    assert of.branches == {2: "Agency", 5: "Elsewhere"}
    assert np.all(of.ids == [101, 102])
