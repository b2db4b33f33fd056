"""The page on which a draft is thrown away, and brought back."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service import i18n
from survey_service.errors import SurveyError
from survey_service.operations import discarding, questionnaires
from survey_service.web.access import acting
from survey_service.web.context import Context
from survey_service.web.problems import BEYOND

_ONE = "/assessments/{assessment_id:int}/discarding"


@get("/assessments/discarded", opt=acting("read"), include_in_schema=False)
async def show_all(context: NamedDependency[Context]) -> Response[str]:
    """Show the drafts that were thrown away, and how to bring them back for as long as that is possible."""
    return context.page(
        "assessments/discarded.html",
        found=await context.read(discarding.list_all),
        names=await context.read(questionnaires.names),
    )


@get(_ONE, opt=acting("discard"), include_in_schema=False)
async def show(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show what throwing the draft away will do; once that is done, how to bring it back."""
    return await _page(context, assessment_id)


@post(_ONE, opt=acting("discard"), include_in_schema=False)
async def discard(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[Any]:
    """Throw the draft away, or show why not."""
    try:
        await context.write(discarding.discard, assessment_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, assessment_id, error)
    return Redirect(f"/assessments/{assessment_id}/discarding", status_code=303)


@post(_ONE + "/undoing", opt=acting("discard"), include_in_schema=False)
async def bring_back(
    context: NamedDependency[Context], assessment_id: FromPath[int]
) -> Response[Any]:
    """Bring the draft back, or show why not."""
    try:
        await context.write(discarding.bring_back, assessment_id)
    except BEYOND:
        raise
    except SurveyError as error:
        return await _page(context, assessment_id, error)
    return Redirect(f"/assessments/{assessment_id}/result", status_code=303)


async def _page(
    context: Context, assessment_id: int, refusal: SurveyError | None = None
) -> Response[str]:
    found = await context.read(discarding.prospect, assessment_id)
    problem = refusal or found.problem
    return context.page(
        "assessments/discarding.html",
        status=refusal.status if refusal else 200,
        found=found,
        problem=i18n.describe(problem, context.language) if problem else "",
    )
