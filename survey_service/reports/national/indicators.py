"""Which indicators are strong nationally and which are weak, and how many stand at which level."""

from decimal import Decimal

from survey_service import i18n
from survey_service.analysis.distributions import strengths
from survey_service.analysis.national import bounds
from survey_service.analysis.national import steps as steps_of
from survey_service.analysis.selection import PERCENT, Selection
from survey_service.maturity.instrument import Scale
from survey_service.reports.charts.bars import Bar, bars
from survey_service.reports.national.view import Asked, Field, View, named, percent_field, rounded
from survey_service.reports.tables import Cell

DRAWN = 10  # at each end
_DIGITS = 1


def indicators(selection: Selection, _asked: Asked, language: str) -> View:
    """Return the view: a row for each indicator, from the weakest to the strongest."""
    counted, questionnaire = selection.counted, selection.questionnaire
    codes = tuple(questionnaire.indicators)
    steps = steps_of(questionnaire)
    values = counted.reached(codes)
    found = strengths(codes, values, [(0, PERCENT)] * len(codes), bounds(steps))[::-1]
    rows: list[list[Cell]] = [
        [
            one.code,
            named(questionnaire, one.code, language),
            named(questionnaire, questionnaire.parents[one.code].code, language),
            one.count,
            _percent(one.reached.numerator, one.reached.denominator),
            *one.levels,
        ]
        for one in found
    ]
    title = i18n.translate("Weakest and strongest indicators", language)
    fields = [
        Field("indicator", "string", i18n.translate("Code", language)),
        Field("name", "string", i18n.translate("Indicator", language)),
        Field("part", "string", i18n.translate("Part", language)),
        Field("count", "integer", i18n.translate("Answered", language)),
        percent_field(
            "reached",
            i18n.translate("Reached, in percent", language),
            (Decimal(0), Decimal(100)),
        ),
        *(
            Field(
                f"from_{100 * step // steps}", "integer", _level(selection, step, steps, language)
            )
            for step in range(steps + 1)
        ),
    ]
    return View("indicators", title, fields, rows, len(rows), _drawn(rows, title, language))


def _level(selection: Selection, step: int, steps: int, language: str) -> str:
    scale = selection.questionnaire.scale
    if selection.questionnaire.points or steps != scale.highest - scale.lowest:
        return i18n.translate("from {percent} %", language, percent=100 * step // steps)
    return i18n.translate("level {level}", language, level=int(scale.lowest) + step)


def _percent(part: int, whole: int) -> Decimal:
    return rounded(Decimal(100) * part / whole, _DIGITS)


def _drawn(rows: list[list[Cell]], title: str, language: str) -> str:
    ends = rows if len(rows) <= 2 * DRAWN else rows[:DRAWN] + rows[-DRAWN:]
    found = [
        Bar(f"{row[0]} {row[1]}", row[4], 0, None, _DIGITS)
        for row in ends
        if isinstance(row[4], Decimal)
    ]
    ends_ = Scale(Decimal(0), Decimal(100))
    parts = (found[start : start + DRAWN] for start in range(0, len(found), DRAWN))
    return "".join(bars(part, ends_, title, language) for part in parts)  # each fits on a sheet
