"""Waiting for long work, for as long as an answer can wait; what pages and the API share."""

from litestar.response import Redirect

from survey_service.conduct.jobs import Job
from survey_service.operations import jobs
from survey_service.web.context import Context

PAGE_PATIENCE = 2.0  # seconds; then a page shows how far it is
API_PATIENCE = 20.0  # seconds; then a program is told where to look


async def waited(context: Context, job_id: int, seconds: float) -> Job:
    """Wait until a job has ended, but not for longer than some seconds; return how it stands then."""
    await context.services.following.ended(job_id, seconds)
    return await context.read(jobs.view, job_id)


async def is_done(context: Context, job_id: int) -> bool:
    """Wait for a job as long as a page can; return whether it is done by then."""
    return (await waited(context, job_id, PAGE_PATIENCE)).state == "done"


def progress_of(job_id: int) -> Redirect:
    """Return the way to the page that shows how far a job is."""
    return Redirect(f"/jobs/{job_id}", status_code=303)
