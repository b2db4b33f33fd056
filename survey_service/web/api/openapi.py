"""The API's description: complete, readable without the internet, and what the service does.

Litestar derives most of it from the handlers. What it cannot know is added here: the bodies, which
are decoded strictly, and the problem details that every operation may answer with.
"""

import re
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

from survey_service.web.visits import PUBLIC, Visit

_COMPONENTS = "#/components/schemas/"
_bodies: set[type] = set()


def taking(body: type) -> type[Operation]:
    """Return the description of an operation that takes `body` as JSON."""
    _bodies.add(body)

    @dataclass
    class Taking(Operation):
        def __post_init__(self) -> None:
            schema = Reference(ref=_COMPONENTS + body.__name__)
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
    return described(request.app)


@get("/docs", opt=PUBLIC, include_in_schema=False)
async def reader(visit: NamedDependency[Visit]) -> Response[str]:
    """Show the OpenAPI document to people, with files of our own."""
    return visit.page("openapi.html")


@lru_cache
def described(app: Litestar) -> dict[str, Any]:
    """Return the OpenAPI document of an application, with bodies, problems and security."""
    schema: dict[str, Any] = app.openapi_schema.to_schema()
    _, bodies = msgspec.json.schema_components(_bodies, ref_template=_COMPONENTS + "{name}")
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {}).update(bodies, Problem=_PROBLEM)
    _make_exact(schema)
    components["securitySchemes"] = {"session": {"type": "http", "scheme": "bearer"}}
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            operation["summary"] = operation["description"].partition(".")[0]
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _given(parameter["schema"])
            operation["tags"] = [path.split("/")[3]]
            problem = {"$ref": _COMPONENTS + "Problem"}
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = {
                "description": "What went wrong, and what to do (RFC 9457).",
                "content": {"application/problem+json": {"schema": problem}},
            }
            if operation["operationId"] not in _PUBLIC:
                operation["security"] = [{"session": []}]
    renamed: dict[str, Any] = _named(schema)
    return renamed


def _named(schema: Any) -> Any:
    """Return the document with names that generated clients can use; see `_name`."""
    if isinstance(schema, dict):
        return {_name(name): _named(inner) for name, inner in schema.items()}
    if isinstance(schema, list):
        return [_named(inner) for inner in schema]
    return _name(schema) if isinstance(schema, str) else schema


def _name(name: str) -> str:
    """Return what a schema is called: `AssessmentPage` for a list, and nothing that HTTP has too."""
    page = re.sub(r"Page_[\w.]+\.(\w+?)_$", r"\1Page", name)
    return re.sub(rf"^({_COMPONENTS})?Response(Page)?$", r"\1SavedResponse\2", page)


def _make_exact(schema: Any) -> None:
    """Mend what is derived for decimals, a `tuple[T, ...]`, and unions whose parts overlap."""
    for inner in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(inner, dict | list):
            _make_exact(inner)
    if isinstance(schema, dict) and schema.get("format") == "decimal":
        schema["pattern"] = _DECIMAL
    if isinstance(schema, dict) and "oneOf" in schema:
        parts = [part for part in schema.pop("oneOf") if part]
        schema.update(parts[0] if len(parts) == 1 else {"anyOf": parts})


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter as it is where it is given: never null."""
    parts = [part for part in schema.pop("anyOf", ()) if part != {"type": "null"}]
    given = {**schema, **(parts[0] if len(parts) == 1 else {"anyOf": parts} if parts else {})}
    if isinstance(given.get("type"), list):
        given["type"] = next(each for each in given["type"] if each != "null")
        given["enum"] = [each for each in given["enum"] if each is not None]
    return given


_DECIMAL = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$"
_PUBLIC = {
    "listQuestionnaires",
    "readQuestionnaire",
    "signIn",
    "redeemLink",
    "forgotPassword",
}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string", "description": "The error's stable code."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong, in the reader's language."},
    },
    "additionalProperties": True,
}
