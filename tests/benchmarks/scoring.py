"""Scoring: the flagship, the largest instrument, the whole library, and many responses at once."""

import subprocess
import sys
import time
from decimal import Decimal

from survey_service.library import questionnaires
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import score
from survey_service.maturity.scoring_many import score_many
from tests.benchmarks.timing import milliseconds
from tests.samples import FLAGSHIP, LIBRARY, load

_FLAGSHIP = load(FLAGSHIP)
_ANSWERS = {
    code: Answer(level=position % 5 + 1) for position, code in enumerate(_FLAGSHIP.indicators)
}
_FIVE = Decimal(5)
_MANY = 20_000
_ONE_BY_ONE = 500
_LOAD = """
import time
begin = time.perf_counter()
from pathlib import Path
from survey_service.library import documents, questionnaires
for path in questionnaires.files(Path("questionnaires")):
    questionnaires.load(documents.read_file(path))
print(time.perf_counter() - begin)
"""


def flagship() -> float:
    """Return the milliseconds that one score takes."""
    return milliseconds(lambda: score(_FLAGSHIP, _ANSWERS), 200)


def recommending() -> float:
    """Return the milliseconds that all recommendations take, each scored anew."""
    return milliseconds(lambda: recommend(_FLAGSHIP, _ANSWERS), 10)


def largest() -> tuple[str, float]:
    """Return the instrument with the most indicators, and the milliseconds of one score."""
    everyone = [load(path) for path in questionnaires.files(LIBRARY)]
    chosen = max(everyone, key=lambda one: len(one.indicators))
    profile = Profile(chosen.kinds[0].code if chosen.kinds else "")
    answers = _first_answers(chosen)
    return chosen.reference, milliseconds(lambda: score(chosen, answers, profile=profile), 50)


def _first_answers(questionnaire: Questionnaire) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for code, indicator in questionnaire.indicators.items():
        if indicator.answer_type == "option":
            answers[code] = Answer(option=questionnaire.options(indicator)[0].code)
        elif indicator.answer_type == "level":
            answers[code] = Answer(level=max(questionnaire.levels(indicator)))
        elif indicator.ratio is not None:
            answers[code] = Answer(values={one.code: _FIVE for one in indicator.ratio.inputs})
        else:
            answers[code] = Answer(value=_FIVE)
    return answers


def library_cold() -> float:
    """Return the seconds that a new process takes to load and check the whole library."""
    probe = [sys.executable, "-c", _LOAD]
    found = subprocess.run(probe, capture_output=True, text=True, check=True, cwd=LIBRARY.parent)
    return float(found.stdout)


def many() -> tuple[float, float]:
    """Return the assessments a second to SPBE 2020 at once, and one by one, on one core."""
    spbe = load(LIBRARY / "spbe" / "2020.59.yaml")
    codes = list(spbe.indicators)
    sets = [
        {code: Answer(level=(number * 7 + at * 3) % 5 + 1) for at, code in enumerate(codes)}
        for number in range(_MANY)
    ]
    begin = time.perf_counter()
    score_many(spbe, sets)
    together = _MANY / (time.perf_counter() - begin)
    begin = time.perf_counter()
    for answers in sets[:_ONE_BY_ONE]:
        score(spbe, answers)
    return together, _ONE_BY_ONE / (time.perf_counter() - begin)
