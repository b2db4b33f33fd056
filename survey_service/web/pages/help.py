"""How to do each job: what the README says, for the people who do it."""

from litestar import Response, get
from litestar.di import NamedDependency

from survey_service.web.access import PUBLIC
from survey_service.web.context import Context


@get("/help", opt=PUBLIC, include_in_schema=False)
async def show(context: NamedDependency[Context]) -> Response[str]:
    """Show how to do each job."""
    await context.recognise()
    return context.page("help.html")
