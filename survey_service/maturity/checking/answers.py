"""What is wrong with what indicators ask: their levels, options, numbers, ratios and lists."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from survey_service.maturity.answer_types import External, Level, Number, Option, Ratio
from survey_service.maturity.checking.findings import Finding, Place, error, indicators, warning
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with indicators and what they share."""
    for path, indicator in indicators(questionnaire):
        yield from _indicator(questionnaire, indicator, path)
    shared = questionnaire.indicators.values()
    for position, ladder in enumerate(questionnaire.ladders):
        path = ("ladders", position, "levels")
        used = [indicator for indicator in shared if indicator.ladder == ladder.code]
        yield from _levels(questionnaire, ladder.levels, path, ladder.code, used)
    for position, choice in enumerate(questionnaire.choices):
        path = ("choices", position, "options")
        used = [indicator for indicator in shared if indicator.choice == choice.code]
        yield from _options(questionnaire, choice.options, path, choice.code, used)
    yield from _criteria(questionnaire)


def _indicator(
    questionnaire: Questionnaire, indicator: Indicator, path: Place
) -> Iterator[Finding]:
    code = indicator.code
    lists = (indicator.levels, indicator.options, indicator.checklist)
    single = (indicator.ladder, indicator.choice, indicator.number, indicator.ratio, indicator.text)
    if sum(map(bool, lists)) + sum(one is not None for one in single) != 1:
        yield error("one_kind", *path, "code", indicator=code)
        return
    if indicator.levels:
        yield from _levels(questionnaire, indicator.levels, (*path, "levels"), code, [indicator])
    yield from _options(questionnaire, indicator.options, (*path, "options"), code, [indicator])
    yield from _checklist(indicator, (*path, "checklist"))
    if indicator.number is not None:
        yield from _number(questionnaire, indicator, indicator.number, (*path, "number"))
    if indicator.ratio is not None:
        yield from _ratio(indicator.ratio, (*path, "ratio"), code)
    if indicator.progress == "partial" and indicator.answer_type != "level":
        yield error("progress", *path, "progress", indicator=code)
    if indicator.units is not None and indicator.answer_type not in {"level", "option", "value"}:
        yield error("units_kind", *path, "units", indicator=code)
    yield from _absent(questionnaire, indicator, path)
    if indicator.external is not None:
        yield from _external(questionnaire, indicator.external, (*path, "external"), code)


def _absent(questionnaire: Questionnaire, indicator: Indicator, path: Place) -> Iterator[Finding]:
    """Find what does not apply and counts as a value that is not there, or lies beyond the others."""
    value = indicator.not_applicable_value
    if (value is not None) != (indicator.not_applicable == "value"):
        yield error("absent_value", *path, "not_applicable", indicator=indicator.code)
        return
    lowest, highest = _bounds(questionnaire, [indicator])
    if value is not None and not lowest <= value <= highest:
        yield error("absent_beyond", *path, "not_applicable_value", indicator=indicator.code)


def _checklist(indicator: Indicator, path: Place) -> Iterator[Finding]:
    yield from _codes([item.code for item in indicator.checklist], path)
    for position, item in enumerate(indicator.checklist):
        if item.weight <= 0:
            yield error("item_weight", *path, position, "weight", indicator=indicator.code)


def _external(
    questionnaire: Questionnaire, external: External, path: Place, code: str
) -> Iterator[Finding]:
    scale, fallback = questionnaire.scale, external.fallback
    if fallback is not None and not scale.lowest <= fallback <= scale.highest:
        yield error("fallback_beyond", *path, "fallback", indicator=code)


def _bounds(questionnaire: Questionnaire, used: Sequence[Indicator]) -> tuple[Decimal, Decimal]:
    """Return the ends of the values of indicators: of the scale, or of what they are out of."""
    for indicator in used:
        if indicator.out_of is not None:
            return Decimal(0), indicator.out_of
    return questionnaire.scale.lowest, questionnaire.scale.highest


def _levels(
    questionnaire: Questionnaire,
    levels: Sequence[Level],
    path: Place,
    code: str,
    used: Sequence[Indicator],
) -> Iterator[Finding]:
    scale = questionnaire.scale
    valued = [level.value for level in levels if level.value is not None]
    wanted = scale.highest - scale.lowest + 1
    if valued:
        yield from _level_values(levels, path, code, _bounds(questionnaire, used))
    elif scale.lowest != int(scale.lowest):
        yield error("level_numbers", *path, indicator=code, lowest=scale.lowest)
    elif len(levels) != wanted:
        yield error("level_count", *path, indicator=code, found=len(levels), expected=wanted)
    for position, level in enumerate(levels):
        if not level.criteria:
            yield error("level_criteria", *path, position, indicator=code)
    if levels[0].step is not None:
        yield error("step_to_lowest", *path, 0, "step", indicator=code)


