"""Forms of instruments in the library: how each of them takes its parts together."""

from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import score
from tests.samples import LIBRARY, load, numbers

CAF = load(LIBRARY / "caf" / "2020.yaml")
TADAT = load(LIBRARY / "tadat" / "2019.yaml")
SIGMA = load(LIBRARY / "sigma" / "2017.yaml")


def test_caf_has_nine_criteria_of_28_sub_criteria_by_phases() -> None:
    phases = {"1.1P": 70, "1.1D": 50, "1.1C": 30, "1.1A": 10}

    card = score(CAF, numbers(**phases))

    criteria = list(CAF.nodes)
    assert [len(criteria), sum(len(node.nodes) for node in criteria)] == [9, 28]
    assert card.nodes["1.1"].index == 40
    assert card.nodes["1.1"].grade == "2"  # 31 to 50
    assert card.index is None
    assert [node.code for node in criteria if node.outcome] == ["C6", "C7", "C8", "C9"]


def test_tadat_combines_by_the_weakest_link_and_by_tables() -> None:
    letters = {"P1-1-1": "A", "P1-1-2": "C", "P5-18-1": "A", "P5-18-2": "C"}

    nodes = score(TADAT, {code: Answer(option=one) for code, one in letters.items()}).nodes

    assert len([node for top in TADAT.nodes for node in top.nodes]) == 32
    assert nodes["P1-1"].grade == "C+"
    assert nodes["P5-18"].grade == "B"  # by the table
    assert nodes["POA1"].index is None


def test_sigma_turns_points_into_values_by_a_table() -> None:
    card = score(SIGMA, numbers(**{"3.1.1-points": 50, "3.3.1-points": 84}))

    assert [card.nodes[code].index for code in ("3.1.1", "3.3.1")] == [2, 5]
    assert card.nodes["service"].index == card.index == 3.5
