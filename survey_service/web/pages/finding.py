"""Finding questions of an assessment; what is looked for stands in the address, to be sent."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.conduct.finding import MARKS
from survey_service.operations import finding
from survey_service.web.access import acting
from survey_service.web.context import Context

_LONGEST = 200  # letters of what is looked for


@get("/assessments/{assessment_id:int}/questions", opt=acting("read"), include_in_schema=False)
async def show(
    request: Request[Any, Any, Any], context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[str]:
    """Show the questions that have some words, and stand in some way; all of them, without either."""
    asked = request.query_params
    words, given = asked.get("words", "")[:_LONGEST], asked.getall("mark", [])
    marks = [mark for mark in MARKS if mark in given]
    found = await context.read(finding.find, assessment_id, words, marks)
    return context.page(
        "assessments/find.html",
        sheet=found.sheet,
        questionnaire=found.sheet.questionnaire,
        questions=found.questions,
        words=words,
        marks=marks,
        offered=MARKS,
        whole=len(found.sheet.questionnaire.indicators),
    )
