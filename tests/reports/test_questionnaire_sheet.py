"""A questionnaire as a workbook: all that is asked, every answer with its words, and where it comes from."""

import io

import pytest
from python_calamine import CalamineWorkbook

from survey_service.library import documents, questionnaires
from survey_service.maturity.instrument import Questionnaire
from survey_service.reports.questionnaire_sheet import sheet
from tests.samples import FLAGSHIP, TINY


def _rows(questionnaire: Questionnaire, language: str, at: int = 0) -> list[list[str]]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sheet(questionnaire, language)))
    return [[str(cell) for cell in row] for row in workbook.get_sheet_by_index(at).to_python()]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_part_indicator_and_level_stands_in_it(language: str) -> None:
    flagship = questionnaires.load(documents.read_file(FLAGSHIP))

    rows = _rows(flagship, language)

    assert {row[0] for row in rows[1:]} == set(flagship.things)
    for code, indicator in flagship.indicators.items():
        own = [row for row in rows if row[0] == code]
        assert own[0][1] == indicator.name.in_(language)
        assert [row[3] for row in own[1:]] == [str(one) for one in flagship.levels(indicator)]
        said = [
            one.in_(language)
            for level in flagship.levels(indicator).values()
            for one in level.criteria
        ]
        assert all(any(words in row[4] for row in own) for words in said)


def test_every_way_to_answer_is_told() -> None:
    answers = questionnaires.load(documents.read_file(TINY / "answers.yaml"))

    rows = _rows(answers, "en")

    for code, indicator in answers.indicators.items():
        assert len([row for row in rows if row[0] == code]) > 1, (code, indicator.answer_type)


def test_where_it_comes_from_stands_on_a_sheet_of_its_own() -> None:
    flagship = questionnaires.load(documents.read_file(FLAGSHIP))

    about = _rows(flagship, "en", 1)

    assert ["Version", "2026.1"] in about
    assert any(row[1].startswith("our own instrument\nOur own instrument;") for row in about)
    assert any(row[0].startswith("Grade") for row in about)
