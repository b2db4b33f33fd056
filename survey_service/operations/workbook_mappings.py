"""What reads the old sheets of a ministry: kept by it once, and used by all who stand below it."""

import asyncio

from msgspec import Struct

from survey_service import clock
from survey_service.conduct.access import Actor, require
from survey_service.conduct.workbook_mappings import SheetMapping
from survey_service.conduct.workbooks import FORMAT, Book, Identity
from survey_service.errors import NotFoundError
from survey_service.errors.questionnaires import UnknownQuestionnaireError
from survey_service.errors.workbooks import OtherMappingError
from survey_service.library import documents, mapped_workbooks
from survey_service.maturity.instrument import Questionnaire
from survey_service.operations import audit, questionnaires
from survey_service.operations.assessments import asked
from survey_service.operations.workbooks import answerable, stage_of
from survey_service.store import questionnaires as published
from survey_service.store import workbook_mappings
from survey_service.store.database import Reader, Writer
from survey_service.store.questionnaires import Published
from survey_service.store.workbook_mappings import KeptMapping

FILE = "mapping.yaml"
"""What a mapping's text is called in what is said of it."""


class Reading(Struct, frozen=True):
    """What is needed to read an old sheet: the mapping, what it is to answer, and for whom."""

    mapping: SheetMapping
    identity: Identity
    asked: Questionnaire


def keep(tx: Writer, actor: Actor, content: bytes) -> KeptMapping:
    """Keep a mapping for the actor's organisation; one of the same name is replaced.

    Raises:
        ForbiddenError: The actor does not publish.
        UnknownQuestionnaireError: What it reads answers of is not published.
        DocumentError: It is none, or names what is not asked.
    """
    require(actor, "publish")
    mapping, _ = _read(tx, content)
    before = workbook_mappings.called(tx, actor.organisation_id, mapping.name)
    kept = KeptMapping(
        before.id if before else 0,
        actor.organisation_id,
        mapping.name,
        mapping.questionnaire,
        content.decode("utf-8-sig"),
        actor.name,
        clock.now(),
    )
    if before is None:
        kept = workbook_mappings.add(tx, kept)
    else:
        workbook_mappings.save(tx, kept)
    audit.record(tx, actor, "mapping.keep", _about(kept), before=before, after=kept)
    return kept


def trying(tx: Reader, actor: Actor, content: bytes, organisation: str, language: str) -> Reading:
    """Return what is needed to try a mapping on a file, as if an organisation of that name brought it.

    Raises:
        ForbiddenError: The actor does not publish.
        UnknownQuestionnaireError: What it reads answers of is not published.
        DocumentError: It is none, or names what is not asked.
    """
    require(actor, "publish")
    mapping, found = _read(tx, content)
    asked = questionnaires.decoded(tx, found.digest)
    identity = Identity(
        FORMAT,
        found.reference,
        found.digest,
        language,
        organisation=organisation,
        mapping=mapping.name,
    )
    return Reading(mapping, identity, asked)


async def read_sheets(how: Reading, content: bytes, file: str) -> Book:
    """Return what old sheets answer, read beside the event loop.

    Raises:
        UnmappedWorkbookError: Nothing of what the mapping names is in them.
        SurveyError: They cannot be read, or not within limits.
    """
    own = (how.mapping, how.identity, how.asked)
    return await asyncio.to_thread(mapped_workbooks.read, content, file, *own)


def _read(tx: Reader, content: bytes) -> tuple[SheetMapping, Published]:
    """Return a mapping, and the questionnaire that it reads answers of: the newest version, where it names none."""
    document = documents.read(content, FILE)
    mapping = mapped_workbooks.load(document)
    wanted = mapping.questionnaire
    found = [one for one in published.list_all(tx) if wanted in {one.code, one.reference}]
    if not found:
        raise UnknownQuestionnaireError(reference=wanted)
    return mapped_workbooks.load(document, questionnaires.decoded(tx, found[0].digest)), found[0]


def remove(tx: Writer, actor: Actor, mapping_id: int) -> KeptMapping:
    """Take a mapping out of use; what it read stays.

    Raises:
        NotFoundError: There is no such one for this actor.
        ForbiddenError: The actor does not publish, or it is that of an organisation above.
    """
    kept = read(tx, actor, mapping_id)
    require(actor, "publish", owner=kept.organisation_id)
    workbook_mappings.remove(tx, mapping_id, clock.now())
    audit.record(tx, actor, "mapping.remove", _about(kept), before=kept)
    return kept


def _about(kept: KeptMapping) -> str:
    return f"mappings/{kept.id}"


def read(tx: Reader, actor: Actor, mapping_id: int) -> KeptMapping:
    """Return a mapping.

    Raises:
        NotFoundError: There is no such one for this actor.
    """
    require(actor, "read")
    found = workbook_mappings.find(tx, actor, mapping_id)
    if found is None:
        raise NotFoundError(mapping=mapping_id)
    return found


def list_all(tx: Reader, actor: Actor) -> list[KeptMapping]:
    """Return the mappings that the actor can use, by name."""
    require(actor, "read")
    return workbook_mappings.visible(tx, actor)


def fitting(tx: Reader, actor: Actor, reference: str) -> list[KeptMapping]:
    """Return those that read answers to the questionnaire `code@version`."""
    named = {reference, reference.partition("@")[0]}
    return [one for one in list_all(tx, actor) if one.questionnaire in named]


def reading(
    tx: Reader, actor: Actor, assessment_id: int, mapping_id: int, language: str
) -> Reading:
    """Return what is needed to read an old sheet for an assessment.

    Raises:
        NotFoundError: There is no such assessment or mapping for this actor.
        ForbiddenError: The actor does not answer it, and scores it at no stage.
        OtherMappingError: The mapping is of another questionnaire.
    """
    assessment = answerable(tx, actor, assessment_id)
    kept = read(tx, actor, mapping_id)
    mapping = mapped_workbooks.load(documents.read(kept.content.encode(), FILE))
    reference, organisation = assessment.reference, assessment.organisation
    if not mapping.answers(reference):
        raise OtherMappingError(mapping=kept.name, found=mapping.questionnaire, expected=reference)
    identity = Identity(
        FORMAT,
        reference,
        assessment.digest,
        language,
        organisation.kind,
        organisation.name,
        stage=stage_of(actor, assessment),
        mapping=kept.name,
    )
    return Reading(mapping, identity, asked(tx, assessment))
