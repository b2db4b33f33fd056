"""An organisation's answers to one questionnaire, and what each save and each step makes of them."""

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, structs

from survey_service.characters import is_blank
from survey_service.conduct.cycles import Calendar
from survey_service.conduct.life import STAGES, Stage, State, Step, after, at_work
from survey_service.errors import DamagedError
from survey_service.errors.answers import (
    ClosedError,
    NoAnswerError,
    StaleRevisionError,
    UnknownIndicatorError,
)
from survey_service.errors.cycles import WithdrawnError
from survey_service.errors.organisations import InactiveError
from survey_service.errors.review import IncompleteError, ReasonRequiredError
from survey_service.maturity import answers, conditions
from survey_service.maturity.answers import Answer, Prose, accept
from survey_service.maturity.conditions import Attributes, Profile, facts
from survey_service.maturity.instrument import Questionnaire


class Ancestor(Struct, frozen=True):
    """An organisation above another one in the tree."""

    id: int
    name: str


class Organisation(Struct, frozen=True):
    """An agency or work unit, with its kind and what else questionnaires may ask about it.

    That of an assessment is as it was when it was opened, or when a later change was taken over;
    only whether it is `active` is as of today. `ancestors` are those above it, its parent first.
    """

    id: int
    name: str
    kind: str
    attributes: Attributes = {}
    active: bool = True
    ancestors: tuple[Ancestor, ...] = ()

    def require_active(self) -> None:
        """Raise `InactiveError` once the organisation is deactivated."""
        if not self.active:
            raise InactiveError(organisation=self.name)

    def require_readable(self) -> None:
        """Raise `DamagedError` where what is known of the organisation was damaged."""
        if self.attributes == conditions.UNREADABLE:
            raise DamagedError(what=self.name)

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of it."""
        return Profile(self.kind, self.attributes)


class Response(Struct, frozen=True):
    """The answer to one indicator, as it stands.

    `revision` counts saves, from 1; a save must say which one it was based on. `carried_from` is
    the earlier questionnaire `code@version` that the answer was carried over from, until somebody
    confirms it by saving. At a later stage than the organisation's own, `note` is the reason, and
    `judged` the revision of the organisation's answer that was looked at (0 where it gave none).
    """

    indicator: str
    answer: Answer
    note: str
    revision: int
    author: str
    saved_at: dt.datetime
    carried_from: str | None = None
    stage: Stage = "self"
    judged: int | None = None

    @property
    def is_damaged(self) -> bool:
        """Whether the answer was damaged where it is kept; it counts as none."""
        return self.answer == answers.UNREADABLE

    @property
    def is_taken_back(self) -> bool:
        """Whether the answer was taken back: the indicator is unanswered again."""
        return self.answer == answers.NOTHING

    @property
    def counts(self) -> bool:
        """Whether it says something that can be read."""
        return not (self.is_damaged or self.is_taken_back)


class Draft(Struct, frozen=True):
    """What a person sends: an answer, a note, and the revision they saw (0 for none).

    One that is `taken_back` says nothing, on purpose.
    """

    answer: Answer
    note: Prose = ""
    revision: int = 0
    taken_back: bool = False


class InCycle(Struct, frozen=True):
    """The cycle that an assessment is part of, with the days that its own organisation has.

    `withdrawn` is why it is withdrawn, None while it takes part; `more_time` is why it has until a day
    of its own at the stage that is at work, None where it has what everybody has.
    """

    id: int
    name: str
    calendar: Calendar
    withdrawn: str | None = None
    more_time: str | None = None


class Assessment(Struct, frozen=True):
    """One organisation's responses to one questionnaire, pinned by version and digest.

    `cycle` is None for one that an organisation opened of its own accord. `reopened` counts how
    often it was opened again after being final. `superseded_by` is the id of the assessment that
    goes on on a newer version of the questionnaire; this one then only remains to be read.
    `answered` and `total` tell how far the organisation's own answers are, of all that apply; those
    `to_confirm` were carried over and are not answered until somebody confirms them.
    """

    id: int
    questionnaire: str
    version: str
    digest: str
    organisation: Organisation
    state: State
    opened_at: dt.datetime
    submitted_at: dt.datetime | None = None
    cycle: InCycle | None = None
    reopened: int = 0
    superseded_by: int | None = None
    answered: int = 0
    total: int = 0
    to_confirm: int = 0

    @property
    def reference(self) -> str:
        """`code@version` of what is being answered."""
        return f"{self.questionnaire}@{self.version}"

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that it goes through."""
        return STAGES if self.cycle is None else self.cycle.calendar.stages

    @property
    def goes_on(self) -> bool:
        """Whether anything can be done about it: in this one, and unless it is withdrawn."""
        withdrawn = self.cycle is not None and self.cycle.withdrawn is not None
        return self.superseded_by is None and not withdrawn

    @property
    def is_answered(self) -> bool:
        """Whether the organisation is answering it at the time."""
        return self.goes_on and at_work(self.state) == "self"

    def require_going_on(self) -> None:
        """Raise unless anything can be done about it.

        Raises:
            ClosedError: It goes on in another one.
            WithdrawnError: Its organisation is withdrawn from the cycle.
        """
        if self.superseded_by is not None:
            raise ClosedError(assessment=self.id, state=self.state)
        if self.cycle is not None and self.cycle.withdrawn is not None:
            raise WithdrawnError(cycle=self.cycle.name, because=self.cycle.withdrawn)

    def require_open(self, stage: Stage, at: dt.datetime) -> None:
        """Raise unless scores of a stage may be given now.

        Raises:
            ClosedError: The assessment is not, or no longer, at this stage.
            OutsideDatesError: It is not within the days that the cycle gives to the stage.
            WithdrawnError: Its organisation is withdrawn from the cycle.
        """
        self.require_going_on()
        if at_work(self.state) != stage:
            raise ClosedError(assessment=self.id, state=self.state)
        if self.cycle is not None:
            self.cycle.calendar.require_within(stage, at)

    def taken(self, step: Step, at: dt.datetime) -> "Assessment":
        """Return the assessment after a step.

        Raises:
            WrongStateError: Its state does not allow the step.
            ClosedError: It goes on in another one.
            WithdrawnError: Its organisation is withdrawn from the cycle.
        """
        self.require_going_on()
        submitted = {"submit": at, "withdraw": None}
        return structs.replace(
            self,
            state=after(step, self.state, self.stages),
            submitted_at=submitted.get(step, self.submitted_at),
            reopened=self.reopened + (step == "reopen"),
        )

    def require_complete(self, questionnaire: Questionnaire, answers: Mapping[str, Answer]) -> None:
        """Raise `IncompleteError`, naming them, while indicators are unanswered."""
        if missing := unanswered(questionnaire, answers, self.organisation.profile):
            raise IncompleteError(assessment=self.id, missing=missing, count=len(missing))


