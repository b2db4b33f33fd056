"""Writes that wait together, and are committed together."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")

Operation = Callable[..., Any]
"""What is done in a transaction, which it is given."""

Commit = Callable[[list[Operation]], Awaitable[list[Any]]]
"""Do operations and commit them; return what each returned, or what it raised and left undone."""


class GroupError(Exception):
    """One of a group's operations failed, and with it the group; whose it was shows one by one."""


def run_all(operations: list[Operation], transaction: object) -> list[Any]:
    """Return what operations return that are done in one transaction.

    Raises:
        GroupError: One of them failed; the transaction is to be undone.
    """
    try:
        return [operation(transaction) for operation in operations]
    except Exception as error:
        raise GroupError from error


class Groups:
    """Writes that wait, and those under way.

    Args:
        commit: Does and commits a group.
        size: How many operations a group holds at the most.
        at_once: How many groups may be under way.
    """

    def __init__(self, commit: Commit, size: int, at_once: int) -> None:
        self._commit = commit
        self._size = size
        self._at_once = at_once
        self._waiting: list[tuple[Operation, asyncio.Future[Any]]] = []
        self._committing: set[asyncio.Task[None]] = set()

    async def write(self, operation: Callable[[Any], T]) -> T:
        """Return what an operation returns, once it is committed."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append((operation, done))
        if len(self._committing) < self._at_once:
            self._committing.add(loop.create_task(self._commit_waiting()))
        return await done

    async def close(self) -> None:
        """Finish the writes under way."""
        while self._committing:
            await asyncio.wait(self._committing)

    async def _commit_waiting(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
            try:
                outcomes = await self._commit([operation for operation, _ in group])
            except Exception as error:  # noqa: BLE001 - the commit failed: nobody's write is kept
                outcomes = [error] * len(group)
            for (_, done), outcome in zip(group, outcomes, strict=True):
                if done.cancelled():  # the client left; its write stands
                    continue
                if isinstance(outcome, BaseException):
                    done.set_exception(outcome)
                else:
                    done.set_result(outcome)
        # In the same step as nothing was found waiting: what comes next starts another task.
        self._committing.remove(cast("asyncio.Task[None]", asyncio.current_task()))
