"""Moving an assessment to another version of its questionnaire: a step of its own, with a preview.

Nothing is changed in what was answered: the answers go on in a new assessment, and the old one stays
to be read for ever.
"""

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Action, Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import at_work
from survey_service.errors.review import WrongStateError
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import carried_over, continuations
from survey_service.operations import audit, evidence, progress, questionnaires
from survey_service.operations.assessments import Sheet, carry, handed_on, view
from survey_service.store import assessments
from survey_service.store.database import Reader, Writer
from survey_service.store.questionnaires import Published


class Outlook(Struct, frozen=True):
    """What moving would do with the answers, by indicator code.

    `carried` asks the same and keeps its answer; `to_confirm` gets an answer to what it continues,
    to be confirmed; `dropped` are answered indicators of the old version that hand on no answer, and
    stay readable where they are; `added` are to be answered anew.
    """

    carried: list[str]
    to_confirm: list[str]
    dropped: list[str]
    added: list[str]


def outlook(tx: Reader, actor: Actor, assessment_id: int, reference: str) -> Outlook:
    """Return what moving an assessment to a published `code@version` would do.

    Raises:
        UnknownQuestionnaireError: No such version is published.
        UnknownKindError: It is not asked of organisations of this kind.
    """
    sheet = view(tx, actor, assessment_id, "self")
    _, new = _target(tx, sheet, reference)
    return _outlook(sheet, new)


def move(tx: Writer, actor: Actor, assessment_id: int, reference: str) -> Assessment:
    """Go on with an assessment on another version; return the new one.

    Raises:
        ForbiddenError: The actor may not; in a cycle only its ministry may.
        WrongStateError: It is not being answered at the time.
        WithdrawnError: Its organisation is withdrawn from the cycle.
        SurveyError: See `outlook`.
    """
    sheet = view(tx, actor, assessment_id, "self")
    before = sheet.assessment
    action: Action = "move" if before.cycle is None else "move_in_cycle"
    require(actor, action, owner=before.organisation.id)
    if before.superseded_by is None:
        before.require_going_on()
    if at_work(before.state) != "self" or before.superseded_by is not None:
        raise WrongStateError(state=before.state, step="move")
    published, new = _target(tx, sheet, reference)
    opened = _successor(before, published)
    added = assessments.add(tx, structs.replace(opened, cycle=None), actor.id)
    superseded = structs.replace(before, superseded_by=added.id)
    assessments.save_state(tx, superseded)
    if before.cycle is not None:
        assessments.join_cycle(tx, added.id, before.cycle.id)
    audit.record_about(tx, actor, "assessment.move", before.id, before=before, after=superseded)
    moved = assessments.fetch(tx, added.id, visible_to=actor)
    audit.record_about(tx, actor, "assessment.open", moved.id, after=moved)
    _hand_on(tx, actor, sheet, new, moved)
    return progress.recount(tx, moved, new)


def _hand_on(tx: Writer, actor: Actor, sheet: Sheet, new: Questionnaire, moved: Assessment) -> None:
    codes: dict[str, str] = {}
    confirmed = set(_outlook(sheet, new).carried)
    answers = carried_over(sheet.questionnaire, new, sheet.answers)
    for one in continuations(sheet.questionnaire, new):
        if one.new in answers:
            before = structs.replace(sheet.responses[one.old[0]], answer=answers[one.new])
            reference = None if one.new in confirmed else sheet.assessment.reference
            carry(tx, actor, moved.id, handed_on(before, one.new, moved, reference))
            codes[one.old[0]] = one.new
    evidence.hand_on(tx, actor, sheet.assessment.id, moved.id, codes)


def _target(tx: Reader, sheet: Sheet, reference: str) -> tuple[Published, Questionnaire]:
    code, _, version = reference.partition("@")
    published = questionnaires.find(tx, code, version)
    questionnaire = questionnaires.decoded(tx, published.digest)
    return published, questionnaire.for_kind(sheet.assessment.organisation.kind)


def _successor(before: Assessment, published: Published) -> Assessment:
    return Assessment(
        id=0,
        questionnaire=published.code,
        version=published.version,
        digest=published.digest,
        organisation=before.organisation,
        state="draft",
        opened_at=clock.now(),
        cycle=before.cycle,
    )


def _outlook(sheet: Sheet, new: Questionnaire) -> Outlook:
    old, given = sheet.questionnaire, sheet.readable["self"]
    answers = carried_over(old, new, sheet.answers)
    used = {one.new: one.old[0] for one in continuations(old, new) if one.new in answers}
    same = [
        code
        for code, before in used.items()
        if old.code == new.code and code == before and given[before].carried_from is None
    ]
    return Outlook(
        carried=same,
        to_confirm=[code for code in used if code not in same],
        dropped=[code for code in given if code not in used.values()],
        added=[code for code in new.indicators if code not in used],
    )
