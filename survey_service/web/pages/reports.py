"""Reports: does a file prove itself, and does what it says stand?"""

import re
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery

from survey_service import i18n
from survey_service.conduct.access import may
from survey_service.conduct.assessment import Assessment
from survey_service.errors import SurveyError
from survey_service.errors.evidence import NoFileError
from survey_service.library.report_files import LARGEST
from survey_service.operations import issued, questionnaires, reports, sessions
from survey_service.operations.reports import shown_by
from survey_service.reports.verdicts import Shown, shown
from survey_service.store.reports import HandedOut
from survey_service.web import bodies, uploads
from survey_service.web.access import acting
from survey_service.web.context import Context

_PIECE = 1 << 20
_DIGEST = re.compile("[0-9a-f]{64}")


@get("/reports", opt=acting("read"), include_in_schema=False)
async def form(context: NamedDependency[Context], digest: FromQuery[str] = "") -> Response[str]:
    """Show the forms that find and check reports; with a digest, what it is of."""
    wanted = digest.strip().lower()
    if _DIGEST.fullmatch(wanted):
        return await _page(context, wanted, await context.read(reports.known, wanted))
    await context.read(sessions.myself)
    return await _page(context, wanted, None)


@post(
    "/reports",
    opt=acting("read"),
    include_in_schema=False,
    status_code=200,
    request_max_body_size=None,  # ours is checked, and the file goes to disk
)
async def check(
    request: Request[Any, Any, Any], context: NamedDependency[Context]
) -> Response[str]:
    """Check a file: whose it is, whether it is whole, what its answers give, and whether it stands."""
    await context.read(sessions.myself)
    try:
        files = await bodies.files(request, LARGEST)
        if not files:
            raise NoFileError
        kept = (dict(request.state.typed).get("kept") or "").replace("\r\n", "\n").lstrip()
        verdict = await uploads.checked(context, _pieces(files[0]), kept or None)
    except SurveyError as error:
        return await _page(context, "", None, error)
    zone = shown_by(context.services.settings).zone
    own = await context.read(issued.concerned, verdict.code)
    return await _page(context, "", None, verdict=shown(verdict, context.language, zone), own=own)


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(_PIECE):
        yield piece


async def _page(
    context: Context,
    digest: str,
    found: list[tuple[HandedOut, Assessment]] | None,
    error: SurveyError | None = None,
    verdict: Shown | None = None,
    own: Assessment | None = None,
) -> Response[str]:
    return context.page(
        "reports.html",
        status=error.status if error else 200,
        digest=digest,
        found=found,
        verdict=verdict,
        own=own,
        names=await context.read(questionnaires.names),
        problem=i18n.describe(error, context.language) if error else "",
        may_see_templates=context.who is not None and may(context.who, "organise"),
    )
