"""The API's description: complete, readable without the internet, and what the service does.

Litestar derives most of it from the handlers. What it cannot know is added here: the bodies, which
are decoded strictly, and the problem details that every operation may answer with.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.di import NamedDependency
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Reference,
    RequestBody,
    Schema,
)

from survey_service.web.access import PUBLIC
from survey_service.web.api.document import COMPONENTS, completed
from survey_service.web.context import Context

_bodies: set[type] = set()


def taking(body: type) -> type[Operation]:
    """Return the description of an operation that takes `body` as JSON."""
    _bodies.add(body)

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            schema = Reference(ref=COMPONENTS + body.__name__)
            content = {"application/json": OpenAPIMediaType(schema=schema)}
            self.request_body = RequestBody(content=content, required=True)

    return Taking


def taking_file(*media_types: str) -> type[Operation]:
    """Return the description of an operation whose body is a file of one of some types."""

    @dataclass
    class TakingFile(Operation):
        def __post_init__(self) -> None:
            binary = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
            content = {each: OpenAPIMediaType(schema=binary) for each in media_types}
            self.request_body = RequestBody(content=content, required=True)

    return TakingFile


@get("/openapi.json", opt=PUBLIC, include_in_schema=False)
async def document(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Return the OpenAPI document."""
    return await asyncio.to_thread(described, request.app)  # the first time it takes its time


@get("/docs", opt=PUBLIC, include_in_schema=False)
async def reader(context: NamedDependency[Context]) -> Response[str]:
    """Show the OpenAPI document to people, with files of our own."""
    return context.page("openapi.html")


@lru_cache
def described(app: Litestar) -> dict[str, Any]:
    """Return the OpenAPI document of an application; see `document.completed`."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    _, bodies = msgspec.json.schema_components(_bodies, ref_template=COMPONENTS + "{name}")
    schema.setdefault("components", {}).setdefault("schemas", {}).update(bodies)
    return completed(schema, set(_public(app)))


def _public(app: Litestar) -> Iterator[str]:
    """Yield the ids of the operations for which nobody need be signed in."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            if handler.opt.get("access") == PUBLIC["access"] and handler.operation_id:
                yield handler.operation_id
