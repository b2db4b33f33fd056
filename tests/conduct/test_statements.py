"""Statements: signed and read strictly, and what they say of the log held against it."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import structs

from survey_service.conduct.checkpoints import Checkpoint, opened, public_key
from survey_service.conduct.statements import (
    ACTION,
    Place,
    Statement,
    bytes_of,
    is_in_log,
    is_recorded,
    key_from,
    key_set,
    read,
    sign,
)
from tests.proofs import KEY, ORIGIN, OTHER, PRIVATE, report, statement

SAID = statement(report())
SIGNED = sign(SAID, ORIGIN, PRIVATE)
HEAD = opened(SAID.log.checkpoint, KEY)


def _with(field: str, value: str) -> bytes:
    return msgspec.json.encode({**json.loads(SIGNED), field: value})


def _header(**changed: str) -> bytes:
    kept = json.loads(SIGNED)["protected"]
    header = {**json.loads(urlsafe_b64decode(kept + "==")), **changed}
    return _with("protected", urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("="))


def test_what_is_signed_is_read_with_the_key_that_signed_it() -> None:
    found = read(SIGNED + b"  ")

    assert found is not None
    assert (found.statement, found.key) == (SAID, KEY)
    assert sign(SAID, ORIGIN, PRIVATE) == SIGNED


def test_the_signature_is_the_one_that_the_standard_defines() -> None:
    kept = json.loads(SIGNED)
    said = f"{kept['protected']}.{kept['payload']}".encode()
    signature = urlsafe_b64decode(kept["signature"] + "==")

    Ed25519PublicKey.from_public_bytes(KEY.key).verify(signature, said)

    assert json.loads(urlsafe_b64decode(kept["protected"] + "=="))["alg"] == "Ed25519"


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"{}",
        b"[" * 5000,
        SIGNED[:-1],
        SIGNED + b"x",
        SIGNED.replace(b'"payload"', b' "payload"'),
        SIGNED + b" " * 400_000,
        _with("signature", "AAAA"),
        _with("payload", "e30"),
        _with("more", "x"),
        _header(alg="none"),
        _header(alg="HS256"),
        _header(kid="x"),
        _header(kid=public_key(ORIGIN, OTHER).line),
        _header(crit="x"),
        _with("protected", "!"),
    ],
    ids=str,
)
def test_what_was_not_signed_so_is_none(wrong: bytes) -> None:
    assert read(wrong) is None


def test_what_is_signed_and_no_statement_is_none() -> None:
    later = structs.replace(SAID, format=2)  # of a later program

    assert read(sign(later, ORIGIN, PRIVATE)) is None


def test_a_key_is_read_as_a_line_or_as_a_set_of_one() -> None:
    handed_out = json.loads(key_set(KEY))
    (one,) = handed_out["keys"]

    assert key_from(f"{KEY.line}\n".encode()) == KEY
    assert key_from(key_set(KEY)) == KEY
    assert {"kty", "crv", "x", "kid", "use"} == one.keys()
    for wrong in (
        b"x",
        b"\xff",
        b"{}",
        b"{" * 5000,
        msgspec.json.encode({"keys": [one, one]}),
        msgspec.json.encode({"keys": [{**one, "kid": "x"}]}),
        msgspec.json.encode({"keys": [{**one, "x": "AAAA"}]}),
    ):
        assert key_from(wrong) is None


def test_the_place_of_a_statement_is_left_out_of_the_digest_and_nothing_else() -> None:
    found = bytes_of(b"abcdef", 2, 4)

    assert (found.size, found.start, found.end) == (6, 2, 4)
    assert found == bytes_of(b"abXYef", 2, 4)
    assert found != bytes_of(b"abcdeX", 2, 4)


def _logged(**changed: object) -> Statement:
    return structs.replace(SAID, log=structs.replace(SAID.log, **changed))


def test_the_entry_says_word_for_word_what_is_claimed() -> None:
    other = structs.replace(SAID, claim=structs.replace(SAID.claim, index="9/2"))
    renamed = SAID.log.leaf.replace(ACTION, "report.download")

    assert is_recorded(SAID)
    assert not is_recorded(other)
    assert not is_recorded(_logged(leaf=renamed))
    assert not is_recorded(_logged(leaf="x"))
    assert not is_recorded(_logged(leaf=SAID.log.leaf.replace('"after"', '"before"')))


def test_claim_and_step_are_in_the_log_or_they_are_not() -> None:
    claim, step = SAID.log.claim, SAID.log.step
    assert step is not None
    reported = structs.replace(SAID.claim, reported=None)
    assert SAID.claim.reported is not None
    stranger = structs.replace(SAID.claim.reported, leaf="xyz")

    assert is_in_log(SAID, HEAD)
    assert not is_in_log(SAID, Checkpoint(ORIGIN, HEAD.size, bytes(32)))
    assert not is_in_log(_logged(claim=structs.replace(claim, index=5)), HEAD)
    assert not is_in_log(_logged(claim=Place(claim.index, ("!",))), HEAD)
    assert not is_in_log(_logged(step=structs.replace(step, index=3)), HEAD)
    assert not is_in_log(_logged(step=None), HEAD)
    assert not is_in_log(structs.replace(SAID, claim=reported), HEAD)
    assert is_in_log(structs.replace(_logged(step=None), claim=reported), HEAD)
    assert not is_in_log(
        structs.replace(SAID, claim=structs.replace(SAID.claim, reported=stranger)), HEAD
    )
