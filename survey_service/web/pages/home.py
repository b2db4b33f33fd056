"""The first page: what waits for whoever comes in, by when, and how to begin."""

from litestar import Response, get
from litestar.di import NamedDependency

from survey_service.conduct.life import STATES
from survey_service.operations import actions, notices, questionnaires, tasks
from survey_service.web.access import acting
from survey_service.web.api.actions import today
from survey_service.web.context import Context
from survey_service.web.pages.actions import action_lines
from survey_service.web.pages.notices import told

_NEWS = 20  # notices, of which those alike are one line
_LINES = 6


@get("/", opt=acting("read"), include_in_schema=False)
async def home(context: NamedDependency[Context]) -> Response[str]:
    """Show what waits, what is most urgent first."""
    waiting = await context.read(tasks.list_tasks)
    mine, count = await context.read(actions.waiting, today(context), limit=tasks.SHOWN)
    feed = await context.read(notices.feed, before=None, limit=_NEWS)
    return context.page(
        "home.html",
        waiting=waiting,
        actions=action_lines(context, mine),
        actions_left=count - len(mine),
        who=context.who,
        states=STATES,
        feed=feed,
        names=await context.read(questionnaires.names),
        told=told(context, feed)[:_LINES],
    )
