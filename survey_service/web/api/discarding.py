"""Throwing a draft away, and bringing it back."""

from litestar import delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.conduct.assessment import Assessment
from survey_service.operations import discarding
from survey_service.operations.discarding import Discarded
from survey_service.web.access import acting
from survey_service.web.api.headers import Key
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}/discarding"


@post(_ONE, opt=acting("discard"), operation_id="discardAssessment")
async def discard(
    context: NamedDependency[Context], assessment_id: FromPath[int], key: Key = None
) -> Discarded:
    """Throw away a draft that was never handed in; within a day it can be brought back."""
    return await context.once(key, Discarded, discarding.discard, assessment_id)


@delete(_ONE, opt=acting("discard"), operation_id="bringBackAssessment", status_code=200)
async def bring_back(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Assessment:
    """Bring a draft back that was thrown away, as long as no other one was opened in its place."""
    return await context.write(discarding.bring_back, assessment_id)
