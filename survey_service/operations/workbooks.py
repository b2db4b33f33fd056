"""Workbooks of an assessment: written to work in, brought back, looked at, and taken in as chosen."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from survey_service import clock, i18n
from survey_service.conduct.access import Actor, may, require
from survey_service.conduct.assessment import Assessment, Draft, Response
from survey_service.conduct.life import STAGES, Moved, Stage, at_work, overlaid
from survey_service.conduct.workbook_links import NewLink, lines_gone, new_links
from survey_service.conduct.workbooks import (
    FORMAT,
    UNREADABLE,
    Book,
    Books,
    Comparison,
    Difference,
    Drafted,
    Identity,
    Version,
    compared,
    require_same,
    returned_since,
)
from survey_service.errors import DamagedError, NotFoundError, SurveyError
from survey_service.errors.requests import StaleEditError
from survey_service.errors.workbooks import (
    NothingToTakeInError,
    TooManyWorkbooksError,
    UndecidedError,
)
from survey_service.maturity.answers import NOTHING
from survey_service.operations import evidence
from survey_service.operations.assessments import Sheet, readable, view
from survey_service.operations.evidence import Limits
from survey_service.operations.preconditions import tag
from survey_service.operations.printing import Filled
from survey_service.operations.printing import load as filled
from survey_service.operations.responses import save_response
from survey_service.store import steps, workbooks
from survey_service.store.database import Reader, Writer

LEAVE = "leave"
"""What is chosen where an answer is to stay as it is."""
MOST = 10
"""Workbooks that are taken in together."""

_RECENT = 5


class Looked(Struct, frozen=True):
    """Workbooks that came back, with what they would change as things stand.

    `links` are those that they bring as evidence, and `gone` the lines of it that they lack and that
    stay attached all the same. `seen` is the tag of all that. `problem` is why nothing can be taken in
    now, None where it can; `returned` is the step that gave the answers back after one of them was
    exported.
    """

    drafted: Drafted
    sheet: Sheet
    stage: Stage
    comparison: Comparison
    links: list[NewLink]
    gone: dict[str, list[str]]
    seen: str
    problem: SurveyError | None
    returned: Moved | None


class Exporting(Struct, frozen=True):
    """An assessment as it goes into a workbook: what it shows of a stage, and who it is."""

    filled: Filled
    stage: Stage
    shown: dict[str, Response]
    identity: Identity


class Chosen(Struct, frozen=True):
    """What is to stand of what was `seen`, the tag of what was shown.

    `answers` has by indicator the place of the answer that is to stand, or `LEAVE`; of others that one
    is taken which only the workbook changed. With `leave_links` no link is attached.
    """

    seen: str
    answers: Mapping[str, str]
    leave_links: bool = False


def load(tx: Reader, actor: Actor, assessment_id: int, language: str) -> Exporting:
    """Return what a workbook shows: of the stage that the actor scores, or of the organisation's own.

    Raises:
        NotFoundError: There is no such assessment for this actor.
    """
    found = filled(tx, actor, assessment_id)
    assessment = found.sheet.assessment
    stage = stage_of(actor, assessment)
    identity = Identity(
        FORMAT,
        assessment.reference,
        assessment.digest,
        language,
        assessment.organisation.kind,
        assessment.organisation.name,
        assessment.id,
        assessment.opened_at,
        clock.now(),
        stage,
    )
    return Exporting(found, stage, standing(found.sheet, stage), identity)


def stage_of(actor: Actor, assessment: Assessment) -> Stage:
    """Return the stage that is at work, for those who score at it; else the organisation's own."""
    stage = at_work(assessment.state)
    owner = assessment.organisation.id
    return stage if stage and may(actor, "answer", owner=owner, stage=stage) else "self"


def standing(sheet: Sheet, stage: Stage) -> dict[str, Response]:
    """Return what stands at a stage: where it has not scored yet, as the stage before has it."""
    own = sheet.by_stage.get(stage, {})
    if stage == "self":
        return dict(own)
    before = overlaid(sheet.readable, STAGES[STAGES.index(stage) - 1])
    begun = {
        code: structs.replace(one, note="", stage=stage, revision=0) for code, one in before.items()
    }
    return {**begun, **own}


