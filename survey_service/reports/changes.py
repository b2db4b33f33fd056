"""What was changed in an assessment, and why, as a table to take along."""

from collections.abc import Iterator, Mapping, Sequence

from survey_service import i18n
from survey_service.conduct.assessment import Response
from survey_service.conduct.life import Stage
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.answers import said
from survey_service.reports.tables import Cell, Table

_STAGES: tuple[Stage, ...] = ("self", "internal", "external")


def table(
    questionnaire: Questionnaire, changed: Mapping[str, Sequence[Response]], language: str
) -> Table:
    """Return a table with each stage's score and reason beside one another.

    Args:
        questionnaire: What is asked.
        changed: By indicator code the scores that say something; see `conduct.assessment.reasoned`.
        language: Of headings, names and scores.
    """
    headings = [i18n.translate("Code", language), i18n.translate("Indicator", language)]
    why = i18n.translate("Reason", language)
    for stage in _STAGES:
        name = i18n.translate(f"stage.{stage}", language)
        headings += [name, f"{name}: {why}"]
    rows = [list(_row(questionnaire, code, scores, language)) for code, scores in changed.items()]
    return Table(i18n.translate("What was changed and why", language), headings, rows)


def _row(
    questionnaire: Questionnaire, code: str, scores: Sequence[Response], language: str
) -> Iterator[Cell]:
    indicator = questionnaire.indicators[code]
    yield code
    yield indicator.name.in_(language)
    by_stage = {one.stage: one for one in scores}
    for stage in _STAGES:
        one = by_stage.get(stage)
        yield said(questionnaire, indicator, one.answer, language).mark if one else None
        yield one.note if one else None
