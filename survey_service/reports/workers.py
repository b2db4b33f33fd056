"""Worker processes that are there while there is work, and some time after it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from pebble import ProcessPool


class Workers:
    """A pool of processes that ends when nobody has asked for anything for a while.

    One that waits for a report holds 90 MB, and most installations make a few a day.

    Args:
        start: Starts the pool; called again when work comes after it has ended.
        idle: How long it is kept with nothing to do, in seconds.
    """

    def __init__(self, start: Callable[[], ProcessPool], idle: float) -> None:
        self._start, self._idle = start, idle
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._under_way = 0
        self._ending: threading.Timer | None = None

    def schedule(self, function: Callable[..., Any], args: Any, timeout: float) -> "Future[Any]":
        """Have a function called in a worker, which is stopped after `timeout` seconds."""
        with self._lock:
            self._stay()
            if self._pool is not None and not self._pool.active:  # one was killed while it waited
                threading.Thread(target=self._pool.join, daemon=True).start()
                self._pool = None
            if self._pool is None:
                self._pool = self._start()
            task: Future[Any] = self._pool.schedule(function, args=args, timeout=timeout)
            self._under_way += 1
        task.add_done_callback(self._done)
        return task

    def close(self) -> None:
        """Stop the workers, whatever they do."""
        with self._lock:
            self._stay()
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call] # the library is typed in part
            pool.join()

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _done(self, _: "Future[Any]") -> None:
        with self._lock:
            self._under_way -= 1
            if self._under_way == 0 and self._pool is not None:
                self._stay()
                self._ending = threading.Timer(self._idle, self._end)
                self._ending.daemon = True  # nobody who ends waits for it
                self._ending.start()

    def _end(self) -> None:
        with self._lock:
            if self._under_way or threading.current_thread() is not self._ending:
                return  # there is work again: it came while this was on its way
            pool, self._pool, self._ending = self._pool, None, None
        if pool is not None:
            pool.close()  # type: ignore[no-untyped-call] # as above
            pool.join()
