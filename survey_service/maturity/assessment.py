"""An organisation's answers to one questionnaire: its states, and what each save makes of them."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, structs

from survey_service.errors import (
    ClosedError,
    InactiveError,
    IncompleteError,
    StaleRevisionError,
    WrongStateError,
)
from survey_service.maturity.answers import Answer, Prose, accept
from survey_service.maturity.conditions import Attribute, Profile, facts
from survey_service.maturity.instrument import Questionnaire

State = Literal["draft", "submitted"]


class Organisation(Struct, frozen=True):
    """An agency or work unit, with its kind and what else questionnaires may ask about it."""

    id: int
    name: str
    kind: str
    attributes: dict[str, Attribute] = {}
    active: bool = True

    def require_active(self) -> None:
        """Raise `InactiveError` once the organisation is deactivated."""
        if not self.active:
            raise InactiveError(organisation=self.name)

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of it."""
        return Profile(self.kind, self.attributes)


class Response(Struct, frozen=True):
    """The answer to one indicator, as it stands.

    `revision` counts saves, from 1; a save must say which one it was based on. `carried_from` is
    the earlier questionnaire `code@version` that the answer was carried over from, until somebody
    confirms it by saving.
    """

    indicator: str
    answer: Answer
    note: str
    revision: int
    author: str
    saved_at: dt.datetime
    carried_from: str | None = None


class Draft(Struct, frozen=True):
    """What a person sends: an answer, a note, and the revision they saw (0 for none)."""

    answer: Answer
    note: Prose = ""
    revision: int = 0


class Assessment(Struct, frozen=True):
    """One organisation's responses to one questionnaire, pinned by version and digest."""

    id: int
    questionnaire: str
    version: str
    digest: str
    organisation: Organisation
    state: State
    opened_at: dt.datetime
    submitted_at: dt.datetime | None = None

    @property
    def reference(self) -> str:
        """`code@version` of what is being answered."""
        return f"{self.questionnaire}@{self.version}"

    def require_open(self) -> None:
        """Raise `ClosedError` once the assessment is handed in."""
        if self.state != "draft":
            raise ClosedError(assessment=self.id)

    def submit(
        self, questionnaire: Questionnaire, answers: Mapping[str, Answer], at: dt.datetime
    ) -> "Assessment":
        """Return the assessment handed in; it can be read from then on, and not answered.

        Raises:
            ClosedError: It was handed in before.
            IncompleteError: Indicators are unanswered; `missing` names them.
        """
        self.require_open()
        if missing := unanswered(questionnaire, answers, self.organisation.profile):
            raise IncompleteError(assessment=self.id, missing=missing, count=len(missing))
        return structs.replace(self, state="submitted", submitted_at=at)

    def withdraw(self) -> "Assessment":
        """Return the assessment taken back to be answered further.

        Raises:
            WrongStateError: It was not handed in.
        """
        if self.state != "submitted":
            raise WrongStateError(assessment=self.id, state=self.state)
        return structs.replace(self, state="draft", submitted_at=None)


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
) -> Response:
    """Return the response that `draft` makes of `current`.

    A draft that says what `current` says already, by the same author, changes nothing: a save
    whose confirmation got lost can be sent again.

    Raises:
        SurveyError: The answer does not fit the indicator; see `answers.accept`.
        StaleRevisionError: `current` has moved on since the person opened the form.
    """
    accept(questionnaire, code, draft.answer)
    seen = current.revision if current else 0
    if current is not None and current.carried_from is None and _repeats(current, draft, author):
        return current
    if draft.revision != seen:
        raise StaleRevisionError(indicator=code, seen=draft.revision, current=current, sent=draft)
    return Response(code, draft.answer, draft.note, seen + 1, author, at)


def _repeats(current: Response, draft: Draft, author: str) -> bool:
    same = (current.answer, current.note, current.author) == (draft.answer, draft.note, author)
    return same and draft.revision in {current.revision, current.revision - 1}
