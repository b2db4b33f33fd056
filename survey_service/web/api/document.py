"""The API's document made complete: what is derived from handlers, mended, and what they cannot know.

Knows nothing of the application: a document goes in, and a better one comes out.
"""

import re
from collections.abc import Collection
from typing import Any

from survey_service.maturity.texts import END

COMPONENTS = "#/components/schemas/"
_DECIMAL = rf"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{{1,3}})?{END}"
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


def completed(document: dict[str, Any], public: Collection[str]) -> dict[str, Any]:
    """Return a document with problems, security, exact schemas, and names that clients can use.

    Args:
        document: As the framework derives it, with the bodies among its components.
        public: The ids of the operations for which nobody need be signed in.
    """
    components = document["components"]
    components["schemas"]["Problem"] = _PROBLEM
    components["securitySchemes"] = {"session": {"type": "http", "scheme": "bearer"}}
    _make_exact(document)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            operation["tags"] = [path.split("/")[3]]
            _complete(operation)
            if operation["operationId"] not in public:
                operation["security"] = [{"session": []}]
    renamed: dict[str, Any] = _named(document)
    return renamed


def _complete(operation: dict[str, Any]) -> None:
    """Add to an operation what every one has: a summary, and the problems it may answer with."""
    operation["summary"] = operation["description"].partition(".")[0]
    for parameter in operation.get("parameters", ()):
        parameter["schema"] = _given(parameter["schema"])
    operation["responses"].pop("400", None)
    operation["responses"]["default"] = {
        "description": "What went wrong, and what to do (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": COMPONENTS + "Problem"}}},
    }


def _named(schema: Any) -> Any:
    """Return the document with names that generated clients can use; see `_name`."""
    if isinstance(schema, dict):
        return {_name(name): _named(inner) for name, inner in schema.items()}
    if isinstance(schema, list):
        return [_named(inner) for inner in schema]
    return _name(schema) if isinstance(schema, str) else schema


def _name(name: str) -> str:
    """Return what a schema is called: `AssessmentPage` for a list, and nothing that HTTP has too."""
    page = re.sub(r"Page_[\w.]+\.(\w+?)_\Z", r"\1Page", name)
    return re.sub(rf"^({COMPONENTS})?Response(Page)?\Z", r"\1SavedResponse\2", page)


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
