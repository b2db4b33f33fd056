"""Response files: one organisation's answers to one questionnaire, outside any database."""

from msgspec import Struct

from survey_service.errors import SurveyError
from survey_service.library.documents import Document
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.instrument import Questionnaire


class Respondent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers: a name for the report, and a kind that questionnaires may refer to."""

    name: str
    kind: str = ""


class Responses(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by indicator code, to the questionnaire `code@version`."""

    questionnaire: str
    responses: dict[str, Answer]
    organisation: Respondent = Respondent(name="")


def load(document: Document, questionnaire: Questionnaire) -> Responses:
    """Return the responses in a document, each accepted by the questionnaire.

    Raises:
        DocumentError: Not a response file, for another questionnaire, or an answer that does not
            fit; says where and what was expected.
    """
    for code in _codes(document):
        document.decode(Answer, ("responses", code))  # alone, for an error that names the place
    responses = document.decode(Responses)
    if responses.questionnaire != questionnaire.reference:
        document.refuse(
            ("questionnaire",),
            "other_questionnaire",
            expected=questionnaire.reference,
            found=responses.questionnaire,
        )
    for code, answer in responses.responses.items():
        try:
            accept(questionnaire, code, answer)
        except SurveyError as error:
            document.refuse(("responses", code), error.code, **error.details)
    return responses


def _codes(document: Document) -> list[str]:
    values = document.values
    given = values.get("responses") if isinstance(values, dict) else None
    return list(given) if isinstance(given, dict) else []
