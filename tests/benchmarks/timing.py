"""Measuring a piece of work."""

import statistics
import time
from collections.abc import Callable


def milliseconds(work: Callable[[], object], repeats: int = 50) -> float:
    """Return the median time of `work`, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000
