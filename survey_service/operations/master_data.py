"""Taking over what has changed in an organisation's master data since its assessment was opened.

While an assessment is being answered its team may; once it is handed in only a ministry, for a reason.
"""

from msgspec import Struct, structs

from survey_service import clock
from survey_service.characters import is_blank
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment, Organisation
from survey_service.conduct.life import Moved, Stage
from survey_service.conduct.master_data import Changed, changes
from survey_service.errors.organisations import NothingChangedError
from survey_service.errors.review import StepReasonError
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.profile_change import Effect, effect
from survey_service.maturity.texts import Text
from survey_service.operations import audit, progress, questionnaires, results
from survey_service.operations.assessments import Sheet, readable, view
from survey_service.operations.preconditions import require_match, tag
from survey_service.store import assessments, organisations
from survey_service.store.database import Reader, Writer


class Offer(Struct, frozen=True):
    """What an assessment knows of its organisation, how that is now, and what changes with it.

    `effect` is None where nothing differs, or where the questionnaire is not asked of one of the two
    kinds; where it is not asked of the new one (`asked` is false), nothing can be taken over.
    `names` are those of what opens, closes or weighs otherwise, by code.
    """

    then: Organisation
    now: Organisation
    changes: tuple[Changed, ...]
    effect: Effect | None
    names: dict[str, Text]
    asked: bool
    may_take_over: bool
    needs_reason: bool

    @property
    def tag(self) -> str:
        """What a taking over must be based on."""
        return tag(_compared(self.then, self.now))


def offer(tx: Reader, actor: Actor, assessment_id: int) -> Offer:
    """Return what could be taken over into an assessment.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    assessment = readable(tx, actor, assessment_id)
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    known = questionnaire.knows(assessment.organisation.kind)
    sheet = view(tx, actor, assessment_id) if known else None
    now = organisations.fetch(tx, assessment.organisation.id)
    return _offer(actor, assessment, questionnaire, sheet, now)


def offered(tx: Reader, actor: Actor, sheet: Sheet) -> Offer | None:
    """Return what is offered on an assessment's own pages; None where nothing is.

    It is offered to those who can take it over, and shown to the rest of the team at work.
    """
    assessment, owner = sheet.assessment, sheet.assessment.organisation.id
    at_work = assessment.is_answered and actor.organisation_id == owner
    if not at_work and not _may(actor, assessment):
        return None
    now = organisations.fetch(tx, owner)
    if not changes(assessment.organisation, now):
        return None
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    return _offer(actor, assessment, questionnaire, sheet, now)


def take_over(tx: Writer, actor: Actor, assessment_id: int, reason: str, seen: str) -> Assessment:
    """Let an assessment know its organisation as it is now, on what was `seen` of it.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: It is for others to do.
        ClosedError: It goes on in another assessment.
        WithdrawnError: Its organisation is withdrawn from the cycle.
        OutsideDatesError: It is not the time to answer it.
        StaleEditError: The master data changed since it was looked at.
        NothingChangedError: There is nothing to take over.
        StepReasonError: It is handed in, and no reason is given.
        UnknownKindError: The questionnaire is not asked of what the organisation is now.
    """
    before = readable(tx, actor, assessment_id)
    owner, now = before.organisation.id, clock.now()
    require(actor, "take_over", owner=owner, stage=_stage(before))
    _require_open(before)
    organisation = organisations.fetch(tx, owner)
    require_match(_compared(before.organisation, organisation), seen)
    if not changes(before.organisation, organisation):
        raise NothingChangedError
    if not before.is_answered and is_blank(reason):
        raise StepReasonError
    asked = questionnaires.decoded(tx, before.digest).for_kind(organisation.kind)
    after = structs.replace(before, organisation=organisation)
    assessments.save_organisation(tx, after)
    after = progress.recount(tx, after, asked)
    moved = Moved(0, "take_over", before.state, after.state, actor.name, now, reason)
    recorded = (after, results.settle_anew(tx, after, moved), {"reason": reason})
    audit.record_about(
        tx, actor, "assessment.take_over", assessment_id, before=before, after=recorded
    )
    return after


def _require_open(assessment: Assessment) -> None:
    assessment.require_going_on()
    if assessment.is_answered:
        assessment.require_open("self", clock.now())


def _offer(
    actor: Actor,
    assessment: Assessment,
    questionnaire: Questionnaire,
    sheet: Sheet | None,
    now: Organisation,
) -> Offer:
    then = assessment.organisation
    found, asked = changes(then, now), questionnaire.knows(now.kind)
    worked_out = None
    if sheet is not None and found and asked:
        worked_out = effect(
            questionnaire, sheet.answers, then.profile, now.profile, sheet.to_confirm
        )
    return Offer(
        then,
        now,
        found,
        worked_out,
        _names(questionnaire, worked_out) if worked_out else {},
        asked,
        _may(actor, assessment),
        not assessment.is_answered,
    )


def _names(questionnaire: Questionnaire, worked_out: Effect) -> dict[str, Text]:
    weights = (one.code for one in worked_out.reweighted)
    codes = (*worked_out.opened, *worked_out.closed, *weights)
    return {code: questionnaire.things[code].name for code in codes}


def _may(actor: Actor, assessment: Assessment) -> bool:
    owner = assessment.organisation.id
    return assessment.goes_on and may(actor, "take_over", owner=owner, stage=_stage(assessment))


def _stage(assessment: Assessment) -> Stage:
    return "self" if assessment.is_answered else "final"


def _compared(then: Organisation, now: Organisation) -> tuple[Organisation, Organisation]:
    """Return the two without what is never taken over."""
    return structs.replace(then, active=True), structs.replace(now, active=True)
