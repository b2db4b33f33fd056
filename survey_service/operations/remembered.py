"""Values that were asked for last, remembered by a key in a process, whichever thread asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Remembers values, and forgets the one that nobody asked for the longest.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """Return the value of a key; None where none is remembered."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember a value."""
        with self._lock:
            self._put(key, value)

    def first(self, key: K, value: V) -> V:
        """Return the value of a key; where none is remembered, remember this one."""
        with self._lock:
            found = self._values.get(key, value)
            self._put(key, found)
        return found

    def made(self, key: K, make: Callable[[], V]) -> V:
        """Return the value of a key, made where none is remembered, while nobody else has to wait."""
        known = self.get(key)
        return self.first(key, make()) if known is None else known

    def _put(self, key: K, value: V) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
