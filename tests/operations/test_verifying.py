"""Reports that prove themselves: each way of tampering with one is named, and nothing is believed."""

import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import pikepdf
import pytest
from msgspec import structs
from pypdf import PdfWriter

from survey_service.conduct.report_checks import check_index
from survey_service.conduct.statements import OPENING, Claim
from survey_service.conduct.verdicts import Verdict
from survey_service.errors import FileMissingError
from survey_service.errors.papers import (
    InvalidGrowthError,
    InvalidKeyError,
    UncheckedPaperError,
    UnreadablePaperError,
)
from survey_service.library.questionnaires import digest, files
from survey_service.library.report_files import ReportFile
from survey_service.operations import verifying
from survey_service.operations.verifying import (
    Against,
    growth_in,
    known_key,
    recomputed,
    verified,
)
from survey_service.operations.verifying import verify as verify_file
from survey_service.reports.attachments import attachments
from survey_service.reports.sample import sample
from survey_service.reports.statements import claim_of, claimed, placed
from tests import proofs
from tests.pdfs import conforming
from tests.proofs import KEY, OTHER, STEP, blank, issued, kept, report
from tests.samples import LIBRARY, load

KNOWN = Against(KEY.line)


def failing(verdict: Verdict) -> list[str]:
    """Return what does not hold, by its codes."""
    return [one.reason for one in verdict.findings if one.outcome == "fails"]


def verify(content: bytes, against: Against) -> Verdict:
    with NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(content)
        return verify_file(Path(file.name), against)


def the_claim() -> Claim:
    return claim_of(report(), STEP)


def test_a_genuine_report_proves_itself_and_conforms() -> None:
    content = conforming(issued())

    found = verify(content, KNOWN)

    assert found.is_proven
    assert {
        one.outcome for one in found.findings if one.check in {"statement", "attachments", "index"}
    } == {"holds"}
    assert [one.reason for one in found.of("index")] == ["recomputed", "shown"]
    assert dict(found.of("index")[0].details)["index"] == "4/1"
    assert [one.reason for one in found.of("log")] == ["step_in_log", "nothing_kept"]
    assert [one.reason for one in found.of("standing")] == ["ask"]


def test_a_process_of_its_own_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(issued())

    assert verified(file, KNOWN) == verify(issued(), KNOWN)


