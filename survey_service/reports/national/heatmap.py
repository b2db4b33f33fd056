"""Every organisation with every node of a tier, or every indicator, sorted by any of them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_service import i18n
from survey_service.analysis.distributions import ordered
from survey_service.analysis.selection import KIND, Selection
from survey_service.conduct.names import in_order
from survey_service.reports.national.view import (
    Asked,
    Field,
    View,
    group_name,
    index_field,
    tier,
    value,
)
from survey_service.reports.tables import Cell

_WORDS = ("organisation", "kind", "grade")


def heatmap(selection: Selection, asked: Asked, language: str) -> View:
    """Return the view: a row for each organisation that is compared."""
    counted = selection.counted
    questionnaire = counted.questionnaire
    codes = ["", *tier(questionnaire, asked.tier)]
    fields = [
        Field("organisation", "string", i18n.translate("Organisation", language)),
        Field("kind", "string", i18n.translate("Kind", language)),
        Field("grade", "string", i18n.translate("Grade", language)),
        *(index_field(counted, code, language) for code in codes),
    ]
    order = _order(counted, asked)
    shown = order[asked.rows]
    places = [counted.places[code] for code in codes]
    grades = {grade.code: grade.name.in_(language) for grade in questionnaire.grades}
    rows: list[list[Cell]] = []
    for row in shown.tolist():
        one, graded = counted.members[row], str(counted.grades[row])
        kind = group_name(KIND, one.kind, language)
        numbers = (value(counted, unit) for unit in counted.values[row, places].tolist())
        rows.append([one.name, kind, grades.get(graded, graded) or None, *numbers])
    title = i18n.translate("Organisations and parts", language)
    links = [counted.members[row].organisation for row in shown.tolist()]
    return View("heatmap", title, fields, rows, len(order), links=links)


def sortable(codes: Sequence[str]) -> tuple[str, ...]:
    """Return by what rows can be sorted, where the view shows such codes; by "" from the highest."""
    return ("", *_WORDS, "index", *codes)


def _order(counted: Selection, asked: Asked) -> NDArray[np.intp]:
    code = "" if asked.sort in {"index", ""} else asked.sort
    if asked.sort in _WORDS:
        keys = {
            "organisation": [in_order(one.name) for one in counted.members],
            "kind": [one.kind for one in counted.members],
            "grade": counted.grades.tolist(),
        }[asked.sort]
        found = sorted(range(len(keys)), key=keys.__getitem__, reverse=asked.descending)
        return np.array(found, np.intp)
    column = counted.column(code)
    return ordered(column, descending=asked.descending or not asked.sort)
