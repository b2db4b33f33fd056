"""Processes: that end with the one that started them, and that give back memory they need no longer."""

import ctypes
import multiprocessing
import os
import signal
import threading
import time

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # options of glibc's `mallopt`
_LARGE = 8 * 1024 * 1024  # bytes: below it to get them anew would cost views of a country more


def give_back_memory() -> None:
    """Have large blocks given back to the machine as soon as they are freed.

    Left to itself, glibc keeps as much as the largest that was ever freed: the 19 MB of a password's
    hash, in each thread that checked one.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # of glibc alone
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_TRIM_THRESHOLD, _LARGE)


def give_back_what_is_free() -> None:
    """Have memory given back to the machine that lies free between what is in use: some 10 ms of work."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # of glibc alone
        libc.malloc_trim(0)


def end_with_parent(grace: float) -> None:
    """End this process once its parent has: a worker would keep the port, or go on for nobody.

    Does nothing in a process that nobody started in order to work for it.

    Args:
        grace: Seconds for what is under way; with none, it ends at once.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end, args=[parent, grace], daemon=True).start()


def keep_arithmetic_on_one_core() -> None:
    """Have arithmetic keep to the core of who asks for it; before anything loads it.

    Spread over all cores, its threads wait for one another spinning: what is small costs several times
    as much, and takes the cores of those who are served meanwhile.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # noqa: TID251 - the library's own setting


def _end(parent: multiprocessing.process.BaseProcess, grace: float) -> None:
    parent.join()
    if grace:
        os.kill(os.getpid(), signal.SIGTERM)  # as the parent would have said it
        time.sleep(grace)
    os._exit(1)
