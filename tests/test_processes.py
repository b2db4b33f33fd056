"""What a process that runs for long does with its memory."""

import subprocess
import sys

_HELD = """
from pathlib import Path
from survey_service.processes import give_back_memory

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

give_back_memory()
before = held()
for _ in range(2):  # that the first is freed would have the second kept
    block = b"x" * 19_000_000
    del block
print(held() - before)
"""


_HOLES = """
from pathlib import Path
from survey_service.processes import give_back_what_is_free

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

blocks = [bytes(10_000) for _ in range(3_000)]
blocks[:-1] = []  # the last one lies above all of them
before = held()
give_back_what_is_free()
print(before - held())
"""


def test_a_large_block_is_given_back_whenever_it_is_freed() -> None:
    done = subprocess.run([sys.executable, "-c", _HELD], capture_output=True, text=True, check=True)

    assert int(done.stdout) < 1_000_000


def test_what_lies_free_below_what_is_in_use_is_given_back_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HOLES], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) > 20_000_000
