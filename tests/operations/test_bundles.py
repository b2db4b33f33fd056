"""The ZIP of an assessment's evidence proves itself, and each way of tampering with it is named."""

import hashlib
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from msgspec import structs

from survey_service.conduct.evidence import Evidence
from survey_service.conduct.statements import NAME
from survey_service.errors.papers import UnreadablePaperError
from survey_service.operations.bundles import Stated, Wanted, bundle
from survey_service.operations.evidence import path
from survey_service.operations.issuing import Signing
from survey_service.operations.verifying import Against, verified
from survey_service.operations.verifying import verify as verify_file
from survey_service.reports.attachments import official
from survey_service.settings import Settings
from survey_service.store.files import files
from tests import proofs
from tests.operations.test_verifying import failing
from tests.proofs import AT, KEY, ORIGIN, OTHER, PRIVATE, STEP, report

MINUTES = b"the minutes of a meeting\n" * 400
_FILE = "files/A/001-minutes.pdf"


async def _bundled(folder: Path, private: bytes = PRIVATE) -> bytes:
    """Return the bundle of an assessment with one file and one link."""
    kept = files(Settings(files=str(folder)))
    digest, size = hashlib.sha256(MINUTES).hexdigest(), len(MINUTES)
    await kept.put(path(digest), MINUTES)
    file = Evidence(1, "A", "minutes.pdf", digest, "application/pdf", size, None, None, "alice", AT)
    link = Evidence(2, "B", "Site", None, None, None, "https://example.go.id", None, "alice", AT)
    made = report()
    assert made.record is not None
    made = structs.replace(made, record=structs.replace(made.record, evidence=(file, link)))
    said = structs.replace(proofs.statement(made), paper="evidence")
    stated = Stated(said, Signing(ORIGIN, private, said.log))
    pieces = await bundle(kept, Wanted(made, STEP, "en"), stated)
    return b"".join([piece async for piece in pieces])


@pytest.fixture
async def bundled(tmp_path: Path) -> bytes:
    return await _bundled(tmp_path / "files")


@pytest.fixture
def file(tmp_path: Path, bundled: bytes) -> Path:
    file = tmp_path / "evidence.zip"
    file.write_bytes(bundled)
    return file


def test_a_genuine_bundle_proves_itself_in_a_process_of_its_own(file: Path) -> None:
    known = Against(KEY.line)

    found = verified(file, known)

    assert found == verify_file(file, known)
    assert found.is_proven
    assert [one.reason for one in found.of("index")] == ["recomputed", "shown"]
    assert [one.reason for one in found.of("log")] == ["step_in_log", "nothing_kept"]
    named = {one.details["name"] for one in found.of("attachments")}
    assert named == {*zipfile.ZipFile(file).namelist()} - {NAME}
    assert _FILE in named


async def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path, bundled: bytes) -> None:
    assert await _bundled(tmp_path / "again") == bundled


def test_its_page_tells_the_index_and_the_code(file: Path) -> None:
    page = zipfile.ZipFile(file).read("index.html").decode()

    assert str(official(report()).index) == "4"
    assert "4.00" in page
    assert "survey-service verify" in page


def _one_byte(content: bytes) -> bytes:
    return content.replace(b"minutes of", b"minutes if", 1)


def _date(content: bytes) -> bytes:
    """Change when a file came about, which only the ZIP itself says."""
    at = content.index(_FILE.encode()) - 20
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _statement_byte(content: bytes) -> bytes:
    at = content.index(b'{"payload":"') + 100
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _again(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return a ZIP of the same files but for some, None for one that is left out."""
    made = BytesIO()
    old = zipfile.ZipFile(BytesIO(content))
    with zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            own = change(name, old.read(name))
            if own is not None:
                new.writestr(name, own)
    return made.getvalue()


def _swapped(content: bytes) -> bytes:
    return _again(content, lambda name, own: b"forged" if name == _FILE else own)


def _without(content: bytes) -> bytes:
    return _again(content, lambda name, own: None if name == _FILE else own)


def _with_more(content: bytes) -> bytes:
    made = BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("files/A/002-more.pdf", b"more")
    return made.getvalue()


def _with_comment(content: bytes) -> bytes:
    made = BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"a word"
    return made.getvalue()


TAMPERINGS: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "one byte of a file": (_one_byte, {"changed", "attachment_changed"}),
    "the date of a file": (_date, {"changed"}),
    "one byte of the statement": (_statement_byte, {"statement_broken"}),
    "a swapped file": (_swapped, {"attachment_changed"}),
    "a file taken out": (_without, {"attachment_missing"}),
    "a file put in": (_with_more, {"appended", "attachment_added"}),
    "a comment": (_with_comment, {"appended"}),
    "an appended byte": (lambda content: content + b"\n", {"appended"}),
    "bytes before it": (lambda content: b"PK\x03\x04" + content, {"changed"}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(name: str, file: Path, bundled: bytes) -> None:
    tamper, expected = TAMPERINGS[name]
    file.write_bytes(tamper(bundled))

    found = verify_file(file, Against(KEY.line))

    assert not found.is_proven
    assert expected <= {*failing(found)}


async def test_the_statement_of_another_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "evidence.zip"
    file.write_bytes(await _bundled(tmp_path / "files", OTHER))

    assert "other_key" in failing(verify_file(file, Against(KEY.line)))


def _plain(_: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("x", b"x")
    return made.getvalue()


def _twice(content: bytes) -> bytes:
    made = BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(NAME, b"{}")
    return made.getvalue()


def _release(_: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datapackage.json", b"{}")
    return made.getvalue()


def _bomb(_: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, bytes(50_000_000))
    return made.getvalue()


def _large_statement(_: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(NAME, bytes(33_000_000))
    return made.getvalue()


def _astray(content: bytes) -> bytes:
    """Say of the first file that it begins where none does."""
    at = zipfile.ZipFile(BytesIO(content)).start_dir + 42
    return content[:at] + (7).to_bytes(4, "little") + content[at + 4 :]


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "another ZIP": (_plain, "no_statement"),
    "a packed one": (_bomb, "packed_bundle"),
    "a release": (_release, "release_zip"),
    "too much in one file": (_large_statement, "bomb"),
    "two statements": (_twice, "several_statements"),
    "half of one": (lambda content: content[: len(content) // 2], "cut_off_paper"),
    "a file where none is": (_astray, "cut_off_paper"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_bundle_is_refused_in_words(name: str, file: Path, bundled: bytes) -> None:
    spoil, reason = REFUSED[name]
    file.write_bytes(spoil(bundled))

    with pytest.raises(UnreadablePaperError) as refused:
        verify_file(file, Against())

    assert refused.value.details["reason"] == reason


def test_one_that_is_larger_than_any_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.zip"
    with large.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(20_000_000_000)

    with pytest.raises(UnreadablePaperError) as refused:
        verify_file(large, Against())

    assert refused.value.details["reason"] == "too_large_paper"
