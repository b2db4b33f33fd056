"""A questionnaire as a workbook: one row an indicator, levels in columns; and the YAML that comes of it.

Each list of a questionnaire has a sheet with a row for each of its entries. Headings are places within
an entry, `levels/2/criteria/1/id`; the tree is told by the code of what a row belongs to. What
is wrong is told with sheet, row and column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import yaml
from msgspec import structs
from typing_extensions import override

from survey_service import i18n
from survey_service.characters import visible
from survey_service.errors import DocumentError, SurveyError
from survey_service.library import documents, questionnaires
from survey_service.library.documents import Document, explained
from survey_service.library.questionnaires import Located
from survey_service.library.vocabulary import truth
from survey_service.library.workbook_rows import Sheet
from survey_service.library.workbooks import Cell
from survey_service.maturity.checking.findings import Place
from survey_service.maturity.instrument import Questionnaire

GENERAL, NODES, INDICATORS = "questionnaire", "nodes", "indicators"
BELONGS = "belongs to"
"""The heading of the column with the code of the node that a row lies in; empty at the top."""

_STEP = "/"
_EMPTY: Mapping[str, object] = {"{}": {}, "[]": []}
_MOST = 2000  # cells that are read as what is expected there
_LETTERS = 26

Rows = list[list[Cell]]


class _At(NamedTuple):
    """A cell: its sheet, its row from 1, its column from 0."""

    sheet: str
    row: int
    column: int

    @override
    def __str__(self) -> str:
        letters, number = "", self.column + 1
        while number:
            number, rest = divmod(number - 1, _LETTERS)
            letters = chr(ord("A") + rest) + letters
        return f"{self.sheet}!{letters}{self.row}"


class Book(NamedTuple):
    """The YAML that a workbook says, and where each of its places stands in the workbook."""

    content: bytes
    document: Document
    cells: dict[Place, _At]


def tables(document: Document) -> dict[str, Rows]:
    """Return the sheets of a questionnaire, by their names, each with its headings first."""
    values = document.values if isinstance(document.values, dict) else {}
    listed = {
        key: one
        for key, one in values.items()
        if isinstance(one, list) and one and all(isinstance(each, dict) for each in one)
    }
    general = {key: one for key, one in values.items() if key not in listed}
    found: dict[str, Rows] = {
        GENERAL: [["key", "value"], *([at, cell] for at, cell in _flat(general))]
    }
    nodes: list[tuple[str, dict[str, Any]]] = []
    leaves: list[tuple[str, dict[str, Any]]] = []
    _collect(listed.pop(NODES, []), "", nodes, leaves)
    found[INDICATORS] = _table([{BELONGS: above, **dict(_flat(one))} for above, one in leaves])
    found[NODES] = _table([{BELONGS: above, **dict(_flat(one))} for above, one in nodes])
    return found | {key: _table([dict(_flat(each)) for each in one]) for key, one in listed.items()}


def _collect(
    children: Sequence[Any],
    above: str,
    nodes: list[tuple[str, dict[str, Any]]],
    leaves: list[tuple[str, dict[str, Any]]],
) -> None:
    """Note every node and indicator with the code of the node that it lies in."""
    for node in children:
        own = {key: one for key, one in node.items() if key not in {NODES, INDICATORS}}
        nodes.append((above, own))
        _collect(node.get(NODES, []), str(node.get("code", "")), nodes, leaves)
        leaves += [(str(node.get("code", "")), one) for one in node.get(INDICATORS, [])]


def _flat(value: object, before: str = "") -> Iterator[tuple[str, Cell]]:
    """Yield every single value with its place."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            name = f"'{key}'" if str(key).isdecimal() else str(key)
            yield from _flat(one, f"{before}{_STEP}{name}" if before else name)
    elif isinstance(value, list) and value:
        for number, one in enumerate(value, start=1):
            yield from _flat(one, f"{before}{_STEP}{number}")
    elif value is not None:
        yield before, _cell(value)


