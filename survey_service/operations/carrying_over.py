"""Answers of the assessment before, taken over to be confirmed, and confirmed for a whole part."""

from msgspec import structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Draft, Response
from survey_service.errors import NotFoundError
from survey_service.maturity.revision import carried_over, continuations
from survey_service.operations import progress
from survey_service.operations.assessments import Sheet, before, carry, handed_on, view
from survey_service.operations.responses import save_response
from survey_service.store.database import Writer


def take_over(tx: Writer, actor: Actor, assessment_id: int, part: str | None = None) -> list[str]:
    """Take over what the organisation answered the time before, to be confirmed; return the codes.

    Only where nothing was answered yet; with a `part`, a node by its code, only directly in it.

    Raises:
        NotFoundError: There is no such assessment for this actor, or no such part.
        ForbiddenError: The actor does not answer for the organisation.
        ClosedError: The assessment is not being answered.
        OutsideDatesError: It is not the time for it.
    """
    sheet = _answerable(tx, actor, assessment_id, part)
    found = available(sheet, before(tx, actor, sheet))
    taken = [code for code in found if _is_in(sheet, code, part)]
    for code in taken:
        carry(tx, actor, assessment_id, found[code])
    if taken:
        progress.recount(tx, sheet.assessment, sheet.questionnaire)
    return taken


def confirm(tx: Writer, actor: Actor, assessment_id: int, part: str | None = None) -> list[str]:
    """Confirm what was carried over, in a part or everywhere, as it is; return the codes.

    Raises:
        SurveyError: See `take_over`.
    """
    sheet = _answerable(tx, actor, assessment_id, part)
    confirmed = [code for code in sheet.to_confirm if _is_in(sheet, code, part)]
    for code in confirmed:
        one = sheet.responses[code]
        draft = Draft(one.answer, one.note, one.revision)
        save_response(tx, actor, assessment_id, code, draft)
    return confirmed


def available(sheet: Sheet, earlier: Sheet | None) -> dict[str, Response]:
    """Return what the assessment before can hand on to where nothing was answered yet, by code.

    That of a predecessor hands on nothing: it was answered for another organisation.
    """
    owner = sheet.assessment.organisation.id
    if earlier is None or earlier.assessment.organisation.id != owner:
        return {}
    old, new, own = earlier.questionnaire, sheet.questionnaire, earlier.readable["self"]
    answers = carried_over(old, new, {code: one.answer for code, one in own.items()})
    before_ = {one.new: own[one.old[0]] for one in continuations(old, new) if one.new in answers}
    reference = earlier.assessment.reference
    return {
        code: handed_on(
            structs.replace(before_[code], answer=answer), code, sheet.assessment, reference
        )
        for code, answer in answers.items()
        if code not in sheet.responses and code not in sheet.unasked
    }


def _answerable(tx: Writer, actor: Actor, assessment_id: int, part: str | None) -> Sheet:
    """Return the assessment if the actor may answer it now."""
    sheet = view(tx, actor, assessment_id)
    require(actor, "answer", owner=sheet.assessment.organisation.id, stage="self")
    sheet.assessment.require_open("self", clock.now())
    if part is not None and part not in sheet.questionnaire.all_nodes:
        raise NotFoundError(node=part)
    return sheet


def _is_in(sheet: Sheet, code: str, part: str | None) -> bool:
    return part is None or sheet.questionnaire.parents[code].code == part
