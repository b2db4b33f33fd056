"""How far evaluators who scored the same alone agree."""

import datetime as dt

from survey_service.analysis.consensus import agreement_of
from survey_service.conduct.assessment import Response
from survey_service.conduct.consensus import IndependentScore
from survey_service.maturity.answers import NOTHING, Answer
from survey_service.maturity.conditions import Profile
from tests.samples import tiny

ASKED = tiny("two_dimensions")
AT = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def scores(person: int, **levels: int | None) -> list[IndependentScore]:
    return [
        IndependentScore(
            person,
            Response(code, NOTHING if one is None else Answer(level=one), "", 1, "x", AT),
        )
        for code, one in levels.items()
    ]


def test_they_agree_where_they_gave_the_same() -> None:
    found = agreement_of(
        ASKED,
        [*scores(1, A=3, B=4, C=2, D=1, E=5), *scores(2, A=3, B=4, C=2, D=1, E=4)],
        Profile("regency"),
    )

    assert (found.items, found.raw) == (5, 0.8)
    assert found.corrected is not None
    assert 0.8 < found.corrected < 1  # one of five apart by a level of four


def test_what_one_alone_scored_or_took_back_tells_nothing() -> None:
    found = agreement_of(ASKED, [*scores(1, A=3, B=4), *scores(2, A=None)], Profile("regency"))

    assert (found.items, found.raw) == (0, None)
    assert agreement_of(ASKED, [], Profile("regency")).items == 0