def _cell(value: object) -> Cell:
    """Return a single value, or an empty list or entry, as a cell holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    return value if isinstance(value, int) else str(value)


def _table(rows: Sequence[Mapping[str, Cell]]) -> Rows:
    """Return rows below their headings: in the order of the first row, others beside their neighbours."""
    headings: list[str] = []
    for row in rows:
        at = 0
        for name in row:
            if name in headings:
                at = max(at, headings.index(name) + 1)
            else:
                headings.insert(at, name)
                at += 1
    headings.sort(key=_order)
    return [list(headings), *([row.get(name, "") for name in headings] for row in rows)]


def _order(heading: str) -> tuple[bool, bool, list[tuple[int, str]]]:
    """Return how headings are ordered: where it belongs, code and name first, positions by number."""
    parts = heading.split(_STEP)
    plain = len(parts) == 1 or parts[0] == "name"
    steps = [(int(one), "") if one.isdecimal() else (0, "") for one in parts]
    return heading not in {BELONGS, "code"}, not plain, steps if not plain else []


def read(sheets: Sequence[Sheet], file: str) -> Book:
    """Return the questionnaire that sheets say, as YAML.

    Raises:
        DocumentError: They say none, or something that does not fit; with sheet and cell.
    """
    values, cells = _values(sheets, file)
    for _ in range(_MOST):
        try:
            msgspec.convert(values, Questionnaire)
            break
        except msgspec.ValidationError as error:
            place, reason, details = explained(error)
            wanted = "decimal" if reason == "no_decimal" else details.get("expected", "")
            if reason not in {"type", "no_decimal"} or not _mended(values, place, wanted):
                raise _refused(file, cells, place, reason, details) from None
    content = _yaml(values)
    return Book(content, documents.read(content, file), cells)


def findings(book: Book) -> list[Located]:
    """Return what the checker finds, each with the row and the cell that it is about."""
    return located(questionnaires.findings(book.document), book)


def located(found: Iterable[Located], book: Book) -> list[Located]:
    """Return what was found in the text of a workbook, with the rows and cells that it is about."""
    return [_located(one, book) for one in found]


def _located(one: Located, book: Book) -> Located:
    at = _nearest(book.cells, one.finding.path)
    return structs.replace(one, line=at.row, key=str(at))


def _nearest(cells: Mapping[Place, _At], place: Place) -> _At:
    """Return the cell of a place: its own, or else the first of what is in it, or of what it is in."""
    while place not in cells:
        inside = [at for other, at in cells.items() if other[: len(place)] == place]
        if inside or not place:
            return min(inside, default=_At(GENERAL, 1, 0))
        place = place[:-1]
    return cells[place]


def _refused(
    file: str, cells: Mapping[Place, _At], place: Place, reason: str, details: Mapping[str, str]
) -> DocumentError:
    at = _nearest(cells, place)
    return DocumentError(file=file, line=at.row, key=str(at), reason=reason, **details)


def _values(sheets: Sequence[Sheet], file: str) -> tuple[dict[str, Any], dict[Place, _At]]:
    named = {sheet.name.strip().lower(): sheet for sheet in sheets if sheet.rows}
    general = named.pop(GENERAL, None)
    if general is None or INDICATORS not in named:
        raise DocumentError(file=file, line=1, key="-", reason="no_questionnaire_sheet")
    values: dict[str, Any] = {}
    cells: dict[Place, _At] = {}
    for number, row in general.rows[1:]:
        if len(row) > 1 and row[1] != "":
            _put(values, _place(str(row[0])), row[1], cells, (), _At(general.name, number, 1))
    nodes = named.pop(NODES, None)
    trees = [named.pop(INDICATORS), *([nodes] if nodes else [])]
    for key, sheet in named.items():
        if key.startswith("_"):
            continue
        for entry, at in _entries(sheet):
            _add(values, (key,), entry, at, cells)
    _tree(values, trees, cells, file)
    return values, cells


Entry = Mapping[str, Cell]


def _entries(sheet: Sheet) -> Iterator[tuple[Entry, Mapping[str, _At]]]:
    """Yield the rows of a sheet by their headings, with where each cell stands."""
    (_, headings), *rows = sheet.rows
    names = [" ".join(str(one).split()) for one in headings]
    for number, row in rows:
        said = {
            name: (cell, _At(sheet.name, number, at))
            for at, (name, cell) in enumerate(zip(names, row, strict=False))
            if name and cell != ""
        }
        if said:
            yield {k: cell for k, (cell, _) in said.items()}, {k: at for k, (_, at) in said.items()}


def _add(
    values: dict[str, Any],
    place: Place,
    entry: Entry,
    at: Mapping[str, _At],
    cells: dict[Place, _At],
) -> Place:
    """Append an entry to the list at a place; return its own place."""
    listed = values
    for step in place[:-1]:
        listed = listed[step]  # type: ignore[index] # a dict or a list
    entries = listed.setdefault(str(place[-1]), [])
    own: dict[str, Any] = {}
    entries.append(own)
    here = (*place, len(entries) - 1)
    for name in sorted((one for one in entry if one != BELONGS), key=_positions):
        _put(own, _place(name), entry[name], cells, here, at[name])
    return here


def _positions(name: str) -> list[tuple[int, str]]:
    return [(int(one), "") if one.isdecimal() else (0, one) for one in name.split(_STEP)]


def _tree(
    values: dict[str, Any], sheets: Sequence[Sheet], cells: dict[Place, _At], file: str
) -> None:
    """Put nodes where they belong, and the indicators into them."""
    leaves, *nodes = sheets
    places: dict[str, Place] = {"": ()}
    for key, sheet in [*((NODES, one) for one in nodes), (INDICATORS, leaves)]:
        for entry, at in _entries(sheet):
            above = visible(str(entry.get(BELONGS, "")))
            if above not in places or (key == INDICATORS and not above):
                where = at.get(BELONGS, next(iter(at.values())))
                raise DocumentError(
                    file=file, line=where.row, key=str(where), reason="no_such_node", found=above
                )
            place = _add(values, (*places[above], key), entry, at, cells)
            if key == NODES:
                places[visible(str(entry.get("code", "")))] = place


def _place(heading: str) -> Place:
    """Return the place that a heading names; positions count from 0."""
    steps = [one.strip() for one in heading.split(_STEP)]
    return tuple(int(one) - 1 if one.isdecimal() else one.strip("'") for one in steps if one)


def _put(
    values: dict[str, Any], place: Place, cell: Cell, cells: dict[Place, _At], here: Place, at: _At
) -> None:
    """Write a cell into values, at a place within them; lists are filled without gaps."""
    inside: Any = values
    steps: list[str | int] = []
    for step, following in zip(place, [*place[1:], None], strict=True):
        last = following is None
        made: Any = _single(cell) if last else [] if isinstance(following, int) else {}
        if isinstance(inside, list):
            at_ = min(int(step), len(inside)) if isinstance(step, int) else len(inside)
            if at_ == len(inside):
                inside.append(made)
            steps.append(at_)
            inside = inside[at_]
        else:
            if last or not isinstance(inside.get(str(step)), dict | list):
                inside[str(step)] = made
            steps.append(str(step))
            inside = inside[str(step)]
        if not isinstance(inside, dict | list):
            break
    cells.setdefault((*here, *steps), at)


def _single(cell: Cell) -> object:
    if isinstance(cell, str):
        return dict(_EMPTY)[cell] if cell in _EMPTY else cell
    return cell if isinstance(cell, int) else Decimal(repr(cell))


def _mended(values: Any, place: Place, expected: str) -> bool:
    """Read a value as what is expected there: spreadsheets make numbers of codes, and texts of numbers."""
    *above, last = place
    inside = values
    for step in above:
        inside = inside[step]
    value = inside[last]
    if "str" in expected and isinstance(value, int | Decimal):
        inside[last] = f"{value}"
        return True
    if not isinstance(value, str | int) or isinstance(value, bool):
        return False
    found: object = None
    if "bool" in expected:
        found = truth(str(value))
    elif re.search(r"int|decimal", expected):
        try:
            found = i18n.number(str(value))
        except SurveyError:
            return False
        if isinstance(found, Decimal) and found == int(found) and "int" in expected:
            found = int(found)
    inside[last] = value if found is None else found
    return found is not None and type(found) is not type(value)


def _yaml(values: Mapping[str, Any]) -> bytes:
    return yaml.dump(
        dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100
    ).encode()


class _Dumper(yaml.SafeDumper):
    """Writes numbers as they are, and no aliases, which are not read."""

    @override
    def ignore_aliases(self, data: Any) -> bool:
        """Return that every value is written in full."""
        return True


_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}")
)
