"""The results of an assessment's stages, as they were stored when they came about."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.conduct.life import Stage
from survey_service.conduct.results import Result
from survey_service.maturity.cards import restored
from survey_service.operations import assessments
from survey_service.operations.assessments import Sheet
from survey_service.reports.scores import Scored, scored
from survey_service.web.access import acting
from survey_service.web.api.lists import Page
from survey_service.web.context import Context


class StoredResult(Struct, frozen=True):
    """The result of a stage: over what is answered (`running`), and over everything (`official`).

    It came about after the `step` of that number, by the version `scoring` of the program's rules.
    """

    stage: Stage
    step: int
    scoring: int
    running: Scored
    official: Scored


@get("/assessments/{assessment_id:int}/results", opt=acting("read"), operation_id="listResults")
async def read_all(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Page[StoredResult]:
    """List the results of the stages that are over; while it is being answered there are none."""
    sheet = await context.read(assessments.view, assessment_id)
    found = [_stored(sheet, one, context.language) for one in sheet.results.values()]
    return Page(found, None)


def _stored(sheet: Sheet, one: Result, language: str) -> StoredResult:
    asked = sheet.questionnaire
    running = scored(asked, restored(asked, one.running), language)
    official = scored(asked, restored(asked, one.official or one.running), language)
    return StoredResult(one.stage, one.step, one.scoring, running, official)
