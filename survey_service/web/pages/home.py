"""The first page: what waits for whoever comes in, by when, and how to begin."""

from litestar import Response, get
from litestar.di import NamedDependency

from survey_service.conduct.life import STATES
from survey_service.operations import waiting
from survey_service.web.visits import Visit, acting


@get("/", opt=acting("read"), include_in_schema=False)
async def home(visit: NamedDependency[Visit]) -> Response[str]:
    """Show what waits, what is most urgent first."""
    desk = await visit.read(waiting.waiting)
    return visit.page("home.html", desk=desk, who=visit.who, states=STATES)
