"""The method in words: a report tells of every rule that its questionnaire uses."""

from decimal import Decimal

import pytest
from msgspec import structs

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine
from survey_service.reports.method import method
from tests.samples import tiny


def _words(questionnaire: Questionnaire) -> str:
    return " ".join(method(questionnaire, "en"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("harmonic", "one low value weighs most: the index and all its parts."),
        ("combining", "one low value weighs more: Geometric mean."),
        ("combining", "the lowest of what they consist of: Minimum."),
        ("combining", "and 0.5 more where something else is higher: Weakest link."),
        ("combining", "A table of the questionnaire says what these are worth: Table."),
        ("combining", "There is no index of the whole."),
        ("conversions", "turn the value of these into another one"),
        ("flat", "only shown: the index."),
        ("least_share", "A part has no value where less than 60 per cent"),
        ("least_share", "Lenient has no value where less than 30 per cent"),
        ("not_applicable", "they count as the lowest answer: B."),
        ("absent", "they count as the highest answer: A, D."),
        ("absent", "they count as a value that the questionnaire sets: B, C."),
        ("beyond", "Beyond an end, these count as the end: Open."),
        ("target", "best at a target, and worth less the nearer they are to either end: Staff"),
        ("population", "between the lowest and the highest number of all organisations compared"),
        ("placed", "standard deviations they lie from the mean"),
        ("placed", "by their rank among all organisations compared: Rank, Rank turned."),
        ("placed", "by the share of all organisations compared that they surpass: Percentile,"),
        ("binary", "the mean of 0.54 and 0.57 is then a little less than 0.555"),
        ("two_dimensions", "Nothing is rounded before it is shown."),
    ],
)
def test_every_rule_is_told(name: str, said: str) -> None:
    assert said in _words(tiny(name))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("minimum", "the lowest of what they consist of: the index"),
        ("geometric", "one low value weighs more: the index"),
    ],
)
def test_the_rule_of_the_whole_is_told(rule: Combine, said: str) -> None:
    assert said in _words(structs.replace(tiny("two_dimensions"), combine=rule))


def test_what_is_not_used_is_not_told() -> None:
    plain = _words(tiny("two_dimensions"))

    assert not [word for word in ("geometric", "harmonic", "compared", "per cent") if word in plain]


def test_of_many_names_some_are_counted() -> None:
    flat = tiny("flat")
    long, short = flat.nodes
    many = tuple(
        structs.replace(
            long.indicators[0], code=f"A{n}", not_applicable="lowest", weight=Decimal(1)
        )
        for n in range(9)
    )

    told = _words(structs.replace(flat, nodes=(structs.replace(long, indicators=many), short)))

    assert "they count as the lowest answer: A, A, A, A, A, A and 3 more." in told
