"""Reminding all who have not begun in a cycle, and who was reminded."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.conduct.notices import Reminder
from survey_service.operations import reminders
from survey_service.web.access import acting
from survey_service.web.api import jobs
from survey_service.web.api.headers import Key
from survey_service.web.api.jobs import LATER, Work
from survey_service.web.api.lists import Page
from survey_service.web.context import Context

_PATH = "/cycles/{cycle_id:int}/reminders"


@get(_PATH, opt=acting("plan"), operation_id="listReminders")
async def read_all(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Page[Reminder]:
    """List the last reminder to each participant that was reminded of not having begun."""
    return Page(await context.read(reminders.list_all, cycle_id), None)


@post(
    _PATH,
    opt=acting("plan"),
    operation_id="remind",
    status_code=200,
    responses={202: LATER},
)
async def remind(
    context: NamedDependency[Context], cycle_id: FromPath[int], key: Key = None
) -> Response[Page[Reminder]] | Response[Work]:
    """Remind all who have not begun and were not reminded within a day.

    Where that takes long, it is answered with 202 and the job that does it.
    """
    job_id = await context.once(key, int, reminders.request, cycle_id)
    context.services.look_at_jobs()
    if not await jobs.is_done(context, job_id):
        return await jobs.accepted(context, job_id)
    found: list[Reminder] = await context.read(reminders.list_all, cycle_id)
    return Response(Page(found, None))
