"""What became, in an assessment, of the actions that its organisation planned in earlier ones."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from survey_service.conduct.actions import Outcome, outcome
from survey_service.conduct.life import STAGES, Stage, settled
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import carried_over, continuations
from survey_service.operations import questionnaires
from survey_service.operations.assessments import Sheet
from survey_service.store import actions, successions
from survey_service.store.actions import Listed
from survey_service.store.database import Reader


class Became(Struct, frozen=True):
    """An action of an earlier assessment, and what became of it in this one.

    `asked` is the questionnaire of the earlier one, and `indicator` the code by which this one asks
    for the same, None where it does not. `own` is the organisation's answer here, and `checked` what
    the last of those who check gave, as far as the reader may see it.
    """

    listed: Listed
    asked: Questionnaire
    indicator: str | None
    outcome: Outcome
    own: Answer | None = None
    checked: Answer | None = None


def became(tx: Reader, sheet: Sheet) -> list[Became]:
    """Return what became of those actions that are still open, and of all of the last assessment.

    Those of what the organisation follows since a merger, split or renaming are among them.
    """
    this = sheet.assessment
    theirs = [this.organisation.id, *successions.predecessors(tx, this.organisation.id)]
    found = list(_asked_again(tx, sheet, actions.earlier(tx, theirs, before=this.id)))
    last = max((one.listed.action.assessment_id for one in found), default=0)
    return [
        one for one in found if one.listed.action.is_open or one.listed.action.assessment_id == last
    ]


def _asked_again(tx: Reader, sheet: Sheet, listed: Sequence[Listed]) -> Iterator[Became]:
    """Yield what became of actions on questionnaires that this one is, or continues."""
    known: dict[tuple[str, str], Questionnaire | None] = {}
    for one in listed:
        key = (one.digest, one.kind)
        if key not in known:
            known[key] = _continued(tx, sheet, one)
        if (asked := known[key]) is not None:
            yield _became(sheet, one, asked)


def _continued(tx: Reader, sheet: Sheet, one: Listed) -> Questionnaire | None:
    """Return the questionnaire of an action; None where this one has nothing to do with it."""
    try:
        asked = questionnaires.decoded(tx, one.digest).for_kind(one.kind)
    except UnknownKindError:
        return None
    goes_on = one.digest == sheet.assessment.digest or continuations(asked, sheet.questionnaire)
    return asked if goes_on else None


def _became(sheet: Sheet, one: Listed, asked: Questionnaire) -> Became:
    action, new = one.action, sheet.questionnaire
    code: str | None = action.indicator
    after: Answer | None = action.after
    if one.digest != sheet.assessment.digest:
        aimed = carried_over(asked, new, {action.indicator: action.after})
        code, after = next(iter(aimed.items()), (None, None))
    if code is None or after is None or code not in new.indicators or code in sheet.unasked:
        return Became(one, asked, None, "not_asked")
    own, checked = _given(sheet, "self", code), _checked(sheet, code)
    return Became(one, asked, code, outcome(new, code, after, own, checked), own, checked)


def _given(sheet: Sheet, stage: Stage, code: str) -> Answer | None:
    response = sheet.readable.get(stage, {}).get(code)
    return None if response is None else response.answer


def _checked(sheet: Sheet, code: str) -> Answer | None:
    """Return what the last stage that is over gave beside the organisation's own answer."""
    over = [stage for stage in settled(sheet.assessment.state) if stage != "self"]
    for stage in sorted(over, key=STAGES.index, reverse=True):
        if (answer := _given(sheet, stage, code)) is not None:
            return answer
    return None
