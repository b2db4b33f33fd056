"""Questionnaire files: decoded, checked, digested, and found by `code@version`."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import structs

from survey_service.errors import DocumentError
from survey_service.errors.questionnaires import CheckFailedError, UnknownQuestionnaireError
from survey_service.library import documents
from survey_service.library.documents import Document, written
from survey_service.library.mistakes import mistakes_in, without
from survey_service.maturity.checking.findings import Finding, error, warning
from survey_service.maturity.checking.questionnaire import check, unreadable
from survey_service.maturity.checking.rules import crosswalks_to
from survey_service.maturity.instrument import Questionnaire

ROOT = "questionnaire"
"""What the file as a whole is called where a key is named."""


class Located(msgspec.Struct, frozen=True):
    """A finding with the file, line and key that it is about."""

    finding: Finding
    file: str
    line: int
    key: str


Earlier = Callable[[str], Questionnaire | None]
"""Tells the questionnaire that a reference means; None where it is not there to be read."""


def load(document: Document, earlier: Earlier | None = None) -> Questionnaire:
    """Return the questionnaire in a document, checked; `earlier` is as for `findings`.

    Raises:
        DocumentError: One thing keeps the document from being a questionnaire; says where and why.
        CheckFailedError: Several do, or it contradicts itself; `findings` holds every `Located` error.
    """
    wrong = mistakes_in(document.values, Questionnaire)
    if len(wrong) == 1:
        document.refuse(wrong[0].place, wrong[0].reason, **wrong[0].details)
    _refuse(document, findings(document, earlier))
    return document.decode(Questionnaire)


def published(document: Document) -> Questionnaire:
    """Return a questionnaire that was checked when it was published.

    What the checker has learned to find since keeps nobody from reading it.

    Raises:
        DocumentError, CheckFailedError: It is damaged.
    """
    questionnaire = document.decode(Questionnaire)
    _refuse(document, _located(document, unreadable(questionnaire)))
    return questionnaire


def _refuse(document: Document, found: list[Located]) -> None:
    errors = [one for one in found if one.finding.severity == "error"]
    if errors:
        raise CheckFailedError(file=document.file, count=len(errors), findings=errors)


def findings(document: Document, earlier: Earlier | None = None) -> list[Located]:
    """Return what the checker finds in a questionnaire document, errors and warnings.

    `earlier` reads what crosswalks refer to: in the library that the document stands in, where none
    is given. What is not as expected is found beside one another; with it no more than unknown keys,
    the rest is checked as well.
    """
    wrong = mistakes_in(document.values, Questionnaire)
    found = [error(one.reason, *one.place, **one.details) for one in wrong]
    if all(one.reason == "unknown" for one in wrong):
        left = structs.replace(document, values=without(document.values, wrong))
        questionnaire = left.decode(Questionnaire)
        found += check(questionnaire)
        found += _crosswalks(questionnaire, earlier or library_of(document.file))
    return _located(document, found)


def decoded(document: Document, found: list[Located]) -> Questionnaire:
    """Return the questionnaire in a document of which this was found.

    Raises:
        CheckFailedError: It is none, for several reasons.
    """
    if mistakes_in(document.values, Questionnaire):
        _refuse(document, found)
    return document.decode(Questionnaire)


def refusal(refused: DocumentError) -> Located:
    """Return why a document cannot be read at all, as a finding."""
    details = {name: str(value) for name, value in refused.details.items()}
    finding = Finding("error", details.pop("reason"), (), details)
    return Located(finding, details.pop("file"), int(details.pop("line")), details.pop("key"))


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


def in_library(*folders: Path) -> Earlier:
    """Return what reads questionnaires from library folders, the first that has them."""

    def earlier(reference: str) -> Questionnaire | None:
        code, _, version = reference.partition("@")
        paths = [folder / code / f"{version}.yaml" for folder in folders]
        there = next((path for path in paths if path.is_file()), None)
        return None if there is None else documents.read_file(there).decode(Questionnaire)

    return earlier


def library_of(file: str) -> Earlier:
    """Return what reads questionnaires from the library that a file stands in, as far as it does."""
    return in_library(Path(file).resolve().parent.parent)


def _located(document: Document, found: Iterable[Finding]) -> list[Located]:
    return [
        Located(
            each, document.file, document.line(each.path), written(each.path) if each.path else ROOT
        )
        for each in sorted(found, key=lambda finding: finding.severity)
    ]


def _crosswalks(questionnaire: Questionnaire, earlier: Earlier) -> Iterator[Finding]:
    """Yield what crosswalks say of earlier questionnaires that these lack."""
    for position, crosswalk in enumerate(questionnaire.crosswalks):
        old = earlier(crosswalk.questionnaire)
        if old is None:
            place = ("crosswalks", position, "questionnaire")
            yield warning("crosswalk_unread", *place, reference=crosswalk.questionnaire)
        else:
            yield from crosswalks_to(questionnaire, old)