@pytest.mark.parametrize("path", files(LIBRARY), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_index_of_every_instrument_follows_from_what_a_report_encloses(path: Path) -> None:
    content = path.read_bytes()
    made = sample(load(path), digest(content), proofs.AT, "final", "id", content.decode())
    claim, enclosed = claim_of(made, STEP), attachments(made, "id", "report")
    stated = structs.replace(proofs.statement(report(), "id"), claim=claim)
    held = ReportFile(b"", 0, 0, {one.name: [one.content] for one in enclosed}, "")

    found = recomputed(held, stated)

    assert check_index(claim, found).reason == "recomputed"
    assert found.shown == claimed(claim, "id")


def test_without_a_key_nothing_is_proven() -> None:
    found = verify(issued(), Against())

    assert failing(found) == []
    assert not found.is_proven
    assert found.outcome("statement") == "open"


def test_the_same_report_gives_the_same_bytes() -> None:
    assert issued() == issued()


def test_a_certificate_proves_itself_without_answers() -> None:
    found = verify(conforming(issued(paper="certificate")), KNOWN)

    assert found.is_proven
    assert [one.reason for one in found.of("index")] == ["shown"]


def one_byte(content: bytes) -> bytes:
    at = content.index(b"stream\n") + 20
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _statement_byte(content: bytes) -> bytes:
    at = content.index(OPENING) + 100
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _resaved(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    saved = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        change(opened)
        opened.save(saved, compress_streams=False)
    return saved.getvalue()


def _swapped(content: bytes) -> bytes:
    """Exchange the answers by those to another report."""

    def change(opened: pikepdf.Pdf) -> None:
        opened.attachments["answers.json"].get_file().obj.write(b"{}")

    return _resaved(content, change)


def _without(content: bytes) -> bytes:
    def change(opened: pikepdf.Pdf) -> None:
        del opened.attachments["answers.json"]

    return _resaved(content, change)


def _with_more(content: bytes) -> bytes:
    def change(opened: pikepdf.Pdf) -> None:
        opened.attachments["letter.txt"] = b"x"

    return _resaved(content, change)


def _cover(content: bytes) -> bytes:
    """Print another number, with the statement and the answers of this report."""
    edited = proofs.printed(report(), edit=("4.00", "4.99"))
    return placed(edited, lambda _: _statement_in(content))


def _replayed(content: bytes) -> bytes:
    """Give another report the statement of this one."""
    return placed(blank(A=1, B=1), lambda _: _statement_in(content))


def _statement_in(content: bytes) -> bytes:
    start = content.index(OPENING)
    return content[start : content.index(b"\nendstream", start)]


def _revised(content: bytes) -> bytes:
    """Append a revision in which the answers are others, as PDF lets anybody do."""
    writer = PdfWriter(BytesIO(content), incremental=True)
    writer.add_attachment("answers.json", b"{}")
    saved = BytesIO()
    writer.write(saved)
    assert saved.getvalue().startswith(content)
    return saved.getvalue()


TAMPERINGS: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "one byte": (one_byte, {"changed"}),
    "one byte of the statement": (_statement_byte, {"statement_broken"}),
    "a swapped attachment": (_swapped, {"changed", "attachment_changed"}),
    "an attachment taken out": (_without, {"changed", "attachment_missing"}),
    "an attachment put in": (_with_more, {"changed", "attachment_added"}),
    "an edited number on the cover": (_cover, {"changed", "not_shown"}),
    "a replayed statement": (_replayed, {"replayed", "attachment_changed"}),
    "an appended revision": (_revised, {"appended", "attachment_changed"}),
    "an appended byte": (lambda content: content + b"\n", {"appended"}),
    "the end cut off": (lambda content: content[:-200], {"cut_off"}),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_named(name: str) -> None:
    tamper, expected = TAMPERINGS[name]

    found = verify(tamper(issued()), KNOWN)

    assert not found.is_proven
    assert expected <= set(failing(found))


def test_the_statement_of_another_key_is_named() -> None:
    found = verify(issued(private=OTHER), KNOWN)

    assert "other_key" in failing(found)
    assert not found.is_proven


def test_a_file_that_says_another_index_than_its_answers_is_named() -> None:
    claim = structs.replace(the_claim(), index="9/2")

    found = verify(
        issued(lambda said: structs.replace(said, claim=claim, log=proofs.logged(claim))), KNOWN
    )

    assert failing(found) == ["other_index"]


def test_a_head_that_was_kept_is_of_the_same_log_or_said_not_to_be() -> None:
    claim, content = the_claim(), issued()
    heads = {
        "same": kept(7, claim),
        "earlier": kept(3, claim),
        "rewritten": kept(7, structs.replace(claim, cycle="another")),
        "foreign": kept(7, claim, origin="survey.example/audit/2"),
        "forged": kept(7, claim, private=OTHER),
        "none": "x",
    }

    found = {name: verify(content, Against(KEY.line, head)) for name, head in heads.items()}

    assert {name: one.of("log")[1].reason for name, one in found.items()} == {
        "same": "consistent",
        "earlier": "growth_missing",
        "rewritten": "forked",
        "foreign": "kept_foreign",
        "forged": "kept_unsigned",
        "none": "kept_unsigned",
    }
    assert [name for name, one in found.items() if one.is_proven] == ["same", "earlier"]


def test_how_the_log_grew_between_two_heads_is_checked_both_ways() -> None:
    claim, content = the_claim(), issued()
    fits, other = (proofs.growth(3, 7, one) for one in (claim, structs.replace(claim, cycle="x")))
    later = proofs.growth(7, 20, claim)

    outcomes = [
        verify(content, Against(KEY.line, kept(size, claim), growth)).of("log")[1].reason
        for size, growth in ((3, fits), (3, other), (20, later), (20, fits))
    ]

    assert outcomes == ["consistent", "forked", "consistent", "growth_missing"]


def test_what_is_held_against_a_report_is_read_strictly() -> None:
    growth = b'{"old":1,"size":2,"hashes":["AA=="],"checkpoint":""}'

    assert known_key(KEY.line.encode(), "key") == KEY.line
    assert growth_in(growth, "growth").old == 1
    with pytest.raises(InvalidKeyError):
        known_key(b"x", "key")
    for wrong in (b"x", growth.replace(b"AA==", b"!"), b"[" * 5000):
        with pytest.raises(InvalidGrowthError):
            growth_in(wrong, "growth")


def _locked(content: bytes) -> bytes:
    saved = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        opened.save(saved, encryption=pikepdf.Encryption(owner="x", user="y"))
    return saved.getvalue()


def _plain(_: bytes) -> bytes:
    saved = BytesIO()
    pikepdf.new().save(saved)
    return saved.getvalue()


REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no PDF": (lambda _: b"GIF89a", "no_pdf"),
    "another PDF": (_plain, "no_statement"),
    "a locked one": (_locked, "locked_pdf"),
    "half of one": (lambda content: content[: content.index(OPENING)], "cut_off_paper"),
    "half a statement": (lambda content: content[: content.index(OPENING) + 90], "cut_off_paper"),
    "two statements": (lambda content: content + OPENING, "several_statements"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_refused_in_words(name: str) -> None:
    spoil, reason = REFUSED[name]

    with pytest.raises(UnreadablePaperError) as refused:
        verify(spoil(issued()), KNOWN)

    assert refused.value.details["reason"] == reason


def test_a_file_that_is_not_there_or_too_large_is_refused_without_being_read(
    tmp_path: Path,
) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(200_000_000)

    with pytest.raises(FileMissingError):
        verify_file(tmp_path / "none.pdf", KNOWN)
    with pytest.raises(UnreadablePaperError) as refused:
        verified(large, KNOWN)

    assert refused.value.details["reason"] == "too_large_paper"


def _with_bomb(content: bytes) -> bytes:
    """Enclose 500 MB of JSON, half a megabyte as it lies there."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"[" * 10_000_000) for _ in range(50)) + packer.flush()

    def change(opened: pikepdf.Pdf) -> None:
        stream = opened.attachments["answers.json"].get_file().obj
        stream.write(packed, filter=pikepdf.Name.FlateDecode)

    return _resaved(content, change)


def _with_archive(content: bytes) -> bytes:
    """Enclose a ZIP that unpacks to a gigabyte, which nobody here unpacks."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(50_000_000))

    def change(opened: pikepdf.Pdf) -> None:
        opened.attachments["bomb.zip"] = packed.getvalue()

    return _resaved(content, change)


def _with_objects(content: bytes) -> bytes:
    """Append a million objects that mean nothing, and a table that lists each of them."""
    parts, offsets, at = [content], [], len(content)
    for number in range(100_000, 1_100_000):
        one = b"%d 0 obj\n<<>>\nendobj\n" % number
        offsets.append(at)
        at += len(one)
        parts.append(one)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    before = content.rpartition(b"startxref")[2].split()[0]
    trailer = PdfWriter(BytesIO(content)).root_object.indirect_reference
    assert trailer is not None
    last = b"trailer\n<</Size 1100000/Root %d 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n"
    return b"".join([*parts, b"xref\n100000 1000000\n", rows, last % (trailer.idnum, before, at)])


@pytest.mark.parametrize("spoil", [_with_bomb, _with_archive, _with_objects])
def test_what_would_take_all_memory_or_time_is_named(
    spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(spoil(issued()))

    found = verified(file, KNOWN)

    assert not found.is_proven
    assert {"changed", "appended"} & set(failing(found))


def test_whoever_takes_too_much_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(issued())
    monkeypatch.setattr(verifying, "_PATIENCE", 0.01)

    with pytest.raises(UncheckedPaperError):
        verified(file, KNOWN)


def test_whoever_looks_into_a_file_needs_no_database() -> None:
    """A process begins for each file: what it does not need would take longest."""
    program = "import sys, survey_service.operations.verifying; print('sqlalchemy' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "False"
