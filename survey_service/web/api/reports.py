"""Checking a report: what is found about a file, in words and for programs."""

from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency

from survey_service.operations.reports import shown_by
from survey_service.reports.verdicts import Shown, shown
from survey_service.web import uploads
from survey_service.web.access import acting
from survey_service.web.api.evidence import NO_LIMIT
from survey_service.web.api.openapi import taking_file
from survey_service.web.context import Context


@post(
    "/reports/verification",
    opt=acting("read"),
    operation_id="verifyReport",
    operation_class=taking_file("application/pdf", "application/zip"),
    request_max_body_size=NO_LIMIT,
    status_code=200,
)
async def verify(request: Request[Any, Any, Any], context: NamedDependency[Context]) -> Shown:
    """Check a report or a ZIP of evidence: whose it is, whether it is whole, and whether it stands.

    The body is the file. What fails is named; a file that is no report is refused.
    """
    verdict = await uploads.checked(context, request.stream())
    return shown(verdict, context.language, shown_by(context.services.settings).zone)
