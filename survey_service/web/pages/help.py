"""How to do each job: what the README says, for the people who do it."""

from litestar import Response, get
from litestar.di import NamedDependency

from survey_service.web.visits import PUBLIC, Visit


@get("/help", opt=PUBLIC, include_in_schema=False)
async def show(visit: NamedDependency[Visit]) -> Response[str]:
    """Show how to do each job."""
    await visit.recognise()
    return visit.page("help.html")
