"""Files in a folder and in S3, through a real server of it on this machine."""

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service import clock
from survey_service.settings import Settings
from survey_service.store.files import Files, files
from tests.s3 import BUCKET, KEY, SECRET, make_bucket, serving

LARGE = os.urandom(12_000_000)  # in several parts, where files are sent so


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    if request.param == "s3":
        return _in_s3(request.getfixturevalue("s3"), tmp_path)
    return files(Settings(files=str(tmp_path / "files")))


def _in_s3(address: str, folder: Path) -> Files:
    make_bucket(address)
    place = f"s3://{BUCKET}/{folder.name}"
    return files(Settings(files=place, s3_endpoint=address, s3_key=KEY, s3_secret=SECRET))


async def test_a_file_is_kept_under_its_name(kept: Files) -> None:
    await kept.put("reports/a.pdf", b"content")

    assert await kept.get("reports/a.pdf") == b"content"
    assert await kept.has("reports/a.pdf")
    assert await kept.get("reports/b.pdf") is None
    assert await kept.stream("reports/b.pdf") is None
    assert not await kept.has("reports/b.pdf")


async def test_a_large_file_goes_and_comes_piece_by_piece(kept: Files, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LARGE)

    await kept.put("evidence/large", path)

    pieces = await kept.stream("evidence/large")
    assert pieces is not None
    digest, longest = hashlib.sha256(), 0
    async for piece in pieces:
        digest.update(piece)
        longest = max(longest, len(piece))
    assert digest.hexdigest() == hashlib.sha256(LARGE).hexdigest()
    assert longest < len(LARGE)


async def test_files_are_listed_and_removed(kept: Files) -> None:
    for name in ("evidence/aa/1", "evidence/bb/2", "reports/3"):
        await kept.put(name, b"12345")

    await kept.remove("evidence/bb/2")

    found = [one async for one in kept.below("evidence/")]
    assert [(one.name, one.size) for one in found] == [("evidence/aa/1", 5)]


async def test_a_file_that_was_just_kept_is_not_cleared_away_in_s3(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other machines upload there as well, and have no locks in common: age counts."""
    kept = _in_s3(s3, tmp_path)
    with kept.arriving() as arrived:
        arrived.write_bytes(b"12345")
        async with kept.keeping("evidence/aa/1", arrived):
            pass

    young = await kept.clear("evidence/aa/1", _unwanted)
    later = clock.now() + dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    old = await kept.clear("evidence/aa/1", _unwanted)

    assert (young, old) == (False, True)
    assert not await kept.has("evidence/aa/1")
    assert not arrived.exists()


async def _unwanted() -> bool:
    return False
