"""Editing what several people may edit: a change says what it was based on, or is refused."""

import hashlib

import msgspec

from survey_service.errors import StaleEditError


def tag(value: object) -> str:
    """Return what changes whenever a value does: the start of the SHA-256 of its JSON."""
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:32]


def require_match(value: object, seen: str) -> None:
    """Raise `StaleEditError`, with the value as it is now, unless it is what was `seen`."""
    if tag(value) != seen:
        raise StaleEditError(current=value)
