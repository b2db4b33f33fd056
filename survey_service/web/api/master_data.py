"""What has changed in an organisation's master data since its assessment was opened."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from survey_service.conduct.assessment import Assessment
from survey_service.maturity.answers import Prose
from survey_service.operations import master_data
from survey_service.operations.master_data import Offer
from survey_service.web import bodies
from survey_service.web.access import acting
from survey_service.web.api.headers import IfMatch, Key, seen
from survey_service.web.api.openapi import taking
from survey_service.web.context import Context

_PATH = "/assessments/{assessment_id:int}/organisation"


class TakingOver(Struct, frozen=True, forbid_unknown_fields=True):
    """Why the master data is taken over; needed once the assessment is handed in."""

    reason: Prose = ""


@get(_PATH, opt=acting("read"), operation_id="compareOrganisation")
async def read(context: NamedDependency[Context], assessment_id: FromPath[int]) -> Response[Offer]:
    """Read what an assessment knows of its organisation, how that is now, and what changes with it.

    The ETag is what taking it over must be based on.
    """
    offer = await context.read(master_data.offer, assessment_id)
    return Response(offer, headers={"ETag": f'"{offer.tag}"'})


@post(
    _PATH,
    opt=acting("take_over"),
    operation_id="takeOverOrganisation",
    operation_class=taking(TakingOver),
)
async def take_over(
    request: Request[Any, Any, Any],
    context: NamedDependency[Context],
    assessment_id: FromPath[int],
    if_match: IfMatch = None,
    key: Key = None,
) -> Assessment:
    """Take over the organisation's master data as it is now, on what `If-Match` names."""
    based_on = seen(if_match)
    reason = (await bodies.json(request, TakingOver)).reason
    return await context.once(
        key, Assessment, master_data.take_over, assessment_id, reason, based_on
    )
