"""What was issued under the code on a paper, for anybody who has it in their hands."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from survey_service import i18n
from survey_service.conduct.assessment import Assessment
from survey_service.errors import NotFoundError, SurveyError
from survey_service.errors.accounts import TooManyAttemptsError
from survey_service.operations import issued
from survey_service.operations.reports import shown_by
from survey_service.reports.statements import claimed
from survey_service.reports.verdicts import said
from survey_service.web.access import PUBLIC
from survey_service.web.context import Context


@get("/verify", opt=PUBLIC, include_in_schema=False)
async def form(
    context: NamedDependency[Context], code: FromQuery[str] = ""
) -> Response[str] | Redirect:
    """Show where to type the code of a paper."""
    _require_offered(context)
    return await _page(context, code) if code.strip() else context.page("verify.html", typed="")


@get("/verify/{code:str}", opt=PUBLIC, include_in_schema=False)
async def show(context: NamedDependency[Context], code: FromPath[str]) -> Response[str]:
    """Tell what was issued under a code, and whether it stands."""
    _require_offered(context)
    return await _page(context, code)


def _require_offered(context: Context) -> None:
    if not context.services.settings.has_codes:
        raise NotFoundError


async def _page(context: Context, code: str) -> Response[str]:
    """Return what is found, or the form with why nothing is."""
    try:
        found = await issued.look_up(context.services.db, code, context.caller.address)
    except (NotFoundError, TooManyAttemptsError) as error:
        return context.page(
            "verify.html", status=error.status, typed=code[:40], problem=_problem(error, context)
        )
    claim, zone = found.claim, shown_by(context.services.settings).zone
    own = await _own(context, claim.code)
    return context.page(  # which tells strangers no more than the cover does, and whether it stands
        "verify.html",
        typed=claim.code,
        claim=claim,
        index=claimed(claim, context.language),
        standing=found.standing,
        words=said(found.standing, context.language, zone),
        own=own,
    )


async def _own(context: Context, code: str) -> Assessment | None:
    """Return the assessment that was issued on, for those who are signed in and may read it."""
    await context.recognise()
    if context.who is None:
        return None
    return await context.services.db.read(issued.concerned, context.who, code)


def _problem(error: SurveyError, context: Context) -> str:
    if isinstance(error, NotFoundError):
        return i18n.translate("proof.no_such_code", context.language)
    return i18n.translate("proof.too_many_codes", context.language, **error.details)
