"""How far answers are, counted answer by answer: always what scoring counts."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_service.library import documents
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.progress import Progress, change, progress, without
from survey_service.maturity.scoring import ANYBODY, score
from tests.samples import LIBRARY, TINY, levels, load, numbers, tiny
from tests.strategies import answer_to, questionnaires

CONDITIONS, ASKED = tiny("conditions"), tiny("two_dimensions")
ALL = [*sorted(TINY.glob("*.yaml")), *sorted(LIBRARY.glob("*/*.yaml"))]
POPULATIONS = st.sampled_from([0, 200_000])


def _agrees(data: st.DataObject, questionnaire: Questionnaire, profile: Profile) -> None:
    """Answer one thing after another, and compare the count kept with scoring's at each."""
    asked = questionnaire.for_kind(profile.kind)
    answers: dict[str, Answer] = {}
    kept = progress(asked, answers, profile)
    codes = data.draw(st.lists(st.sampled_from(list(asked.indicators)), max_size=25))
    for code in codes:
        before = answers.get(code)
        answers[code] = data.draw(answer_to(asked, asked.indicators[code]))
        moved = change(asked, code, before, answers[code])
        kept = (
            progress(asked, answers, profile)
            if moved is None
            else Progress(kept.answered + moved.answered, kept.total + moved.total)
        )
        card = score(questionnaire, answers, profile=profile)
        assert (kept.answered, kept.total) == (card.answered, card.total), code


@pytest.mark.parametrize("path", ALL, ids=lambda path: f"{path.parent.name}-{path.stem}")
@settings(max_examples=10)
@given(data=st.data(), population=POPULATIONS)
def test_of_every_questionnaire_the_count_kept_is_that_of_scoring(
    path: Path, data: st.DataObject, population: int
) -> None:
    questionnaire = load(path)
    kinds = [one.code for one in questionnaire.kinds] or [""]
    kind = data.draw(st.sampled_from(kinds))

    _agrees(data, questionnaire, Profile(kind, {"population": population}))


@settings(max_examples=50)
@given(data=st.data(), questionnaire=questionnaires())
def test_of_made_up_ones_as_well(data: st.DataObject, questionnaire: Questionnaire) -> None:
    _agrees(data, questionnaire, Profile())


def test_what_was_carried_over_is_answered_once_it_is_confirmed() -> None:
    given = levels(A=4, C=3)

    assert progress(ASKED, given, ANYBODY) == Progress(2, 5)
    assert progress(ASKED, given, ANYBODY, {"C"}) == Progress(1, 5, 1)
    assert change(ASKED, "C", given["C"], given["C"], carried=True) == Progress(1, 0, -1)


def test_what_did_not_apply_the_time_before_counts_until_somebody_says_so_again() -> None:
    asked, absent = tiny("not_applicable"), Answer(not_applicable="none there")
    left_out = next(
        code for code, one in asked.indicators.items() if one.not_applicable == "reweight"
    )

    confirmed = change(asked, left_out, absent, absent, carried=True)

    assert confirmed == Progress(0, -1, -1)


def test_a_card_tells_the_same_count_at_every_node() -> None:
    given = levels(A=4, C=3)

    card = without(score(ASKED, given), ASKED, given, ANYBODY, {"C"})

    assert (card.answered, card.total, card.complete) == (1, 5, False)
    assert sum(card.nodes[node.code].answered for node in ASKED.nodes) == 1
    assert (card.nodes["A"].answered, card.nodes["C"].answered) == (1, 0)
    assert card.index == score(ASKED, given).index


def test_an_answer_that_conditions_look_at_is_counted_with_all_others() -> None:
    assert change(CONDITIONS, "A", None, Answer(option="yes")) is None  # B is asked on it
    assert change(CONDITIONS, "C", None, numbers(C=3)["C"]) is None  # asked on B itself
    assert change(CONDITIONS, "D", None, numbers(D=3)["D"]) is None  # asked of large cities


def test_a_condition_that_names_no_answer_may_look_at_any() -> None:
    content = (
        (TINY / "conditions.yaml").read_text().replace('answers.A == "yes"', "size(answers) > 1")
    )
    opaque = documents.read(content.encode(), "opaque.yaml").decode(Questionnaire)

    assert change(opaque, "A", None, Answer(option="yes")) is None


def test_what_does_not_apply_counts_no_more_unless_it_keeps_its_weight() -> None:
    asked = tiny("not_applicable")
    found = {
        code: change(asked, code, None, Answer(not_applicable="none there"))
        for code, one in asked.indicators.items()
        if one.not_applicable != "forbidden"
    }

    rules = {code: asked.indicators[code].not_applicable for code in found}
    assert {rules[code]: one for code, one in found.items()} == {
        "reweight": Progress(0, -1),
        "lowest": Progress(1, 0),
    }
