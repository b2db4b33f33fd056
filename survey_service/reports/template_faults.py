"""Where a template fails, and why: for who wrote it."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType
from typing import Literal

from jinja2 import TemplateError, TemplateSyntaxError
from msgspec import Struct
from typing_extensions import override

_LONGEST = 300  # letters of what a template engine says


class TooLongError(Exception):
    """A template was still at work when its time was over."""


class RefusedError(Exception):
    """A document asked for an address that it may not load; `url` is the address."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    @override
    def __str__(self) -> str:
        return self.url


class Fault(Struct, frozen=True):
    """A template's file by its name, the line, 0 where it is not known, and what is wrong there."""

    file: str
    line: int
    reason: Literal["template_loops", "template_reaches", "template_wrong"]
    found: str


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise `TooLongError` in the middle of what takes longer; only where a process works on one thing."""

    def end(_: int, __: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def located(error: Exception, folders: Sequence[Path]) -> Fault | None:
    """Return the fault that an error comes of; None where no template is to blame.

    Args:
        error: As it was raised while a page was made, or read by what prints it.
        folders: Where the templates lie.
    """
    if isinstance(error, RefusedError):
        file, line = _mentioned(error.url, folders)
        return Fault(file, line, "template_reaches", error.url[:_LONGEST])
    file, line = _place(error, folders)
    if not file and not isinstance(error, TemplateError):
        return None
    reason: Literal["template_loops", "template_wrong"] = (
        "template_loops"
        if isinstance(error, TooLongError | RecursionError | OverflowError | MemoryError)
        else "template_wrong"
    )
    return Fault(file, line, reason, f"{type(error).__name__}: {error}"[:_LONGEST])


def _place(error: Exception, folders: Sequence[Path]) -> tuple[str, int]:
    if isinstance(error, TemplateSyntaxError):
        return error.name or "", error.lineno
    found = ("", 0)
    at: TracebackType | None = error.__traceback__
    while at is not None:
        name = _name(at.tb_frame.f_code.co_filename, folders)
        found = (name, at.tb_lineno) if name else found
        at = at.tb_next
    return found


def _name(file: str, folders: Sequence[Path]) -> str:
    """Return what a file is called in the folder of templates that it lies in; "" if in none."""
    for folder in folders:
        if Path(file).is_relative_to(folder):
            return str(Path(file).relative_to(folder))
    return ""


def _mentioned(url: str, folders: Sequence[Path]) -> tuple[str, int]:
    """Return where a template names an address."""
    for folder in folders:
        for path in sorted(path for kind in ("*.html", "*.css") for path in folder.rglob(kind)):
            for number, line in enumerate(path.read_text().splitlines(), start=1):
                if url.removeprefix("template:") in line:
                    return str(path.relative_to(folder)), number
    return "", 0
