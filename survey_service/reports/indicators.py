"""What everybody in a cycle reached on every node and every indicator, as one table to take along."""

from collections.abc import Mapping, Sequence

from survey_service import i18n
from survey_service.analysis.standings import Standings
from survey_service.maturity.cards import NOTHING, codes, digits, exact_unit, unpacked
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.standings import index_rows
from survey_service.reports.tables import Cell, Table


def table(
    questionnaire: Questionnaire,
    standings: Standings,
    indicators: Mapping[int, bytes],
    language: str,
) -> Table:
    """Return a table with a row for each organisation, and a column for each node and indicator.

    What an organisation has not handed in, is not asked, or has not answered, is empty.

    Args:
        questionnaire: What is asked, of all kinds of organisation.
        standings: Where those who take part stand, by name.
        indicators: What every indicator of a result that stands is worth, packed, by assessment.
        language: Of names and headings.
    """
    headings, rows = index_rows(standings, questionnaire, language)
    named = [(code, questionnaire.things[code].name.in_(language)) for code in codes(questionnaire)]
    values = [
        _values(questionnaire, one.nodes, indicators.get(one.assessment or 0))
        for one in standings.rows
    ]
    return Table(
        i18n.translate("Every indicator by organisation", language),
        [*headings, *(f"{code} {name}" for code, name in named)],
        [
            [*row, *(found.get(code) for code, _ in named)]
            for row, found in zip(rows, values, strict=True)
        ],
    )


def _values(
    questionnaire: Questionnaire, nodes: bytes | None, indicators: bytes | None
) -> dict[str, Cell]:
    """Return what each node and indicator is worth; what was packed otherwise says nothing."""
    unit = digits(questionnaire)
    parts: list[tuple[Sequence[str], bytes | None]] = [
        (("", *questionnaire.all_nodes), nodes),
        (tuple(questionnaire.indicators), indicators),
    ]
    found: dict[str, Cell] = {}
    for names, packed in parts:
        width = len(names)
        blank = [NOTHING] * width
        fits = packed is not None and len(packed) == 4 * width
        units = unpacked([packed], width)[0].tolist() if packed is not None and fits else blank
        found |= {name: exact_unit(value, unit) for name, value in zip(names, units, strict=True)}
    return found
