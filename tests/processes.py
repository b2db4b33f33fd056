"""The processes of a session, to see that none is left."""

import time
from pathlib import Path


def of_session(session: int) -> list[int]:
    """Return the processes of a session that run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, _group, belongs, *_ = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(belongs) == session and state != "Z":
            found.append(int(path.parent.name))
    return found


def left_of_session(session: int) -> list[int]:
    """Return the processes of a session that still run after ten seconds."""
    left = of_session(session)
    for _ in range(100):
        if not left:
            break
        time.sleep(0.1)
        left = of_session(session)
    return left
