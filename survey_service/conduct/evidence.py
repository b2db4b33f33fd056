"""Evidence: what may support an answer, and how much of it."""

import datetime as dt
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct, structs

from survey_service.errors.evidence import (
    AssessmentFullError,
    InvalidLinkError,
    NotAttachedError,
    OrganisationFullError,
    TooManyFilesError,
    TooManyKeptError,
)
from survey_service.maturity.texts import END

NAMES = rf"^[^\x00-\x1f\x7f-\x9f\u2028\u2029/\\]+{END}"
LONGEST_NAME = 255  # letters: as many as file systems take
FileName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=NAMES)]
"""What a file is called, without a path: a name for the reader, never one of ours."""

ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif", ".jpe"),
    "image/webp": (".webp",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/vnd.oasis.opendocument.presentation": (".odp",),
}
"""The types of file that are taken, with how their names end."""

LEAST = 10_000  # bytes that a file counts at the least: else small ones would have no number
_KEPT = 5  # times as many pieces as may be attached: what is taken away stays
_LONGEST_LINK = 2000  # letters


class Space(Struct, frozen=True):
    """How many bytes the files of an assessment take, or may take, and those of its organisation."""

    assessment: int
    organisation: int


class Kept(Struct, frozen=True):
    """A file that is kept: the SHA-256 of its content, its type, and its size in bytes."""

    digest: str
    media_type: str
    size: int


class Evidence(Struct, frozen=True):
    """A file or a link that supports the answer to an indicator.

    A file has `digest`, `media_type` and `size`, in bytes; a link has a `url`. `effective` is the day
    from which what it shows holds, where somebody said so; `at` is when it was attached. What is
    taken away stays, with who did it and when.
    """

    id: int
    indicator: str
    name: str
    digest: str | None
    media_type: str | None
    size: int | None
    url: str | None
    effective: dt.date | None
    author: str
    at: dt.datetime
    removed_by: str | None = None
    removed_at: dt.datetime | None = None

    def removed(self, author: str, at: dt.datetime) -> "Evidence":
        """Return the evidence taken away.

        Raises:
            NotAttachedError: It was taken away before.
        """
        if self.removed_at is not None:
            raise NotAttachedError(evidence=self.id)
        return structs.replace(self, removed_by=author, removed_at=at)

    def restored(self) -> "Evidence":
        """Return the evidence attached again."""
        return structs.replace(self, removed_by=None, removed_at=None)


def require_room(name: str, attached: int, kept: int, most: int) -> None:
    """Refuse a piece of evidence where an answer has as much as it may have.

    Args:
        name: What is to be attached.
        attached: How many pieces are.
        kept: The same, with those that were taken away: they stay, and could come back.
        most: How many may be attached; some times as many are kept.

    Raises:
        TooManyFilesError: As many are attached.
        TooManyKeptError: As many are kept.
    """
    if attached >= most:
        raise TooManyFilesError(name=name, most=most)
    if kept >= _KEPT * most:
        raise TooManyKeptError(name=name, most=_KEPT * most)


def require_space(name: str, size: int, taken: Space, most: Space) -> None:
    """Refuse a file for which there is no room.

    Args:
        name: What is to be attached.
        size: Its size in bytes.
        taken: What other files take, those that were taken away among them.
        most: What they may take.

    Raises:
        AssessmentFullError: The assessment's files would take more.
        OrganisationFullError: The organisation's would.
    """
    size = max(size, LEAST)
    if taken.assessment + size > most.assessment:
        raise AssessmentFullError(name=name, **_told(taken.assessment, most.assessment))
    if taken.organisation + size > most.organisation:
        raise OrganisationFullError(name=name, **_told(taken.organisation, most.organisation))


def _told(taken: int, most: int) -> dict[str, str]:
    return {"taken": f"{taken // 1_000_000} MB", "most": f"{most // 1_000_000} MB"}


def require_link(url: str) -> None:
    """Raise `InvalidLinkError` unless it is an address on the web, with no password in it."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        sound = False
    if not sound or not url.isprintable() or " " in url or len(url) > _LONGEST_LINK:
        raise InvalidLinkError(url=url[:200])
