"""The log over the audit trail: its signed head, and proofs that need nothing of this service."""

from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, QueryParameter

from survey_service.conduct.proofs import Growth, Proof
from survey_service.operations import log
from survey_service.web.access import PUBLIC, acting
from survey_service.web.context import Context, Services

_Size = Annotated[int, QueryParameter(ge=1, le=2**53)]


@get("/checkpoint", opt=PUBLIC, operation_id="readCheckpoint", media_type=MediaType.TEXT)
async def checkpoint(request: Request[Any, Any, Any]) -> str:
    """Read the head of the log as a signed note (C2SP tlog-checkpoint), for anybody to keep.

    It tells how many entries there are and nothing of what they say.
    """
    services: Services = request.app.state.services
    return await services.db.read(log.checkpoint, services.sealer)


@get("/checkpoint/growth", opt=PUBLIC, operation_id="readGrowth")
async def growth(
    request: Request[Any, Any, Any],
    since: FromQuery[_Size],
    until: FromQuery[_Size | None] = None,
) -> Growth:
    """Read the proof that the log only grew from one size to another, or to now (RFC 9162, consistency)."""
    services: Services = request.app.state.services
    return await services.db.read(log.growth, since, services.sealer, until)


@get(
    "/assessments/{assessment_id:int}/trail/{number:int}/proof",
    opt=acting("read"),
    operation_id="proveEntry",
)
async def prove(
    context: NamedDependency[Context], assessment_id: FromPath[int], number: FromPath[int]
) -> Proof:
    """Read the proof that an entry of the trail is in the log, for anybody to check offline."""
    return await context.read(log.prove_to, assessment_id, number, context.services.sealer)
