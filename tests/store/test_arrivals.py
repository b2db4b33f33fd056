"""What a kill leaves of a file on its way, and what is cleared away while others arrive."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey_service.settings import Settings
from survey_service.store.arrivals import FOLDER, clear
from survey_service.store.files import Files, files

_NAME = "evidence/aa/1"
_KILLED = """
import os, signal, sys
from survey_service.settings import Settings
from survey_service.store.files import files

with files(Settings(files=sys.argv[1])).arriving() as path:
    path.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Yield where files are kept, with a umask that lets everybody in."""
    before = os.umask(0)
    yield tmp_path / "files"
    os.umask(before)


@pytest.fixture
def kept(root: Path) -> Files:
    return files(Settings(files=str(root)))


def _kill(root: Path) -> int:
    return subprocess.run([sys.executable, "-c", _KILLED, str(root)], check=False).returncode


def _modes(root: Path) -> tuple[set[int], set[int]]:
    """Return the modes of files, and of folders."""
    there = [root, *root.rglob("*")]
    modes = [{one.stat().st_mode & 0o777 for one in there if one.is_dir() == is_} for is_ in (0, 1)]
    return modes[0], modes[1]


async def _never() -> bool:
    return False


async def _always() -> bool:
    return True


async def test_what_a_kill_cuts_off_is_found_and_cleared_and_what_arrives_is_not(
    kept: Files, root: Path
) -> None:
    killed = _kill(root)
    with kept.arriving() as arrived:
        arrived.write_bytes(b"whole")
        found = await kept.left_over()
        for one in found:
            clear(one)
        clear(arrived)
        async with kept.keeping(_NAME, arrived):
            pass

    assert killed == -signal.SIGKILL
    assert len(found) == 1
    assert await kept.get(_NAME) == b"whole"
    assert list((root / FOLDER).iterdir()) == []


async def test_what_an_earlier_version_left_is_found(kept: Files, root: Path) -> None:
    (root / "evidence" / "aa").mkdir(parents=True)
    old, young = root / f"{_NAME}#1", root / f"{_NAME}#2"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))

    assert await kept.left_over() == [old]


async def test_nobody_clears_away_what_is_about_to_be_recorded(kept: Files, root: Path) -> None:
    with kept.arriving() as arrived:
        arrived.write_bytes(b"whole")
        async with kept.keeping(_NAME, arrived):
            during = await kept.clear(_NAME, _never)
    wanted = await kept.clear(_NAME, _always)
    after = await kept.clear(_NAME, _never)
    again = await kept.clear(_NAME, _never)

    assert (during, wanted, after, again) == (False, False, True, False)
    assert not (root / _NAME).exists()


async def test_clearing_and_keeping_at_once_never_lose_what_is_kept(kept: Files) -> None:
    """One clears as fast as it can; each file is there for as long as somebody keeps it."""
    done = False

    async def sweep() -> int:
        count = 0
        while not done:
            count += await kept.clear(_NAME, _never)
            await asyncio.sleep(0)
        return count

    sweeping = asyncio.ensure_future(sweep())
    for _ in range(200):
        with kept.arriving() as arrived:
            arrived.write_bytes(b"whole")
            async with kept.keeping(_NAME, arrived):
                await asyncio.sleep(0)
                assert await kept.get(_NAME) == b"whole"
    done = True

    assert await sweeping > 0


async def test_files_and_folders_are_for_their_user_alone(kept: Files, root: Path) -> None:
    await kept.put("reports/a.pdf", b"%PDF")
    with kept.arriving() as arrived:
        arrived.write_bytes(b"whole")
        async with kept.keeping(_NAME, arrived):
            pass

    assert _modes(root) == ({0o600}, {0o700})
