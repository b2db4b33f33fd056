"""Publishing questionnaires, and getting published ones back, decoded."""

from pathlib import Path

from msgspec import Struct, structs

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.errors.questionnaires import PublishedDiffersError, UnknownQuestionnaireError
from survey_service.library import documents
from survey_service.library import questionnaires as library
from survey_service.library.questionnaires import Located
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import Comparison, compare
from survey_service.maturity.texts import Text
from survey_service.operations import audit
from survey_service.store import questionnaires
from survey_service.store.database import Reader, Writer
from survey_service.store.questionnaires import Published

_decoded: dict[str, Questionnaire] = {}  # by digest, so never out of date


class Draft(Struct, frozen=True):
    """A file that is to be published: what it asks, what the checker finds, and the version before.

    `earlier` is the newest published version of the same code; None where it is the first.
    """

    questionnaire: Questionnaire
    digest: str
    findings: list[Located]
    earlier: Questionnaire | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing keeps it from being published."""
        return all(one.finding.severity != "error" for one in self.findings)


def preview(tx: Reader, actor: Actor, content: bytes, file: str) -> Draft:
    """Return what a file would publish; nothing is published yet.

    Raises:
        ForbiddenError: The actor does not publish.
        DocumentError, CheckFailedError: The file is no questionnaire.
        PublishedDiffersError: Its code and version are published with other content.
    """
    require(actor, "publish")
    document = documents.read(content, file)
    found = library.findings(document, _published_earlier(tx))
    questionnaire = library.decoded(document, found)
    digest = library.digest(content)
    same = questionnaires.published(tx, questionnaire.code, questionnaire.version)
    if same is not None:
        _require_same(same, digest)
    before = [
        one
        for one in questionnaires.list_all(tx)
        if one.code == questionnaire.code and one.digest != digest
    ]
    earlier = decoded(tx, before[0].digest) if before else None
    return Draft(questionnaire, digest, found, earlier)


def _published_earlier(tx: Reader) -> library.Earlier:
    """Return what reads the questionnaires that are published, for crosswalks to them."""

    def earlier(reference: str) -> Questionnaire | None:
        code, _, version = reference.partition("@")
        there = questionnaires.published(tx, code, version)
        return None if there is None else decoded(tx, there.digest)

    return earlier


def checked(content: bytes, file: str) -> Questionnaire:
    """Return what a file asks that is fit to be published; of a large one it takes its time.

    Raises:
        DocumentError: The file is no questionnaire.
        CheckFailedError: It contradicts itself.
    """
    return library.load(documents.read(content, file))


def publish_as(tx: Writer, actor: Actor, questionnaire: Questionnaire, content: bytes) -> Published:
    """Publish a file that was `checked`, for everybody; what it asks can never be changed.

    Raises:
        ForbiddenError: The actor does not publish.
        PublishedDiffersError: Its code and version are published with other content.
    """
    require(actor, "publish")
    published = _published(tx, questionnaire, content)
    about = published.reference
    audit.record(tx, actor, "questionnaire.release", about, after={"digest": published.digest})
    return published


def difference(
    tx: Reader, actor: Actor, code: str, old: str, new: str
) -> tuple[Questionnaire, Questionnaire, Comparison]:
    """Return two published versions, and what differs between them.

    Raises:
        UnknownQuestionnaireError: One of them is not published.
    """
    require(actor, "read")
    versions = [read(tx, code, version)[1] for version in (old, new)]
    return versions[0], versions[1], compare(*versions)


def publish(tx: Writer, content: bytes, file: str) -> Published:
    """Publish a questionnaire file; publishing the same file again changes nothing, and mends its name.

    Raises:
        DocumentError: The file is no questionnaire.
        CheckFailedError: It contradicts itself.
        PublishedDiffersError: Its code and version are published with other content.
    """
    return _published(tx, checked(content, file), content)


def _published(tx: Writer, questionnaire: Questionnaire, content: bytes) -> Published:
    digest = library.digest(content)
    earlier = questionnaires.published(tx, questionnaire.code, questionnaire.version)
    if earlier is not None:
        _require_same(earlier, digest)
        if not earlier.is_damaged:
            return earlier
        questionnaires.save_name(tx, digest, questionnaire.name)
        return structs.replace(earlier, name=questionnaire.name)
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
    for published in questionnaires.list_all(tx):
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


def list_all(tx: Reader, actor: Actor) -> list[Published]:
    """Return all published versions, the newest of each code first."""
    require(actor, "read")
    return questionnaires.list_all(tx)


def names(tx: Reader, actor: Actor) -> dict[str, Text]:
    """Return what published versions are called, by `code@version`; but for damaged names."""
    return {one.reference: one.name for one in list_all(tx, actor) if not one.is_damaged}


def view(tx: Reader, actor: Actor, code: str, version: str) -> tuple[Published, Questionnaire]:
    """Return a published version with what it asks, to a person.

    Raises:
        UnknownQuestionnaireError: There is none.
    """
    require(actor, "read")
    return read(tx, code, version)


def view_file(tx: Reader, actor: Actor, code: str, version: str) -> tuple[Questionnaire, bytes]:
    """Return a published version with its file, byte for byte.

    Raises:
        UnknownQuestionnaireError: There is none.
    """
    published, questionnaire = view(tx, actor, code, version)
    return questionnaire, questionnaires.content(tx, published.digest).encode()


def decoded(tx: Reader, digest: str) -> Questionnaire:
    """Return the questionnaire that was published under a digest."""
    if digest not in _decoded:
        content = questionnaires.content(tx, digest).encode()
        _decoded[digest] = library.published(documents.read(content, digest))
    return _decoded[digest]


def _require_same(published: Published, digest: str) -> None:
    if published.digest != digest:
        raise PublishedDiffersError(reference=published.reference)
