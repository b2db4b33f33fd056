"""Planning the way to the next grade on the answers of an assessment as they are."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated

from msgspec import Meta, Struct

from survey_service.maturity.better_answers import Wishes
from survey_service.maturity.budget import Budget
from survey_service.maturity.schedule import Schedule, planned
from survey_service.operations.assessments import Sheet

MOST_YEARS = 20
"""That are planned at once."""
# one plan at a time: whoever wants another waits for it, and nobody else does
_planning = ThreadPoolExecutor(1, "planning")


class Aim(Struct, frozen=True, forbid_unknown_fields=True):
    """The code of a grade, or an index, and in how many years; a budget where effort is short."""

    target: Annotated[str, Meta(max_length=40)]
    years: Annotated[int, Meta(ge=1, le=MOST_YEARS)] = 1
    budget: Budget | None = None
    wishes: Wishes = Wishes()


async def plan(sheet: Sheet, aim: Aim) -> Schedule:
    """Return the plan that reaches an aim at the least effort; nothing is saved.

    Raises:
        UnknownTargetError, NoWholeError: There is nothing such to aim at.
        SolverMissingError: It is for several years or has a budget, and no solver is installed.
        SurveyError: A wish is about what is not asked, or for an answer that is not there.
    """
    return await asyncio.get_running_loop().run_in_executor(
        _planning,
        planned,
        sheet.questionnaire,
        sheet.answers,
        aim.target,
        aim.wishes,
        sheet.profile,
        aim.years,
        aim.budget,
    )