def attached(found: Filled, address: str) -> dict[str, list[tuple[str, str]]]:
    """Return names and addresses of the evidence of each indicator, on the service where it is a file."""
    path = f"{address}/api/v1/assessments/{found.sheet.assessment.id}/evidence"
    return {
        code: [(one.name, one.url or f"{path}/{one.id}/content") for one in pieces]
        for code, pieces in found.evidence.items()
        if pieces
    }


def keep(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    books: Sequence[Book],
    draft_id: int | None = None,
) -> int:
    """Keep workbooks that came back, to be looked at; return the id that they are kept under.

    With a `draft_id`, they come to those that are kept under it, to be taken in together.

    Raises:
        NotFoundError: There is no such assessment for this actor, or no such draft of it.
        ForbiddenError: The actor does not answer for the organisation at the stage of the workbook.
        TooManyWorkbooksError: They are more than `MOST` together.
        SurveyError: They are not of this assessment; see `conduct.workbooks.require_same`.
    """
    assessment = answerable(tx, actor, assessment_id)
    first = books[0].identity.stage
    for book in books:
        require_same(book, assessment, _scored(assessment, first))
    if draft_id is None:
        require_few(len(books))
        return workbooks.add(tx, actor, assessment_id, Books(tuple(books)), clock.now())
    together = (*_fetch(tx, assessment_id, draft_id).books.books, *books)
    require_few(len(together))
    workbooks.save_books(tx, draft_id, Books(together))
    return draft_id


def require_few(count: int) -> None:
    """Raise `TooManyWorkbooksError` where more come together than can be taken in at once."""
    if count > MOST:
        raise TooManyWorkbooksError(most=MOST)


def answerable(tx: Reader, actor: Actor, assessment_id: int) -> Assessment:
    """Return an assessment that the actor answers, or scores at some stage.

    Raises:
        NotFoundError: There is no such assessment for this actor.
        ForbiddenError: The actor does neither.
    """
    assessment = readable(tx, actor, assessment_id)
    require(actor, "answer", owner=assessment.organisation.id)
    return assessment


def _scored(assessment: Assessment, first: Stage) -> Stage:
    """Return the stage that workbooks must be of: that at work, or where none is, all the same one."""
    return at_work(assessment.state) or first


def look(tx: Reader, actor: Actor, assessment_id: int, draft_id: int) -> Looked:
    """Return workbooks that came back, with what they would change as things stand.

    Raises:
        NotFoundError: There is no such assessment for this actor, or no such draft of it.
        ForbiddenError: The actor does not answer for the organisation.
        DamagedError: They were damaged where they are kept.
    """
    sheet = view(tx, actor, assessment_id)
    assessment = sheet.assessment
    require(actor, "answer", owner=assessment.organisation.id)
    drafted = _fetch(tx, assessment_id, draft_id)
    books = drafted.books.books
    stage = books[0].identity.stage
    comparison = compared(sheet.questionnaire, books, standing(sheet, stage))
    there = _attached(tx, assessment_id)
    links, no_links = new_links(sheet.questionnaire, books, there)
    misfits = (*comparison.misfits, *no_links)
    taken = steps.steps(tx, assessment_id)
    returned = [one for book in books if (one := returned_since(book.identity, taken))]
    return Looked(
        drafted,
        sheet,
        stage,
        structs.replace(comparison, misfits=misfits),
        links,
        lines_gone(books, there),
        tag((comparison.differences, links)),
        _problem(actor, assessment, stage),
        returned[-1] if returned else None,
    )


def _problem(actor: Actor, assessment: Assessment, stage: Stage) -> SurveyError | None:
    try:
        require(actor, "answer", owner=assessment.organisation.id, stage=stage)
        assessment.require_open(stage, clock.now())
    except SurveyError as error:
        return error
    return None


