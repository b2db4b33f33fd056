"""A release of open data as it was downloaded: its files in, what they tell out."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType, structs

from survey_service.analysis.publications import PAPERS
from survey_service.analysis.releases import PERCENTS, Change, Edition, Figure, Release, Row
from survey_service.errors import FileMissingError, SurveyError
from survey_service.errors.releases import NoReleaseError
from survey_service.library import documents, questionnaires
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.conditions import Attributes
from survey_service.maturity.instrument import Questionnaire

T = TypeVar("T")
DIGESTS, PACKAGE, STATEMENT = "digests.txt", "datapackage.json", "statement.json"
_LARGEST_CELL = 2**24  # bytes of an answer: one by ten thousand units, with room


class Package(Struct, frozen=True, rename="camel"):
    """What a release says of itself, as far as it is checked."""

    title: str
    questionnaire: str
    questionnaire_digest: str
    scoring: int
    organisations: int
    fewest: int
    named: bool
    version: str
    before: str
    reason: str


class Downloaded(Struct, frozen=True):
    """A release with what it says of itself."""

    package: Package
    release: Release


def digests(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield each file of a release with the SHA-256 that is stated, and that it has; "" for none.

    Raises:
        FileMissingError: There is no list of digests.
        NoReleaseError: A line of it is none.
    """
    stated: dict[str, str] = {}
    for number, line in enumerate(_text(folder, DIGESTS).splitlines(), start=1):
        digest, gap, name = line.partition("  ")
        if not gap or name in stated or Path(name).name != name:
            raise NoReleaseError(file=DIGESTS, line=number)
        stated[name] = digest
    there = {one.name for one in folder.iterdir() if one.is_file()} - {DIGESTS, STATEMENT}
    there -= set(PAPERS.values()) - stated.keys()  # which enclose the list, and prove themselves
    for name in sorted(there | stated.keys()):
        yield name, stated.get(name, ""), sha256(folder / name) if name in there else ""


def statement(folder: Path) -> bytes | None:
    """Return the signed statement on a release; None where it has none."""
    path = folder / STATEMENT
    return path.read_bytes() if path.is_file() else None


def papers(folder: Path) -> Iterator[Path]:
    """Yield the reports in a release that enclose its list of digests, and so are not on it."""
    stated = {line.partition("  ")[2] for line in _text(folder, DIGESTS).splitlines()}
    for name in sorted(set(PAPERS.values()) - stated):
        if (folder / name).is_file():
            yield folder / name


def read(folder: Path) -> Downloaded:
    """Return what a release tells.

    Raises:
        FileMissingError: A file of it is not there.
        NoReleaseError: One is not as a release has it; says where.
        DocumentError, CheckFailedError: Its questionnaire is none.
    """
    try:
        package = msgspec.json.decode(_text(folder, PACKAGE), type=Package)
    except msgspec.DecodeError as error:
        raise NoReleaseError(file=PACKAGE, line=1) from error
    content = documents.content_of(folder / "questionnaire.yaml")
    asked = questionnaires.published(documents.read(content, "questionnaire.yaml"))
    rows = tuple(_rows(folder, asked)) if package.named else None
    figures = tuple(_each(folder, "groups.csv", _figure))
    digest = questionnaires.digest(content)
    told = Release(
        package.title,
        asked,
        digest,
        content,
        package.organisations,
        rows,
        figures,
        package.fewest,
        _edition(folder, package),
    )
    return Downloaded(package, told)


def cells(folder: Path, name: str) -> list[Mapping[str, str]]:
    """Return the cells of a table of a release as they are written.

    Raises:
        FileMissingError: The table is not there.
        NoReleaseError: It is none.
    """
    return list(_each(folder, name, lambda row: row))


def _edition(folder: Path, package: Package) -> Edition:
    told = tuple(_each(folder, "changes.csv", _change)) if package.before else ()
    try:
        return Edition(int(package.version), package.before, package.reason, told)
    except ValueError as error:
        raise NoReleaseError(file=PACKAGE, line=1) from error


