"""What tests share: tiny questionnaires, answers, and always the same few people."""

import csv
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from survey_service.library import documents, questionnaires
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire

ROOT = Path(__file__).parents[1]
TINY = Path(__file__).with_name("questionnaires")
LIBRARY = ROOT / "questionnaires"
FLAGSHIP = LIBRARY / "asn-maturity" / "2026.1.yaml"
SPBE = LIBRARY / "spbe" / "2018.5.yaml"

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is the same on either engine, and takes long."""

HERE = "http://127.0.0.1"
PASSWORD = "correct horse battery"

_TEN = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
ENDLESS = "".join(f"{_TEN}.all({name}, " for name in "abcdef") + "a + b + c > 0" + ")" * 6
"""A condition that looks a million times, which is longer than CEL lets it."""


def tiny(name: str) -> Questionnaire:
    return load(TINY / f"{name}.yaml")


def load(path: Path) -> Questionnaire:
    return questionnaires.load(documents.read_file(path))


def levels(**given: int) -> dict[str, Answer]:
    return {code: Answer(level=level) for code, level in given.items()}


def given(**answers: object) -> dict[str, Answer]:
    """Return answers as a response file writes them: `given(A={"level": 3})`."""
    return msgspec.convert(answers, dict[str, Answer])


def numbers(**values: str | int) -> dict[str, Answer]:
    return {code: Answer(value=Decimal(value)) for code, value in values.items()}


def denpasar(column: str) -> dict[str, Answer]:
    """Return Kota Denpasar's levels of 2018 by indicator: `external_level` or `self_level`."""
    with (TINY.parent / "maturity" / "denpasar_2018.csv").open() as rows:
        return {row["indicator"]: Answer(level=int(row[column])) for row in csv.DictReader(rows)}
