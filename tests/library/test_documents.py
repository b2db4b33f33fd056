"""Files that are not what they should be: each a clear error with file, line and key."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from survey_service.errors import DocumentError, FileMissingError
from survey_service.library import documents
from survey_service.library.documents import LARGEST, Document


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: int = 0
    parts: list["Thing"] = []


def test_numbers_are_exact_and_only_true_and_false_are_booleans() -> None:
    document = _read("a: 2.10\nb: 3\nc: no\nd: true\ne: 2026-01-01\nf: '3'\ng: 1e5\nh:\n")

    assert document.values == {
        "a": Decimal("2.10"),
        "b": 3,
        "c": "no",
        "d": True,
        "e": "2026-01-01",
        "f": "3",
        "g": "1e5",
        "h": None,
    }


def test_json_is_read_as_well_escapes_included() -> None:
    document = _read('{\n\t"a": "\\ud83d\\ude00", "b": [1.5, {"c": null}]}')

    assert document.values == {"a": "😀", "b": [Decimal("1.5"), {"c": None}]}


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        (b"", "empty", 1),
        (b"a: 1\nb: \xff\n", "yaml_not_utf8", 2),
        (b"a: 1\nb: [1\n", "syntax", 3),
        (b"a: \x07\n", "syntax", 1),
        (b"a: &x [1]\nb: *x\n", "alias", 2),
        (b"a: 1\nb: !!python/object:os.system x\n", "tag", 2),
        (b"a: 1\nb: !!python/object/apply:os.system [x]\n", "tag", 2),
        (b"a: 1\nb: !x {c: 1}\n", "tag", 2),
        (b"a: 1\n!!int b: 1\n", "tag", 2),
        (b"a:\n\t- 1\n", "tab", 2),
        (b"a: 1\na: 2\n", "key_twice", 2),
        (b"? [a]\n: 1\n", "key_not_text", 1),
        (b"a: 1\n---\nb: 2\n", "second_document", 2),
        (b"[" * 100 + b"]" * 100, "too_deep", 1),
        (b"[" * 100_000, "too_deep", 1),
        (b" " * (LARGEST + 1), "too_large", 1),
        (b'{"a": "\\ud83d\\ude00", "a": 1}', "key_twice", 1),
        (b'{"a": "\\ud83d"', "syntax", 1),
    ],
)
def test_what_is_no_document_is_refused_with_its_line(text: bytes, reason: str, line: int) -> None:
    with pytest.raises(DocumentError) as refused:
        documents.read(text, "x.yaml")

    details = refused.value.details
    assert (details["file"], details["reason"], details["line"]) == ("x.yaml", reason, line)


def test_an_alias_bomb_is_refused_before_it_expands() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )

    with pytest.raises(DocumentError) as refused:
        _read(bomb)

    assert refused.value.details["reason"] == "alias"
    assert refused.value.details["line"] == 2


@pytest.mark.parametrize(
    ("text", "reason", "key", "line"),
    [
        ("name: a\nsize: x\n", "type", "size", 2),
        ("name: a\nparts:\n  - name: b\n  - size: 1\n", "missing", "parts[1].name", 4),
        ("name: a\ncolour: red\n", "unknown", "colour", 2),
        ("name: 3\n", "type", "name", 1),
    ],
)
def test_values_that_do_not_fit_are_refused_with_their_place(
    text: str, reason: str, key: str, line: int
) -> None:
    with pytest.raises(DocumentError) as refused:
        _read(text).decode(Thing)

    details = refused.value.details
    assert (details["reason"], details["key"], details["line"]) == (reason, key, line)


def test_a_file_that_is_missing_or_too_large_is_named(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b" " * (LARGEST + 1))

    with pytest.raises(FileMissingError):
        documents.read_file(tmp_path / "none.yaml")
    with pytest.raises(DocumentError):
        documents.read_file(large)


def _read(text: str) -> Document:
    return documents.read(text.encode(), "x.yaml")
