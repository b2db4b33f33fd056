"""Published results of international indices, recomputed from their published inputs.

`blavatnik_2024.csv`, `oecd_dgi_2023.csv` and `wjp_2023.csv` restate what their publishers published of
the countries named; `asem_2019.csv` what COINr's example data has of four of the 51 units, with the ends
of all 51, and `asem_2019_expected.csv` what COINr makes of them.
"""

import csv
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import pytest

from survey_service.maturity.answer_types import Number
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.population import Compared
from survey_service.maturity.rules import Combine
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.tree import Indicator, Node
from tests.samples import LIBRARY, load
from tests.strategies import NAME

BLAVATNIK = load(LIBRARY / "blavatnik" / "2024.yaml")
DGI = load(LIBRARY / "oecd-dgi" / "2023.yaml")
WJP = load(LIBRARY / "wjp" / "2023.yaml")


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(f"{name}.csv").open() as rows:
        return list(csv.DictReader(rows))


def _column(name: str, column: str) -> dict[str, Decimal]:
    """Return what a column says, by code, where it says something."""
    return {row["code"]: Decimal(row[column]) for row in _rows(name) if row[column]}


def _answers(questionnaire: Questionnaire, said: dict[str, Decimal]) -> dict[str, Answer]:
    return {code: Answer(value=said[code]) for code in questionnaire.indicators if code in said}


def _index(card: Card, code: str) -> Decimal | None:
    return card.index if code.lower() == "index" else card.nodes[code].index


@pytest.mark.parametrize("country", ["SGP", "IDN", "KHM"])
def test_blavatnik_comes_out_in_every_tier(country: str) -> None:
    """Of all 120 countries, the index does, and 6,096 of 6,098 scores."""
    said = _column("blavatnik_2024", country)

    card = score(BLAVATNIK, _answers(BLAVATNIK, said))

    published = {code: value for code, value in said.items() if code not in BLAVATNIK.indicators}
    assert len(published) > 40
    assert {code: _index(card, code) for code in published} == published


@pytest.mark.parametrize("row", _rows("oecd_dgi_2023"), ids=lambda row: row["country"])
def test_the_oecd_index_is_the_mean_of_six_dimensions(row: dict[str, str]) -> None:
    answers = {
        f"{code}-value": Answer(value=Decimal(row[code])) for code in DGI.all_nodes if row[code]
    }

    index = score(DGI, answers).index

    assert index is not None
    assert abs(index - Decimal(row["index"])) <= Decimal("0.001")  # of values that were rounded


@pytest.mark.parametrize("year", ["Indonesia_2023", "Indonesia_2022", "Denmark_2023"])
def test_the_rule_of_law_index_is_a_mean_of_means(year: str) -> None:
    said = _column("wjp_2023", year)

    card = score(WJP, _answers(WJP, said))

    for code in ("index", *WJP.all_nodes):
        index = _index(card, code)
        assert index is not None
        assert abs(index - said[code]) < Decimal("1e-7"), code


def _asem(rule: Combine, least_share: Decimal | None) -> Questionnaire:
    """Return COINr's example: indices of two sides, from 1 to 100, each of groups of numbers."""
    tops = []
    for above, rows in groupby(_rows("asem_2019"), key=lambda row: row["above"]):
        groups = [
            Node(
                group,
                NAME,
                indicators=tuple(
                    Indicator(
                        one["code"],
                        NAME,
                        number=Number(8, over="population", inverted=bool(one["inverted"])),
                    )
                    for one in members
                ),
            )
            for group, members in groupby(rows, key=lambda row: row["node"])
        ]
        tops.append(Node(above, NAME, nodes=tuple(groups)))
    scale = Scale(Decimal(1), Decimal(100))
    return Questionnaire(
        "asem", "1", NAME, tuple(tops), scale=scale, combine=rule, least_share=least_share
    )


@pytest.mark.parametrize("unit", ["IDN", "LAO", "BRN", "MMR"])
@pytest.mark.parametrize(
    ("method", "rule", "least_share"),
    [("hmean", "harmonic", None), ("thresh", "mean", Decimal("0.7"))],
)
def test_asem_comes_out_by_harmonic_means_and_by_a_threshold(
    unit: str, method: str, rule: Combine, least_share: Decimal | None
) -> None:
    """Of all 51 units, all 561 values do, to the digits in which the inputs are given."""
    asem = _asem(rule, least_share)
    population = {
        row["code"]: Compared.of([Decimal(row["lowest"]), Decimal(row["highest"])])
        for row in _rows("asem_2019")
    }

    card = score(asem, _answers(asem, _column("asem_2019", unit)), population=population)

    for row in _rows("asem_2019_expected"):
        if row["method"] == method:
            index = _index(card, row["code"])
            assert (index is None) == (row[unit] == ""), row["code"]
            assert index is None or abs(index - Decimal(row[unit])) < Decimal("1e-6"), row["code"]
