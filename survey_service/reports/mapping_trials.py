"""What a mapping reads of a file, cell by cell, while it is being written: nothing of it is kept."""

from collections.abc import Iterator

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.workbook_cells import Entry
from survey_service.conduct.workbook_links import NewLink, new_links
from survey_service.conduct.workbooks import Book, Misfit, compared
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator
from survey_service.reports.answers import Said, said


class Read(Struct, frozen=True):
    """What is read of an indicator: where, what is written there, and what that says.

    `answers` has two where a number could be read in two ways. `problem` is why nothing can be read,
    "" where it can.
    """

    indicator: Indicator
    sheet: str
    row: int
    cell: str
    written: str
    answers: tuple[Said, ...]
    note: str
    links: tuple[NewLink, ...]
    problem: str


class Trial(Struct, frozen=True):
    """What a mapping reads of a file: `answered` says something, of `empty` the cells say nothing."""

    book: Book
    questionnaire: Questionnaire
    answered: list[Read]
    empty: list[Indicator]

    @property
    def unreadable(self) -> int:
        """How many indicators there is something of that cannot be read."""
        return sum(bool(one.problem) for one in self.answered)


def trial(questionnaire: Questionnaire, book: Book, language: str) -> Trial:
    """Return what a workbook says that a mapping has read, in the order of the questionnaire."""
    comparison = compared(questionnaire, [book], {})
    links, no_links = new_links(questionnaire, [book], {})
    choices = {one.indicator: one.choices for one in comparison.differences}
    misfits = (*comparison.misfits, *no_links)
    answered: list[Read] = []
    empty: list[Indicator] = []
    for code, indicator in questionnaire.indicators.items():
        entry = book.entries.get(code)
        if entry is None or code in book.twice:
            continue
        words = tuple(_words(misfits, code, language))
        versions = [one.version for one in choices.get(code, ())]
        own = tuple(one for one in links if one.indicator == code)
        if not (words or versions or own):
            empty.append(indicator)
            continue
        answered.append(
            Read(
                indicator,
                *entry.place,
                entry.cell,
                _written(entry),
                tuple(said(questionnaire, indicator, one.answer, language) for one in versions),
                versions[0].note if versions else "",
                own,
                " ".join(words),
            )
        )
    return Trial(book, questionnaire, answered, empty)


def _words(misfits: tuple[Misfit, ...], code: str, language: str) -> Iterator[str]:
    return (i18n.describe(one.error, language) for one in misfits if one.indicator == code)


def _written(entry: Entry) -> str:
    """Return what stands in the cells of an answer, those of its parts with what they are called."""
    below = (f"{key}: {cell.text}" for key, cell in entry.below.items())
    return " · ".join(filter(None, (entry.written or entry.own.text, *below)))
