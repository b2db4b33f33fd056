"""Statements as they reach the database, for tests of how many there are and what they look at."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def noted() -> Iterator[list[str]]:
    """Note every statement that is made meanwhile."""
    made: list[str] = []
    sa.event.listen(sa.Engine, "before_cursor_execute", note := lambda *of: made.append(of[2]))
    try:
        yield made
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
