"""Making views of what was loaded, in threads that keep neither the store nor the event loop."""

import asyncio

from survey_service.operations.national import Loaded, Seen

_AT_ONCE = 1  # of the long ones: they keep a core busy, and pages want one too


class Reckoning:
    """Makes views; of those that take long one at a time, while whoever waits holds nothing."""

    def __init__(self) -> None:
        self._long = asyncio.Semaphore(_AT_ONCE)

    async def seen(self, loaded: Loaded) -> Seen:
        """Return the view."""
        if not loaded.long:
            return await asyncio.to_thread(loaded.seen)
        async with self._long:
            return await asyncio.to_thread(loaded.seen)
