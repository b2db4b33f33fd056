"""Replaying: what each kind of entry makes true, and how that differs from what is there now."""

import datetime as dt

import msgspec
import pytest

from survey_service.conduct.assessment import Assessment, InCycle, Organisation, Response
from survey_service.conduct.cycles import Calendar, Extension, Withdrawal
from survey_service.conduct.organisations import Organised
from survey_service.conduct.remarks import Remark
from survey_service.conduct.replay import (
    Assigned,
    Belonging,
    Difference,
    Fact,
    Owned,
    Planned,
    Standing,
    differences,
    person,
    questionnaire,
    replayed,
    response,
    step,
)
from survey_service.conduct.trail import Entry, Numbered
from survey_service.maturity.answers import Answer

AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AGENCY = Organisation(1, "Agency", "regency")
OPENED = Assessment(3, "q", "1", "d", AGENCY, "draft", AT)
HANDED_IN = msgspec.structs.replace(OPENED, state="submitted", submitted_at=AT)
OWNED = ("assessments/3/organisation", Owned("Agency", "regency"))
OWNED = ("assessments/3/organisation", Owned("Agency", "regency"))
STANDING = Standing(3, "q", "1", "d", 1, "draft", AT, None, None, 0, None)
ANSWER = Response("A", Answer(level=3), "", 1, "alice", AT)
BOB = Belonging(7, "bob", "Bob", "auditor", 1, None, active=True, second_factor=False)
PLAN = Planned(2, "Cycle", 1, "q", "1", Calendar({}, "Asia/Jakarta"), participants=[4, 1])
OUT, ALSO_OUT = Withdrawal(4, "x", "sari", AT), Withdrawal(1, "x", "sari", AT)
SOON = Extension(4, "self", dt.date(2026, 2, 1), "x", "sari", AT)
LATER = msgspec.structs.replace(SOON, until=dt.date(2026, 3, 1))
ALSO_LATER = msgspec.structs.replace(SOON, organisation_id=1)
POINT = Remark(5, "point", "A", "x", "ina", AT, audience="internal")
GIVEN = msgspec.structs.replace(POINT, audience="all")
OWN = Organised(1, "Agency", "regency", None, {}, active=True, second_factor=False)


def _entry(
    action: str, about: str, after: object = None, before: object = None, digest: str | None = None
) -> Numbered:
    was, now = (
        None if one is None else msgspec.json.encode(one).decode() for one in (before, after)
    )
    return Numbered(9, Entry(9, AT, "alice", "-", action, about, was, now, digest=digest))


def _told(*entries: Numbered) -> set[str]:
    return set(replayed(entries))


def _differing(entries: list[Numbered], *now: Fact) -> list[Difference]:
    return list(differences(replayed(entries), now))


