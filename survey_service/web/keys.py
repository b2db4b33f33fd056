"""What the log's heads and the statements of reports are signed with, for programs that check them."""

from typing import Any

from litestar import MediaType, Request, get

from survey_service.conduct.statements import key_set
from survey_service.operations import log
from survey_service.web.access import PUBLIC
from survey_service.web.context import Services


@get("/.well-known/jwks.json", opt=PUBLIC, include_in_schema=False, media_type=MediaType.JSON)
async def keys(request: Request[Any, Any, Any]) -> bytes:
    """Read the public key of heads and statements as a JSON Web Key Set."""
    services: Services = request.app.state.services
    return key_set(await services.db.read(log.key))
