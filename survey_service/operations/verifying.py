"""Verifying a file that is said to be a report, with no database and no network.

It is looked into in a process of its own, `python -m survey_service.operations.verifying`, which has
little memory and time: a file can be made to take gigabytes or hours, and here nobody else suffers.
What is asked comes on standard input as JSON, and what was found goes to standard output.
"""

import resource
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificates
from msgspec import Struct

from survey_service.conduct.checkpoints import key_in
from survey_service.conduct.proofs import Growth
from survey_service.conduct.report_checks import (
    Grown,
    Held,
    Recomputed,
    check_attachments,
    check_bytes,
    check_cover,
    check_index,
    check_kept,
    check_log,
    check_signature,
)
from survey_service.conduct.statements import Signed, Statement, bytes_of, key_from, read
from survey_service.conduct.verdicts import Finding, Verdict
from survey_service.errors import FileMissingError, SurveyError
from survey_service.errors.papers import (
    InvalidGrowthError,
    InvalidKeyError,
    UncheckedPaperError,
    UnreadablePaperError,
)
from survey_service.library import documents, report_bundles, report_files, responses
from survey_service.library.report_files import ReportFile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import exact_index, score
from survey_service.reports.attachments import ANSWERS, QUESTIONNAIRE
from survey_service.reports.bundle import PAGE
from survey_service.reports.indices import index as shown_index
from survey_service.reports.sealing import check_seal
from survey_service.reports.statements import claimed

MEMORY, SECONDS = 1536 * 1024 * 1024, 10  # bytes, of the processor
_PATIENCE = 60  # seconds, on a busy machine
_A_SECOND = 50_000_000  # bytes that are read twice in one, on a slow machine


class Against(Struct, frozen=True):
    """What a file is held against: a key as its line, a head that was kept, and how the log grew since.

    `roots` are certificates, as DER, that are trusted to vouch for seals.
    """

    key: str | None = None
    kept: str | None = None
    growth: Growth | None = None
    roots: tuple[bytes, ...] = ()


class _Asked(Struct, frozen=True):
    path: str
    against: Against


class _Refused(Struct, frozen=True):
    code: str
    details: dict[str, str | int]


class _Found(Struct, frozen=True):
    verdict: Verdict | None = None
    refused: _Refused | None = None


_SEALED = {"sealed", "seal_trusted"}
_BROKEN = Verdict((Finding("statement", "fails", "statement_broken"),))
_ERRORS = {one.code: one for one in (FileMissingError, UnreadablePaperError)}


def known_key(content: bytes, file: str) -> str:
    """Return the public key in a file, as its line; `file` is its name in errors.

    Raises:
        InvalidKeyError: It hands out none.
    """
    found = key_from(content)
    if found is None:
        raise InvalidKeyError(file=file)
    return found.line


def roots_in(content: bytes, file: str) -> tuple[bytes, ...]:
    """Return the certificates in a PEM file, as DER; `file` is its name in errors.

    Raises:
        InvalidKeyError: It has none.
    """
    try:
        found = load_pem_x509_certificates(content)
    except ValueError as error:
        raise InvalidKeyError(file=file) from error
    return tuple(one.public_bytes(Encoding.DER) for one in found)


def growth_in(content: bytes, file: str) -> Growth:
    """Return the proof that a log grew in a file, as the service gives it; `file` is its name in errors.

    Raises:
        InvalidGrowthError: It is none.
    """
    try:
        found = msgspec.json.decode(content, type=Growth)
        _grown(found)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InvalidGrowthError(file=file) from error
    return found


def verified(path: Path, against: Against) -> Verdict:
    """Return what is found about a file, by a process that is stopped when it takes too much.

    Raises:
        FileMissingError: There is no such file, or it cannot be read.
        UnreadablePaperError: It is no report; says why.
        UncheckedPaperError: It took too much time or memory.
    """
    asked, longer = msgspec.json.encode(_Asked(str(path), against)), _longer(path)
    command = [sys.executable, "-m", "survey_service.operations.verifying"]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            command, input=asked, capture_output=True, timeout=_PATIENCE + 2 * longer, check=True
        )
        found = msgspec.json.decode(done.stdout, type=_Found)
    except (subprocess.SubprocessError, msgspec.DecodeError) as error:
        raise UncheckedPaperError(seconds=SECONDS + longer) from error
    if found.verdict is None:
        refused = found.refused or _Refused("", {})
        raise _ERRORS[refused.code](**refused.details)
    return found.verdict


def _longer(path: Path) -> int:
    """Return how many seconds more it may take to read a file, for its size."""
    try:
        return min(path.stat().st_size, report_bundles.LARGEST) // _A_SECOND
    except OSError:
        return 0  # said in words by whoever opens it


def main() -> None:
    """Say what is found about a file."""
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    seconds = SECONDS + _longer(Path(asked.path))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        found = _Found(verdict=verify(Path(asked.path), asked.against))
    except (FileMissingError, UnreadablePaperError) as error:
        details = {
            name: value for name, value in error.details.items() if isinstance(value, str | int)
        }
        found = _Found(refused=_Refused(error.code, details))
    sys.stdout.buffer.write(msgspec.json.encode(found))


