"""Checkpoints: read, signed and checked as the format's own examples are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.conduct.checkpoints import (
    Checkpoint,
    PublicKey,
    key_in,
    new_key,
    opened,
    public_key,
    signed,
)
from survey_service.errors.installation import (
    ForeignCheckpointError,
    InvalidCheckpointError,
    UnsignedCheckpointError,
)

# Go's module checksum database: its published key, and a head that it signed.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
ORIGIN = "survey.example/audit/1"
PRIVATE = bytes(range(32))
KEY = public_key(ORIGIN, PRIVATE)
HEAD = Checkpoint(ORIGIN, 5, bytes(32))
NOTE = signed(HEAD, PRIVATE)
ROOT = NOTE.split("\n")[2]


def test_a_key_of_another_log_is_read_and_has_the_id_that_is_published_with_it() -> None:
    key = key_in(SUMDB)

    assert key is not None
    assert (key.name, key.id.hex()) == ("sum.golang.org", "033de0ae")


@pytest.mark.parametrize("line", ["", "x", "name+00000000+AQ==", SUMDB[:-1], "x" + SUMDB])
def test_a_line_that_is_no_key_is_none(line: str) -> None:
    assert key_in(line) is None


def test_a_note_has_origin_size_root_and_signature() -> None:
    lines = NOTE.split("\n")

    assert lines[:4] == [ORIGIN, "5", ROOT, ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert opened(NOTE, KEY) == HEAD
    assert key_in(KEY.line) == KEY


def test_others_may_sign_below_and_above() -> None:
    text, _, line = NOTE.rpartition("\n\n")
    witness = "— witness.example/w AAAAAAAA"

    countersigned = f"{text}\n\n{witness}\n{line}{witness}\n"

    assert opened(countersigned, KEY) == HEAD


def test_a_checkpoint_of_another_log_is_refused_by_name() -> None:
    foreign = signed(Checkpoint("other.example/log", 5, bytes(32)), PRIVATE)

    with pytest.raises(ForeignCheckpointError) as refused:
        opened(foreign, KEY, "kept.txt")

    assert refused.value.details == {
        "file": "kept.txt",
        "origin": "other.example/log",
        "expected": ORIGIN,
    }


@pytest.mark.parametrize(
    "note",
    [
        signed(HEAD, new_key()),
        NOTE.replace("\n5\n", "\n6\n"),
        NOTE.rpartition("— ")[0],
        NOTE.replace(f"— {ORIGIN}", f"- {ORIGIN}"),
        NOTE[:-10] + "AAAAAAAA\n",
    ],
)
def test_what_our_key_has_not_signed_is_refused(note: str) -> None:
    with pytest.raises(UnsignedCheckpointError):
        opened(note, KEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "hello",
        "\n\n",
        f"{ORIGIN}\n5\n{ROOT}\n",
        f"{ORIGIN}\n5\n\n— x y\n",
        f"{ORIGIN}\n\n{ROOT}\n\n— x y\n",
        f"{ORIGIN}\n05\n{ROOT}\n\n— x y\n",
        f"{ORIGIN}\n-5\n{ROOT}\n\n— x y\n",
        f"{ORIGIN}\n\u0665\n{ROOT}\n\n— x y\n",
        f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n\n— x y\n",
        f"{ORIGIN}\n5\nAAAA\n\n— x y\n",
        f"{ORIGIN}\n5\n!{ROOT}\n\n— x y\n",
        NOTE + "x" * 100_000,
    ],
)
def test_what_is_no_checkpoint_is_refused(note: str) -> None:
    with pytest.raises(InvalidCheckpointError):
        opened(note, KEY)


@given(
    st.binary(min_size=32, max_size=32), st.integers(0, 2**50), st.binary(min_size=32, max_size=32)
)
def test_whatever_is_signed_is_read_back(private: bytes, size: int, root: bytes) -> None:
    head = Checkpoint(ORIGIN, size, root)

    assert opened(signed(head, private), public_key(ORIGIN, private)) == head


def test_a_key_of_the_same_name_is_another_one() -> None:
    other = PublicKey(ORIGIN, bytes(32))

    assert other.id != KEY.id
