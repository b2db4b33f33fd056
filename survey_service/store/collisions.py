"""Transactions on PostgreSQL that come to nothing because of others, and may run again."""

from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

_TAKEN = "23505"  # a key is taken: perhaps just now, by one whose effect the operation did not see
_COLLISIONS = {"40001", "40P01", _TAKEN}  # serialization failure, deadlock


class UndoneError(Exception):
    """A transaction came to nothing for a reason that is not the operation's: it may run again."""

    def __init__(self, reason: DBAPIError) -> None:
        super().__init__()
        self.reason = reason

    @property
    def is_taken(self) -> bool:
        """Whether a key was taken; twice in a row, it is taken for good."""
        return _state(self.reason) == _TAKEN


def transact(connection: sa.Connection, work: Callable[[], T]) -> T:
    """Do work in a transaction on a connection.

    One that was lost while idle shows at the first statement, which costs no round trip to ask
    beforehand. One that is lost while committing leaves open what became of the transaction.

    Raises:
        UndoneError: It collided with another one, or lost its connection before it was to commit.
    """
    transaction = connection.begin()
    try:
        done = work()
    except DBAPIError as error:
        if error.connection_invalidated or _collided(error):
            raise UndoneError(error) from error
        raise
    try:
        transaction.commit()
    except DBAPIError as error:
        if _collided(error):
            raise UndoneError(error) from error
        raise
    return done


def _collided(error: DBAPIError) -> bool:
    return _state(error) in _COLLISIONS


def _state(error: DBAPIError) -> object:
    return getattr(error.orig, "sqlstate", None)
