"""What makes reports and pages: program, libraries and templates, told apart by a digest."""

import hashlib
import os
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_PROGRAM = Path(__file__).parents[1]
_MAKING = ("*.py", "*.html", "*.css", "*.po")
_LIBRARIES = ("weasyprint", "jinja2", "babel")


def edition(templates: Path) -> str:
    """Return a digest of what makes reports, with the templates in a folder as they are now.

    The same edition makes the same report of the same answers, and the same answer to a program.
    """
    changed = [(str(path), path.stat().st_mtime_ns) for path in _files(templates)]
    return _digest(templates, tuple(changed))


@lru_cache(maxsize=4)
def _digest(templates: Path, _changed: tuple[tuple[str, int], ...]) -> str:
    found = hashlib.sha256(_program().encode())
    for path in _files(templates):
        found.update(path.read_bytes())
    return found.hexdigest()


@lru_cache
def _program() -> str:
    found = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    folders = (one for one in _PROGRAM.iterdir() if one.is_dir() and one.name != "assets")
    for folder in sorted(folders):
        for path in sorted(path for kind in _MAKING for path in folder.rglob(kind)):
            found.update(path.read_bytes())
    return found.hexdigest()


def _files(folder: Path) -> list[Path]:
    walked = os.walk(folder)  # at each request: `rglob` takes five times as long
    return sorted(Path(where, name) for where, _, names in walked for name in names)
