"""Rules of the code that execute: access, words, catalogues, settings, commands, versions."""

import ast
import csv
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from string import Formatter
from typing import get_args

import click
import pytest
from babel.messages.catalog import Message
from litestar import Litestar
from litestar.routes import HTTPRoute

from survey_service import i18n
from survey_service.app import create_app, static_path
from survey_service.cli import main
from survey_service.errors import every_error
from survey_service.maturity import revision
from survey_service.maturity.checking.questionnaire import SINGULAR
from survey_service.settings import Settings
from tests import catalogues
from tests.samples import ROOT

CHECKING = ROOT / "survey_service" / "maturity" / "checking"
README = (ROOT / "README.md").read_text()
KINDS = sorted(every_error(), key=lambda kind: kind.code)

FLOORS = {  # below these, an advisory applies; `pip-audit` cannot see our registries
    "authlib": (1, 6, 5),
    "cryptography": (44, 0, 1),
    "litestar": (2, 22),
    "multipart": (1, 3, 1),
    "weasyprint": (69, 0),
    "jinja2": (3, 1, 6),
    "pillow": (11, 3),
    "urllib3": (2, 5),
}


@pytest.fixture
def app(tmp_path: Path) -> Litestar:
    return create_app(Settings(database=str(tmp_path / "x.db"), files=str(tmp_path / "files")))


def test_every_route_declares_who_may_come(app: Litestar) -> None:
    routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
    declared = {
        (route.path, handler.opt.get("access"))
        for route in routes
        for handler in route.route_handlers
        if handler.handler_name != "options_handler"
    }

    assert {access for _, access in declared} == {"public", "signed in", "asks", "nobody"}
    asks = {path for path, access in declared if access == "asks"}
    assert asks == {"/assessments/{assessment_id:int}/responses/{indicator:str}"}
    public = {path for path, access in declared if access == "public"}
    assert public == {
        "/.well-known/jwks.json",
        "/api/v1/checkpoint",
        "/api/v1/checkpoint/growth",
        "/api/v1/docs",
        "/api/v1/openapi.json",
        "/api/v1/passwords",
        "/api/v1/passwords/forgotten",
        "/api/v1/questionnaires",
        "/api/v1/questionnaires/{code:str}/{version:str}",
        "/api/v1/sessions",
        "/releases",
        "/releases/{release_id:int}",
        "/releases/{release_id:int}/{name:str}",
        "/calendar/{name:str}",
        "/forgotten",
        "/health",
        "/help",
        "/help/{job:str}",
        "/language",
        "/metrics",
        "/password/{token:str}",
        "/ready",
        "/schemas/answers.json",
        "/sign-in",
        "/sign-in/provider",
        "/sign-in/provider/return",
        "/sign-out",
        "/unsubscribe/{token:str}",
        "/verify",
        "/verify/{code:str}",
        f"{static_path()}/{{file_path:path}}",
    }


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_error_and_finding_has_words_in_every_language(language: str) -> None:
    known = i18n.catalogue(language)
    source = "".join(path.read_text() for path in CHECKING.glob("*.py"))
    found = re.findall(r'\b(?:error|warning|made)\(\s*"(\w+)"', source)
    found += [f"unknown_{one}" for one in SINGULAR.values()]

    codes = [f"error.{kind.code}" for kind in KINDS] + [f"finding.{code}" for code in found]
    codes += [f"change.{kind}" for kind in get_args(revision.Kind)]
    assert len(found) > 60
    assert [code for code in codes if known.gettext(code) == code] == []


def test_both_languages_fill_in_the_same_details() -> None:
    english = catalogues.catalogue("en")
    for entry in catalogues.catalogue("id"):
        if entry.id and catalogues.singular(entry.id).startswith(catalogues.CODED):
            said = catalogues.words(english[entry.id])[-1]
            assert _placeholders(catalogues.words(entry)[-1]) == _placeholders(said), entry.id


def test_what_counts_is_said_in_the_singular_and_the_plural() -> None:
    """`1 answers` is not English; Indonesian has one form for both."""
    for language, forms in (("id", 1), ("en", 2)):
        said = [catalogues.words(one) for one in catalogues.catalogue(language) if _is_plural(one)]
        assert {len(one) for one in said} == {forms}

    counting = re.compile(r"(?<!: )(?<!\()(%\(count\)s|\{(count|days|minutes|seconds)\})")
    alike = [
        entry.id
        for entry in catalogues.catalogue("en")
        if isinstance(entry.id, str)
        and counting.search(entry.id + str(entry.string))
        and entry.id not in catalogues.BESIDE
        and not entry.id.endswith(".many")
    ]
    assert alike == []


