"""Links that somebody typed in the evidence column of a workbook, told apart from what stood there.

A cell has a line for each piece of evidence. What it was exported with stays as it is, also where a
line is gone: evidence is taken away on the service alone, and whoever brings the workbook is told
so. A new line is an address, or words and an address, by which it is called.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from survey_service.characters import visible
from survey_service.conduct.evidence import require_link
from survey_service.conduct.workbooks import Book, Misfit
from survey_service.errors import SurveyError
from survey_service.errors.evidence import InvalidLinkError
from survey_service.errors.workbooks import EvidenceElsewhereError
from survey_service.maturity.instrument import Questionnaire

_NAME = 200  # letters
_BULLET = re.compile(r"^(?:[•*–-]|\d+[.)])\s+")  # noqa: RUF001 - as people write lists
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_AROUND = " \t:;,–-"  # noqa: RUF001 - what people write between words and an address


class NewLink(Struct, frozen=True):
    """A link that is to be attached to an indicator, what it is called, and in which workbooks it stands."""

    indicator: str
    name: str
    url: str
    books: tuple[int, ...]


def new_links(
    questionnaire: Questionnaire,
    books: Sequence[Book],
    attached: Mapping[str, Collection[str]],
) -> tuple[list[NewLink], list[Misfit]]:
    """Return the links that workbooks bring, and the lines that are none.

    Args:
        questionnaire: What is asked.
        books: What came back.
        attached: Names and addresses of what is attached to each answer by now.
    """
    found: dict[tuple[str, str], NewLink] = {}
    misfits: list[Misfit] = []
    for number, book in enumerate(books):
        for code, line in typed(book):
            if code not in questionnaire.indicators or line in map(_bare, attached.get(code, ())):
                continue
            try:
                for name, url in _links(book, line):
                    known = found.get((code, url), NewLink(code, name, url, ()))
                    together = tuple(dict.fromkeys((*known.books, number)))
                    found[code, url] = structs.replace(known, books=together)
            except SurveyError as error:
                misfits.append(Misfit(code, number, book.entries[code].place, error))
    left = [one for one in found.values() if one.url not in attached.get(one.indicator, ())]
    return left, misfits


def lines_gone(
    books: Sequence[Book], attached: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """Return, by indicator, the lines of evidence that are gone from a workbook and are still attached.

    Args:
        books: What came back.
        attached: Names and addresses of what is attached to each answer by now.
    """
    found: dict[str, list[str]] = {}
    for book in books:
        for code, given in book.entries.items():
            left = {*map(_bare, given.evidence.splitlines())}
            there = {*map(_bare, attached.get(code, ()))}
            for line in map(_bare, book.identity.evidence.get(code, ())):
                known = found.get(code, [])
                if line in there and line not in left and line not in known:
                    found[code] = [*known, line]
    return found


def typed(book: Book) -> Iterator[tuple[str, str]]:
    """Yield what was added to a workbook's cells of evidence: of which indicator, and a line."""
    for code, given in book.entries.items():
        stood = {*map(_bare, book.identity.evidence.get(code, ()))}
        for line in map(_bare, given.evidence.splitlines()):
            if line and line not in stood:
                yield code, line


def _bare(line: str) -> str:
    """Return a line without what makes it one of a list."""
    return visible(_BULLET.sub("", visible(line)))


def _links(book: Book, line: str) -> list[tuple[str, str]]:
    """Return the names and addresses of a line.

    Raises:
        EvidenceElsewhereError: It was typed by those who check the answers.
        InvalidLinkError: It has no address, or words behind the last one.
    """
    if book.identity.stage != "self":
        raise EvidenceElsewhereError(value=line[:_NAME])
    found: list[tuple[str, str]] = []
    done = 0
    for address in _ADDRESS.finditer(line):
        url = address[0].rstrip(".,;")
        require_link(url)
        name = line[done : address.start()].strip(_AROUND)
        found.append(((name or url)[:_NAME], url))
        done = address.end()
    if rest := line[done:].strip(_AROUND):
        raise InvalidLinkError(url=rest[:_NAME])
    return found