def _rows(folder: Path, asked: Questionnaire) -> Iterator[Row]:
    """Yield the organisations, each with its answers and what they are worth."""
    bare: dict[int, Row] = {}

    def add(cells: Mapping[str, str]) -> None:
        row = _row(cells, asked)
        if row.id in bare:
            raise ValueError(row.id)
        bare[row.id] = row

    def given(cells: Mapping[str, str]) -> _Given:
        return _given(cells, asked.for_kind(bare[int(cells["organisation"])].kind))

    for _ in _each(folder, "organisations.csv", add):
        pass
    answers: dict[int, list[_Given]] = {id_: [] for id_ in bare}
    for one in _each(folder, "indicators.csv", given):
        answers[one.organisation].append(one)
    for id_, row in bare.items():
        worth = {one.indicator: one.worth for one in answers[id_]}
        yield structs.replace(
            row,
            worth={code: worth.get(code) for code in asked.indicators},
            answers={one.indicator: one.answer for one in answers[id_] if one.answer is not UNSET},
        )


class _Given(Struct, frozen=True):
    """A row of `indicators.csv`; one that is unanswered may be worth something."""

    organisation: int
    indicator: str
    answer: Answer | UnsetType
    worth: Decimal | None


def _given(cells: Mapping[str, str], asked: Questionnaire) -> _Given:
    """Return what a row says, once its answer is one that the questionnaire has."""
    code, written = cells["indicator"], cells["answer"]
    if not written:
        return _Given(int(cells["organisation"]), code, UNSET, _number(cells["value"]))
    answer = msgspec.json.decode(written, type=Answer)
    accept(asked, code, answer)
    return _Given(int(cells["organisation"]), code, answer, _number(cells["value"]))


def _row(cells: Mapping[str, str], asked: Questionnaire) -> Row:
    return Row(
        int(cells["organisation"]),
        cells["name"],
        cells["kind"],
        msgspec.json.decode(cells["attributes"], type=Attributes),
        _number(cells["index"]),
        cells["grade"] or None,
        int(cells["answered"]),
        int(cells["total"]),
        {code: _number(cells[f"index.{code}"]) for code in asked.all_nodes},
        {},
        {},
    )


def _figure(cells: Mapping[str, str]) -> Figure:
    quantiles = tuple(_number(cells[f"p{percent}"]) for percent in PERCENTS)
    grouping, group, code = cells["grouping"], cells["group"], cells["code"]
    return Figure(grouping, group, code, int(cells["count"]), _number(cells["mean"]), quantiles)


def _change(cells: Mapping[str, str]) -> Change:
    return msgspec.convert(cells, Change)


def _each(folder: Path, name: str, read_: Callable[[Mapping[str, str]], T]) -> Iterator[T]:
    """Yield what each row of a table says.

    Raises:
        NoReleaseError: A row is not as it has to be.
    """
    rows = csv.DictReader(io.StringIO(_text(folder, name), newline=""), strict=True)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        for cells in rows:
            yield read_(_whole(cells))
    except (ValueError, KeyError, ArithmeticError, csv.Error, SurveyError) as error:
        raise NoReleaseError(file=name, line=rows.line_num) from error


def _whole(cells: Mapping[str, str]) -> Mapping[str, str]:
    """Return a row, unless it has more cells than the table has columns, or fewer."""
    if None in cells or None in cells.values():
        raise ValueError(len(cells))
    return cells


def _number(written: str) -> Decimal | None:
    """Return a number as it is written; None for none."""
    if not written:
        return None
    found = Decimal(written)
    if not found.is_finite():
        raise ValueError(written)
    return found


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_bytes().decode()
    except OSError as error:
        raise FileMissingError(file=str(folder / name), cause=error.strerror or "") from error
    except UnicodeDecodeError as error:
        raise NoReleaseError(file=name, line=1) from error


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
