"""What the trail accounts for: replayed from its entries, and held against what stands in the tables.

A fact is what is true of something now, named by a path as in the trail; of its value only a digest
is kept, so that a country's facts fit into memory. Names that stand elsewhere too, such as that of
the organisation somebody belongs to, are no part of a fact: they change without it.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from survey_service.conduct.actions import Action
from survey_service.conduct.assessment import Ancestor, Assessment, Response
from survey_service.conduct.cycles import Cycle, Extension, Withdrawal
from survey_service.conduct.discarding import Discarding
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import STEPS
from survey_service.conduct.organisations import Organised
from survey_service.conduct.remarks import Remark
from survey_service.conduct.teamwork import Ready
from survey_service.conduct.trail import Entry, Numbered
from survey_service.maturity.conditions import Attributes

T = TypeVar("T")
_REMARKED = ("comment", "objection", "point", "resolve", "found", "remove")
Fact = tuple[str, object]
"""A path, and what is true of it; None once it is no longer there."""


class Difference(Struct, frozen=True):
    """What the trail does not account for: `about` is its path.

    It was altered since, is there and was never recorded, or was recorded and is gone; `number` is
    that of the last entry about it, None where there is none or it still waits for one. A `trigger`
    that keeps the trail from being changed is not as it must be.
    """

    reason: Literal["altered", "unrecorded", "missing", "trigger"]
    about: str
    number: int | None


class Recorded(Struct, frozen=True):
    """The last that the trail says of something: in which entry, and the digest of what."""

    number: int | None
    digest: bytes


class Belonging(Struct, frozen=True):
    """Who somebody is to the service, as far as it is recorded: everything but how they sign in."""

    id: int
    login: str
    name: str
    role: str
    organisation_id: int
    email: str | None
    active: bool
    second_factor: bool


class Standing(Struct, frozen=True):
    """Where an assessment stands by itself."""

    id: int
    questionnaire: str
    version: str
    digest: str
    organisation_id: int
    state: str
    opened_at: dt.datetime
    submitted_at: dt.datetime | None
    cycle_id: int | None
    reopened: int
    superseded_by: int | None


class Owned(Struct, frozen=True):
    """The organisation of an assessment as that knows it."""

    name: str
    kind: str
    attributes: Attributes = {}
    ancestors: tuple[Ancestor, ...] = ()


class Assigned(Struct, frozen=True):
    """Who is to answer something."""

    person_id: int


class _Found(Struct, frozen=True):
    organisation: Owned


class _Taking(Struct, frozen=True):
    reason: str = ""
    digest: str | None = None


class _Course:
    """What entries say only in passing: how many steps there were, and who takes part in a cycle."""

    def __init__(self) -> None:
        self.steps = Counter[str]()
        self.cycles: dict[str, Planned] = {}


class _Stated(Struct, frozen=True):
    state: str


class Planned(Cycle, frozen=True, kw_only=True):
    """A cycle with the ids of those who take part in it, who is withdrawn, and who has more time."""

    participants: list[int]
    withdrawn: tuple[Withdrawal, ...] = ()
    extensions: tuple[Extension, ...] = ()


class _Digest(Struct, frozen=True):
    digest: str


class _Key(Struct, frozen=True):
    key: str


def response(about: str, given: Response) -> Iterator[Fact]:
    """Yield what a response makes true: it is the one that stands, and a revision for ever."""
    yield about, given
    yield f"{about}/revisions/{given.revision}", given


def step(
    about: str, number: int, taken: tuple[str, str, str, str], digest: str | None = None
) -> Fact:
    """Return what is true of a step: what it was, from which state to which, why, and of what."""
    return f"{about}/steps/{number}", (*taken, digest)


def questionnaire(reference: str, content: str) -> Fact:
    """Return what is true of a published questionnaire: what its text is."""
    return f"questionnaires/{reference}", hashlib.sha256(content.encode()).hexdigest()


def person(about: str, found: Belonging) -> Iterator[Fact]:
    """Yield what is true of somebody: who they are, and whether they have a second factor."""
    yield about, msgspec.structs.replace(found, second_factor=False)
    yield f"{about}/second-factor", found.second_factor


def replayed(entries: Iterable[Numbered]) -> dict[str, Recorded]:
    """Return what the entries, in their order, say is true at the end, by path."""
    found: dict[str, Recorded] = {}
    course = _Course()
    for one in entries:
        for path, value in _facts(one.entry, course):
            if value is None:
                found.pop(path, None)
            else:
                found[path] = Recorded(one.number, _digested(value))
    return found


def differences(recorded: Mapping[str, Recorded], now: Iterable[Fact]) -> Iterator[Difference]:
    """Yield what stands in the tables otherwise than the trail says."""
    left = dict(recorded)
    for path, value in now:
        last = left.pop(path, None)
        if last is None:
            yield Difference("unrecorded", path, None)
        elif last.digest != _digested(value):
            yield Difference("altered", path, last.number)
    for path, last in left.items():
        yield Difference("missing", path, last.number)


def _facts(entry: Entry, course: _Course) -> list[Fact]:
    """Return what an entry makes true.

    Of one that cannot be read, nothing: it was changed, which the log shows.
    """
    read, follow = _READ.get(entry.action), _FOLLOWED.get(entry.action)
    try:
        if follow is not None:
            return list(follow(entry, course))
        return [] if read is None else list(read(entry))
    except (msgspec.DecodeError, LookupError):
        return []


def _stepped(entry: Entry, course: _Course) -> Iterator[Fact]:
    """Yield what a step makes true; its entry has the assessment first, and why last."""
    recorded = _decoded(entry.after, list[msgspec.Raw])
    after, taking = _decoded(recorded[0], Assessment), _decoded(recorded[-1], _Taking)
    before = _decoded(entry.before, _Stated)
    course.steps[entry.about] += 1
    name = entry.action.removeprefix("assessment.")
    yield from _assessment(entry, after)
    number = course.steps[entry.about]
    told = (name, before.state, after.state, taking.reason)
    yield step(entry.about, number, told, taking.digest)


def _assessment(entry: Entry, found: Assessment) -> Iterator[Fact]:
    """Yield what is true of an assessment.

    Before the log an assessment knew its organisation as that was at the time; there is an entry for
    each that the log found.
    """
    yield entry.about, _standing(found)
    if entry.digest is None:
        known = found.organisation
        owned = Owned(known.name, known.kind, known.attributes, known.ancestors)
        yield f"{entry.about}/organisation", owned


def _standing(found: Assessment) -> Standing:
    return Standing(
        found.id,
        found.questionnaire,
        found.version,
        found.digest,
        found.organisation.id,
        found.state,
        found.opened_at,
        found.submitted_at,
        None if found.cycle is None else found.cycle.id,
        found.reopened,
        found.superseded_by,
    )


def _of(type_: type[T]) -> Callable[[Entry], Iterator[Fact]]:
    """Return what reads the entries whose fact is what they have as `after`."""

    def read(entry: Entry) -> Iterator[Fact]:
        yield entry.about, None if entry.after is None else _decoded(entry.after, type_)

    return read


def _known(entry: Entry) -> Iterator[Fact]:
    """Yield what is true of an organisation.

    Entries from before the log had no ids, and there is one for each organisation that the log found.
    """
    if entry.digest is None:
        yield entry.about, _decoded(entry.after, Organised)


def _person(entry: Entry) -> Iterator[Fact]:
    """Yield what is true of somebody; a new password changes nothing of it."""
    if entry.digest is None and entry.after is not None:
        found = _decoded(entry.after, Belonging)
        yield from person(entry.about, found)


def _second_factor(*, present: bool) -> Callable[[Entry], Iterator[Fact]]:
    """Return what reads the entries that tell that somebody has one now, or none."""

    def read(entry: Entry) -> Iterator[Fact]:
        yield f"{entry.about}/second-factor", present

    return read


def _responded(entry: Entry) -> Iterator[Fact]:
    yield from response(entry.about, _decoded(entry.after, Response))


def _remarked(entry: Entry) -> Iterator[Fact]:
    """Yield what is true of a remark; where the trail tells of it goes by who sees it at the time."""
    path = entry.about.split("/")
    about = f"{'/'.join(path[:2])}/remarks/{path[-1]}"
    yield about, None if entry.after is None else _decoded(entry.after, Remark)


def _opened(entry: Entry) -> Iterator[Fact]:
    yield from _assessment(entry, _decoded(entry.after, Assessment))


def _found(entry: Entry) -> Iterator[Fact]:
    yield f"{entry.about}/organisation", _decoded(entry.after, _Found).organisation


def _cycle(entry: Entry, course: _Course) -> Iterator[Fact]:
    course.cycles[entry.about] = planned = _decoded(entry.after, Planned)
    yield entry.about, ordered(planned)


def _withdrawn(entry: Entry, course: _Course) -> Iterator[Fact]:
    """Yield a cycle once one of its participants is withdrawn, or takes part again."""
    about, _, organisation = entry.about.partition("/participants/")
    planned = course.cycles[about]
    others = [one for one in planned.withdrawn if str(one.organisation_id) != organisation]
    now = [] if entry.after is None else [_decoded(entry.after, Withdrawal)]
    changed = msgspec.structs.replace(planned, withdrawn=(*others, *now))
    course.cycles[about] = changed
    yield about, ordered(changed)


def _extended(entry: Entry, course: _Course) -> Iterator[Fact]:
    """Yield a cycle once one of its participants has more time at a stage."""
    about = entry.about.partition("/participants/")[0]
    planned, given = course.cycles[about], _decoded(entry.after, Extension)
    whose = (given.organisation_id, given.stage)
    others = [one for one in planned.extensions if (one.organisation_id, one.stage) != whose]
    changed = msgspec.structs.replace(planned, extensions=(*others, given))
    course.cycles[about] = changed
    yield about, ordered(changed)


def ordered(planned: Planned) -> Planned:
    """Return a cycle with those who take part in the order of their ids."""
    return msgspec.structs.replace(
        planned,
        participants=sorted(planned.participants),
        withdrawn=tuple(sorted(planned.withdrawn, key=lambda one: one.organisation_id)),
        extensions=tuple(
            sorted(planned.extensions, key=lambda one: (one.organisation_id, one.stage))
        ),
    )


def _published(entry: Entry) -> Iterator[Fact]:
    yield f"questionnaires/{entry.about}", _decoded(entry.after, _Digest).digest


def _reported(entry: Entry) -> Iterator[Fact]:
    yield f"{entry.about}s/{_decoded(entry.after, _Digest).digest}", True


def _keyed(entry: Entry) -> Iterator[Fact]:
    yield entry.about, _decoded(entry.after, _Key).key


_FOLLOWED: Mapping[str, Callable[[Entry, _Course], Iterator[Fact]]] = {
    **dict.fromkeys((f"assessment.{name}" for name in (*STEPS, "take_over")), _stepped),
    **dict.fromkeys(("cycle.plan", "cycle.change", "cycle.open"), _cycle),
    **dict.fromkeys(("cycle.withdraw", "cycle.restore"), _withdrawn),
    "cycle.extend": _extended,
}
_READ: Mapping[str, Callable[[Entry], Iterator[Fact]]] = {
    "response.save": _responded,
    "response.take_back": _responded,
    "response.carry": _responded,
    "response.ready": _of(Ready),
    "assessment.open": _opened,
    "assessment.move": _opened,
    "assessment.found": _found,
    "assessment.discard": _of(Discarding),
    "assessment.bring_back": _of(Discarding),
    "part.assign": _of(Assigned),
    **dict.fromkeys(("action.add", "action.change"), _of(Action)),
    **dict.fromkeys(("action.attach", "action.detach"), _of(Evidence)),
    **dict.fromkeys((f"remark.{name}" for name in _REMARKED), _remarked),
    **dict.fromkeys(("evidence.attach", "evidence.remove", "evidence.restore"), _of(Evidence)),
    **dict.fromkeys(("organisation.add", "organisation.change", "organisation.found"), _known),
    **dict.fromkeys(("person.add", "person.invite", "person.change", "person.found"), _person),
    "second_factor.set": _second_factor(present=True),
    "second_factor.remove": _second_factor(present=False),
    "questionnaire.publish": _published,
    "report.download": _reported,
    "log.key": _keyed,
}


def _decoded(written: str | msgspec.Raw | None, type_: type[T]) -> T:
    return msgspec.json.decode(written or "null", type=type_)


def _digested(value: object) -> bytes:
    return hashlib.sha256(msgspec.json.encode(value)).digest()[:16]
