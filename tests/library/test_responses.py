import json

import pytest

from survey_service.conduct.responses import Responses
from survey_service.errors import DocumentError
from survey_service.library import documents, responses
from tests.samples import levels, tiny

TWO = tiny("two_dimensions")


def test_responses_are_decoded_with_their_organisation() -> None:
    given = _load({"A": {"level": 3}, "B": {"not_applicable": "none"}})

    assert given.organisation.name == "Agency"
    assert given.responses["A"] == levels(A=3)["A"]


@pytest.mark.parametrize(
    ("answers", "reason", "key", "line"),
    [
        ({"A": {"level": 9}}, "invalid_level", "responses.A", 8),
        ({"A": {"level": "3"}}, "type", "responses.A.level", 9),
        ({"A": {"level": 3.5}}, "type", "responses.A.level", 9),
        ({"A": {"level": True}}, "type", "responses.A.level", 9),
        ({"A": {"level": 3, "not_applicable": "x"}}, "two_answers", "responses.A", 8),
        ({"A": {"option": "B"}}, "wrong_kind", "responses.A", 8),
        ({"A": {}}, "no_answer", "responses.A", 8),
        ({"A": 3}, "type", "responses.A", 8),
        ({"A": {"level": 3}, "Z": {"level": 3}}, "unknown_indicator", "responses.Z", 11),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_line(
    answers: object, reason: str, key: str, line: int
) -> None:
    with pytest.raises(DocumentError) as refused:
        _load(answers)

    details = refused.value.details
    assert (details["reason"], details["key"], details["line"]) == (reason, key, line)


def test_responses_to_another_questionnaire_are_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        _load({}, questionnaire="two-dimensions@2")

    assert refused.value.details["reason"] == "other_questionnaire"


@pytest.mark.parametrize("content", [b"- 1\n", b"responses: 3\nquestionnaire: two-dimensions@1\n"])
def test_something_else_than_responses_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError):
        responses.load(documents.read(content, "r.yaml"), TWO)


def _load(answers: object, questionnaire: str = "two-dimensions@1") -> Responses:
    written = {
        "questionnaire": questionnaire,
        "organisation": {"name": "Agency", "kind": "city"},
        "responses": answers,
    }
    text = json.dumps(written, indent=2)
    return responses.load(documents.read(text.encode(), "r.json"), TWO)
