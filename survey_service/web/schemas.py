"""Descriptions, at addresses that stay, of files that this service hands out."""

from litestar import Response, get

from survey_service.reports import attachments
from survey_service.web.access import PUBLIC

_DAY = 24 * 60 * 60


@get("/schemas/answers.json", opt=PUBLIC, include_in_schema=False)
async def answers() -> Response[bytes]:
    """Answer the JSON Schema of the answers that a report encloses."""
    return Response(
        attachments.schema(),
        media_type="application/schema+json",
        headers={"Cache-Control": f"public, max-age={_DAY}", "Access-Control-Allow-Origin": "*"},
    )
