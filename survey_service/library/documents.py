"""YAML and JSON read strictly: plain values, and the line that each of them stands on.

Narrower than YAML on purpose, so that a file means what it looks like and cannot hurt: no
aliases (a few bytes of them expand to gigabytes), no tags, no key twice, no dates, and only
`true` and `false` are booleans. Numbers stay exact: `2.10` becomes a decimal, never a float.
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, TypeVar

import msgspec
import yaml

from survey_service.errors import DocumentError, FileMissingError
from survey_service.maturity.checking.findings import Place

T = TypeVar("T")

LARGEST = 4_000_000  # bytes; the largest real questionnaire is a tenth of it
MOST = 60_000  # values; the largest real questionnaire has a tenth of them
DEEPEST = 40  # levels of nesting; a tree of ten tiers needs fewer

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_TAB = re.compile(r"[ -]*\t")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

_MESSAGES = (  # how msgspec words what our catalogues word as `problem.<reason>`
    ("missing", re.compile(r"Object missing required field `(?P<field>.+)`")),
    ("unknown", re.compile(r"Object contains unknown field `(?P<field>.+)`")),
    ("type", re.compile(r"Expected `(?P<expected>.+?)`, got `(?P<found>.+)`")),
    ("pattern", re.compile(r"Expected `str` matching regex (?P<expected>.+)")),
    ("bound", re.compile(r"Expected (?P<expected>.+)")),
    ("no_decimal", re.compile(r"Invalid decimal string")),
    ("choice", re.compile(r"Invalid enum value (?P<found>.+)")),
)


class Document(msgspec.Struct, frozen=True):
    """A file's values, and the line of each by its place."""

    file: str
    values: object
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of the nearest thing around it that has one."""
        while place not in self.lines:
            place = place[:-1]
        return self.lines[place]

    def refuse(self, place: Place, reason: str, **details: object) -> NoReturn:
        """Raise the error that says what is wrong at `place`."""
        _refuse(self.file, self.line(place), reason, written(place), **details)

    def decode(self, type_: type[T], place: Place = ()) -> T:
        """Return the values at `place`, all of the document by default, as a `type_`.

        Raises:
            DocumentError: They are not; says where, what was expected and what is there.
        """
        try:
            return msgspec.convert(self._at(place), type_)
        except msgspec.ValidationError as error:
            below, reason, details = explained(error)
            self.refuse(place + below, reason, **details)

    def _at(self, place: Place) -> object:
        values = self.values
        for step in place:
            values = values[step]  # type: ignore[index] # the caller walks what it has seen
        return values


def read_file(path: Path) -> Document:
    """Return the document in a file.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
        DocumentError: It is not what `read` accepts.
    """
    return read(content_of(path), str(path))


def content_of(path: Path, largest: int = LARGEST) -> bytes:
    """Return a file's bytes, which are no more than `largest`.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
        DocumentError: It is larger.
    """
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)  # a pipe does not say how much comes
    except OSError as error:
        raise FileMissingError(file=str(path), cause=error.strerror or "") from error
    if len(content) > largest:
        _refuse(str(path), 1, "too_large", limit=largest)
    return content


def read(content: bytes, file: str) -> Document:
    """Return the document that `content` holds; `file` is its name in errors.

    Raises:
        DocumentError: Too large or deep, not UTF-8, not YAML or JSON, an alias, a key twice.
    """
    if len(content) > LARGEST:
        _refuse(file, 1, "too_large", limit=LARGEST)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(file, content[: error.start].count(b"\n") + 1, "yaml_not_utf8")
    try:
        return _Reader(file).read(text)
    except DocumentError as error:
        if error.details["reason"] not in {"syntax", "tab"} or not text.lstrip().startswith("{"):
            raise
        return _read_json(text, file, error)  # JSON writes some characters as YAML does not


def explained(error: msgspec.ValidationError) -> tuple[Place, str, dict[str, str]]:
    """Return where values are not as expected, the reason (`problem.…`), and its details."""
    message, _, path = str(error).partition(" - at `$")
    steps = re.findall(r"\.([^.\[\]]+)|\[([0-9]+)\]", path.removesuffix("`"))
    place: Place = tuple(name or int(position) for name, position in steps)
    for reason, pattern in _MESSAGES:
        if (found := pattern.fullmatch(message)) is not None:
            details = found.groupdict()
            field = details.pop("field", None)
            return (*place, field) if field else place, reason, details
    return place, "other", {"message": message}


def written(place: Place) -> str:
    """Return a place as people write it: `nodes[0].indicators[2].weight`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(parts).removeprefix(".") or "-"


class _Reader:
    """One pass over the parser's events, building values and noting lines."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Place, int] = {(): 1}

    def read(self, text: str) -> Document:
        try:
            self._events = yaml.parse(text, Loader=_Loader)
            next(self._events)  # the stream's start
            if isinstance(next(self._events), yaml.StreamEndEvent):
                _refuse(self._file, 1, "empty")
            values = self._value(next(self._events), ())
            next(self._events)  # the document's end
            if not isinstance(extra := next(self._events), yaml.StreamEndEvent):
                _refuse(self._file, _line(extra), "second_document")
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            if any(map(_TAB.match, text.splitlines()[line - 1 : line])):
                _refuse(self._file, line, "tab")
            _refuse(self._file, line, "syntax", problem=error.problem or "")
        except yaml.YAMLError as error:  # a character that YAML does not allow
            _refuse(self._file, 1, "syntax", problem=str(error).splitlines()[0])
        return Document(self._file, values, self._lines)

    def _value(self, event: yaml.Event, place: Place) -> object:
        line = _line(event)
        self._lines.setdefault(place, line)
        if len(self._lines) > MOST:
            _refuse(self._file, line, "too_many", limit=MOST)
        if len(place) > DEEPEST:
            _refuse(self._file, line, "too_deep", limit=DEEPEST)
        if isinstance(event, yaml.AliasEvent):
            _refuse(self._file, line, "alias", written(place))
        self._refuse_tag(event, place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return self._mapping(place)

    def _sequence(self, place: Place) -> list[object]:
        values: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._value(event, (*place, len(values))))
        return values

    def _mapping(self, place: Place) -> dict[str, object]:
        values: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                _refuse(self._file, line, "key_not_text", written(place))
            self._refuse_tag(event, place)
            key = event.value
            if key in values:
                _refuse(self._file, line, "key_twice", written((*place, key)))
            self._lines[*place, key] = line
            values[key] = self._value(next(self._events), (*place, key))
        return values

    def _refuse_tag(self, event: yaml.Event, place: Place) -> None:
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            _refuse(self._file, _line(event), "tag", written(place), tag=tag)

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        if not event.implicit[0]:  # quoted or a block: text, whatever it looks like
            return event.value
        if event.value in _WORDS:
            return _WORDS[event.value]
        if _WHOLE.fullmatch(event.value):
            return int(event.value)
        return Decimal(event.value) if _DECIMAL.fullmatch(event.value) else event.value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _read_json(text: str, file: str, as_yaml: DocumentError) -> Document:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        values = dict(pairs)
        if len(values) < len(pairs):
            _refuse(file, 1, "key_twice")
        return values

    try:
        values = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise as_yaml from None
    return Document(file, values, {(): 1})


def _refuse(file: str, line: int, reason: str, key: str = "-", **details: object) -> NoReturn:
    raise DocumentError(file=file, line=line, key=key, reason=reason, **details)