def test_one_word_stands_for_one_thing() -> None:
    """What officers said of the words that stood there before, and what stands there since."""
    others = {
        "id": r"nama masuk|keberatan|inspektur|bita|sidik|peladen|pengelola|organisasi|papan(?! ketik)",
        "en": r"mend|mended|take in|taken in",
    }
    for language, words in others.items():
        said = [
            (entry.id, text)
            for entry in catalogues.catalogue(language)
            if entry.id
            for text in catalogues.words(entry) + _interface(entry)
        ]
        found = [id_ for id_, text in said if re.search(rf"\b({words})\b", text, re.IGNORECASE)]
        assert found == [], language


def _interface(entry: Message) -> list[str]:
    """Return the English of a message that stands in the code, and not under a name."""
    message = catalogues.singular(entry.id)
    return [] if message.startswith(catalogues.CODED) else [message]


def _is_plural(entry: Message) -> bool:
    return not isinstance(entry.id, str)


def test_every_interface_text_in_use_is_translated_and_none_is_left_over() -> None:
    kept = {
        entry.id
        for entry in catalogues.catalogue("id")
        if entry.id and all(catalogues.words(entry))
    }
    interface = {one for one in kept if not catalogues.singular(one).startswith(catalogues.CODED)}

    assert interface == catalogues.used()


def test_every_setting_is_in_the_readme() -> None:
    settings = [f"SURVEY_{field.upper()}" for field in Settings.__struct_fields__]

    assert [name for name in settings if name not in README] == []


def test_every_command_is_in_the_readme() -> None:
    commands = [" ".join(path) for path in _commands(main, ())]

    assert [command for command in commands if f"survey-service {command}" not in README] == []


def test_no_module_is_two_things() -> None:
    long = [
        path.name
        for path in (ROOT / "survey_service").rglob("*.py")
        if "node_modules" not in path.parts and len(path.read_text().splitlines()) > 400
    ]

    assert long == []


def test_no_pattern_ends_before_a_line_break() -> None:
    """There `$` is found as well: `\\Z` is the end, and `texts.END` where others read the pattern."""
    found = [
        f"{path.name}: {part}"
        for path in (ROOT / "survey_service").rglob("*.py")
        if "node_modules" not in path.parts
        for part in _parts_of_patterns(ast.parse(path.read_text()))
        if re.search(r"(?<!\\)\$(?!\(\?!\\n\))", part)
    ]

    assert found == []


def test_no_dependency_is_older_than_its_last_advisory() -> None:
    old = [name for name, floor in FLOORS.items() if _numbers(version(name)) < floor]

    assert old == []


def test_every_requirement_of_the_standard_is_shown_or_explained() -> None:
    """The table of OWASP ASVS 5.0, levels 1 and 2: what shows each, or why it does not apply."""
    with (ROOT / "tests" / "asvs.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    ignored = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]["ignore"]

    names = [tuple(int(part) for part in row["id"].split(".")) for row in rows]
    assert names == sorted(set(names))
    for row in rows:
        shown = row["shown by"]
        if "::" in shown:
            path, _, test = shown.partition("::")
            assert f"def {test}(" in (ROOT / path).read_text(), row
        elif shown.startswith("check: ruff "):
            assert not set(shown.split()[2:]) & set(ignored), row
        else:
            assert shown == "readme" or row["remark"], row


def _parts_of_patterns(tree: ast.Module) -> list[str]:
    """Return the texts in what `re` is given and in what is called a pattern, here or by a name."""
    named = {
        name.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    given: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given += [one.value for one in node.keywords if one.arg == "pattern"]
            given += node.args if ast.unparse(node.func).startswith("re.") else []
        if isinstance(node, ast.Dict):
            given += [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "pattern"
            ]
    given += [
        named[one.id]
        for each in given
        for one in ast.walk(each)
        if isinstance(one, ast.Name) and one.id in named
    ]
    return [
        one.value
        for each in given
        for one in ast.walk(each)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


def _numbers(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", written)[:3])


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _commands(group: click.Command, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        return [path]
    return [
        found
        for name, command in group.commands.items()
        for found in _commands(command, (*path, name))
    ]
