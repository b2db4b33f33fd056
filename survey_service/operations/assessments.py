"""Opening an assessment, answering it, handing it in, and seeing where it stands."""

from functools import cached_property

from msgspec import Struct

from survey_service import clock
from survey_service.errors import UnknownIndicatorError
from survey_service.maturity.access import Actor, require
from survey_service.maturity.answers import Answer
from survey_service.maturity.assessment import Assessment, Draft, Response, revise
from survey_service.maturity.instrument import Indicator, Questionnaire
from survey_service.maturity.scoring import Card, score
from survey_service.operations import questionnaires
from survey_service.store import assessments, people, responses
from survey_service.store.database import Reader, Writer


class Sheet(Struct, frozen=True, dict=True):
    """An assessment with its questionnaire and its responses so far, by indicator code."""

    assessment: Assessment
    questionnaire: Questionnaire
    responses: dict[str, Response]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers alone."""
        return {code: response.answer for code, response in self.responses.items()}

    @cached_property
    def running(self) -> Card:
        """The score of the answers so far."""
        return score(self.questionnaire, self.answers)

    @cached_property
    def official(self) -> Card:
        """The score with what is unanswered counted as the lowest level."""
        return score(self.questionnaire, self.answers, official=True)


def open_assessment(tx: Writer, actor: Actor, reference: str) -> Assessment:
    """Open an assessment of the actor's organisation on a published `code@version`.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        ForbiddenError: The actor's role may not.
    """
    require(actor, "open")
    code, _, version = reference.partition("@")
    published = questionnaires.find(tx, code, version)
    opened = Assessment(
        id=0,
        questionnaire=published.code,
        version=published.version,
        digest=published.digest,
        organisation=people.organisation_of(tx, actor.organisation_id),
        state="draft",
        opened_at=clock.now(),
    )
    return assessments.add(tx, opened, actor.id)


def save_response(
    tx: Writer, actor: Actor, assessment_id: int, code: str, draft: Draft
) -> Response:
    """Save the answer to one indicator as a new revision.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ClosedError: It was handed in.
        StaleRevisionError: Somebody else saved since; holds both versions.
        SurveyError: The answer does not fit; see `maturity.answers.accept`.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "save")
    assessment.require_open()
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    current = responses.current(tx, assessment_id, code)
    saved = revise(questionnaire, code, current, draft, actor.name, clock.now())
    if saved is not current:
        responses.save(tx, assessment_id, saved)
    return saved


def submit(tx: Writer, actor: Actor, assessment_id: int) -> Assessment:
    """Hand the assessment in; from then on it is read-only."""
    sheet = view(tx, actor, assessment_id)
    require(actor, "submit")
    submitted = sheet.assessment.submit(sheet.questionnaire, sheet.answers, clock.now())
    assessments.save_state(tx, submitted)
    return submitted


def withdraw(tx: Writer, actor: Actor, assessment_id: int) -> Assessment:
    """Take the assessment back, to be answered further."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "withdraw")
    withdrawn = assessment.withdraw()
    assessments.save_state(tx, withdrawn)
    return withdrawn


def view(tx: Reader, actor: Actor, assessment_id: int) -> Sheet:
    """Return the assessment with its questionnaire and responses."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read")
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    return Sheet(assessment, questionnaire, responses.responses(tx, assessment_id))


def response(tx: Reader, actor: Actor, assessment_id: int, code: str) -> Response | None:
    """Return the response to one indicator; None while it is unanswered.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
    """
    indicator(tx, actor, assessment_id, code)
    return responses.current(tx, assessment_id, code)


def indicator(tx: Reader, actor: Actor, assessment_id: int, code: str) -> Indicator:
    """Return what is asked under a code.

    Raises:
        UnknownIndicatorError: The questionnaire has no such indicator.
    """
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    found = questionnaires.decoded(tx, assessment.digest).indicators.get(code)
    if found is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=assessment.reference)
    return found


def history(tx: Reader, actor: Actor, assessment_id: int, code: str) -> list[Response]:
    """Return every revision of a response, oldest first."""
    indicator(tx, actor, assessment_id, code)
    return responses.history(tx, assessment_id, code)
