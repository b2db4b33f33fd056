"""The questionnaires that ship with the service, or lie in the folder of its settings: to look at and publish."""

import asyncio
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from survey_service.errors import DocumentError
from survey_service.library import documents
from survey_service.library import questionnaires as library
from survey_service.maturity.instrument import Questionnaire

_KEPT = 200  # files that are not read again


class Shipped(Struct, frozen=True):
    """A file of the library: what it asks, its bytes, and their SHA-256."""

    questionnaire: Questionnaire
    content: bytes
    digest: str


class Shelf(Struct, frozen=True):
    """What lies in the library, and why some of it cannot be read."""

    shipped: list[Shipped]
    unread: list[DocumentError]


async def shelf(folder: Path) -> Shelf:
    """Return what lies in the library, by code and version."""
    return await asyncio.to_thread(_shelf, folder)


async def shipped(folder: Path, reference: str) -> Shipped:
    """Return the file of the library that is called `code@version`.

    Raises:
        UnknownQuestionnaireError: There is none.
        DocumentError: It is no questionnaire.
    """
    return await asyncio.to_thread(_shipped, folder, reference)


def _shelf(folder: Path) -> Shelf:
    found: list[Shipped] = []
    unread: list[DocumentError] = []
    for path in library.files(folder):
        try:
            found.append(_read(path))
        except DocumentError as error:
            unread.append(error)
    return Shelf(found, unread)


def _shipped(folder: Path, reference: str) -> Shipped:
    return _read(library.listed(reference, folder))


def _read(path: Path) -> Shipped:
    seen = path.stat()
    return _decoded(path, seen.st_mtime_ns, seen.st_size)


@lru_cache(_KEPT)
def _decoded(path: Path, _changed: int, _size: int) -> Shipped:
    content = path.read_bytes()
    questionnaire = documents.read(content, path.name).decode(Questionnaire)
    return Shipped(questionnaire, content, library.digest(content))
