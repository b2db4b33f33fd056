"""Workbooks of answers that come back: what they say, against what was exported and what stands now.

An answer is told apart three ways: as it was exported, as it stands in the workbook, and as it stands
in the assessment. Where only the workbook changed it, it is taken in; where both did, or several
workbooks did otherwise, somebody chooses.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct, structs

from survey_service.conduct.assessment import Assessment, Response
from survey_service.conduct.life import Moved, Stage
from survey_service.conduct.workbook_cells import Entry, Reading, answer, entry
from survey_service.errors import SurveyError
from survey_service.errors.answers import NoAnswerError
from survey_service.errors.workbooks import (
    OtherAssessmentError,
    OtherQuestionnaireError,
    OtherStageError,
    OtherVersionError,
)
from survey_service.errors.writing import AmbiguousNumberError
from survey_service.maturity.answers import Answer, UnitAnswer, accept
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator

KEPT = dt.timedelta(days=30)  # workbooks that nobody has taken in
FORMAT = 1
MAGIC = "survey-service workbook"
"""Stands first on the hidden sheet that says what a workbook answers."""

OURS = "-"
"""The key of rows that nobody fills in."""

WIDE = "~"
"""After the key of a row whose answer stands in the wide column."""

UNITS = "@units"
"""Stands among the hidden headings of the sheet of units."""

_READINGS: tuple[Reading, ...] = ("whole", "part")


class Identity(Struct, frozen=True, omit_defaults=True):
    """What a workbook answers: written into it, and asked of it when it comes back.

    `assessment` is None where it belongs to none, `opened_at` tells apart those of two installations.
    `rest` holds, as JSON, what else a file of responses says, and `evidence` what each answer's evidence was
    called. `mapping` names what reads a workbook that is not ours; "" for ours.
    """

    format: int
    questionnaire: str
    digest: str
    language: str
    kind: str = ""
    organisation: str = ""
    assessment: int | None = None
    opened_at: dt.datetime | None = None
    exported_at: dt.datetime | None = None
    stage: Stage = "self"
    rest: str = ""
    evidence: dict[str, tuple[str, ...]] = {}
    mapping: str = ""


class Version(Struct, frozen=True, omit_defaults=True):
    """An answer with its note; None is none."""

    answer: Answer | None = None
    note: str = ""

    @classmethod
    def of(cls, response: Response | None) -> "Version":
        """Return what stands; what was taken back or is damaged is no answer."""
        if response is None:
            return cls()
        return cls(response.answer if response.counts else None, response.note)


class Stray(Struct, frozen=True):
    """Something that was written in a row which belongs to no indicator: on which sheet and row.

    A sheet of which nothing is read has the row 0.
    """

    sheet: str
    row: int
    text: str


class Book(Struct, frozen=True):
    """What came back: the answers as they were exported, and as its cells have them now.

    `strays` stand in rows without a code, `missing` are the codes whose rows are gone, `twice` those
    that have two which say different things.
    """

    file: str
    identity: Identity
    exported: dict[str, Version]
    entries: dict[str, Entry]
    strays: tuple[Stray, ...] = ()
    missing: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()


class Misfit(Struct, frozen=True):
    """Cells that cannot be read: of which indicator, where, and why; `book` counts workbooks.

    `cell` is the one of the answer, "" where it may be any of the row.
    """

    indicator: str
    book: int
    place: tuple[str, int]
    error: SurveyError
    cell: str = ""


class Choice(Struct, frozen=True):
    """An answer that can be taken in: from which workbooks, and which reading of its numbers."""

    version: Version
    books: tuple[int, ...]
    reading: Reading | None = None


Why = Literal["", "changed_meanwhile", "stands_otherwise", "workbooks_differ", "two_readings"]


class Difference(Struct, frozen=True):
    """An indicator that a workbook says something else of than what stands.

    `current` is the response that stands, None without one. `decided` is the place of what is taken in
    unless somebody chooses otherwise; None where they have to.
    """

    indicator: str
    current: Response | None
    choices: tuple[Choice, ...]
    decided: int | None
    why: Why = ""


class Comparison(Struct, frozen=True):
    """Everything that workbooks would change, and what of them cannot be read."""

    differences: tuple[Difference, ...]
    misfits: tuple[Misfit, ...]


def checksum(identity: str, exported: Mapping[str, str]) -> str:
    """Return what tells that nothing was changed in what a workbook says of itself, as JSON by code."""
    hashed = hashlib.sha256(identity.encode())
    for code in sorted(exported):
        hashed.update(f"\0{code}\0{exported[code]}".encode())
    return hashed.hexdigest()


def require_answers(book: Book, reference: str, digest: str) -> None:
    """Raise unless a workbook answers the questionnaire `code@version` of a digest.

    Raises:
        OtherQuestionnaireError: It answers another one.
        OtherVersionError: It answers another version, or another file of that name.
    """
    found = book.identity.questionnaire
    details = {"file": book.file, "found": found, "expected": reference}
    if found.partition("@")[0] != reference.partition("@")[0]:
        raise OtherQuestionnaireError(**details)
    if book.identity.digest != digest:
        raise OtherVersionError(**details)


def require_same(book: Book, assessment: Assessment, stage: Stage) -> None:
    """Raise unless a workbook was exported from an assessment, for a stage.

    Raises:
        OtherAssessmentError: It was exported from another one.
        OtherStageError: It holds the scores of another stage.
        SurveyError: See `require_answers`.
    """
    require_answers(book, assessment.reference, assessment.digest)
    identity = book.identity
    whose = identity.assessment, identity.opened_at
    if identity.assessment is not None and whose != (assessment.id, assessment.opened_at):
        raise OtherAssessmentError(file=book.file, organisation=identity.organisation)
    if identity.stage != stage:
        raise OtherStageError(file=book.file, stage=identity.stage)


def returned_since(identity: Identity, steps: Sequence[Moved]) -> Moved | None:
    """Return the last step that gave the answers back after the export; None where none did."""
    since = identity.exported_at
    found = [
        one
        for one in steps
        if one.step in {"return", "reopen"} and since is not None and one.at > since
    ]
    return found[-1] if found else None


def compared(
    questionnaire: Questionnaire, books: Sequence[Book], standing: Mapping[str, Response]
) -> Comparison:
    """Return what workbooks say otherwise than what stands, in the order of the questionnaire."""
    differences: list[Difference] = []
    misfits: list[Misfit] = []
    for code, indicator in questionnaire.indicators.items():
        choices: list[Choice] = []
        for number, book in enumerate(books):
            try:
                choices += _said(questionnaire, indicator, book, number)
            except SurveyError as error:
                given = book.entries[code]
                misfits.append(Misfit(code, number, given.place, error, given.cell))
        exported = [book.exported.get(code, Version()) for book in books]
        found = _difference(code, _together(choices), exported, standing.get(code))
        if found is not None:
            differences.append(_worded(found, books))
    return Comparison(tuple(differences), tuple(misfits))


def answered(
    questionnaire: Questionnaire, book: Book, reading: Reading | None
) -> tuple[dict[str, Answer], list[Misfit]]:
    """Return all answers that a workbook holds, and what of it cannot be read.

    Numbers that could be read in two ways that both fit cannot, unless a `reading` is given.
    """
    found: dict[str, Answer] = {}
    misfits: list[Misfit] = []
    for code, indicator in questionnaire.indicators.items():
        version = book.exported.get(code, Version())
        try:
            changed = _said(questionnaire, indicator, book, 0)
            chosen = [one.version for one in changed if one.reading in {None, reading}]
            if changed and not chosen:
                answer(questionnaire, indicator, book.entries[code])  # says which two
            version = chosen[0] if chosen else version
        except SurveyError as error:
            given = book.entries[code]
            misfits.append(Misfit(code, 0, given.place, error, given.cell))
        if version.answer is not None:
            found[code] = version.answer
    return found, misfits


def _said(
    questionnaire: Questionnaire, indicator: Indicator, book: Book, number: int
) -> list[Choice]:
    """Return what a workbook changed of an answer: nothing, one thing, or two that it may mean."""
    code = indicator.code
    given = book.entries.get(code)
    before = book.exported.get(code, Version())
    if given is None or code in book.twice:
        return []
    if given.plain == entry(indicator, before.answer, before.note, book.identity.language).plain:
        return []
    found = read(questionnaire, indicator, given)
    if before.answer is None and any(one.answer is None for _, one in found):
        raise NoAnswerError(indicator=code, expected=indicator.answer_type)  # a note on nothing
    return [
        Choice(version, (number,), reading if len(found) > 1 else None)
        for reading, version in found
        if version != before
    ]


def read(
    questionnaire: Questionnaire, indicator: Indicator, given: Entry
) -> list[tuple[Reading | None, Version]]:
    """Return what cells say: one thing, or two where a number could be read in two ways that both fit.

    Raises:
        SurveyError: They say nothing that fits.
    """
    try:
        return [(None, _accepted(questionnaire, indicator, given, None))]
    except AmbiguousNumberError as ambiguous:
        found: list[tuple[Reading | None, Version]] = []
        refusal: SurveyError = ambiguous
        for reading in _READINGS:
            try:
                found.append((reading, _accepted(questionnaire, indicator, given, reading)))
            except SurveyError as error:
                refusal = error
        if not found:
            raise refusal from None
        return found


def _accepted(
    questionnaire: Questionnaire, indicator: Indicator, given: Entry, reading: Reading | None
) -> Version:
    said = answer(questionnaire, indicator, given, reading)
    if said is not None:
        accept(questionnaire, indicator.code, said)
    return Version(said, given.note.strip())


def _together(choices: Sequence[Choice]) -> list[Choice]:
    """Return choices that say different things, each with all the workbooks that say so."""
    found: dict[str, Choice] = {}
    for one in choices:
        key = repr(one.version)
        books = (*found[key].books, *one.books) if key in found else one.books
        found[key] = structs.replace(one, books=books)
    return list(found.values())


def _difference(
    code: str, choices: list[Choice], exported: Sequence[Version], current: Response | None
) -> Difference | None:
    now = Version.of(current)
    merged = _merged(choices, exported, now)
    choices = [one for one in [*merged, *choices] if one.version != now]
    if not choices:
        return None
    moved = any(exported[number] != now for one in choices for number in one.books)
    if merged or (len(choices) == 1 and not moved):
        return Difference(code, current, tuple(choices), 0)
    if any(one.reading for one in choices):
        return Difference(code, current, tuple(choices), None, "two_readings")
    why: Why = "changed_meanwhile" if moved else "workbooks_differ"
    return Difference(code, current, tuple(choices), None, why)


def _worded(found: Difference, books: Sequence[Book]) -> Difference:
    """Return a difference that says of an old sheet, which was never exported, that it answers otherwise."""
    old = any(books[number].identity.mapping for one in found.choices for number in one.books)
    if old and found.why == "changed_meanwhile":
        return structs.replace(found, why="stands_otherwise")
    return found


def _merged(choices: Sequence[Choice], exported: Sequence[Version], now: Version) -> list[Choice]:
    """Return what workbooks make of what stands together, where each changed other units of it."""
    standing = _units(now.answer)
    units: dict[str, UnitAnswer | None] = {**standing}
    touched: dict[str, UnitAnswer | None] = {}
    for one in choices:
        before = exported[one.books[0]]
        by_units = all(map(_by_units, (now.answer, before.answer, one.version.answer)))
        if not by_units or one.version.note != before.note:
            return []
        for name, old, new in _moved(before.answer, one.version.answer):
            if touched.setdefault(name, new) != new or standing.get(name) not in (old, new):
                return []
            units[name] = new
    left = {name: unit for name, unit in units.items() if unit is not None}
    together = Version(structs.replace(now.answer or Answer(), units=left or None), now.note)
    if not left or any(together == one.version for one in choices):
        return []
    return [Choice(together, tuple(sorted({book for one in choices for book in one.books})))]


def _by_units(answer: Answer | None) -> bool:
    """Whether an answer is that of units alone, or none."""
    return answer is None or (answer.units is not None and not answer.given)


def _units(answer: Answer | None) -> Mapping[str, UnitAnswer]:
    return (answer and answer.units) or {}


def _moved(
    before: Answer | None, after: Answer | None
) -> Iterator[tuple[str, UnitAnswer | None, UnitAnswer | None]]:
    """Yield the units whose answer changed, as it was and as it is; None where there is none."""
    old, new = _units(before), _units(after)
    for name in {**old, **new}:
        if new.get(name) != old.get(name):
            yield name, old.get(name), new.get(name)


class Books(Struct, frozen=True):
    """Workbooks that were brought back together."""

    books: tuple[Book, ...]


UNREADABLE = Books(())
"""Stands for workbooks that are damaged where they are kept; nobody brings none."""


class Drafted(Struct, frozen=True):
    """Workbooks that came back, to be looked at; `taken` answers of them were taken in, None while none."""

    id: int
    person_id: int
    books: Books
    at: dt.datetime
    taken_at: dt.datetime | None = None
    taken: int | None = None
