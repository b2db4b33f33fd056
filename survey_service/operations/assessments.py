"""Opening an assessment, answering it, handing it in, and seeing where it stands."""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from survey_service import clock
from survey_service.errors import NotFoundError, UnknownIndicatorError
from survey_service.maturity.access import Actor, require
from survey_service.maturity.answers import Answer
from survey_service.maturity.assessment import Assessment, Draft, Response, revise, unanswered
from survey_service.maturity.conditions import Profile, facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import Trend, carried_over, continuations, trend
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator
from survey_service.operations import audit, questionnaires
from survey_service.store import assessments, organisations, responses
from survey_service.store.database import Reader, Writer

_LOOKED_AT = 20  # earlier assessments, for one that the questionnaire continues


class Sheet(Struct, frozen=True, dict=True):
    """An assessment with its responses so far, by indicator code.

    The questionnaire is as the organisation sees it, whose kind may be asked or weighed otherwise.
    """

    assessment: Assessment
    questionnaire: Questionnaire
    responses: dict[str, Response]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers alone."""
        return {code: response.answer for code, response in self.responses.items()}

    @cached_property
    def confirmed(self) -> dict[str, Answer]:
        """The answers that somebody gave here, without those carried over and not yet confirmed."""
        return {
            code: response.answer
            for code, response in self.responses.items()
            if response.carried_from is None
        }

    @cached_property
    def running(self) -> Card:
        """The score of the answers so far."""
        return score(self.questionnaire, self.answers, profile=self.profile)

    @cached_property
    def official(self) -> Card:
        """The score with what is unanswered counted as the lowest level."""
        return score(self.questionnaire, self.answers, official=True, profile=self.profile)

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of the organisation."""
        return self.assessment.organisation.profile

    @cached_property
    def unasked(self) -> set[str]:
        """The codes of what the answers so far leave unasked."""
        return facts(self.questionnaire, self.answers, self.profile, official=False).unasked

    @cached_property
    def unanswered(self) -> list[str]:
        """The codes of what must still be answered, or confirmed, before handing in."""
        return unanswered(self.questionnaire, self.confirmed, self.profile)


def open_assessment(tx: Writer, actor: Actor, reference: str) -> Assessment:
    """Open an assessment of the actor's organisation on a published `code@version`.

    Answers to an earlier version are carried over where the new one continues it and asks the
    same; they are marked until somebody confirms them.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        UnknownKindError: It is not asked of organisations of this kind.
        InactiveError: The organisation takes part no longer.
        ForbiddenError: The actor's role may not.
    """
    require(actor, "open")
    code, _, version = reference.partition("@")
    published = questionnaires.find(tx, code, version)
    organisation = organisations.fetch(tx, actor.organisation_id)
    organisation.require_active()
    questionnaires.decoded(tx, published.digest).for_kind(organisation.kind)
    opened = Assessment(
        id=0,
        questionnaire=published.code,
        version=published.version,
        digest=published.digest,
        organisation=organisation,
        state="draft",
        opened_at=clock.now(),
    )
    added = assessments.add(tx, opened, actor.id)
    _record(tx, actor, "assessment.open", added.id, after=added)
    for carried in _carried_over(tx, added):
        responses.save(tx, added.id, carried)
        about = f"responses/{carried.indicator}"
        _record(tx, actor, "response.carry", added.id, about, after=carried)
    return added


def _carried_over(tx: Reader, opened: Assessment) -> Iterator[Response]:
    """Yield what the organisation's newest assessment that the questionnaire continues hands on."""
    new, owner = _asked(tx, opened), opened.organisation.id
    for earlier in assessments.earlier(tx, owner, before=opened.id, limit=_LOOKED_AT):
        if earlier.digest == opened.digest:
            continue
        found = responses.responses(tx, earlier.id)
        given = {code: response.answer for code, response in found.items()}
        old = _asked(tx, earlier)
        if carried := carried_over(old, new, given):
            for one in continuations(old, new):
                if one.new in carried:
                    before = found[one.old[0]]
                    yield Response(
                        one.new,
                        carried[one.new],
                        before.note,
                        1,
                        before.author,
                        opened.opened_at,
                        carried_from=earlier.reference,
                    )
            return


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
    require(actor, "save", owner=assessment.organisation.id)
    assessment.require_open()
    questionnaire = _asked(tx, assessment)
    current = responses.current(tx, assessment_id, code)
    saved = revise(questionnaire, code, current, draft, actor.name, clock.now())
    if saved is not current:
        responses.save(tx, assessment_id, saved)
        about = f"responses/{code}"
        _record(tx, actor, "response.save", assessment_id, about, before=current, after=saved)
    return saved


def submit(tx: Writer, actor: Actor, assessment_id: int) -> Assessment:
    """Hand the assessment in; from then on it is read-only."""
    sheet = view(tx, actor, assessment_id)
    require(actor, "submit", owner=sheet.assessment.organisation.id)
    submitted = sheet.assessment.submit(sheet.questionnaire, sheet.confirmed, clock.now())
    assessments.save_state(tx, submitted)
    _record(tx, actor, "assessment.submit", assessment_id, before=sheet.assessment, after=submitted)
    return submitted


def withdraw(tx: Writer, actor: Actor, assessment_id: int) -> Assessment:
    """Take the assessment back, to be answered further."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "withdraw", owner=assessment.organisation.id)
    withdrawn = assessment.withdraw()
    assessments.save_state(tx, withdrawn)
    _record(tx, actor, "assessment.withdraw", assessment_id, before=assessment, after=withdrawn)
    return withdrawn


def view(tx: Reader, actor: Actor, assessment_id: int) -> Sheet:
    """Return the assessment with its questionnaire and responses."""
    assessment = assessments.fetch(tx, assessment_id, visible_to=actor)
    require(actor, "read")
    questionnaire = _asked(tx, assessment)
    return Sheet(assessment, questionnaire, responses.responses(tx, assessment_id))


def compared(tx: Reader, actor: Actor, assessment_id: int, earlier_id: int) -> Trend:
    """Return an assessment beside an earlier one, on the common basis of their questionnaires.

    Raises:
        NotFoundError: There is no such assessment for this actor, or none of this organisation.
    """
    sheet, earlier = view(tx, actor, assessment_id), view(tx, actor, earlier_id)
    if earlier.assessment.organisation.id != sheet.assessment.organisation.id:
        raise NotFoundError(assessment=earlier_id)
    return trend(
        earlier.questionnaire, earlier.answers, sheet.questionnaire, sheet.answers, sheet.profile
    )


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
    found = _asked(tx, assessment).indicators.get(code)
    if found is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=assessment.reference)
    return found


def history(tx: Reader, actor: Actor, assessment_id: int, code: str) -> list[Response]:
    """Return every revision of a response, oldest first."""
    indicator(tx, actor, assessment_id, code)
    return responses.history(tx, assessment_id, code)


def _record(
    tx: Writer,
    actor: Actor,
    action: str,
    assessment_id: int,
    below: str = "",
    *,
    before: object = None,
    after: object = None,
) -> None:
    """Record a change to an assessment, or to something `below` it."""
    about = f"assessments/{assessment_id}/{below}".rstrip("/")
    audit.record(tx, actor, action, about, before=before, after=after, assessment_id=assessment_id)


def _asked(tx: Reader, assessment: Assessment) -> Questionnaire:
    """Return the questionnaire as the assessment's organisation is asked it."""
    return questionnaires.decoded(tx, assessment.digest).for_kind(assessment.organisation.kind)
