"""Publishing questionnaires, and getting published ones back, decoded."""

from pathlib import Path

from survey_service import clock
from survey_service.errors import PublishedDiffersError, UnknownQuestionnaireError
from survey_service.library import documents
from survey_service.library import questionnaires as library
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit
from survey_service.store import questionnaires
from survey_service.store.database import Reader, Writer
from survey_service.store.questionnaires import Published

_decoded: dict[str, Questionnaire] = {}  # by digest, so never out of date


def publish(tx: Writer, content: bytes, file: str) -> Published:
    """Publish a questionnaire file; publishing the same file again changes nothing.

    Raises:
        DocumentError: The file is no questionnaire.
        CheckFailedError: It contradicts itself.
        PublishedDiffersError: Its code and version are published with other content.
    """
    questionnaire = library.load(documents.read(content, file))
    digest = library.digest(content)
    earlier = questionnaires.published(tx, questionnaire.code, questionnaire.version)
    if earlier is not None:
        _require_same(earlier, digest)
        return earlier
    published = Published(
        questionnaire.code,
        questionnaire.version,
        digest,
        questionnaire.name,
        len(questionnaire.indicators),
        clock.now(),
    )
    questionnaires.add(tx, published, content.decode())
    audit.record_system(tx, "questionnaire.publish", published.reference, {"digest": digest})
    return published


def require_unchanged(tx: Reader, folder: Path) -> None:
    """Refuse to go on when a published version's file in the library was edited.

    Raises:
        PublishedDiffersError: Names the version; its file or its number must change back.
    """
    for published in questionnaires.everything(tx):
        path = folder / published.code / f"{published.version}.yaml"
        if path.is_file():
            _require_same(published, library.digest(path.read_bytes()))


def find(tx: Reader, code: str, version: str) -> Published:
    """Return the published version.

    Raises:
        UnknownQuestionnaireError: There is none.
    """
    published = questionnaires.published(tx, code, version)
    if published is None:
        raise UnknownQuestionnaireError(reference=f"{code}@{version}")
    return published


def read(tx: Reader, code: str, version: str) -> tuple[Published, Questionnaire]:
    """Return a published version with what it asks.

    Raises:
        UnknownQuestionnaireError: There is none.
    """
    published = find(tx, code, version)
    return published, decoded(tx, published.digest)


def decoded(tx: Reader, digest: str) -> Questionnaire:
    """Return the questionnaire that was published under a digest."""
    if digest not in _decoded:
        content = questionnaires.content(tx, digest).encode()
        _decoded[digest] = library.load(documents.read(content, digest))
    return _decoded[digest]


def _require_same(published: Published, digest: str) -> None:
    if published.digest != digest:
        raise PublishedDiffersError(reference=published.reference)