@pytest.mark.parametrize(
    ("entries", "now"),
    [
        ([_entry("assessment.open", "assessments/3", OPENED)], [("assessments/3", STANDING), OWNED]),
        (
            [
                _entry("assessment.open", "assessments/3", OPENED),
                _entry(
                    "assessment.submit", "assessments/3",
                    (HANDED_IN, {"step": "submit", "reason": "now", "digest": "5e"}), OPENED,
                ),
                _entry(
                    "assessment.withdraw", "assessments/3",
                    (OPENED, {"step": "withdraw", "points": [{"text": "x"}]}), HANDED_IN,
                ),
            ],
            [
                ("assessments/3", STANDING),
                OWNED,
                step("assessments/3", 1, ("submit", "draft", "submitted", "now"), "5e"),
                step("assessments/3", 2, ("withdraw", "submitted", "draft", "")),
            ],
        ),
        (
            [
                _entry(
                    "assessment.move", "assessments/3",
                    msgspec.structs.replace(
                        OPENED, superseded_by=4, cycle=InCycle(2, "C", Calendar({}, "x"))
                    ),
                )
            ],
            [
                (
                    "assessments/3",
                    msgspec.structs.replace(STANDING, superseded_by=4, cycle_id=2),
                ),
                OWNED,
            ],
        ),
        (
            [_entry("response.save", "assessments/3/responses/A", ANSWER)],
            list(response("assessments/3/responses/A", ANSWER)),
        ),
        (
            [
                _entry("remark.point", "assessments/3/internal/remarks/5", POINT),
                _entry("remark.point", "assessments/3/internal/remarks/6", POINT),
                _entry("remark.remove", "assessments/3/internal/remarks/6", None, POINT),
                _entry("remark.point", "assessments/3/remarks/5", GIVEN, POINT),
            ],
            [("assessments/3/remarks/5", GIVEN)],
        ),
        (
            [
                _entry("part.assign", "assessments/3/assignments/A", {"person_id": 7, "code": "A"}),
                _entry("part.assign", "assessments/3/assignments/B", {"person_id": 7, "code": "B"}),
                _entry("part.assign", "assessments/3/assignments/B"),
            ],
            [("assessments/3/assignments/A", Assigned(7))],
        ),
        (
            [_entry("person.invite", "people/7", {**msgspec.to_builtins(BOB), "invited": True})],
            list(person("people/7", BOB)),
        ),
        (
            [
                _entry("person.add", "people/7", BOB),
                _entry("person.reset", "people/7"),
                _entry("second_factor.set", "people/7"),
            ],
            list(person("people/7", msgspec.structs.replace(BOB, second_factor=True))),
        ),
        (
            [
                _entry("second_factor.set", "people/7"),
                _entry("second_factor.remove", "people/7"),
                _entry("person.found", "people/7", BOB),
            ],
            list(person("people/7", BOB)),
        ),
        (
            [
                _entry("organisation.add", "organisations/Agency", {"name": "x"}, digest="d"),
                _entry("person.add", "people/bob", {"name": "x"}, digest="d"),
                _entry("organisation.found", "organisations/1", OWN),
            ],
            [("organisations/1", OWN)],
        ),
        (
            [_entry("cycle.plan", "cycles/2", PLAN)],
            [("cycles/2", msgspec.structs.replace(PLAN, participants=[1, 4]))],
        ),
        (
            [
                _entry("cycle.plan", "cycles/2", PLAN),
                _entry("cycle.withdraw", "cycles/2/participants/4", OUT),
                _entry("cycle.withdraw", "cycles/2/participants/1", ALSO_OUT),
            ],
            [
                (
                    "cycles/2",
                    msgspec.structs.replace(PLAN, participants=[1, 4], withdrawn=(ALSO_OUT, OUT)),
                )
            ],
        ),
        (
            [
                _entry("cycle.plan", "cycles/2", PLAN),
                _entry("cycle.extend", "cycles/2/participants/4", SOON),
                _entry("cycle.extend", "cycles/2/participants/1", ALSO_LATER),
                _entry("cycle.extend", "cycles/2/participants/4", LATER, SOON),
            ],
            [
                (
                    "cycles/2",
                    msgspec.structs.replace(
                        PLAN, participants=[1, 4], extensions=(ALSO_LATER, LATER)
                    ),
                )
            ],
        ),
        (
            [
                _entry("cycle.plan", "cycles/2", PLAN),
                _entry("cycle.withdraw", "cycles/2/participants/4", OUT),
                _entry("cycle.restore", "cycles/2/participants/4"),
            ],
            [("cycles/2", msgspec.structs.replace(PLAN, participants=[1, 4]))],
        ),
        (
            [
                _entry("assessment.open", "assessments/3", OPENED, digest="d"),
                _entry("assessment.found", "assessments/3", {"organisation": {"name": "A", "kind": "b"}}),
            ],
            [("assessments/3", STANDING), ("assessments/3/organisation", Owned("A", "b"))],
        ),
        (
            [_entry("assessment.take_over", "assessments/3", (OPENED, None, {"reason": "x"}), OPENED)],
            [
                ("assessments/3", STANDING),
                OWNED,
                step("assessments/3", 1, ("take_over", "draft", "draft", "x")),
            ],
        ),
        (
            [_entry("questionnaire.publish", "q@1", {"digest": questionnaire("q@1", "text")[1]})],
            [questionnaire("q@1", "text")],
        ),
        (
            [_entry("report.download", "assessments/3/report", {"digest": "f", "language": "id"})],
            [("assessments/3/reports/f", True)],
        ),
        ([_entry("log.key", "log", {"key": "k"})], [("log", "k")]),
        ([_entry("session.open", "sessions"), _entry("refused", "-", {"x": 1})], []),
    ],
)  # fmt: skip
def test_what_entries_say_accounts_for_what_is_there(
    entries: list[Numbered], now: list[Fact]
) -> None:
    assert _differing(entries, *now) == []
    assert _told(*entries) == {path for path, _ in now}


def test_what_is_otherwise_was_never_recorded_or_is_gone_is_named() -> None:
    entries = [
        _entry("organisation.add", "organisations/1", OWN),
        _entry("organisation.add", "organisations/2", msgspec.structs.replace(OWN, id=2)),
    ]
    city = msgspec.structs.replace(OWN, kind="city")

    found = _differing(entries, ("organisations/1", city), ("organisations/3", OWN))

    assert found == [
        Difference("altered", "organisations/1", 9),
        Difference("unrecorded", "organisations/3", None),
        Difference("missing", "organisations/2", 9),
    ]


@pytest.mark.parametrize(
    "action", ["response.save", "assessment.submit", "cycle.plan", "cycle.withdraw"]
)
def test_what_cannot_be_read_makes_nothing_true(action: str) -> None:
    damaged = Numbered(9, Entry(9, AT, "alice", "-", action, "x", None, "{"))

    assert _told(damaged) == set()
