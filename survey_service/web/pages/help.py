"""How to do each job: a page for each, with a picture of it, that tells of what this installation has."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.errors import NotFoundError
from survey_service.web.access import PUBLIC
from survey_service.web.context import Context

JOBS = (
    "set-up",
    "lists",
    "cycle",
    "fill-in",
    "check",
    "objection",
    "results",
    "views",
    "releases",
    "reports",
    "audit",
    "running",
    "account",
)


@get("/help", opt=PUBLIC, include_in_schema=False)
async def show(context: NamedDependency[Context]) -> Response[str]:
    """Show which jobs there are."""
    await context.recognise()
    return context.page("help.html", jobs=JOBS)


@get("/help/{job:str}", opt=PUBLIC, include_in_schema=False)
async def show_one(context: NamedDependency[Context], job: FromPath[str]) -> Response[Any]:
    """Show how to do one job."""
    if job not in JOBS:
        raise NotFoundError(help=job)
    await context.recognise()
    return context.page(
        f"help/{job}.html",
        job=job,
        jobs=JOBS,
        mail=context.services.mail is not None,
        provider=context.services.provider is not None,
    )
