"""The papers on an assessment, and the templates that they are made of: a ministry's, else the shipped ones."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from jinja2.sandbox import ImmutableSandboxedEnvironment

from survey_service.conduct.life import State
from survey_service.reports.pages import Pages
from survey_service.settings import SHIPPED_TEMPLATES

Paper = Literal["report", "summary", "letter", "certificate"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
"""The full report, the one-page summary, the evaluation letter, and the certificate of the grade."""

_NAME = "assessment"


_FROM: dict[Paper, frozenset[State]] = {
    "letter": frozenset({"objection", "final"}),
    "certificate": frozenset({"final"}),
}


def is_there(paper: Paper, state: State) -> bool:
    """Whether an assessment in a state has a paper: a letter once it is evaluated, and so on."""
    return paper not in _FROM or state in _FROM[paper]


def folder_of(templates: Path) -> Path:
    """Return where the templates of papers lie: below a folder of templates, or in it."""
    below = templates / _NAME
    return below if below.is_dir() else templates


def shipped() -> Path:
    """Return where the templates lie that come with the program."""
    return folder_of(SHIPPED_TEMPLATES)


@lru_cache
def papers(templates: Path) -> Pages:
    """Return the papers that a folder makes; files that it lacks are the shipped ones.

    They are sandboxed: what they are given they can show, and nothing else of the program.
    """
    return Pages(folder_of(templates), shipped(), kind=ImmutableSandboxedEnvironment)


def file_name(organisation: str, reference: str, cycle: str, language: str, what: str) -> str:
    """Return what a file is called, without its ending, in letters that every file system takes."""
    parts = (what, organisation, reference, cycle, language)
    return "-".join(plain for part in parts if (plain := _plain(part)))


def _plain(text: str) -> str:
    """Return a text in plain letters, digits, points and hyphens; "" where it has none of them."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", folded).strip("-.")[:80]
