"""The version of the rules of scoring, which every stored result names."""

import hashlib
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from survey_service.maturity.answers import Answer, accept, ends
from survey_service.maturity.cards import kept
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import SCORING_VERSION, cards
from survey_service.maturity.tree import Indicator
from tests.samples import TINY, load

KNOWN = Path(__file__).with_name("scoring_versions.json")
FILES = sorted(TINY.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_are_worth_what_this_version_of_the_rules_says(path: Path) -> None:
    """Where this fails, a rule of scoring has changed: raise SCORING_VERSION and record its digests.

    Then stored results still tell by which rules they came about. `python -m
    tests.maturity.test_scoring_version` prints the digests.
    """
    known = msgspec.json.decode(KNOWN.read_bytes(), type=dict[str, dict[str, str]])

    assert _digest(load(path)) == known[str(SCORING_VERSION)][path.stem]


def _digest(questionnaire: Questionnaire) -> str:
    """Return the digest of what three sets of answers are worth, of every kind of organisation."""
    told = hashlib.sha256()
    for kind in [one.code for one in questionnaire.kinds] or [""]:
        asked, profile = questionnaire.for_kind(kind), Profile(kind, {"population": 200_000})
        for number in range(3):
            given = _answers(asked, number)
            for card in cards(questionnaire, given, profile):
                told.update(msgspec.json.encode(kept(asked, card)))
    return told.hexdigest()[:16]


def _answers(questionnaire: Questionnaire, number: int) -> dict[str, Answer]:
    """Return the same answers every time: some left out, some that do not apply."""
    found: dict[str, Answer] = {}
    for place, (code, indicator) in enumerate(questionnaire.indicators.items()):
        turn = (place + number) % 5
        if turn == 4:
            continue
        found[code] = _answer(questionnaire, indicator, turn)
        if turn == 3 and indicator.not_applicable != "forbidden":
            found[code] = Answer(not_applicable="none there")
        accept(questionnaire, code, found[code])
    return found


def _answer(questionnaire: Questionnaire, indicator: Indicator, turn: int) -> Answer:
    if indicator.answer_type == "level":
        levels = list(questionnaire.levels(indicator))
        return Answer(level=levels[turn % len(levels)])
    if indicator.answer_type == "option":
        options = questionnaire.options(indicator)
        return Answer(option=options[turn % len(options)].code)
    if indicator.number is not None:
        lowest, highest = ends(questionnaire, indicator.number)
        least, most = lowest or Decimal(0), Decimal(9) if highest is None else highest
        return Answer(value=(least + (most - least) * turn / 4).quantize(Decimal(1)))
    if indicator.ratio is not None:
        return Answer(values={one.code: Decimal(turn + 1) for one in indicator.ratio.inputs})
    if indicator.checklist:
        return Answer(checked=tuple(one.code for one in indicator.checklist[:turn]))
    return Answer(text="Words.")


if __name__ == "__main__":
    print(msgspec.json.encode({path.stem: _digest(load(path)) for path in FILES}).decode())  # noqa: T201 - for whoever records it
