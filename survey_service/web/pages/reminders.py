"""Reminding all who have not begun, from the page of the cycle."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from survey_service.operations import reminders
from survey_service.web import jobs
from survey_service.web.access import acting
from survey_service.web.context import Context


@post("/cycles/{cycle_id:int}/reminders", opt=acting("plan"), include_in_schema=False)
async def remind(context: NamedDependency[Context], cycle_id: FromPath[int]) -> Redirect:
    """Remind all who have not begun; or show how far it is."""
    job_id = await context.ask(reminders.request, cycle_id)
    if not await jobs.is_done(context, job_id):
        return jobs.progress_of(job_id)
    return Redirect(f"/cycles/{cycle_id}?state=none", status_code=303)
