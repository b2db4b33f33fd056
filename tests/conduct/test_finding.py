from collections.abc import Collection

import pytest

from survey_service.conduct.finding import Mark, Question, found
from tests.samples import tiny


def _found(name: str, words: str, marks: Collection[Mark] = ()) -> list[str]:
    """Return what is found in a questionnaire of which the first question is mine, and noted on."""
    questionnaire = tiny(name)
    questions = [
        Question(one, "" if place else "As the Minutes say", frozenset(() if place else ("mine",)))
        for place, one in enumerate(questionnaire.indicators.values())
    ]
    return [one.indicator.code for one in found(questionnaire, questions, words, marks)]


@pytest.mark.parametrize("name", ["two_dimensions", "answers", "conditions", "three_tiers"])
def test_without_words_and_marks_everything_is_found(name: str) -> None:
    assert _found(name, "") == list(tiny(name).indicators)


def test_every_word_must_be_there_in_whatever_case_and_language() -> None:
    first = next(iter(tiny("answers").indicators.values()))

    assert first.code in _found("answers", first.name.id.upper())
    assert first.code in _found("answers", first.name.en)
    assert _found("answers", "minutes as") == [first.code]
    assert _found("answers", "minutes nowhere") == []


def test_all_marks_must_be_there() -> None:
    first = next(iter(tiny("answers").indicators))

    assert _found("answers", "", ["mine"]) == [first]
    assert _found("answers", "", ["mine", "differs"]) == []


def test_options_and_guidance_are_looked_at() -> None:
    asked = tiny("conditions")
    chosen = next(one for one in asked.indicators.values() if one.answer_type == "option")
    guided = [one for one in tiny("three_tiers").indicators.values() if one.guidance is not None]

    assert chosen.code in _found("conditions", asked.options(chosen)[0].text.en)
    assert guided
    for one in guided:
        assert one.guidance is not None
        assert one.code in _found("three_tiers", one.guidance.en)


def test_levels_are_looked_at() -> None:
    questionnaire = tiny("two_dimensions")
    one = next(iter(questionnaire.indicators.values()))
    criterion = list(questionnaire.levels(one).values())[-1].criteria[0].id

    assert one.code in _found("two_dimensions", criterion)
