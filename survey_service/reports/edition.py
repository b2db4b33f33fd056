"""What makes reports and pages: program, libraries and templates, told apart by a digest."""

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from survey_service.reports.papers import folder_of, shipped

_PROGRAM = Path(__file__).parents[1]
_MAKING = ("*.py", "*.html", "*.css", "*.po")
_LOADED = (
    "*.html",
    "*.css",
    "*.svg",
    "*.png",
    "*.jpg",
    "*.jpeg",
    "*.webp",
    "*.woff2",
    "*.ttf",
    "*.otf",
)
_LIBRARIES = ("weasyprint", "jinja2", "babel", "xlsxwriter")


@lru_cache
def edition(templates: Path) -> str:
    """Return a digest of what makes reports: this program, with the report templates in a folder.

    The same edition makes the same report of the same answers. Templates are read once by a
    process; what they are changed to later counts from the next start.
    """
    found = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _LIBRARIES).encode())
    folders = sorted(one for one in _PROGRAM.iterdir() if one.is_dir() and one.name != "assets")
    making = [(folder, _MAKING) for folder in folders]
    for folder, kinds in (*making, (shipped(), _LOADED), (folder_of(templates), _LOADED)):
        for path in sorted(path for kind in kinds for path in folder.rglob(kind)):
            found.update(f"{path.relative_to(folder)}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