def unanswered(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], profile: Profile
) -> list[str]:
    """Return the codes of what is asked and must still be answered before handing in.

    What somebody else supplies does not hold up those who answer.
    """
    asked = questionnaire.for_kind(profile.kind)
    unasked = facts(asked, answers, profile, official=False).unasked
    return [
        code
        for code, indicator in asked.indicators.items()
        if code not in answers and code not in unasked and indicator.external is None
    ]


def revise(
    questionnaire: Questionnaire,
    code: str,
    current: Response | None,
    draft: Draft,
    author: str,
    at: dt.datetime,
    *,
    stage: Stage = "self",
    judged: int | None = None,
) -> Response:
    """Return the response that `draft` makes of `current`, at a stage.

    What is taken back is a revision as well: the indicator is unanswered again, and its note stays.

    A draft that says what `current` says already, by the same author, changes nothing: a save
    whose confirmation got lost can be sent again.

    Raises:
        SurveyError: The answer does not fit the indicator; see `answers.accept`.
        NoAnswerError: There is nothing to take back.
        StaleRevisionError: `current` has moved on since the person opened the form.
    """
    if draft.taken_back:
        _require_something(questionnaire, code, current)
    else:
        accept(questionnaire, code, draft.answer)
    seen = current.revision if current else 0
    if current is not None and _stands(current, judged) and _repeats(current, draft, author):
        return current
    if draft.revision != seen:
        raise StaleRevisionError(indicator=code, seen=draft.revision, current=current, sent=draft)
    return Response(
        code, draft.answer, draft.note, seen + 1, author, at, stage=stage, judged=judged
    )


def _require_something(questionnaire: Questionnaire, code: str, current: Response | None) -> None:
    indicator = questionnaire.indicators.get(code)
    if indicator is None:
        raise UnknownIndicatorError(indicator=code, questionnaire=questionnaire.reference)
    if current is None:
        raise NoAnswerError(indicator=code, expected=indicator.answer_type)


def require_reason(code: str, draft: Draft, before: Answer | None) -> None:
    """Raise `ReasonRequiredError` where a later stage differs from the one before without saying why."""
    if draft.taken_back:
        return
    if before is not None and draft.answer != before and is_blank(draft.note):
        raise ReasonRequiredError(indicator=code)


def unchecked(own: Mapping[str, Response], scored: Mapping[str, Response]) -> list[str]:
    """Return the codes of the organisation's answers that a later stage has still to look at.

    An answer that was changed since it was scored is one of them.
    """
    return [
        code
        for code, response in own.items()
        if code not in scored or scored[code].judged != response.revision
    ]


def reasoned(scores: Mapping[Stage, Response]) -> list[Response]:
    """Return the scores of one indicator that say something, in the order of the stages.

    That is the first one, and of the later ones each that differs from the one before it or gives a
    reason: a stage that accepts without a word hides no reason of an earlier one.
    """
    given = [scores[stage] for stage in STAGES if stage in scores]
    return [
        one
        for before, one in zip([None, *given], given, strict=False)
        if before is None or one.answer != before.answer or not is_blank(one.note)
    ]


def _stands(current: Response, judged: int | None) -> bool:
    """Whether the response is about what it would be about if it were given now."""
    return current.carried_from is None and current.judged == judged


def _repeats(current: Response, draft: Draft, author: str) -> bool:
    same = (current.answer, current.note, current.author) == (draft.answer, draft.note, author)
    return same and draft.revision in {current.revision, current.revision - 1}
