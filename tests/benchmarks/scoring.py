"""Scoring the flagship, every indicator answered."""

from survey_service.maturity.answers import Answer
from survey_service.maturity.recommendations import recommend
from survey_service.maturity.scoring import score
from tests.benchmarks.timing import milliseconds
from tests.samples import FLAGSHIP, load

_FLAGSHIP = load(FLAGSHIP)
_ANSWERS = {
    code: Answer(level=position % 5 + 1) for position, code in enumerate(_FLAGSHIP.indicators)
}


def flagship() -> float:
    """Return the milliseconds that one score takes."""
    return milliseconds(lambda: score(_FLAGSHIP, _ANSWERS), 200)


def recommending() -> float:
    """Return the milliseconds that all recommendations take, each scored anew."""
    return milliseconds(lambda: recommend(_FLAGSHIP, _ANSWERS), 10)
