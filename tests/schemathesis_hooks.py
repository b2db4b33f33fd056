"""What schemathesis must know: whole numbers are written as such here, and quotes end tags."""

import re
from typing import Any

import schemathesis


@schemathesis.hook
def map_body(_: object, body: Any) -> Any:
    """Write the whole numbers in a body as such."""
    if isinstance(body, dict):
        return {name: map_body(None, value) for name, value in body.items()}
    if isinstance(body, list):
        return [map_body(None, value) for value in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


@schemathesis.hook
def filter_headers(_: object, headers: Any) -> bool:
    """Leave out tags whose last letter the generator cut off, believing them to be right still."""
    tag = (headers or {}).get("If-Match")
    return tag is None or bool(re.fullmatch(r'"(0|[1-9][0-9]{0,8}|[0-9a-f]{32})"', str(tag)))
