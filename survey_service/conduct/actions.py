"""Actions: the steps that an organisation means to take, by whom and by when, and what became of them.

An action belongs to the assessment in which it was planned, and is worked on long after that is
final. The organisation's next assessment tells what became of it: whether the answer that it aimed
at is given there, and whether those who check agree.
"""

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct, structs

from survey_service.characters import is_blank
from survey_service.conduct.access import Actor
from survey_service.conduct.names import LINE, LONGEST
from survey_service.errors.actions import NoTargetError, WhyDroppedError
from survey_service.errors.writing import NotADateError
from survey_service.maturity.answers import Answer, Prose, accept
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import ALONE
from survey_service.maturity.texts import END, Text
from survey_service.maturity.values import Values

State = Literal["planned", "started", "done", "dropped"]
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("planned", "started")

Owner = Annotated[str, Meta(max_length=LONGEST, pattern=f"^{LINE}{END}")]
"""Who is to do something, where no person is named: a role, or anything else in one line."""

PersonId = Annotated[int, Meta(ge=1, le=2**31 - 1)]
_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)  # a year beyond them is a slip
_END_OF_FEBRUARY = (2, 3)  # in these months lie its last day and the one after

Outcome = Literal["verified", "reached", "not_confirmed", "missed", "unanswered", "not_asked"]
"""What became of an action: its answer is given, and those who check agree, have yet to look, or do

not agree; a lower one is given, or none yet; or the question is asked no more, or does not apply.
"""


class Action(Struct, frozen=True):
    """A step of an indicator that is to be taken, from the answer `before` to `after`.

    `before` is None where it was unanswered. Whose it is tells `owner_id`, a person of the
    organisation, or else `owner`, such as a role; nobody's where both are empty. `reason` is why it
    was dropped.
    """

    id: int
    assessment_id: int
    indicator: str
    before: Answer | None
    after: Answer
    owner_id: int | None
    owner: str
    due: dt.date | None
    state: State
    reason: str
    notes: str
    author: str
    at: dt.datetime

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.state in OPEN

    def is_overdue(self, today: dt.date) -> bool:
        """Whether it is open and its day is over."""
        return self.is_open and self.due is not None and self.due < today

    def repeats(self, other: "Action") -> bool:
        """Whether it is what another one, still open, is already: the same step."""
        return other.is_open and (self.indicator, self.after) == (other.indicator, other.after)


class DueAction(Struct, frozen=True):
    """An open action with a day by which it is to be done; `name` is that of the indicator."""

    id: int
    assessment_id: int
    organisation: str
    indicator: str
    name: Text
    due: dt.date


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """An action that somebody wants: `before` is None for what the indicator is answered now."""

    indicator: str
    after: Answer
    before: Answer | None = None
    owner_id: PersonId | None = None
    owner: Owner = ""
    due: dt.date | None = None
    notes: Prose = ""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What an action is to be from now on."""

    after: Answer
    owner_id: PersonId | None = None
    owner: Owner = ""
    due: dt.date | None = None
    state: State = "planned"
    reason: Prose = ""
    notes: Prose = ""


def changed(action: Action, change: Change) -> Action:
    """Return an action as somebody wants it; whose name is known needs no other.

    Raises:
        WhyDroppedError: It is dropped without a word why.
        NotADateError: The day is none to work towards.
    """
    require_day(change.due)
    if change.state == "dropped" and is_blank(change.reason):
        raise WhyDroppedError
    owner = "" if change.owner_id is not None else change.owner.strip()
    reason = change.reason if change.state == "dropped" else ""
    wanted = structs.replace(change, owner=owner, reason=reason)
    return structs.replace(action, **structs.asdict(wanted))


def require_day(due: dt.date | None) -> None:
    """Raise `NotADateError` where a day is none to work towards."""
    if due is not None and not _FIRST <= due <= _LAST:
        raise NotADateError(value=due.isoformat())


def years_later(due: dt.date, years: int) -> dt.date:
    """Return the same day some years later; of the last of February the last.

    Raises:
        NotADateError: The day is none to work towards.
    """
    require_day(due)
    following = due + dt.timedelta(days=1)
    if (due.month, following.month) == _END_OF_FEBRUARY:
        return dt.date(due.year + years, following.month, 1) - dt.timedelta(days=1)
    return due.replace(year=due.year + years)


def is_for(actor: Actor, action: Action, organisations: Collection[int]) -> bool:
    """Whether an action of organisations is the actor's to see to: what is nobody's, who coordinates them."""
    if action.owner_id is not None:
        return action.owner_id == actor.id
    return actor.role == "coordinator" and actor.organisation_id in organisations


def require_target(questionnaire: Questionnaire, code: str, after: Answer) -> None:
    """Refuse an answer that an action cannot aim at.

    Raises:
        NoTargetError: It says nothing, or that the indicator does not apply.
        SurveyError: It does not fit the indicator; see `answers.accept`.
    """
    accept(questionnaire, code, after)
    if after.not_applicable is not None:
        raise NoTargetError(indicator=code)


def outcome(
    questionnaire: Questionnaire,
    code: str,
    after: Answer,
    own: Answer | None,
    checked: Answer | None,
) -> Outcome:
    """Return what became of an action, by the answers of a later assessment.

    Args:
        questionnaire: Of the later assessment; it asks for `code`.
        code: Of the indicator there.
        after: What was aimed at, as it is answered there.
        own: The organisation's answer; None while there is none.
        checked: What those who check gave; None where nobody has.
    """
    if own is None:
        return "unanswered"
    if own.not_applicable is not None:
        return "not_asked"
    if not _reaches(questionnaire, code, own, after):
        return "missed"
    if checked is None:
        return "reached"
    return "verified" if _reaches(questionnaire, code, checked, after) else "not_confirmed"


def _reaches(questionnaire: Questionnaire, code: str, given: Answer, after: Answer) -> bool:
    """Whether an answer is worth what was aimed at; what is worth nothing must be just that."""
    if given == after:
        return True
    values, indicator = Values(questionnaire, ALONE), questionnaire.indicators[code]
    there, wanted = values.of(indicator, given), values.of(indicator, after)
    return there is not None and wanted is not None and there >= wanted