def verify(path: Path, against: Against) -> Verdict:
    """Return what `verified` does, looked into by this process."""
    if report_bundles.is_bundle(path):
        return _bundle(path, against)
    content = report_files.content_of(path)
    place = report_files.statement_in(content)
    signed = read(content[slice(*place)])
    return _BROKEN if signed is None else _paper(signed, content, place, against)


def _paper(signed: Signed, content: bytes, place: tuple[int, int], against: Against) -> Verdict:
    """Return what is found about a PDF."""
    try:
        file: ReportFile | None = report_files.read(content, *place)
    except UnreadablePaperError:
        file = None
    seal = tuple(_seal(signed.statement, content, against))
    held = Held(
        bytes_of(content[: signed.statement.file.size], *place),
        len(content),
        sealed=any(one.reason in _SEALED for one in seal),
        enclosed=None if file is None else file.digests,
        cover=None if file is None else file.cover,
    )
    return _verdict(signed, held, file, against, seal)


def _bundle(path: Path, against: Against) -> Verdict:
    """Return what is found about the ZIP of an assessment's evidence."""
    found = report_bundles.read(path, frozenset({ANSWERS, QUESTIONNAIRE}), PAGE)
    signed = read(found.statement)
    if signed is None:
        return _BROKEN
    covered = report_bundles.covered(path, found.start)
    extent = found.start + found.surplus
    held = Held(covered, extent, sealed=False, enclosed=found.digests, cover=found.page)
    file = ReportFile(b"", 0, 0, found.enclosed, found.page)
    return _verdict(signed, held, file, against)


def _verdict(
    signed: Signed,
    held: Held,
    file: ReportFile | None,
    against: Against,
    seal: Sequence[Finding] = (),
) -> Verdict:
    findings = tuple(_findings(signed, held, file, against, seal))
    return Verdict(findings, signed.statement.claim.code)


def _findings(
    signed: Signed,
    held: Held,
    file: ReportFile | None,
    against: Against,
    seal: Sequence[Finding],
) -> Iterator[Finding]:
    statement = signed.statement
    yield check_signature(signed, None if against.key is None else key_in(against.key))
    yield from seal
    yield from check_bytes(statement, held)
    enclosures = list(check_attachments(statement, held))
    yield from enclosures
    unchanged = all(one.outcome != "fails" for one in enclosures)
    yield from _index(statement, file, recompute=unchanged)
    yield from _log(signed, against)
    yield Finding(
        "standing", "open", "ask", {"address": statement.address, "code": statement.claim.code}
    )


def _seal(statement: Statement, content: bytes, against: Against) -> Iterator[Finding]:
    """Yield what is found about a seal, where the file has one."""
    if statement.seal is None or len(content) <= statement.file.size:
        return
    try:
        yield from check_seal(content, statement.seal, against.roots)
    except ModuleNotFoundError:
        yield Finding("statement", "open", "seal_unchecked")


def _index(statement: Statement, file: ReportFile | None, *, recompute: bool) -> Iterator[Finding]:
    """Yield whether answers, statement and first page say the same; what is broken is not scored."""
    claim, shown = statement.claim, claimed(statement.claim, statement.language)
    if file is None or not recompute:
        yield Finding("index", "open", "not_recomputed")
    elif ANSWERS in file.enclosed and QUESTIONNAIRE in file.enclosed:
        try:
            found = recomputed(file, statement)
        except SurveyError as error:
            yield Finding("index", "fails", "unscored", {"problem": error.code})
        else:
            yield check_index(claim, found)
            shown = found.shown
    if file is not None:
        yield check_cover(file.cover, shown)


def recomputed(file: ReportFile, statement: Statement) -> Recomputed:
    """Return what the enclosed answers are worth by the enclosed questionnaire.

    Raises:
        SurveyError: They are no answers to it.
    """
    (answers,), (text,) = file.enclosed[ANSWERS], file.enclosed[QUESTIONNAIRE]
    questionnaire = documents.read(text, QUESTIONNAIRE).decode(Questionnaire)
    given = responses.load(documents.read(answers, ANSWERS), questionnaire)
    profile, standing = given.organisation.profile, given.at(statement.claim.stage)
    card = score(questionnaire, standing, official=True, profile=profile)
    return Recomputed(
        exact_index(questionnaire, standing, profile),
        card.grade.code if card.grade else None,
        shown_index(card.index, questionnaire.for_kind(profile.kind), statement.language),
    )


def _log(signed: Signed, against: Against) -> Iterator[Finding]:
    """Yield whether claim and step are in the log, and whether that is the one whose head was kept."""
    found, head = check_log(signed.statement, signed.key)
    yield found
    if head is None:
        return
    if against.kept is None:
        yield Finding("log", "open", "nothing_kept")
    else:
        growth = None if against.growth is None else _grown(against.growth)
        yield check_kept(head, signed.key, against.kept, growth)


def _grown(growth: Growth) -> Grown:
    hashes = tuple(b64decode(one, validate=True) for one in growth.hashes)
    return Grown(growth.old, growth.size, hashes)


if __name__ == "__main__":
    main()
