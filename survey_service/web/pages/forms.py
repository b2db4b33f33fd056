"""The form of one answer: what it shows, what it sends, and what a person means by it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, Struct, structs

from survey_service import i18n
from survey_service.characters import is_blank
from survey_service.conduct.assessment import Draft, Response
from survey_service.conduct.life import Stage, overlaid
from survey_service.errors import SurveyError
from survey_service.errors.answers import StaleRevisionError
from survey_service.errors.writing import NotADateError
from survey_service.maturity.answers import NOTHING as NO_ANSWER
from survey_service.maturity.answers import Answer, Prose
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import END, Text
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import climbed
from survey_service.operations.assessments import Sheet
from survey_service.reports.answers import Said, said
from survey_service.web.pages.readings import Chosen, Readings, alone, readings
from survey_service.web.pages.units import Unit, line_of, rows, units
from survey_service.web.pages.units import as_chosen as units_as_chosen

NOT_APPLICABLE = "-"  # can be no level and no option's code
NOTHING = "0"  # nothing on a checklist is there
BY_CRITERIA = "+"  # the level follows from the criteria that are ticked

_Entry = Annotated[str, Meta(max_length=40)]
_Units = Annotated[str, Meta(max_length=100_000, pattern=f"^[^\x00]*{END}")]


class Sent(Struct, frozen=True):
    """The form of one answer.

    `choice` is what was chosen: a level's number, an option's code, `NOTHING`, `NOT_APPLICABLE`,
    which `reason` then explains, or `BY_CRITERIA`. `value` and `values` are numbers as the person
    writes them, `items` what is ticked: of a checklist, or the criteria of levels, which count
    where no level is chosen. `text` is what is written. `units` has a line for each unit, see
    `web.pages.units`; `override` says why an answer beside them stands instead. `reading` is the
    one that was chosen of a number that has two. With `take_back` nothing of all that counts.
    """

    choice: _Entry = ""
    value: _Entry = ""
    values: dict[_Entry, _Entry] = {}
    items: dict[_Entry, _Entry] = {}
    text: Prose = ""
    units: _Units = ""
    override: Prose = ""
    dated: _Entry = ""
    take_back: _Entry = ""
    reason: Prose = ""
    note: Prose = ""
    revision: Annotated[int, Meta(ge=0)] = 0
    reading: Chosen = ""

    def as_chosen(self) -> "Sent":
        """Return the form with the reading that was chosen in the place of what is ambiguous."""
        if not self.reading:
            return self
        units = units_as_chosen(self.units, self.reading)
        value = alone(self.value, self.reading)
        values = {code: alone(one, self.reading) for code, one in self.values.items()}
        return structs.replace(self, units=units, value=value, values=values, reading="")

    def draft(self, indicator: Indicator) -> Draft:
        """Return what the person means by an answer to the indicator."""
        return Draft(self._answer(indicator), self.note, self.revision)

    def _answer(self, indicator: Indicator) -> Answer:
        if self.take_back:
            return NO_ANSWER
        if self.choice == NOT_APPLICABLE:
            return Answer(not_applicable=self.reason.strip())
        given = None if is_blank(self.units) else units(indicator, self.units)
        override = None if is_blank(self.override) else self.override.strip()
        dated = _date(self.dated)
        return structs.replace(self._own(indicator), units=given, override=override, dated=dated)

    def _own(self, indicator: Indicator) -> Answer:
        """Return the answer of the organisation as a whole."""
        if indicator.answer_type == "value":
            return Answer(value=i18n.number(self.value))
        if indicator.answer_type == "values":
            return Answer(values=_numbers(self.values))
        if indicator.answer_type == "checked":
            ticked = tuple(self.items) if self.items or self.choice == NOTHING else None
            return Answer(checked=ticked)
        if indicator.answer_type == "text":
            return Answer(text=None if is_blank(self.text) else self.text.strip())
        if indicator.answer_type == "option":
            return Answer(option=self.choice or None)
        if self.choice.isdecimal():
            return Answer(level=int(self.choice))
        return Answer(checked=tuple(self.items) if self.items or self.choice else None)

    def typed(self) -> list[str]:
        """Return everything that the person typed or ticked, for them to copy."""
        entries = [*self.values.items(), *((item, "✓") for item in self.items)]
        alone = (self.choice, self.value, self.text, self.units, self.override, self.dated)
        return [one for one in (*alone, *(f"{name}: {entry}" for name, entry in entries)) if one]


class Rung(Struct, frozen=True):
    """Something to choose: what the form sends, its name where it has one, and its texts.

    Where they can be ticked one by one, `criteria` has them by their codes instead.
    """

    choice: str
    name: Text | None
    texts: tuple[Text, ...]
    criteria: tuple[tuple[str, Text], ...] = ()


class Form(Struct, frozen=True):
    """What a form shows: the indicator, what is to choose from, what is typed, how it stands.

    With `ticking` a level can also be reached by its criteria, one by one; `reached` is the level
    that those saved lead to. `asked` is False while other answers leave the indicator aside.
    `problem` says why the last save was refused, `other` is the version that it collided with;
    `theirs` and `mine` are the two answers in words; `counting` is the one that counts while what is
    typed is refused, None where none does; `readings` are there to choose from.
    """

    indicator: Indicator
    rungs: list[Rung]
    sent: Sent
    saved: Response | None
    asked: bool = True
    ticking: bool = False
    reached: int | None = None
    problem: str = ""
    other: Response | None = None
    theirs: Said | None = None
    mine: Said | None = None
    counting: Said | None = None
    readings: Readings | None = None

    @property
    def units(self) -> list[Unit]:
        """The units as a table, as far as they can be read."""
        return rows(self.sent.units)

    @property
    def numbers(self) -> dict[str, str]:
        """What fields with numbers hold, by their names, as they are saved."""
        entries = {f"values.{code}": one for code, one in self.sent.values.items()}
        written = {"value": self.sent.value, "units": self.sent.units, **entries}
        return {name: one for name, one in written.items() if one}


def form(sheet: Sheet, indicator: Indicator, language: str, stage: Stage = "self") -> Form:
    """Return the form of an indicator at a stage, filled in with what is saved, as a reader writes it.

    What a later stage has not scored is filled in as the stage before has it, without its note.
    """
    code = indicator.code
    saved = sheet.by_stage.get(stage, {}).get(code)
    before = None if stage == "self" else overlaid(sheet.readable, stage).get(code)
    shown = before if before and (saved is None or saved.is_taken_back) else saved
    ticking = _is_ticked(sheet.questionnaire, indicator, shown)
    rungs = _rungs(sheet.questionnaire, indicator, ticking=ticking)
    sent = Sent() if shown is None else _sent(indicator, shown, rungs, language)
    if saved is not shown:
        sent = structs.replace(sent, note="", revision=saved.revision if saved else 0)
    asked = code not in sheet.unasked
    reached = None
    if saved is not None and indicator.answer_type == "level" and saved.answer.checked is not None:
        reached, _ = climbed(sheet.questionnaire, indicator, saved.answer.checked)
    return Form(indicator, rungs, sent, saved, asked, ticking=ticking, reached=reached)


def blank_form(questionnaire: Questionnaire, indicator: Indicator) -> Form:
    """Return the form of an indicator that nobody has answered, and that belongs to no assessment."""
    ticking = _is_ticked(questionnaire, indicator, None)
    rungs = _rungs(questionnaire, indicator, ticking=ticking)
    return Form(indicator, rungs, Sent(), None, ticking=ticking)


def refused(sheet: Sheet, shown: Form, sent: Sent, refusal: SurveyError, language: str) -> Form:
    """Return the form with what was typed, why it was refused, and the version it collided with."""
    saved = shown.saved if shown.saved and shown.saved.counts else None
    counting = said(sheet.questionnaire, shown.indicator, saved.answer, language) if saved else None
    answered = structs.replace(
        shown,
        sent=sent,
        problem=i18n.describe(refusal, language),
        counting=counting,
        readings=readings(refusal, language),
    )
    if not isinstance(refusal, StaleRevisionError) or shown.saved is None:
        return answered
    theirs, mine = (
        said(sheet.questionnaire, shown.indicator, answer, language)
        for answer in (shown.saved.answer, sent.draft(shown.indicator).answer)
    )
    return structs.replace(answered, other=shown.saved, theirs=theirs, mine=mine)


def _is_ticked(questionnaire: Questionnaire, indicator: Indicator, shown: Response | None) -> bool:
    """Whether criteria are to be ticked one by one: where a level has several, or they were before."""
    if indicator.answer_type != "level":
        return False
    several = any(len(level.criteria) > 1 for level in questionnaire.levels(indicator).values())
    return several or (shown is not None and shown.answer.checked is not None)


def _sent(indicator: Indicator, saved: Response, rungs: list[Rung], language: str) -> Sent:
    """Return the form as it is filled in by a response; a level has its criteria ticked."""
    answer = saved.answer
    chosen = str(answer.level) if answer.level is not None else answer.option or ""
    ticked = list(answer.checked or ())
    if answer.level is not None:
        reached = [rung for rung in rungs if int(rung.choice) <= answer.level]
        ticked = [code for rung in reached for code, _ in rung.criteria]
    elif answer.checked is not None and indicator.answer_type == "level":
        chosen = BY_CRITERIA
    if answer.not_applicable is not None:
        chosen = NOT_APPLICABLE
    if answer.checked == () and indicator.answer_type == "checked":
        chosen = NOTHING
    return Sent(
        choice=chosen,
        value="" if answer.value is None else i18n.typed(answer.value, language),
        values={code: i18n.typed(one, language) for code, one in (answer.values or {}).items()},
        items=dict.fromkeys(ticked, "on"),
        text=answer.text or "",
        units="\n".join(
            line_of(name, unit, language) for name, unit in (answer.units or {}).items()
        ),
        override=answer.override or "",
        dated="" if answer.dated is None else answer.dated.isoformat(),
        reason=answer.not_applicable or "",
        note=saved.note,
        revision=saved.revision,
    )


def _rungs(questionnaire: Questionnaire, indicator: Indicator, *, ticking: bool) -> list[Rung]:
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return [Rung(option.code, None, (option.text,)) for option in options]
    if indicator.answer_type != "level":
        return []
    lowest, *higher = questionnaire.levels(indicator).items()
    if not ticking:
        higher = [lowest, *higher]
        return [Rung(str(number), level.name, level.criteria) for number, level in higher]
    return [
        Rung(str(lowest[0]), lowest[1].name, lowest[1].criteria),
        *(
            Rung(str(number), level.name, (), tuple(_numbered(number, level.criteria)))
            for number, level in higher
        ),
    ]


def _numbered(level: int, criteria: Sequence[Text]) -> Iterator[tuple[str, Text]]:
    """Yield the criteria of a level by their codes: `3.2` is the second one of level 3."""
    for position, text in enumerate(criteria, start=1):
        yield f"{level}.{position}", text


def _numbers(written: dict[str, str]) -> dict[str, Decimal] | None:
    numbers = {code: i18n.number(value) for code, value in written.items()}
    given = {code: number for code, number in numbers.items() if number is not None}
    return given or None


def _date(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written) if written else None
    except ValueError:
        raise NotADateError(value=written) from None
