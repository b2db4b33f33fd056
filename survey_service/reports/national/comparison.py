"""One organisation among all that are compared, or two beside one another, part by part."""

from survey_service import i18n
from survey_service.analysis.distributions import distributions
from survey_service.analysis.selection import Selection
from survey_service.errors import NotFoundError
from survey_service.maturity.cards import NOTHING
from survey_service.reports.national.view import Asked, Field, View, named, value
from survey_service.reports.tables import Cell

_QUARTERS = (25, 50, 75)


def comparison(selection: Selection, asked: Asked, language: str) -> View:
    """Return the view: a row for the index and each node.

    Raises:
        NotFoundError: One of the two is not compared.
    """
    counted = selection.counted
    one = _row(counted, asked.one)
    other = _row(counted, asked.other) if asked.other else None
    codes = ["", *counted.questionnaire.all_nodes]
    places = [counted.places[code] for code in codes]
    among = distributions(counted.values[:, places], [""] * len(counted.members), _QUARTERS)
    rows: list[list[Cell]] = []
    for column, (code, place) in enumerate(zip(codes, places, strict=True)):
        own = int(counted.values[one, place])
        row: list[Cell] = [named(counted.questionnaire, code, language), value(counted, own)]
        if other is not None:
            theirs = int(counted.values[other, place])
            there = NOTHING not in {own, theirs}
            row += [value(counted, theirs), value(counted, own - theirs) if there else None]
        rows.append([*row, *(value(counted, unit) for unit in among.quantiles[0, column].tolist())])
    return View(
        "comparison",
        _title(counted, one, other, language),
        _fields(counted, one, other, language),
        rows,
        len(rows),
    )


def _row(counted: Selection, organisation: int) -> int:
    found = next(
        (row for row, one in enumerate(counted.members) if one.organisation == organisation), None
    )
    if found is None:
        raise NotFoundError(organisation=organisation)
    return found


def _title(counted: Selection, one: int, other: int | None, language: str) -> str:
    name = counted.members[one].name
    if other is None:
        count = len(counted.members)
        return i18n.translate("{name} among {count}", language, name=name, count=count)
    return i18n.translate(
        "{name} beside {other}", language, name=name, other=counted.members[other].name
    )


def _fields(counted: Selection, one: int, other: int | None, language: str) -> list[Field]:
    pair = (
        []
        if other is None
        else [
            Field("other", "number", counted.members[other].name),
            Field("difference", "number", i18n.translate("Difference", language)),
        ]
    )
    return [
        Field("part", "string", i18n.translate("Part", language)),
        Field("one", "number", counted.members[one].name),
        *pair,
        Field("lower_quartile", "number", i18n.translate("Lower quartile of all", language)),
        Field("median", "number", i18n.translate("Median of all", language)),
        Field("upper_quartile", "number", i18n.translate("Upper quartile of all", language)),
    ]
