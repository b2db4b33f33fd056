"""What is found about a file, check by check; with whole files it is shown in `test_verifying`."""

from base64 import b64decode
from fractions import Fraction

import pytest
from msgspec import structs

from survey_service.conduct.report_checks import (
    Grown,
    Held,
    Recomputed,
    check_attachments,
    check_bytes,
    check_cover,
    check_index,
    check_kept,
    check_log,
    check_signature,
)
from survey_service.conduct.statements import Enclosure, Signed, bytes_of
from survey_service.conduct.verdicts import CHECKS, Finding, Verdict
from tests import proofs
from tests.proofs import KEY, OTHER, logged, report, statement

CONTENT = b"before STATEMENT after"
SAID = structs.replace(statement(report()), file=bytes_of(CONTENT, 7, 16))
CODE = SAID.claim.code


def _held(content: bytes = CONTENT, *, sealed: bool = False, cover: str | None = CODE) -> Held:
    covered = bytes_of(content[: len(CONTENT)], 7, 16)
    return Held(covered, len(content), sealed, None, cover)


def test_whose_a_statement_is_shows_by_the_key_that_is_known() -> None:
    signed = Signed(SAID, KEY)
    other = structs.replace(KEY, key=bytes(32))

    assert check_signature(signed, KEY).reason == "signed"
    assert check_signature(signed, None).reason == "key_unknown"
    assert check_signature(signed, other).reason == "other_key"


@pytest.mark.parametrize(
    ("held", "reason"),
    [
        (_held(), "unchanged"),
        (_held(CONTENT.replace(b"STATEMENT", b"another -")), "unchanged"),
        (_held(CONTENT + b"more", sealed=True), "unchanged"),
        (_held(CONTENT + b"more"), "appended"),
        (_held(CONTENT.upper()), "changed"),
        (_held(CONTENT.upper(), cover=None), "changed"),
        (_held(CONTENT.upper(), cover="AAAAA-BBBBB-CCCCC"), "replayed"),
        (_held(CONTENT[:-1]), "cut_off"),
    ],
)
def test_a_file_is_what_was_signed_or_is_said_not_to_be(held: Held, reason: str) -> None:
    assert [one.reason for one in check_bytes(SAID, held)] == [reason]


def test_a_seal_that_was_stated_is_missed() -> None:
    sealed = structs.replace(SAID, seal="ab" * 32)

    assert [one.reason for one in check_bytes(sealed, _held())] == ["seal_missing"]


def test_what_is_enclosed_is_compared_by_name_and_digest() -> None:
    said = structs.replace(SAID, attachments=tuple(Enclosure(one, one * 64) for one in "abc"))
    found = {"a": ["a" * 64], "b": ["c" * 64], "d": ["d" * 64]}
    nothing = structs.replace(SAID, attachments=())

    compared = list(check_attachments(said, structs.replace(_held(), enclosed=found)))

    assert [(one.details["name"], one.reason.partition("_")[2]) for one in compared] == [
        ("a", "unchanged"),
        ("b", "changed"),
        ("c", "missing"),
        ("d", "added"),
    ]
    assert [one.reason for one in check_attachments(said, _held())] == ["unreadable"]
    without = check_attachments(nothing, structs.replace(_held(), enclosed={}))
    assert [one.reason for one in without] == ["nothing_enclosed"]


def test_the_index_is_that_of_the_answers_or_said_not_to_be() -> None:
    claim = structs.replace(SAID.claim, index="7/2", grade="good")
    none = structs.replace(SAID.claim, index=None, grade=None)

    assert check_index(claim, Recomputed(Fraction(7, 2), "good", "3.50")).reason == "recomputed"
    assert check_index(claim, Recomputed(Fraction(4), "good", "4.00")).reason == "other_index"
    assert check_index(claim, Recomputed(Fraction(7, 2), None, "3.50")).reason == "other_grade"
    assert check_index(none, Recomputed(None, "good", "-")).reason == "other_grade"
    assert check_index(none, Recomputed(None, None, "-")).reason == "recomputed"


@pytest.mark.parametrize(
    ("cover", "reason"),
    [
        ("index 3.50", "shown"),
        ("3.50index on the scale", "shown"),
        ("It is 3.50. More", "shown"),
        ("13.50", "not_shown"),
        ("3.501", "not_shown"),
        ("3.50.1", "not_shown"),
        ("1,3.50", "not_shown"),
        ("", "not_shown"),
    ],
)
def test_an_index_is_shown_as_a_number_of_its_own(cover: str, reason: str) -> None:
    assert check_cover(cover, "3.50").reason == reason


def test_the_log_under_the_head_of_the_statement_is_checked() -> None:
    claim = SAID.claim
    others = {
        "other_log": logged(claim, origin="survey.example/audit/2"),
        "head_unsigned": logged(claim, private=OTHER),
        "other_claim": structs.replace(SAID.log, leaf="{}"),
        "not_in_log": structs.replace(SAID.log, step=None),
    }
    stepless = structs.replace(claim, reported=None)
    without = structs.replace(logged(stepless), step=None)

    found = {name: check_log(structs.replace(SAID, log=log), KEY) for name, log in others.items()}

    assert {name: one.reason for name, (one, _) in found.items()} == {name: name for name in others}
    assert all(head is None for _, head in found.values())
    assert check_log(SAID, KEY)[0].reason == "step_in_log"
    told, head = check_log(structs.replace(SAID, claim=stepless, log=without), KEY)
    assert told.reason == "in_log"
    assert head is not None
    assert head.size == proofs.SIZE


def test_a_head_of_nothing_is_of_every_log() -> None:
    _, head = check_log(SAID, KEY)
    assert head is not None

    assert check_kept(head, KEY, proofs.kept(0, SAID.claim), None).reason == "consistent"
    assert check_kept(head, KEY, proofs.kept(3, SAID.claim), Grown(3, 7, ())).reason == "forked"


def test_a_head_that_was_kept_is_held_against_that_of_the_statement() -> None:
    claim = SAID.claim
    _, head = check_log(SAID, KEY)
    assert head is not None
    hashes = tuple(b64decode(one) for one in proofs.growth(3, 7, claim).hashes)
    foreign = proofs.kept(7, claim, origin="survey.example/audit/2")

    assert check_kept(head, KEY, foreign, None).reason == "kept_foreign"
    assert check_kept(head, KEY, proofs.kept(7, claim, OTHER), None).reason == "kept_unsigned"
    assert check_kept(head, KEY, proofs.kept(7, claim), None).reason == "consistent"
    assert check_kept(head, KEY, proofs.kept(3, claim), None).reason == "growth_missing"
    assert check_kept(head, KEY, proofs.kept(3, claim), Grown(3, 7, hashes)).reason == "consistent"


def test_a_verdict_is_as_bad_as_the_worst_that_was_found() -> None:
    signed = Finding("statement", "holds", "signed")
    superseded = Finding("standing", "fails", "newer")
    broken = Finding("log", "fails", "forked")
    unknown = Finding("log", "open", "nothing_kept")

    whole = Verdict((signed, unknown, superseded))

    assert [whole.outcome(check) for check in CHECKS] == ["holds", "open", "open", "open", "fails"]
    assert whole.is_proven
    assert not Verdict((signed, broken)).is_proven
    assert not Verdict((unknown,)).is_proven
    assert Verdict((signed, broken, unknown)).outcome("log") == "fails"
