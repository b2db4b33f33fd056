"""What waits for somebody when they come in: what is most urgent first."""

import datetime as dt
from typing import Literal

from msgspec import Struct

from survey_service import clock
from survey_service.analysis.standings import Place
from survey_service.conduct.access import Actor, may
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import at_work
from survey_service.conduct.tasks import Task, due, following, is_late, task
from survey_service.conduct.teamwork import assignees
from survey_service.operations.assessments import Sheet, is_asked, view
from survey_service.store import (
    assessments,
    cycles,
    jobs,
    organisations,
    people,
    questionnaires,
    remarks,
    teamwork,
)
from survey_service.store.database import Reader

_LOOKED_AT = 500  # unfinished assessments, and as many cycles
_FOLLOWED = 3  # open cycles, the newest
SHOWN = 12  # those most urgent; what is left of them is counted


class OpenTask(Struct, frozen=True):
    """A task on an assessment; `left` counts the indicators or remarks still to see to.

    Those `to_confirm` were carried over, and are not counted among them. `own` counts those of both
    that are assigned to the person; None where nothing is assigned.
    """

    task: Task
    assessment: Assessment
    due: dt.date | None
    left: int
    own: int | None = None
    to_confirm: int = 0


class SetupStep(Struct, frozen=True):
    """A step of setting the service up for a country, and whether it is done."""

    name: Literal["publish", "organise", "admit", "plan", "follow"]
    done: bool


class Followed(Struct, frozen=True):
    """An open cycle, and how many of those whom the person sees stand in each state."""

    cycle: Cycle
    coverage: dict[Place, int]


class TaskList(Struct, frozen=True):
    """What waits: tasks, how many more there are, and cycles to begin in or to open.

    `followed` has the newest open cycles of several organisations; `under_way` counts the long work
    that the person asked for and that is not done yet.
    """

    tasks: list[OpenTask]
    more: int
    cycles: list[Cycle]
    followed: list[Followed]
    late: frozenset[int]
    setup_steps: list[SetupStep]
    under_way: int


def list_tasks(tx: Reader, actor: Actor) -> TaskList:
    """Return what waits for an actor; `late` has the ids of assessments whose time is over."""
    found = [
        (wanted, one)
        for one in assessments.unfinished(tx, actor, limit=_LOOKED_AT)
        if (wanted := task(actor, one)) is not None
    ]
    found.sort(key=lambda pair: (due(pair[1]) or dt.date.max, pair[1].id))
    counted = (_counted(tx, actor, wanted, one) for wanted, one in found[:SHOWN])
    tasks = [one for one in counted if one is not None]
    now = clock.now()
    late = frozenset(one.assessment.id for one in tasks if is_late(one.assessment, now))
    more = len(found[SHOWN:])
    known = cycles.newest(tx, actor, before=None, limit=_LOOKED_AT)
    own, followed = _cycles(tx, actor, known), _followed(tx, actor, known)
    under_way = jobs.count_unfinished(tx, actor)
    return TaskList(tasks, more, own, followed, late, setup_steps(tx, actor), under_way)


def _counted(tx: Reader, actor: Actor, wanted: Task, assessment: Assessment) -> OpenTask | None:
    """Return a task with what is left of it, or the step that follows; None where others take that."""
    until = due(assessment)
    if not is_asked(tx, assessment):  # its own page says so; the list is for all the others too
        return OpenTask("clarify", assessment, until, 0)
    sheet = view(tx, actor, assessment.id)
    if wanted == "begin":
        return OpenTask(wanted, assessment, until, len(sheet.readable["self"]))
    left, carried = _left(tx, wanted, sheet), 0
    own = _own(tx, actor, sheet) if wanted in {"answer", "mend"} else None
    if wanted == "answer" or (wanted == "mend" and not left and sheet.unanswered):
        wanted, left, carried = "answer", _missing(sheet), assessment.to_confirm
    if left or carried:
        return OpenTask(wanted, assessment, until, left, own, carried)
    next_ = following(actor, assessment)
    return None if next_ is None else OpenTask(next_, assessment, until, 0)


def _left(tx: Reader, wanted: Task, sheet: Sheet) -> int:
    """Return how many indicators or remarks a task is still about."""
    assessment, stage = sheet.assessment, at_work(sheet.assessment.state)
    if wanted in {"object", "settle"}:
        return remarks.count_open(tx, assessment.id, "objection")
    if wanted == "check" and stage is not None:
        return len(sheet.unchecked(stage))
    if wanted == "mend":
        return remarks.count_open(tx, assessment.id, "point")
    return _missing(sheet)


def _missing(sheet: Sheet) -> int:
    """Return how many answers are still to be given; those to be confirmed are counted beside them."""
    return len(set(sheet.unanswered).difference(sheet.to_confirm))


def _own(tx: Reader, actor: Actor, sheet: Sheet) -> int | None:
    assigned = teamwork.assignments(tx, sheet.assessment.id)
    if not assigned:
        return None
    theirs = assignees(sheet.questionnaire, assigned)
    mine = {code for code, one in theirs.items() if one.person_id == actor.id}
    return sum(code in mine for code in sheet.unanswered)


def _followed(tx: Reader, actor: Actor, found: list[Cycle]) -> list[Followed]:
    running = [one for one in found if one.state == "open"][:_FOLLOWED]
    counted = [Followed(one, cycles.coverage(tx, one.id, actor)) for one in running]
    return [one for one in counted if sum(one.coverage.values()) > 1]


def _cycles(tx: Reader, actor: Actor, found: list[Cycle]) -> list[Cycle]:
    """Return the cycles that an actor can begin in, or that they have planned and not opened."""
    if may(actor, "plan"):
        return [one for one in found if one.state == "planned"]
    if not may(actor, "open"):
        return []
    return [
        one
        for one in found
        if one.state == "open"
        and cycles.takes_part(tx, one.id, actor.organisation_id)
        and assessments.in_cycle(tx, one.id, actor.organisation_id) is None
    ]


def setup_steps(tx: Reader, actor: Actor) -> list[SetupStep]:
    """Return the steps from an empty service to a first assessment, for those who take them.

    Once all are done, or for others, there are none.
    """
    if not actor.admits:
        return []
    everybody = people.accounts(tx, actor, organisation_id=None, after=0, limit=2)
    below = organisations.list_all(tx, actor, kind=None, after=0, limit=2)
    steps = [
        SetupStep("publish", bool(questionnaires.list_all(tx))),
        SetupStep("organise", len(below) > 1),
        SetupStep("admit", len(everybody) > 1),
        SetupStep("plan", bool(cycles.newest(tx, actor, before=None, limit=1))),
        SetupStep("follow", bool(assessments.newest(tx, actor, before=None, limit=1))),
    ]
    return [] if all(step.done for step in steps) else steps
