"""Actions in words: a line each for pages, and a table to take along."""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.actions import Action
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.answers import said
from survey_service.reports.tables import Table


class Line(Struct, frozen=True):
    """An action in words: what it raises, from which mark to which, and who is to do it.

    `step` is how the questionnaire says that it is done, "" where it does not.
    """

    action: Action
    organisation: str
    owner: str
    cycle: str
    name: str
    before: str
    after: str
    step: str
    overdue: bool


def marks(questionnaire: Questionnaire, action: Action, language: str) -> tuple[str, str]:
    """Return the marks of the answers from which, and to which, an action leads."""
    indicator = questionnaire.indicators.get(action.indicator)
    if indicator is None:
        return "", ""
    before, after = (
        said(questionnaire, indicator, one, language).mark for one in (action.before, action.after)
    )
    return before, after


def in_words(action: Action, language: str) -> str:
    """Return in one line what is recorded of an action beside what it raises."""
    found = [
        i18n.translate(f"action_state.{action.state}", language),
        action.owner,
        i18n.day(action.due, language) if action.due else "",
        action.reason,
        action.notes,
    ]
    return " · ".join(filter(None, found))


def line(
    questionnaire: Questionnaire,
    action: Action,
    whose: tuple[str, str, str | None],
    language: str,
    today: dt.date,
) -> Line:
    """Return an action in words.

    Args:
        questionnaire: In which it was planned.
        action: Which.
        whose: The organisation, who is to do it, and in which cycle that is; None in none.
        language: Of the reader.
        today: Where the reader is.
    """
    indicator = questionnaire.indicators.get(action.indicator)
    organisation, owner, cycle = whose
    return Line(
        action,
        organisation,
        owner,
        cycle or "",
        action.indicator if indicator is None else indicator.name.in_(language),
        *marks(questionnaire, action, language),
        _step(questionnaire, action, language),
        action.is_overdue(today),
    )


def _step(questionnaire: Questionnaire, action: Action, language: str) -> str:
    """Return how the level is reached that an action aims at, "" where nothing says so."""
    indicator = questionnaire.indicators.get(action.indicator)
    if indicator is None or action.after.level is None:
        return ""
    level = questionnaire.levels(indicator).get(action.after.level)
    return level.step.do.in_(language) if level is not None and level.step is not None else ""


def table(lines: Sequence[Line], language: str) -> Table:
    """Return actions as a table to take along."""
    headings = (
        i18n.translate("Organisation", language),
        i18n.translate("Cycle", language),
        i18n.translate("Code", language),
        i18n.translate("Indicator", language),
        i18n.translate("From", language),
        i18n.translate("To", language),
        i18n.translate("What to do", language),
        i18n.translate("Owner", language),
        i18n.translate("Due", language),
        i18n.translate("State", language),
        i18n.translate("Overdue", language),
        i18n.translate("Reason", language),
        i18n.translate("Notes", language),
    )
    return Table(
        i18n.translate("Actions", language), headings, [_row(one, language) for one in lines]
    )


def _row(one: Line, language: str) -> tuple[str | dt.date | None, ...]:
    action = one.action
    return (
        one.organisation,
        one.cycle,
        action.indicator,
        one.name,
        one.before,
        one.after,
        one.step,
        one.owner,
        action.due,
        i18n.translate(f"action_state.{action.state}", language),
        i18n.translate("yes", language) if one.overdue else "",
        action.reason,
        action.notes,
    )
