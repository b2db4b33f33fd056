"""The papers of a release that is published, made as a job: its statement, and the national report.

They come out the same however often they are begun: a statement takes the log as it was right after
the entry that it is on.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct, structs

from survey_service.analysis.publications import ARCHIVE, PAPERS, Publication
from survey_service.analysis.releases import Remembered
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.evidence import Kept
from survey_service.conduct.statements import Bytes, Claim, Statement
from survey_service.errors import NotFoundError
from survey_service.errors.papers import TemplateFaultError
from survey_service.errors.releases import NothingFinalError
from survey_service.i18n import describe, translate
from survey_service.library.release_archives import packed
from survey_service.library.releases import DIGESTS, STATEMENT
from survey_service.operations import releases
from survey_service.operations.issuing import Signing, signing_on
from survey_service.operations.jobs import Tools
from survey_service.operations.publications import WantedPapers, claim_of
from survey_service.operations.questionnaires import decoded
from survey_service.operations.release_drafts import (
    archived,
    downloaded,
    forget,
    keep_files,
    keeping,
)
from survey_service.operations.reports import Asked, asked_for, shown_by
from survey_service.operations.sealing import sealer_of
from survey_service.reports.attachments import QUESTIONNAIRE, Attachment
from survey_service.reports.national_paper import Earlier, National
from survey_service.reports.papers import shipped
from survey_service.reports.rendering import Renderer
from survey_service.reports.statements import NOWHERE, enclosures, place_for, placed
from survey_service.settings import Settings
from survey_service.store import cycles, organisations, publications
from survey_service.store import releases as stored
from survey_service.store.database import Reader, Writer
from survey_service.store.jobs import Claimed

FOLDER, PARQUET = "releases", ".parquet"
"""Where tables of releases lie in the store of files, and how their names end."""
_LOG = logging.getLogger(__name__)


class _Published(Struct, frozen=True):
    """A release that is published, with what its papers are made of."""

    release: Publication
    claim: Claim
    organisation: str
    archive: str
    places: dict[str, int]
    earlier: Earlier | None
    is_done: bool


async def seal(tools: Tools, claimed: Claimed) -> str:
    """Put the statement into a release that is published, and make its report in all languages.

    Raises:
        DamagedError: What was drafted is not there any more, or was changed.
        LogKeyError: The log's key cannot be opened with the secret that is set.
        RenderingError: A report took too long, or too much memory.
    """
    wanted = msgspec.json.decode(claimed.payload, type=WantedPapers)
    found = await tools.db.read(_published, wanted.publication_id)
    entry_id = found.release.entry_id
    if found.is_done or entry_id is None:
        return ""
    sealer, address = sealer_of(tools.settings), tools.settings.address
    signing = await signing_on(tools.db, sealer, address, entry_id)
    content = await archived(tools.files, found.archive)
    contents = {ARCHIVE: packed(_stated(tools, content, found.claim, signing))}
    for language, name in PAPERS.items():
        contents[name] = await _paper(tools, content, found, language, signing)
    for place, table in _tables(content, found.release, found.claim.questionnaire).items():
        await tools.files.put(place, table)
    async with keeping(tools.files, contents) as kept:
        await tools.db.write(_keep_sealed, wanted.publication_id, kept)
    return ""


def _tables(
    content: Mapping[str, bytes], release: Publication, questionnaire: str
) -> dict[str, bytes]:
    """Return the tables of a release for engines, by where they lie: parted by cycle and release."""
    below, part = (
        questionnaire.replace("@", "-"),
        f"cycle={release.cycle_id}/release={release.number}",
    )
    return {
        f"{FOLDER}/{below}/{name.removesuffix(PARQUET)}/{part}/{name}": each
        for name, each in content.items()
        if name.endswith(PARQUET)
    }


def _published(tx: Reader, publication_id: int) -> _Published:
    release = publications.find(tx, publication_id)
    if release is None:
        raise NotFoundError(release=publication_id)
    cycle = cycles.of_id(tx, release.cycle_id)
    claim = claim_of(tx, cycle, decoded(tx, cycle.digest or ""), release)
    known = publications.files(tx, publication_id)
    return _Published(
        release,
        claim,
        claim.organisation,
        known[ARCHIVE].digest,
        places(tx, cycle),
        earlier(tx, cycle) if release.named else None,
        known.keys() >= set(PAPERS.values()),
    )


def places(tx: Reader, cycle: Cycle) -> dict[str, int]:
    """Return how many participants of a cycle stand where; under "" those who have not begun."""
    return {place or "": count for place, count in cycles.coverage(tx, cycle.id, None).items()}


def earlier(tx: Reader, cycle: Cycle) -> Earlier | None:
    """Return the final results of the cycle before that asked the same; None where there are none.

    Nor are there any where that cycle was released without names: nobody is told of then.
    """
    before = stored.before(tx, cycle)
    if before is None:
        return None
    out = publications.newest(tx, before.id)
    if out is not None and not out.named:
        return None
    try:
        found, _ = releases.of(tx, before, named=True)
    except NothingFinalError:
        return None
    return Earlier(before.name, found.rows or ())


def reported(
    tx: Reader, cycle: str, *, named: bool, earlier_told: Sequence[Remembered], fewest: int
) -> tuple[National, list[Remembered]]:
    """Return the national report on a cycle as it is now, published or not; see `releases.release`.

    It stands for the moment at which the last result became final: equal results are equal reports.
    """
    found = releases.called(tx, cycle)
    release, remembered = releases.of(tx, found, named=named, earlier=earlier_told, fewest=fewest)
    report = National(
        release,
        organisations.organised(tx, found.organisation_id).name,
        stored.settled_at(tx, found),
        places(tx, found),
        earlier=earlier(tx, found) if named else None,
    )
    return report, remembered


async def papers(renderer: Renderer, report: National, settings: Settings) -> dict[str, bytes]:
    """Return a national report in all languages, by the names of their files."""
    return {
        name: await national(renderer, report, asked_for(settings, "report", language))
        for language, name in PAPERS.items()
    }


def _stated(
    tools: Tools, content: Mapping[str, bytes], claim: Claim, signing: Signing
) -> dict[str, bytes]:
    """Return the files of a release with the signed statement on its list of digests."""
    size = len(content[DIGESTS])
    said = Statement(
        paper="release",
        language=tools.settings.language,
        address=tools.settings.address,
        claim=claim,
        file=Bytes(claim.answers, size, size, size),
        attachments=(),
        log=signing.logged,
    )
    return {**content, STATEMENT: signing.sign(said)}


async def _paper(
    tools: Tools,
    content: Mapping[str, bytes],
    found: _Published,
    language: str,
    signing: Signing,
) -> bytes:
    """Return the national report with the statement on it, sealed where there is a seal."""
    asked, address = asked_for(tools.settings, "report", language), tools.settings.address
    shown, seal = shown_by(tools.settings), asked.seal
    enclosed = enclosures_of(content, language)
    said = Statement(
        paper="national",
        language=language,
        address=address,
        claim=found.claim,
        file=NOWHERE,
        attachments=enclosures(enclosed),
        log=signing.logged,
        seal=None if seal is None else await tools.renderer.certificate(seal),
    )
    release = await asyncio.to_thread(downloaded, content)
    report = National(
        structs.replace(release, cycle=found.claim.cycle),
        found.organisation,
        found.release.at.astimezone(shown.zone),
        found.places,
        found.release.code,
        address if shown.codes else "",
        found.earlier,
    )
    room = place_for(signing.sign(said), language)
    made = await national(tools.renderer, report, asked, (*enclosed, room))
    whole = placed(made, lambda file: signing.sign(structs.replace(said, file=file)))
    return whole if seal is None else await tools.renderer.sealed(whole, seal, language)


def enclosures_of(content: Mapping[str, bytes], language: str) -> tuple[Attachment, ...]:
    """Return what a national report encloses: the list of digests of its data, and the questionnaire."""
    data = translate(
        "The digests of all files of the release that the report is made of.", language
    )
    asked = translate("The questionnaire as it was published.", language)
    return (
        Attachment(DIGESTS, content[DIGESTS], data, "Data"),
        Attachment(QUESTIONNAIRE, content[QUESTIONNAIRE], asked, "Source"),
    )


async def national(
    renderer: Renderer, report: National, asked: Asked, enclosed: tuple[Attachment, ...] = ()
) -> bytes:
    """Return a national report; where a template of others fails, as the shipped ones make it."""
    try:
        return await renderer.national(report, asked.language, asked.templates, enclosed)
    except TemplateFaultError as fault:
        _LOG.warning("the shipped template is used: %s", describe(fault, "en"))
        return await renderer.national(report, asked.language, shipped(), enclosed)


def _keep_sealed(tx: Writer, publication_id: int, kept: Mapping[str, Kept]) -> None:
    forget(tx, publication_id)
    keep_files(tx, publication_id, kept)
