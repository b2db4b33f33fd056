"""Home, and a questionnaire to read before opening an assessment on it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from survey_service.operations import questionnaires
from survey_service.store import assessments as stored_assessments
from survey_service.store import questionnaires as stored
from survey_service.web.api.lists import number
from survey_service.web.visits import SIGNED_IN, Visit, acting

SHOWN = 20  # assessments on one page


@get("/", opt=acting("read"), include_in_schema=False)
async def home(
    visit: NamedDependency[Visit], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show what can be answered, and what is being answered, newest first."""
    published = await visit.services.db.read(stored.everything)
    found = await visit.read(stored_assessments.newest, before=number(cursor), limit=SHOWN + 1)
    return visit.page(
        "home.html",
        published=published,
        names={one.reference: one.name for one in published},
        assessments=found[:SHOWN],
        older=found[SHOWN - 1].id if len(found) > SHOWN else None,
    )


@get("/questionnaires/{code:str}/{version:str}", opt=SIGNED_IN, include_in_schema=False)
async def one(
    visit: NamedDependency[Visit], code: FromPath[str], version: FromPath[str]
) -> Response[str]:
    """Show a questionnaire, whole."""
    published, questionnaire = await visit.services.db.read(questionnaires.read, code, version)
    return visit.page("questionnaires/one.html", published=published, questionnaire=questionnaire)