def _level_values(
    levels: Sequence[Level], path: Place, code: str, bounds: tuple[Decimal, Decimal]
) -> Iterator[Finding]:
    lowest, highest = bounds
    values = [level.value for level in levels]
    for position, value in enumerate(values):
        at = (*path, position)
        if value is None:
            yield error("level_value", *at, indicator=code)
        elif not lowest <= value <= highest:
            yield error("level_beyond", *at, "value", indicator=code)
        elif position and (before := values[position - 1]) is not None and before >= value:
            yield error("level_order", *at, "value", indicator=code)


def _options(
    questionnaire: Questionnaire,
    options: Sequence[Option],
    path: Place,
    code: str,
    used: Sequence[Indicator],
) -> Iterator[Finding]:
    lowest, highest = _bounds(questionnaire, used)
    for position, option in enumerate(options):
        if not lowest <= option.value <= highest:
            at = (*path, position, "value")
            yield error("option_beyond", *at, indicator=code, option=option.code)
    yield from _codes([option.code for option in options], path)


def _codes(codes: Sequence[str], path: Place) -> Iterator[Finding]:
    for position, code in enumerate(codes):
        if code in codes[:position]:
            yield error("code_reused", *path, position, "code", used=code)


def _number(
    questionnaire: Questionnaire, indicator: Indicator, number: Number, path: Place
) -> Iterator[Finding]:
    scale, code = questionnaire.scale, indicator.code
    lowest = scale.lowest if number.lowest is None else number.lowest
    highest = scale.highest if number.highest is None else number.highest
    if number.over == "scale" and lowest >= highest:
        yield error("number_ends", *path, indicator=code, lowest=lowest, highest=highest)
    yield from _target(number, path, code, (lowest, highest))
    yield from _placed(number, path, code)
    least, most = _bounds(questionnaire, [indicator])
    for position, band in enumerate(number.bands):
        if not least <= band.value <= most:
            yield error("band_beyond", *path, "bands", position, "is", indicator=code)


def _target(
    number: Number, path: Place, code: str, ends: tuple[Decimal, Decimal]
) -> Iterator[Finding]:
    """Find a target that lies beyond the ends, or beside another way to tell what is best."""
    target = number.target
    if target is None:
        return
    if number.inverted or number.bands:
        yield error("target_beside", *path, "target", indicator=code)
    given = ends if number.over == "scale" else (number.lowest, number.highest)
    lowest, highest = given
    if (lowest is not None and target < lowest) or (highest is not None and target > highest):
        yield error("target_beyond", *path, "target", indicator=code, target=target)


def _placed(number: Number, path: Place, code: str) -> Iterator[Finding]:
    """Find a number that is to be placed among others, and says something else as well."""
    if number.by == "ends":
        return
    beside = (number.lowest, number.highest, number.target, number.beyond)
    is_alone = number.over == "population" and not number.bands
    if not is_alone or any(one is not None for one in beside):
        yield error("number_by", *path, "by", indicator=code, by=number.by)
    if number.deviations <= 0:
        yield error("number_deviations", *path, "deviations", indicator=code)


def _ratio(ratio: Ratio, path: Place, code: str) -> Iterator[Finding]:
    inputs = [one.code for one in ratio.inputs]
    yield from _codes(inputs, (*path, "inputs"))
    for key, codes in (("part", ratio.part), ("whole", ratio.whole)):
        for position, one in enumerate(codes):
            if one not in inputs:
                yield error("unknown_input", *path, key, position, indicator=code, reference=one)
    if ratio.zero is None:
        yield error("ratio_zero", *path, indicator=code)
    if ratio.cap != 1:
        yield warning("ratio_cap", *path, "cap", indicator=code, cap=ratio.cap)


def _criteria(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find criteria that two levels share: a reader could not tell the levels apart."""
    first: dict[str, str] = {}
    for path, indicator in indicators(questionnaire):
        for number, level in enumerate(indicator.levels):
            for position, criterion in enumerate(level.criteria):
                at = (*path, "levels", number, "criteria", position)
                for text in {criterion.id, criterion.en}:
                    if text in first:
                        details = {"indicator": indicator.code, "other": first[text]}
                        yield warning("criteria_shared", *at, **details)
                    first.setdefault(text, indicator.code)
