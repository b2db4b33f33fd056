"""The form of an action: what it aims at, who is to do it, by when, and how it stands."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from survey_service import i18n
from survey_service.conduct.actions import Action, Change, Draft, State
from survey_service.errors.writing import NotADateError
from survey_service.maturity.answers import Answer, Prose
from survey_service.maturity.tree import Indicator
from survey_service.web import bodies
from survey_service.web.pages import forms

_Entry = Annotated[str, Meta(max_length=40)]
PersonId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
"""Somebody by id; 0 for nobody."""


class Sent(Struct, frozen=True):
    """An action as its form has it; `person` is 0 where no person is named.

    What is aimed at is typed as an answer is: see `forms.Sent`. `seen` is the tag of what was changed.
    """

    indicator: bodies.Line = ""
    choice: _Entry = ""
    value: _Entry = ""
    values: dict[_Entry, _Entry] = {}
    items: dict[_Entry, _Entry] = {}
    text: Prose = ""
    person: PersonId = 0
    owner: bodies.Line = ""
    due: _Entry = ""
    state: State = "planned"
    reason: Prose = ""
    notes: Prose = ""
    seen: bodies.Line = ""

    def after(self, indicator: Indicator) -> Answer:
        """Return what is aimed at."""
        typed = forms.Sent(
            self.choice, self.value, values=self.values, items=self.items, text=self.text
        )
        return typed.draft(indicator).answer

    def draft(self, indicator: Indicator) -> Draft:
        """Return the action that is to be added.

        Raises:
            NotADateError: The day is none.
        """
        return Draft(
            indicator.code,
            self.after(indicator),
            owner_id=self.person or None,
            owner=self.owner,
            due=day(self.due),
            notes=self.notes,
        )

    def change(self, after: Answer) -> Change:
        """Return what the action is to be, aiming at an answer.

        Raises:
            NotADateError: The day is none.
        """
        named = (self.person or None, self.owner, day(self.due))
        return Change(after, *named, self.state, self.reason, self.notes)


def filled(action: Action, seen: str, language: str) -> Sent:
    """Return the form as it is filled in by an action."""
    after = action.after
    return Sent(
        action.indicator,
        str(after.level) if after.level is not None else after.option or "",
        "" if after.value is None else i18n.typed(after.value, language),
        {code: i18n.typed(one, language) for code, one in (after.values or {}).items()},
        dict.fromkeys(after.checked or (), "on"),
        after.text or "",
        action.owner_id or 0,
        action.owner,
        "" if action.due is None else action.due.isoformat(),
        action.state,
        action.reason,
        action.notes,
        seen,
    )


def day(written: str) -> dt.date | None:
    """Return the day that was typed; None for none.

    Raises:
        NotADateError: It is none.
    """
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        raise NotADateError(value=written) from None
