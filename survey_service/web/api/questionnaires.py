"""Published questionnaires."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import questionnaires
from survey_service.store import questionnaires as stored
from survey_service.store.questionnaires import Published
from survey_service.web.access import PUBLIC
from survey_service.web.api.lists import LONGEST, Cursor, Page, number
from survey_service.web.context import Context


@get("/questionnaires", opt=PUBLIC, operation_id="listQuestionnaires")
async def read_all(context: NamedDependency[Context], cursor: Cursor = None) -> Page[Published]:
    """List the published versions, the newest of each code first."""
    start = number(cursor) or 0
    found = await context.services.db.read(stored.list_all)
    more = str(start + LONGEST) if len(found) > start + LONGEST else None
    return Page(found[start : start + LONGEST], more)


@get("/questionnaires/{code:str}/{version:str}", opt=PUBLIC, operation_id="readQuestionnaire")
async def read(
    context: NamedDependency[Context], code: FromPath[str], version: FromPath[str]
) -> Response[Questionnaire]:
    """Read one version, whole; it never changes, and its ETag is its digest."""
    published, questionnaire = await context.services.db.read(questionnaires.read, code, version)
    return Response(questionnaire, headers={"ETag": f'"{published.digest}"'})
