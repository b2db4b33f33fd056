"""What was asked for last is remembered."""

import threading

from survey_service.operations.remembered import Remembered


def test_what_nobody_asked_for_the_longest_is_forgotten() -> None:
    kept = Remembered[str, int](2)
    for number, key in enumerate("ab"):
        kept.put(key, number)

    kept.get("a")
    kept.put("c", 2)

    assert [kept.get(key) for key in "abc"] == [0, None, 2]
    assert len(kept) == 2


def test_what_is_remembered_first_stays() -> None:
    kept = Remembered[str, int](2)

    assert [kept.first("a", 1), kept.first("a", 2), kept.first("b", 3)] == [1, 1, 3]


def test_what_is_made_is_made_once_while_others_go_on() -> None:
    kept, going_on = Remembered[str, list[int]](2), threading.Event()

    def other() -> None:
        kept.put("b", [])
        going_on.set()

    def made() -> list[int]:
        threading.Thread(target=other).start()
        assert going_on.wait(10)
        return [1]

    once = kept.made("a", made)

    assert kept.made("a", lambda: [2]) is once