def take_in(
    tx: Writer,
    actor: Actor,
    assessment_id: int,
    draft_id: int,
    chosen: Chosen,
    limits: Limits,
) -> list[str]:
    """Save answers and links of workbooks as they were seen and chosen, all or none; return the codes.

    Args:
        tx: The transaction.
        actor: Who answers.
        assessment_id: For which assessment.
        draft_id: What the workbooks are kept under.
        chosen: What is to stand.
        limits: Of evidence.

    Raises:
        StaleEditError: They would change something else by now than what was seen.
        UndecidedError: It has to be said what is to stand.
        NothingToTakeInError: Everything is to stay as it is.
        SurveyError: See `responses.save_response` and `evidence.attach_link`.
    """
    looked = look(tx, actor, assessment_id, draft_id)
    if looked.problem is not None:
        raise looked.problem
    if looked.drafted.taken is not None or looked.seen != chosen.seen:
        raise StaleEditError(current=looked.seen)
    wanted = _wanted(looked.comparison.differences, chosen.answers)
    links = [] if chosen.leave_links else looked.links
    if not wanted and not links:
        raise NothingToTakeInError(file=", ".join(one.file for one in looked.drafted.books.books))
    for found, version in wanted:
        draft = _draft(found.current, version)
        save_response(tx, actor, assessment_id, found.indicator, draft, looked.stage)
    for one in links:
        named = evidence.Wanted(one.indicator, one.name)
        evidence.attach_link(tx, actor, assessment_id, named, one.url, limits)
    workbooks.save_taken(tx, draft_id, len(wanted) + len(links), clock.now())
    codes = (*(found.indicator for found, _ in wanted), *(one.indicator for one in links))
    return list(dict.fromkeys(codes))


def _attached(tx: Reader, assessment_id: int) -> dict[str, set[str]]:
    """Return the names and addresses of what is attached to each answer."""
    return {
        code: {
            said
            for one in pieces
            if one.removed_at is None
            for said in (one.name, one.url or one.name)
        }
        for code, pieces in evidence.by_indicator(tx, assessment_id).items()
    }


def _wanted(
    differences: Sequence[Difference], chosen: Mapping[str, str]
) -> list[tuple[Difference, Version]]:
    """Return what is to be saved, indicator by indicator."""
    decided = {
        one.indicator: chosen.get(one.indicator, "" if one.decided is None else str(one.decided))
        for one in differences
    }
    places = {one.indicator: [str(at) for at in range(len(one.choices))] for one in differences}
    missing = [code for code, said in decided.items() if said not in {LEAVE, *places[code]}]
    if missing:
        raise UndecidedError(missing=missing, count=len(missing))
    return [
        (one, one.choices[int(decided[one.indicator])].version)
        for one in differences
        if decided[one.indicator] != LEAVE
    ]


def _draft(current: Response | None, version: Version) -> Draft:
    revision = current.revision if current else 0
    if version.answer is None:
        return Draft(NOTHING, version.note, revision, taken_back=True)
    return Draft(version.answer, version.note, revision)


def recent(tx: Reader, actor: Actor, assessment_id: int) -> list[Drafted]:
    """Return what the actor brought back to an assessment of late."""
    readable(tx, actor, assessment_id)
    found = workbooks.recent(tx, actor, assessment_id, _RECENT)
    return [one for one in found if one.books != UNREADABLE]


def _fetch(tx: Reader, assessment_id: int, draft_id: int) -> Drafted:
    found = workbooks.find(tx, assessment_id, draft_id)
    if found is None:
        raise NotFoundError(workbook=draft_id)
    if found.books == UNREADABLE:
        raise DamagedError(what=i18n.NOTHING)
    return found


def may_bring_back(tx: Reader, actor: Actor, assessment_id: int) -> bool:
    """Whether the actor answers the assessment, or scores it at some stage."""
    assessment = readable(tx, actor, assessment_id)
    return may(actor, "answer", owner=assessment.organisation.id)


def earlier(sheet: Sheet, stage: Stage) -> dict[str, list[Response]]:
    """Return what the stages before said of each answer, for those who score; of the first, nothing."""
    before = STAGES[: STAGES.index(stage)]
    given = [sheet.readable.get(each, {}) for each in before]
    return {
        code: [one[code] for one in given if code in one]
        for code in sheet.questionnaire.indicators
        if any(code in one for one in given)
    }
