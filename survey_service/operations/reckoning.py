"""Loading and making views of cycles, so that whoever waits for them keeps neither store nor event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from survey_service.operations import national
from survey_service.operations.columns import KeptColumns
from survey_service.operations.national import Loaded, Seen, Wanted

_AT_ONCE = 1  # of the long ones: they keep a core busy, and pages want one too

Read = Callable[..., Awaitable[Any]]
"""Runs a query as somebody: it is given that, and what the query takes after the person."""


class Reckoning:
    """Makes views; of those that take long one at a time, while whoever waits holds nothing."""

    def __init__(self) -> None:
        self._long = asyncio.Semaphore(_AT_ONCE)
        self._loading = WeakValueDictionary[int, asyncio.Lock]()  # there while somebody needs it

    async def loaded(self, read: Read, kept: KeptColumns, wanted: Wanted, language: str) -> Loaded:
        """Return what a view is made of; raises what `national.load` does.

        Of the same cycle one at a time is loaded: others would wait for it too, each with a connection,
        and while it is read for the first time nobody could even sign in.
        """
        turn = self._loading.setdefault(wanted.cycle_id, asyncio.Lock())
        if wanted.rolls_up:
            async with turn:
                roll_up = await read(national.rolling_up, kept, wanted)
            if roll_up is not None:
                async with self._long:
                    await asyncio.to_thread(roll_up)
        async with turn:
            loaded: Loaded = await read(national.load, kept, wanted, language)
        return loaded

    async def seen(self, loaded: Loaded) -> Seen:
        """Return the view."""
        if not loaded.long:
            return await asyncio.to_thread(loaded.seen)
        async with self._long:
            return await asyncio.to_thread(loaded.seen)
