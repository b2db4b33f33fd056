"""Home, and a questionnaire to read before opening an assessment on it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from survey_service.operations import questionnaires
from survey_service.store import assessments as stored_assessments
from survey_service.store import questionnaires as stored
from survey_service.web.visits import SIGNED_IN, Visit

SHOWN = 50  # assessments on the first page


@get("/", opt=SIGNED_IN, include_in_schema=False)
async def home(visit: NamedDependency[Visit]) -> Response[str]:
    """Show what can be answered, and what is being answered."""
    published = await visit.services.db.read(stored.everything)
    return visit.page(
        "home.html",
        published=published,
        names={one.reference: one.name for one in published},
        assessments=await visit.read(stored_assessments.newest, before=None, limit=SHOWN),
    )


@get("/questionnaires/{code:str}/{version:str}", opt=SIGNED_IN, include_in_schema=False)
async def one(
    visit: NamedDependency[Visit], code: FromPath[str], version: FromPath[str]
) -> Response[str]:
    """Show a questionnaire, whole."""
    db = visit.services.db
    published = await db.read(questionnaires.find, code, version)
    questionnaire = await db.read(questionnaires.decoded, published.digest)
    return visit.page("questionnaires/one.html", published=published, questionnaire=questionnaire)
