"""Response files: one organisation's answers to one questionnaire, outside any database."""

from collections.abc import Iterator
from typing import Literal, get_args

from msgspec import Struct

from survey_service.errors import SurveyError
from survey_service.library.documents import Document
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.conditions import Attribute, Profile
from survey_service.maturity.findings import Place
from survey_service.maturity.instrument import Questionnaire

Stage = Literal["self", "internal", "external", "final"]
STAGES: tuple[Stage, ...] = get_args(Stage)


class Respondent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers: a name for the report; a kind and attributes that questionnaires may refer to."""

    name: str = ""
    kind: str = ""
    attributes: dict[str, Attribute] = {}

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of it."""
        return Profile(self.kind, self.attributes)


class Responses(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by indicator code, to the questionnaire `code@version`.

    `responses` are the organisation's own; `stages` holds what later stages found otherwise.
    """

    questionnaire: str
    responses: dict[str, Answer]
    organisation: Respondent = Respondent()
    stages: dict[Stage, dict[str, Answer]] = {}

    def at(self, stage: Stage) -> dict[str, Answer]:
        """Return the answers as they stand at a stage: its own over those of the stages before."""
        answers = dict(self.responses)
        for each in STAGES[: STAGES.index(stage) + 1]:
            answers |= self.stages.get(each, {})
        return answers


def load(document: Document, questionnaire: Questionnaire) -> Responses:
    """Return the responses in a document, each accepted by the questionnaire.

    Raises:
        DocumentError: Not a response file, for another questionnaire, or an answer that does not
            fit; says where and what was expected.
    """
    for place in _places(document):
        document.decode(Answer, place)  # alone, for an error that names the place
    responses = document.decode(Responses)
    if responses.questionnaire != questionnaire.reference:
        document.refuse(
            ("questionnaire",),
            "other_questionnaire",
            expected=questionnaire.reference,
            found=responses.questionnaire,
        )
    _accept(document, questionnaire, responses)
    return responses


def _accept(document: Document, questionnaire: Questionnaire, responses: Responses) -> None:
    try:
        asked = questionnaire.for_kind(responses.organisation.kind)
    except SurveyError as error:
        document.refuse(("organisation",), error.code, **error.details)
    given: list[tuple[Place, dict[str, Answer]]] = [(("responses",), responses.responses)]
    given += [(("stages", stage), answers) for stage, answers in responses.stages.items()]
    for place, answers in given:
        for code, answer in answers.items():
            try:
                accept(asked, code, answer)
            except SurveyError as error:
                document.refuse((*place, code), error.code, **error.details)


def _places(document: Document) -> Iterator[Place]:
    """Yield the place of every answer in a document, as far as it is one."""
    values = document.values if isinstance(document.values, dict) else {}
    given: list[tuple[Place, object]] = [(("responses",), values.get("responses"))]
    stages = values.get("stages")
    if isinstance(stages, dict):
        given += [(("stages", stage), answers) for stage, answers in stages.items()]
    for place, answers in given:
        if isinstance(answers, dict):
            yield from ((*place, code) for code in answers)
