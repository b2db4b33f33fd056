"""Views are made in threads; of those that take long, one at a time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from survey_service.operations.columns import KeptColumns
from survey_service.operations.national import Loaded, Wanted
from survey_service.operations.reckoning import Reckoning


async def test_a_long_view_waits_for_another_long_one_and_a_short_one_for_none() -> None:
    reckoning, told, go_on = Reckoning(), list[str](), threading.Event()

    def named(name: str, *, waits: bool = False) -> Callable[[], Any]:
        def seen() -> None:
            told.append(name)
            if waits:
                assert go_on.wait(30)
                told.append(f"{name} is done")

        return seen

    first = asyncio.create_task(reckoning.seen(Loaded(named("first", waits=True), long=True)))
    second = asyncio.create_task(reckoning.seen(Loaded(named("second"), long=True)))
    await asyncio.sleep(0)
    await reckoning.seen(Loaded(named("short"), long=False))
    assert "second" not in told
    go_on.set()
    await asyncio.gather(first, second)

    assert told[-2:] == ["first is done", "second"]
    assert "short" in told[:2]


async def test_of_the_same_cycle_one_view_at_a_time_is_loaded() -> None:
    reckoning, reading, go_on = Reckoning(), list[int](), asyncio.Event()

    async def read(_query: object, _kept: KeptColumns, wanted: Wanted, _language: str) -> Loaded:
        reading.append(wanted.cycle_id)
        await go_on.wait()
        return Loaded(lambda: pytest.fail("nobody looks"), long=False)

    wanted = [Wanted(cycle, "heatmap") for cycle in (1, 1, 2)]
    loading = [
        asyncio.create_task(reckoning.loaded(read, KeptColumns(), one, "id")) for one in wanted
    ]
    await asyncio.sleep(0)
    at_once = list(reading)
    go_on.set()
    await asyncio.gather(*loading)

    assert at_once == [1, 2]
    assert sorted(reading) == [1, 1, 2]
