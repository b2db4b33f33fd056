"""Links typed as evidence in a workbook: what is new, what it is called, and what is no link."""

import datetime as dt

import pytest
from msgspec import structs

from survey_service.conduct.workbook_cells import Entry
from survey_service.conduct.workbook_links import NewLink, lines_gone, new_links
from survey_service.conduct.workbooks import Book, Identity
from survey_service.errors.evidence import InvalidLinkError
from survey_service.errors.workbooks import EvidenceElsewhereError
from tests.samples import tiny

ASKED = tiny("two_dimensions")
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
SITE = "https://example.go.id/sk"


def book(text: str, *stood: str, code: str = "A") -> Book:
    """Return a workbook in whose cell of evidence a text stands; it was exported with names."""
    identity = Identity(
        1, "two-dimensions@1", "digest", "id", exported_at=NOW, evidence={code: stood}
    )
    return Book("a.xlsx", identity, {}, {code: Entry(evidence=text, place=("1 First", 6))})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("• notes.pdf\n• minutes.pdf", []),
        ("notes.pdf", []),
        (f"• notes.pdf\n• minutes.pdf\n{SITE}", [(SITE, SITE)]),
        (f"1. {SITE}\n\n2) https://example.go.id/b,c;", [(SITE, SITE), ("https://example.go.id/b,c",) * 2]),
        (f"{SITE} {SITE}/2; {SITE}/3", [(SITE + end, SITE + end) for end in ("", "/2", "/3")]),
        (f"SK Tim: {SITE}", [("SK Tim", SITE)]),
        ("HTTP://EXAMPLE.go.id", [("HTTP://EXAMPLE.go.id",) * 2]),
    ],
)  # fmt: skip
def test_new_lines_are_links_and_what_stood_there_is_none(
    text: str, found: list[tuple[str, str]]
) -> None:
    links, misfits = new_links(ASKED, [book(text, "notes.pdf", "minutes.pdf")], {})

    assert [(one.name, one.url) for one in links] == found
    assert not misfits


@pytest.mark.parametrize(
    "text",
    [
        "see the cabinet",
        "ftp://example.go.id/x",
        "example.go.id/x",
        "javascript:alert(1)",
        f"{SITE} on page 3",
        "https://user:secret@example.go.id",
        "https://",
    ],
)
def test_what_is_no_address_is_told_with_its_place_and_costs_nothing_else(text: str) -> None:
    links, misfits = new_links(ASKED, [book(f"{text}\n{SITE}/2")], {})

    assert [one.url for one in links] == [f"{SITE}/2"]
    assert [(one.indicator, one.place) for one in misfits] == [("A", ("1 First", 6))]
    assert isinstance(misfits[0].error, InvalidLinkError)


def test_what_is_attached_by_now_is_not_new() -> None:
    attached = {"A": {"Decree", SITE}}

    assert new_links(ASKED, [book(f"Decree\nThe same: {SITE}")], attached) == ([], [])


def test_the_same_link_in_several_workbooks_is_one() -> None:
    links, _ = new_links(ASKED, [book(SITE), book(f"SK: {SITE}\n{SITE}"), book(SITE, code="B")], {})

    assert links == [NewLink("A", SITE, SITE, (0, 1)), NewLink("B", SITE, SITE, (2,))]


def test_those_who_check_attach_nothing() -> None:
    theirs = book(SITE)
    theirs = structs.replace(theirs, identity=structs.replace(theirs.identity, stage="internal"))

    links, misfits = new_links(ASKED, [theirs], {})

    assert not links
    assert isinstance(misfits[0].error, EvidenceElsewhereError)


def test_a_row_of_nothing_that_is_asked_brings_nothing() -> None:
    assert new_links(ASKED, [book(SITE, code="Z")], {}) == ([], [])


def test_lines_that_are_gone_and_still_attached_are_told_once() -> None:
    attached = {"A": {"notes.pdf", "minutes.pdf"}}
    books = [book("• notes.pdf", "notes.pdf", "minutes.pdf", "old.pdf")] * 2

    assert lines_gone(books, attached) == {"A": ["minutes.pdf"]}  # the old one was removed here
    assert (
        lines_gone([book("• notes.pdf\nminutes.pdf", "notes.pdf", "minutes.pdf")], attached) == {}
    )
    assert lines_gone([book("", "notes.pdf", code="B")], attached) == {}
