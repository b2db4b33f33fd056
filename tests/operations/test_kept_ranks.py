"""How far ranks can be believed, remembered."""

import numpy as np

from survey_service.analysis.robustness import robustness
from survey_service.operations.kept_ranks import KeptRanks
from tests.analysis.test_composite import made

STRUCTURE = made(indicators=["a", "b"])
VALUES = np.random.default_rng(3).uniform(1, 5, (6, 2))
INDEX = VALUES.mean(axis=1)


def test_the_same_is_drawn_once_and_whatever_differs_anew() -> None:
    kept = KeptRanks()
    once = kept.robustness(STRUCTURE, VALUES, INDEX, 7, 50)

    again = kept.robustness(STRUCTURE, VALUES.copy(), INDEX.copy(), 7, 50)
    others = [
        kept.robustness(STRUCTURE, VALUES[::-1].copy(), INDEX[::-1].copy(), 7, 50),
        kept.robustness(STRUCTURE, VALUES, INDEX, 8, 50),
        kept.robustness(STRUCTURE, VALUES, INDEX, 7, 60),
        kept.robustness(made(indicators=["b", "a"]), VALUES, INDEX, 7, 50),
    ]

    assert again is once
    assert len({id(one) for one in [once, *others]}) == 5
    plain = robustness(STRUCTURE, VALUES, INDEX, 7, 50)
    assert once.bands.tolist() == plain.bands.tolist()
    assert once.effects == plain.effects


def test_what_was_asked_for_long_ago_is_forgotten() -> None:
    kept = KeptRanks(most=2)
    first, second = (kept.robustness(STRUCTURE, VALUES, INDEX, seed, 50) for seed in (1, 2))

    kept.robustness(STRUCTURE, VALUES, INDEX, 1, 50)
    kept.robustness(STRUCTURE, VALUES, INDEX, 3, 50)

    assert kept.robustness(STRUCTURE, VALUES, INDEX, 1, 50) is first
    assert kept.robustness(STRUCTURE, VALUES, INDEX, 2, 50) is not second
