"""An answer in words, for reports and pages."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.maturity.answers import NOTHING, UNREADABLE, Answer, Given
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.recommendations import Recommendation
from survey_service.maturity.tree import Indicator
from survey_service.maturity.values import climbed

SHORT = 700  # letters that fit on a third of a page: a row of no more of them is kept in one piece


class Said(Struct, frozen=True):
    """An answer: its `mark` (the level's number, the option's code, the value), and what it means.

    `name` is the level's, where the instrument names levels, and empty otherwise.
    """

    mark: str
    name: str
    meaning: tuple[str, ...]


class Advice(Struct, frozen=True):
    """A recommendation in words: the step from what is there now to what would be.

    `asked` is what each of its answers says, of which the last is `then`.
    """

    item: Recommendation
    now: Said
    asked: tuple[Said, ...]

    @property
    def then(self) -> Said:
        """What would be."""
        return self.asked[-1]


def said(
    questionnaire: Questionnaire, indicator: Indicator, answer: Answer | None, language: str
) -> Said:
    """Return what an answer says; None is an indicator not yet answered, as is one taken back."""
    if answer is None or answer == NOTHING:
        return Said(i18n.NOTHING, "", tuple(_unanswered(indicator, language)))
    if answer == UNREADABLE:
        return Said(i18n.translate("damaged", language), "", ())
    if answer.units is None:
        return _dated(_said(questionnaire, indicator, answer, language), answer, language)
    units = tuple(
        f"{name}: {_said(questionnaire, indicator, unit, language).mark}"
        for name, unit in answer.units.items()
    )
    if not answer.given:
        count = i18n.translate("{count} units", language, count=len(units))
        return Said(count, "", units)
    overriding = _said(questionnaire, indicator, answer, language)
    reason = i18n.translate(
        "Instead of the units: {reason}", language, reason=answer.override or ""
    )
    return Said(overriding.mark, overriding.name, (*overriding.meaning, reason, *units))


def advice(
    questionnaire: Questionnaire, recommendations: Sequence[Recommendation], language: str
) -> list[Advice]:
    """Return recommendations with both answers in words."""
    return [
        Advice(
            item,
            said(questionnaire, item.indicator, item.before, language),
            tuple(
                said(questionnaire, item.indicator, one, language)
                for one in (*item.way, item.after)
            ),
        )
        for item in recommendations
    ]


def _unanswered(indicator: Indicator, language: str) -> Iterator[str]:
    if indicator.external is None:
        yield i18n.translate("Not answered", language)
        return
    source = indicator.external.source.in_(language)
    yield i18n.translate("Not yet supplied: {source}", language, source=source)
    if indicator.external.fallback is not None:
        value = indicator.external.fallback
        yield i18n.translate("Counted as {value} until it is", language, value=value)


def _dated(answered: Said, answer: Answer, language: str) -> Said:
    if answer.dated is None:
        return answered
    as_of = i18n.translate("As of {date}", language, date=i18n.day(answer.dated, language))
    return Said(answered.mark, answered.name, (*answered.meaning, as_of))


def _said(questionnaire: Questionnaire, indicator: Indicator, answer: Given, language: str) -> Said:
    if answer.not_applicable is not None:
        reason = answer.not_applicable
        words = i18n.translate("Not applicable: {reason}", language, reason=reason)
        return Said(i18n.NOTHING, "", (words,))
    if answer.level is not None:
        level = questionnaire.levels(indicator)[answer.level]
        name = level.name.in_(language) if level.name else ""
        return Said(str(answer.level), name, tuple(one.in_(language) for one in level.criteria))
    if answer.option is not None:
        option = questionnaire.option(indicator, answer.option)
        return Said(answer.option, "", (option.text.in_(language),) if option else ())
    if answer.text is not None:
        return Said("✎", "", tuple(answer.text.splitlines()))
    return _entered(questionnaire, indicator, answer, language)


def _entered(
    questionnaire: Questionnaire, indicator: Indicator, answer: Given, language: str
) -> Said:
    """Return what numbers and ticks say."""
    if answer.values is not None and indicator.ratio is not None:
        numbers = tuple(
            f"{one.name.in_(language)}: {i18n.decimal(answer.values[one.code], language, exact=True)}"
            for one in indicator.ratio.inputs
        )
        ratio = indicator.ratio
        part, whole = (
            sum(answer.values[code] for code in codes) for codes in (ratio.part, ratio.whole)
        )
        share = f"{i18n.decimal(100 * part / whole, language, 1)} %" if whole else i18n.NOTHING
        return Said(share, "", numbers)
    if answer.checked is not None:
        texts = _ticks(questionnaire, indicator, language)
        ticked = tuple(texts[code] for code in answer.checked)
        if indicator.answer_type != "level":
            return Said(f"{len(ticked)}/{len(texts)}", "", ticked)
        number, _ = climbed(questionnaire, indicator, answer.checked)
        name = questionnaire.levels(indicator)[number].name
        return Said(str(number), name.in_(language) if name else "", ticked)
    return Said(i18n.decimal(answer.value, language, exact=True), "", ())


def _ticks(questionnaire: Questionnaire, indicator: Indicator, language: str) -> dict[str, str]:
    """Return what can be ticked, in words: the items of a checklist, or the criteria of levels."""
    if indicator.checklist:
        return {item.code: item.text.in_(language) for item in indicator.checklist}
    return {
        f"{number}.{position}": criterion.in_(language)
        for number, level in list(questionnaire.levels(indicator).items())[1:]
        for position, criterion in enumerate(level.criteria, start=1)
    }
