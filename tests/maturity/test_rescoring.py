"""What an index were with another answer is what scoring everything again says."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.conditions import Profile
from survey_service.maturity.rescoring import Rescoring
from survey_service.maturity.scoring import score
from tests.samples import LIBRARY, TINY, levels, load, tiny
from tests.strategies import answer_to, answers_to

EVERY = sorted([*LIBRARY.glob("*/*.yaml"), *TINY.glob("*.yaml")])


@pytest.mark.parametrize("path", EVERY, ids=lambda path: f"{path.parent.name}-{path.stem}")
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_changed_answer_is_worth_what_all_of_it_is(path: Path, data: st.DataObject) -> None:
    questionnaire = load(path)
    profile = Profile(questionnaire.kinds[0].code if questionnaire.kinds else "")
    asked = questionnaire.for_kind(profile.kind)
    answers, official = data.draw(answers_to(asked)), data.draw(st.booleans())
    indicator = data.draw(st.sampled_from(list(asked.indicators.values())))
    answer = data.draw(answer_to(asked, indicator))

    found = Rescoring(questionnaire, answers, official=official, profile=profile)

    changed = {**answers, indicator.code: answer}
    assert found.index == score(asked, answers, official=official, profile=profile).index
    assert (
        found.index_with(indicator.code, answer)
        == score(asked, changed, official=official, profile=profile).index
    )


def test_a_condition_that_looks_at_all_answers_looks_at_each() -> None:
    two = tiny("two_dimensions")
    first, *others = two.nodes
    some = structs.replace(first, when="answers.exists(code, answers[code] == 5)")
    questionnaire = structs.replace(two, nodes=(*others, some))

    found = Rescoring(questionnaire, levels(A=1, C=3))

    (five,) = levels(C=5).values()
    assert found.index_with("C", five) == score(questionnaire, levels(A=1, C=5)).index
