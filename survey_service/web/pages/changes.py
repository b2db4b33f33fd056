"""What was changed in an assessment and why, where it is objected to, and where that is decided."""

from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.conduct.assessment import Response as Saved
from survey_service.operations import changes
from survey_service.operations.changes import Changes
from survey_service.reports import changes as drawn
from survey_service.reports.answers import Said, said
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.downloads import table_response

_ONE = "/assessments/{assessment_id:int}/changes"


@get(_ONE, opt=acting("read"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show each answer that was changed or objected to: every stage's score, and why."""
    found = await context.read(changes.load, assessment_id)
    return context.page(
        "assessments/changes.html",
        found=found,
        sheet=found.sheet,
        assessment=found.sheet.assessment,
        questionnaire=found.sheet.questionnaire,
        words=_words(context, found),
    )


@get(_ONE + "/{form:str}", opt=acting("read"), include_in_schema=False)
async def table(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    form: FromPath[Literal["csv", "xlsx"]],
) -> Response[bytes]:
    """Take along what was changed and why, as a table."""
    found = await context.read(changes.load, assessment_id)
    by_code = {one.indicator: one.scores for one in found.changed}
    made = drawn.table(found.sheet.questionnaire, by_code, context.language)
    return await table_response(context, made, form, found.sheet.assessment)


def _words(context: Context, found: Changes) -> dict[str, list[tuple[Said, Saved]]]:
    """Return the scores of each answer that was changed in words, by indicator code."""
    questionnaire = found.sheet.questionnaire
    return {
        one.indicator: [
            (
                said(
                    questionnaire,
                    questionnaire.indicators[one.indicator],
                    score.answer,
                    context.language,
                ),
                score,
            )
            for score in one.scores
        ]
        for one in found.changed
    }
