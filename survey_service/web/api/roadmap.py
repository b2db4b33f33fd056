"""The way to the next grade, planned on an assessment's answers; nothing is saved."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.operations import assessments
from survey_service.operations.roadmap import Aim
from survey_service.operations.roadmap import plan as planned
from survey_service.reports.roadmap import Roadmap, roadmap
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context


@post(
    "/assessments/{assessment_id:int}/roadmap",
    opt=acting("read"),
    operation_id="planRoadmap",
    operation_class=taking(Aim),
    status_code=200,
)
async def plan(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Roadmap:
    """Plan which answers to raise, at the least effort, to reach a grade; nothing is saved.

    What is unanswered counts as the lowest answer. Asking twice does nothing twice.
    """
    aim = await bodies.json(request, Aim)
    sheet = await context.read(assessments.view, assessment_id)
    return roadmap(sheet.questionnaire, await planned(sheet, aim), context.language)
