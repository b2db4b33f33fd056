"""Questionnaire files: decoded, checked, digested, and found by `code@version`."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from survey_service.errors import CheckFailedError, UnknownQuestionnaireError
from survey_service.library import documents
from survey_service.library.documents import Document, written
from survey_service.maturity.checking.findings import Finding, warning
from survey_service.maturity.checking.questionnaire import check
from survey_service.maturity.checking.rules import crosswalks_to
from survey_service.maturity.instrument import Questionnaire


class Located(msgspec.Struct, frozen=True):
    """A finding with the file, line and key that it is about."""

    finding: Finding
    file: str
    line: int
    key: str


def load(document: Document) -> Questionnaire:
    """Return the questionnaire in a document, checked.

    Raises:
        DocumentError: The document is no questionnaire; says where and why.
        CheckFailedError: It contradicts itself; `findings` holds every `Located` error.
    """
    questionnaire = document.decode(Questionnaire)
    found = _located(document, questionnaire)
    errors = [one for one in found if one.finding.severity == "error"]
    if errors:
        raise CheckFailedError(file=document.file, count=len(errors), findings=errors)
    return questionnaire


def findings(document: Document) -> list[Located]:
    """Return what the checker finds in a questionnaire document, errors and warnings.

    Raises:
        DocumentError: The document is no questionnaire at all.
    """
    return _located(document, document.decode(Questionnaire))


def digest(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal: the identity of what was published."""
    return hashlib.sha256(content).hexdigest()


def find(reference: str, folder: Path) -> Path:
    """Return the file that `reference` means: a path, or `code@version` in the library `folder`.

    Raises:
        UnknownQuestionnaireError: The library has no such code and version.
    """
    if "@" not in reference or Path(reference).exists():
        return Path(reference)
    return listed(reference, folder)


def listed(reference: str, folder: Path) -> Path:
    """Return the file of the library `folder` that is called `code@version`.

    Raises:
        UnknownQuestionnaireError: The library has no such code and version.
    """
    code, _, version = reference.partition("@")
    path = folder / code / f"{version}.yaml"
    if path.parent.parent != folder or not path.is_file():
        raise UnknownQuestionnaireError(reference=reference)
    return path


def files(folder: Path) -> list[Path]:
    """Return every questionnaire file of the library, sorted by code and version."""
    return sorted(folder.glob("*/*.yaml"))


def schema() -> bytes:
    """Return the JSON Schema with which an editor completes and checks a questionnaire."""
    defined = msgspec.json.schema(Questionnaire)
    return msgspec.json.format(msgspec.json.encode(defined), indent=2)


def _located(document: Document, questionnaire: Questionnaire) -> list[Located]:
    found = [*check(questionnaire), *_crosswalks(document, questionnaire)]
    return [
        Located(each, document.file, document.line(each.path), written(each.path))
        for each in sorted(found, key=lambda finding: finding.severity)
    ]


def _crosswalks(document: Document, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what crosswalks say of earlier questionnaires in the same library that these lack."""
    folder = Path(document.file).parent.parent
    for position, crosswalk in enumerate(questionnaire.crosswalks):
        code, _, version = crosswalk.questionnaire.partition("@")
        path = folder / code / f"{version}.yaml"
        if not path.is_file():
            place = ("crosswalks", position, "questionnaire")
            yield warning("crosswalk_unread", *place, reference=crosswalk.questionnaire)
            continue
        earlier = documents.read_file(path).decode(Questionnaire)
        yield from crosswalks_to(questionnaire, earlier)
