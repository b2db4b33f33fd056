"""A report that proves itself, made without a service: in a log of seven entries, with a key of ours."""

import datetime as dt
from base64 import b64encode
from collections.abc import Callable
from functools import cache

import msgspec
from msgspec import structs

from survey_service.conduct.checkpoints import Checkpoint, public_key, signed
from survey_service.conduct.merkle import EMPTY, consistency, inclusion, leaf_hash, node_hash
from survey_service.conduct.proofs import Growth
from survey_service.conduct.statements import (
    ACTION,
    Bytes,
    Claim,
    Logged,
    Place,
    Statement,
    sign,
)
from survey_service.conduct.trail import Entry
from survey_service.maturity.scoring import cards
from survey_service.reports.assessment import Report, page
from survey_service.reports.attachments import attachments
from survey_service.reports.papers import Paper, shipped
from survey_service.reports.record import Record
from survey_service.reports.rendering import ASSETS, render
from survey_service.reports.statements import NOWHERE, claim_of, enclosures, place_for, placed
from survey_service.settings import SHIPPED_TEMPLATES
from tests.samples import TINY, levels, tiny

AT = dt.datetime(2026, 11, 24, 8, 30, tzinfo=dt.UTC)
ORIGIN = "survey.example/audit/1"
PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY = public_key(ORIGIN, PRIVATE)
TWO = tiny("two_dimensions")
STEP = Entry(5, AT, "charlie", "-", "assessment.finalise", "assessments/7", assessment_id=7)
SIZE = 7
Change = Callable[[Statement], Statement]


def report(**answers: int) -> Report:
    """Return a report on the answers to a tiny questionnaire."""
    given = levels(**{**dict.fromkeys("ABCDE", 4), **answers})
    record = Record(7, "Siklus 2026", "final", "final", address="https://survey.example/x")
    return Report(
        TWO,
        "ab" * 32,
        "Kabupaten Contoh",
        given,
        {},
        AT,
        cards=cards(TWO, given),
        record=record,
        source=(TINY / "two_dimensions.yaml").read_text(),
    )


def claimed(claim: Claim) -> Entry:
    """Return the entry of the log that has a claim."""
    after = msgspec.json.encode(claim).decode()
    return Entry(7, AT, "-", "-", ACTION, f"reports/{claim.code}", after=after)


def leaves(claim: Claim) -> list[bytes]:
    """Return the hashes of the leaves of the log, the step's the fifth and the claim's the last."""
    return [*(leaf_hash(claim.cycle.encode() + bytes([n])) for n in range(4)), leaf_hash(STEP.leaf), leaf_hash(claim.cycle.encode()), leaf_hash(claimed(claim).leaf)]  # fmt: skip


def root(hashes: list[bytes]) -> bytes:
    """Return the root over some leaves, as RFC 9162 defines it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else EMPTY
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(root(hashes[:half]), root(hashes[half:]))


def logged(claim: Claim, private: bytes = PRIVATE, origin: str = ORIGIN) -> Logged:
    """Return that a claim is in the log."""
    hashes = leaves(claim)
    own, step = (
        Place(at, tuple(_hash(hashes[begin:end]) for begin, end in inclusion(at, SIZE)))
        for at in (6, 4)
    )
    head = signed(Checkpoint(origin, SIZE, root(hashes)), private)
    return Logged(claimed(claim).leaf.decode(), own, step, head)


def _hash(hashes: list[bytes]) -> str:
    return b64encode(root(hashes)).decode()


def kept(size: int, claim: Claim, private: bytes = PRIVATE, origin: str = ORIGIN) -> str:
    """Return the head that somebody kept when the log had so many of the entries."""
    return signed(Checkpoint(origin, size, root(_all(claim)[:size])), private)


def _all(claim: Claim) -> list[bytes]:
    """Return the leaves up to now, those with which it went on behind the claim."""
    return [*leaves(claim), *(leaf_hash(bytes([n])) for n in range(20))]


def growth(old: int, new: int, claim: Claim) -> Growth:
    """Return how the log grew from one size to another."""
    hashes = _all(claim)
    ranges = consistency(old, new)
    return Growth(old, new, [_hash(hashes[begin:end]) for begin, end in ranges], "")


def statement(said: Report, language: str = "en", paper: Paper = "report") -> Statement:
    """Return what is stated of a report, but for the bytes of its file."""
    claim = claim_of(said, STEP)
    enclosed = enclosures(attachments(said, language, paper))
    address = "https://survey.example"
    return Statement(paper, language, address, claim, NOWHERE, enclosed, logged(claim))


@cache
def blank(paper: Paper = "report", **answers: int) -> bytes:
    """Return a report on answers as a PDF with a place for its statement."""
    return printed(report(**answers), paper)


def printed(said: Report, paper: Paper = "report", edit: tuple[str, str] = ("", "")) -> bytes:
    """Return a report as a PDF with a place for its statement, some words in it edited."""
    room = place_for(b" " * 8000, "en")
    folders = {"template": shipped(), "asset": ASSETS}
    html = page(said, "en", SHIPPED_TEMPLATES, paper).replace(*edit)
    return render(html, folders, (*attachments(said, "en", paper), room), AT)


def issued(
    change: Change = lambda said: said, private: bytes = PRIVATE, paper: Paper = "report"
) -> bytes:
    """Return a genuine report, or one whose statement is another one than it ought to be."""
    return _placed(blank(paper), statement(report(), paper=paper), change, private)


def issued_on(said: Report) -> bytes:
    """Return a genuine report that says something of its own."""
    return _placed(printed(said), statement(said), lambda one: one, PRIVATE)


def _placed(pdf: bytes, said: Statement, change: Change, private: bytes) -> bytes:
    def make(file: Bytes) -> bytes:
        return sign(change(structs.replace(said, file=file)), ORIGIN, private)

    return placed(pdf, make)
