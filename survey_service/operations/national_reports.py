"""The national report: what it tells beside its release, and making it with a signed statement on it."""

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping

from msgspec import Struct, structs

from survey_service.analysis.publications import (
    PAPERS,
    Beside,
    Earlier,
    Participation,
    Publication,
)
from survey_service.analysis.releases import Release
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import STATES
from survey_service.conduct.statements import Bytes, Claim, Statement
from survey_service.errors.papers import TemplateFaultError
from survey_service.errors.releases import NothingFinalError
from survey_service.i18n import describe, translate
from survey_service.library.releases import DIGESTS, STATEMENT
from survey_service.operations import releases
from survey_service.operations.issuing import Signing
from survey_service.operations.reports import Asked, asked_for, shown_by
from survey_service.reports.attachments import QUESTIONNAIRE, Attachment
from survey_service.reports.national.coverage import Course, Day, days
from survey_service.reports.national_paper import National
from survey_service.reports.papers import shipped
from survey_service.reports.rendering import Renderer
from survey_service.reports.statements import NOWHERE, enclosures, place_for, placed
from survey_service.settings import Settings
from survey_service.store import columns, coverage, cycles, organisations, publications
from survey_service.store import releases as stored
from survey_service.store.database import Reader

_LOG = logging.getLogger(__name__)


class Around(Struct, frozen=True):
    """What a national report tells beside its release, at the moment that its results stand for."""

    beside: Beside
    at: dt.datetime
    participation: Participation

    def report(self, release: Release, settings: Settings, code: str = "") -> National:
        """Return the report on a release; one without a code is a draft, one with it is not published."""
        shown, taking_part = shown_by(settings), self.participation
        return National(
            structs.replace(release, cycle=self.beside.cycle),
            self.beside.organisation,
            self.at.astimezone(shown.zone),
            taking_part.places,
            code,
            settings.address if shown.codes and code else "",
            self.beside.earlier,
            Course(
                tuple(Day(*day) for day in taking_part.days), taking_part.windows, taking_part.count
            ),
        )


class Issue(Struct, frozen=True):
    """A national report to be issued with the files of its release, and with what its claim is signed."""

    report: National
    content: Mapping[str, bytes]
    claim: Claim
    signing: Signing


def around(tx: Reader, cycle: Cycle, at: dt.datetime, *, named: bool) -> Around:
    """Return what a report on a release of a cycle tells beside it, as it is now.

    Args:
        tx: In which nothing changes meanwhile.
        cycle: The cycle.
        at: The moment that its results stand for.
        named: Whether the release has the single organisations.
    """
    return Around(beside(tx, cycle, named=named), at, taking_part(tx, cycle))


def around_release(tx: Reader, cycle: Cycle, release: Publication) -> Around:
    """Return what the report on a release tells beside it, as it was when the release was drafted."""
    told = release.told
    return Around(
        told.beside or beside(tx, cycle, named=release.named),
        release.at,
        told.participation or taking_part(tx, cycle),
    )


def beside(tx: Reader, cycle: Cycle, *, named: bool) -> Beside:
    """Return who publishes a cycle, what it is called, and what it is compared with, as it is now."""
    publisher = organisations.organised(tx, cycle.organisation_id).name
    return Beside(publisher, cycle.name, _earlier(tx, cycle) if named else None)


def taking_part(tx: Reader, cycle: Cycle) -> Participation:
    """Return who takes part in a cycle now."""
    found = {place or "": count for place, count in cycles.coverage(tx, cycle.id, None).items()}
    return Participation(
        {place: found[place] for place in ("", *STATES, "withdrawn") if place in found},
        tuple((day.on, day.handed_in, day.final) for day in days(columns.members(tx, cycle.id))),
        dict(cycle.calendar.windows),
        coverage.taking_part(tx, cycle.id, None),
    )


def _earlier(tx: Reader, cycle: Cycle) -> Earlier | None:
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
    indices = {one.id: one.index for one in found.rows or () if one.index is not None}
    return Earlier(before.name, indices)


def stated(issue: Issue, settings: Settings) -> dict[str, bytes]:
    """Return the files of a release with the signed statement on its list of digests."""
    size = len(issue.content[DIGESTS])
    said = Statement(
        paper="release",
        language=settings.language,
        address=settings.address,
        claim=issue.claim,
        file=Bytes(issue.claim.answers, size, size, size),
        attachments=(),
        log=issue.signing.logged,
    )
    return {**issue.content, STATEMENT: issue.signing.sign(said)}


async def papers(renderer: Renderer, issue: Issue, settings: Settings) -> dict[str, bytes]:
    """Return a national report in all languages, each signed, by the names of their files."""
    return {
        name: await _signed(renderer, issue, settings, asked_for(settings, "report", language))
        for language, name in PAPERS.items()
    }


async def _signed(renderer: Renderer, issue: Issue, settings: Settings, asked: Asked) -> bytes:
    """Return the national report with the statement on it, sealed where there is a seal."""
    language, seal, signing = asked.language, asked.seal, issue.signing
    enclosed = _enclosures_of(issue.content, language)
    said = Statement(
        paper="national",
        language=language,
        address=settings.address,
        claim=issue.claim,
        file=NOWHERE,
        attachments=enclosures(enclosed),
        log=signing.logged,
        seal=None if seal is None else await renderer.certificate(seal),
    )
    room = place_for(signing.sign(said), language)
    made = await national(renderer, issue.report, asked, (*enclosed, room))
    whole = await asyncio.to_thread(
        placed, made, lambda file: signing.sign(structs.replace(said, file=file))
    )
    return whole if seal is None else await renderer.sealed(whole, seal, language)


def _enclosures_of(content: Mapping[str, bytes], language: str) -> tuple[Attachment, ...]:
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
