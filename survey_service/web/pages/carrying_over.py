"""Taking over the answers of the assessment before, and confirming them, a part at a time."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service.operations import carrying_over
from survey_service.web.access import acting
from survey_service.web.context import Context

_PART = "/assessments/{assessment_id:int}/parts/{code:str}"


@post(_PART + "/carrying-over", opt=acting("answer"), include_in_schema=False)
async def take_over(
    context: NamedDependency[Context], assessment_id: FromPath[int], code: FromPath[str]
) -> Redirect:
    """Take over what was answered in a part the time before, to be confirmed."""
    await context.write(carrying_over.take_over, assessment_id, code)
    return Redirect(f"/assessments/{assessment_id}/parts/{code}", status_code=303)


@post(_PART + "/confirmation", opt=acting("answer"), include_in_schema=False)
async def confirm(
    context: NamedDependency[Context], assessment_id: FromPath[int], code: FromPath[str]
) -> Redirect:
    """Confirm what was carried over to a part, as it is."""
    await context.write(carrying_over.confirm, assessment_id, code)
    return Redirect(f"/assessments/{assessment_id}/parts/{code}", status_code=303)
