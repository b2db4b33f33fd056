"""Finding assessments, each with its result as it was stored."""

from decimal import Decimal

from msgspec import Struct

from survey_service.conduct.access import Actor, require
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import standing
from survey_service.conduct.results import Outcome
from survey_service.maturity.rules import Grade
from survey_service.maturity.showing import USUAL, digits
from survey_service.maturity.texts import Text
from survey_service.operations import questionnaires
from survey_service.operations.assessments import is_asked, may_answer
from survey_service.store import assessments, cycles, results
from survey_service.store.assessments import Wanted
from survey_service.store.database import Reader

_OFFERED = 100  # cycles to choose from, the newest


class Found(Struct, frozen=True):
    """An assessment, with the index and grade of the result that stands; None while it is answered.

    The index is shown with so many `digits`.

    Of an assessment of a kind of organisation that its questionnaire does not know (`asked` is
    false), there is none either. `may_answer` is true for those who fill it in now.
    """

    assessment: Assessment
    index: Decimal | None
    grade: Grade | None
    asked: bool
    may_answer: bool
    digits: int = USUAL


class Offered(Struct, frozen=True):
    """What a list can be narrowed to: questionnaires by code, and cycles."""

    questionnaires: dict[str, Text]
    cycles: list[Cycle]


def find(
    tx: Reader, actor: Actor, *, before: int | None, limit: int, wanted: Wanted
) -> tuple[list[Found], Offered]:
    """Return up to `limit` assessments, newest first, and what they can be narrowed to."""
    require(actor, "read")
    listed = assessments.newest(tx, actor, before=before, limit=limit, wanted=wanted)
    known = results.outcomes(tx, [one.id for one in listed])
    found = [_found(tx, actor, one, known.get((one.id, standing(one.state)))) for one in listed]
    published = {one.code: one.name for one in questionnaires.list_all(tx, actor)}
    return found, Offered(published, cycles.newest(tx, actor, before=None, limit=_OFFERED))


def _found(tx: Reader, actor: Actor, assessment: Assessment, outcome: Outcome | None) -> Found:
    mine = may_answer(actor, assessment)
    if outcome is None:
        return Found(assessment, None, None, is_asked(tx, assessment), mine)
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    grade = next((one for one in questionnaire.grades if one.code == outcome.grade), None)
    shown = USUAL if outcome.index is None else digits(questionnaire, outcome.index)
    return Found(assessment, outcome.index, grade, asked=True, may_answer=mine, digits=shown)
