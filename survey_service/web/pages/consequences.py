"""Before something is closed: what will happen, and what is odd; and the receipt of handing in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from survey_service import i18n
from survey_service.conduct.life import Step
from survey_service.errors import SurveyError
from survey_service.errors.review import IncompleteError, UncheckedError
from survey_service.operations import consequences, receipts
from survey_service.operations.consequences import Prospect
from survey_service.web.access import acting
from survey_service.web.context import Context

_ONE = "/assessments/{assessment_id:int}"
_MISSING = (IncompleteError, UncheckedError)
_NOTHING: Mapping[str, str] = MappingProxyType({})


@get(_ONE + "/steps/{step:str}", opt=acting("submit"), include_in_schema=False)
async def step(
    context: NamedDependency[Context], assessment_id: FromPath[int], step: FromPath[Step]
) -> Response[str]:
    """Show what a step will do and what is odd, to be confirmed."""
    return await confirmation(context, assessment_id, step)


@get(_ONE + "/acceptance", opt=acting("answer"), include_in_schema=False)
async def acceptance(
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    stage: FromQuery[Literal["internal", "external"]],
) -> Response[str]:
    """Show what accepting all that is left will do and what is odd, to be confirmed."""
    found = await context.read(consequences.of_acceptance, assessment_id, stage)
    left = found.sheet.unchecked(stage)
    return _page(context, found, step="accept", stage=stage, left=left)


@get(_ONE + "/receipt", opt=acting("read"), include_in_schema=False)
async def receipt(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[str]:
    """Show the receipt of what was handed in last, to be printed."""
    found = await context.read(receipts.load, assessment_id)
    questionnaire = found.sheet.questionnaire
    return context.page(
        "assessments/receipt.html",
        receipt=found,
        sheet=found.sheet,
        questionnaire=questionnaire,
        grades={grade.code: grade.name for grade in questionnaire.grades},
    )


async def confirmation(
    context: Context,
    assessment_id: int,
    step: Step,
    refusal: SurveyError | None = None,
    typed: Mapping[str, str] = _NOTHING,
) -> Response[str]:
    """Return the page on which a step is confirmed: with why it was refused, and what was typed."""
    found = await context.read(consequences.of_step, assessment_id, step)
    return _page(context, found, refusal, step=step, typed=typed)


def _page(
    context: Context, found: Prospect, refusal: SurveyError | None = None, **values: object
) -> Response[str]:
    problem = refusal or found.problem
    concerns = [
        (i18n.translate(f"concern.{one.oddity}", context.language, count=one.count), one.indicators)
        for one in found.concerns
    ]
    missing = problem.details["missing"] if isinstance(problem, _MISSING) else []
    return context.page(
        "assessments/confirm.html",
        status=refusal.status if refusal else 200,
        found=found,
        sheet=found.sheet,
        questionnaire=found.sheet.questionnaire,
        card=found.card,
        concerns=concerns,
        lacks=found.problem is not None,
        problem=i18n.describe(problem, context.language) if problem else "",
        missing=missing,
        **{"typed": _NOTHING, "stage": "", "left": [], **values},
    )
