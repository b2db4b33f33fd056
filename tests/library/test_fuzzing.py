"""Any bytes give a questionnaire or an error that names a place: no crash, no hang, little memory."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_service.errors import DocumentError, SurveyError
from survey_service.library import documents, questionnaires
from survey_service.library.documents import LARGEST
from tests.samples import LIBRARY, TINY

RIGHT = [path.read_bytes() for path in sorted(TINY.glob("*.yaml"))]
WORDS = sorted({word for content in RIGHT for word in content.decode().split()})
MEGABYTES = 200
SECONDS = 60


def _outcome(content: bytes) -> object:
    """Return what a person would get: a questionnaire, or an error with its place."""
    try:
        return questionnaires.load(documents.read(content, "x"))
    except SurveyError as refused:
        error = refused
    assert error.details["file"] == "x"
    assert not isinstance(error, DocumentError) or isinstance(error.details["line"], int)
    return error


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
@example(b"\xef\xbb\xbfa: 1")
def test_any_bytes_give_an_error_with_a_place(content: bytes) -> None:
    assert isinstance(_outcome(content), SurveyError)


@settings(max_examples=150)
@given(st.sampled_from(RIGHT), st.data())
def test_a_damaged_questionnaire_gives_one_or_an_error_with_a_place(
    right: bytes, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(right)))
        cut = data.draw(st.integers(0, 30))
        other = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(WORDS).map(str.encode)))
        right = right[:at] + other + right[at + cut :]

    _outcome(right)


def _many(item: str, size: int = LARGEST) -> bytes:
    """Return a questionnaire with as many of one thing as a file can hold."""
    head = (TINY / "bonus.yaml").read_text().split("nodes:")[0]
    return (head + item * ((size - len(head)) // len(item))).encode()


HOSTILE: dict[str, Callable[[], bytes]] = {
    "small values": lambda: b"a: [" + b"1," * (LARGEST // 2 - 10) + b"1]",
    "empty lists": lambda: b"a: [" + b"[]," * (LARGEST // 3 - 10) + b"1]",
    "JSON": lambda: b'{"a": "\\ud83d\\ude00", "b": [' + b"{}," * (LARGEST // 3 - 20) + b"1]}",
    "one long text": lambda: b"code: " + b"x" * (LARGEST - 10),
    "long key": lambda: b"x" * (LARGEST - 10) + b": 1",
    "depth": lambda: b"[" * LARGEST,
    "depth in JSON": lambda: b'{"a":' * (LARGEST // 5),
    "aliases": lambda: b"a: &a [x]\n" + b"b: [*a]\n" * 1000,
    "digits": lambda: b"code: x\nversion: " + b"9" * (LARGEST - 30),
    "lines": lambda: b"\n" * LARGEST,
    "comments": lambda: b"# x\n" * (LARGEST // 4),
    "nodes": lambda: _many("\nnodes: [{code: a, name: {id: a, en: b}}]"),
    "conditions": lambda: (
        (TINY / "conditions.yaml").read_bytes()
        + b"".join(
            b'  - {code: X%d, name: {id: a, en: b}, when: answers.A == "%d", nodes: []}\n' % (n, n)
            for n in range(7000)
        )
    ),
    "gates": lambda: (
        (TINY / "two_dimensions.yaml")
        .read_bytes()
        .replace(
            b"      - {every: dimension, at_least: 2.0}\n",
            b"      - {every: dimension, at_least: 2.0}\n" * 60,
        )
        + b"".join(
            b"  - {code: X%d, name: {id: a, en: b}, weight: 0, indicators: [{code: Y%d, "
            b"name: {id: a, en: b}, ladder: five}]}\n" % (n, n)
            for n in range(4000)
        )
    ),
    "options": lambda: (
        (TINY / "kinds.yaml")
        .read_bytes()
        .replace(
            b"    options:\n",
            b"    options:\n"
            + b"".join(
                b"      - {code: Z%d, text: {id: a, en: b}, value: 1}\n" % n for n in range(9000)
            ),
            1,
        )
    ),
    "a library file twice": lambda: (LIBRARY / "zona-integritas" / "2021.90.yaml").read_bytes() * 2,
}
_PROBE = r"""
import re, sys
from pathlib import Path
from tests.library.test_fuzzing import HOSTILE, _outcome
try:
    outcome = _outcome(HOSTILE[sys.argv[1]]())
finally:
    print(int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
print(type(outcome).__name__)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_little_memory_and_time(name: str) -> None:
    """The most memory that a process of its own ever had, the program and the file included."""
    probe = subprocess.run(
        [sys.executable, "-c", _PROBE, name],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
        cwd=Path(__file__).parents[2],
    )

    megabytes, kind = probe.stdout.split()
    assert kind in {"DocumentError", "CheckFailedError", "Questionnaire"}
    assert int(megabytes) < MEGABYTES
