"""Whose turn it is, when a job is tried again, and when it is given up."""

import datetime as dt
from typing import get_args

from survey_service.conduct.jobs import Job, State, is_given_up, most_attempts, pause, turn

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def _job(state: State) -> Job:
    return Job(
        id=1, kind="report", state=state, about="", name="", owner="", mine=True, attempt=1, progress=0,
        total=0, ahead=0, error=None, created_at=NOW, due_at=NOW, finished_at=None,
    )  # fmt: skip


def _order(arrivals: list[tuple[int, str]]) -> list[str]:
    """Return whose jobs are done in which order, of owners who come when so many are done."""
    queue: list[tuple[int, int, str]] = []
    done: list[str] = []
    running, number = 0, 0
    coming = sorted(arrivals, key=lambda one: one[0])
    while queue or coming:
        while coming and coming[0][0] <= len(done):
            _, owner = coming.pop(0)
            own = max((one[0] for one in queue if one[2] == owner), default=0)
            now = running or min((one[0] for one in queue), default=1) - 1
            number += 1
            queue.append((turn(own, now), number, owner))
        queue.sort()
        running, _, owner = queue.pop(0)
        done.append(owner)
    return done


def test_whoever_asks_for_much_keeps_nobody_waiting() -> None:
    many, one = [(0, "ana")] * 600, [(300, "budi")]

    order = _order([*many, *one])

    assert order.index("budi") in {300, 301, 302}  # after the one at hand, and perhaps one more


def test_those_who_ask_for_as_much_take_turns() -> None:
    order = _order([(0, "ana")] * 50 + [(0, "budi")] * 50 + [(0, "cici")] * 50)

    for start in range(0, 150, 3):
        assert set(order[start : start + 3]) == {"ana", "budi", "cici"}


def test_who_comes_late_does_not_take_the_turns_of_the_past() -> None:
    order = _order([(0, "ana")] * 60 + [(30, "budi")] * 60)

    shared = order[31:91]
    assert abs(shared.count("ana") - shared.count("budi")) <= 2


def test_pauses_grow_up_to_six_hours() -> None:
    pauses = [pause(attempt) for attempt in range(1, most_attempts("mail"))]

    assert [int(one.total_seconds()) for one in pauses] == [
        10, 40, 160, 640, 2560, 10240, 21600, 21600,
    ]  # fmt: skip


def test_a_job_is_given_up_when_trying_again_is_of_no_use() -> None:
    last = most_attempts("report")

    assert not is_given_up("report", 1, 503)  # what is down may come back
    assert is_given_up("report", last, 503)
    assert is_given_up("report", 1, 409)  # what a person must mend is not mended by trying again


def test_what_ended_before_it_was_done_can_be_started_again() -> None:
    jobs = {state: _job(state) for state in get_args(State)}

    assert {state for state, job in jobs.items() if job.ended} == {"done", "dead", "cancelled"}
    assert {state for state, job in jobs.items() if job.can_start_again} == {"dead", "cancelled"}
