"""Values brought to one scale, and combined up a tree."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec
import numpy as np
import pytest

from survey_service.analysis.composite import Floats, composite, power_mean, ranks, shown
from survey_service.analysis.structures import Fault, Rule, Structure, faults

NAN = float("nan")


def made(**said: object) -> Structure:
    return msgspec.convert(said, Structure)


def column(*values: float) -> Floats:
    return np.array(values)[:, None]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"normalise": "none"}, [2.0, 4.0, 3.0]),
        ({"normalise": "min-max"}, [0.0, 100.0, 50.0]),
        ({"normalise": "min-max", "range": [1, 5]}, [1.0, 5.0, 3.0]),
        ({"normalise": "min-max", "combine": "geometric"}, [1.0, 100.0, 50.5]),
        ({"normalise": "z-score"}, [-1.0, 1.0, 0.0]),  # 1 over a deviation of sqrt(2 / 2)
        ({"normalise": "z-score", "deviation": "population"}, [-(1.5**0.5), 1.5**0.5, 0.0]),
    ],
)
def test_values_are_brought_to_a_scale(said: dict[str, object], expected: list[float]) -> None:
    found = composite(made(indicators=["a"], **said), column(2, 4, 3))

    assert found.normalised[:, 0] == pytest.approx(expected)


def test_what_is_inverted_is_turned_round() -> None:
    inverted = [{"code": "a", "inverted": True}]

    for normalise, expected in (("min-max", [100, 0, 50]), ("z-score", [1, -1, 0])):
        found = composite(made(indicators=inverted, normalise=normalise), column(2, 4, 3))
        assert found.index == pytest.approx(expected)


@pytest.mark.parametrize(
    ("said", "values", "expected"),
    [
        # between the logarithms of 100 and 10,000 lies 1,000 in the middle
        ({"transform": "log", "lowest": 100, "highest": 10000, "normalise": "min-max"}, [50, 1000, 90000], [0, 50, 100]),
        ({"transform": "log", "normalise": "min-max"}, [1, 10, 100], [0, 50, 100]),
        ({"transform": "log1p"}, [0, 1, 3], [0, np.log(2), np.log(4)]),
        ({"highest": 18}, [12, 18, 23], [12, 18, 18]),
        ({"lowest": 0}, [-1, 0, 1], [0, 0, 1]),
        ({"mean": 10, "deviation": 5, "normalise": "z-score"}, [10, 20, 5], [0, 2, -1]),
        ({"mean": 10, "deviation": 5, "normalise": "z-score", "inverted": True}, [10, 20, 5], [0, -2, 1]),
        ({"normalise": "rank"}, [7, 9, 7], [1.5, 3, 1.5]),
        ({"normalise": "rank", "inverted": True}, [7, 9, 7], [2.5, 1, 2.5]),
        ({"normalise": "percentile"}, [7, 8, 9], [0, 50, 100]),
    ],
)  # fmt: skip
def test_a_column_may_have_ways_of_its_own(
    said: dict[str, object], values: list[float], expected: list[float]
) -> None:
    found = composite(made(indicators=[{"code": "a", **said}]), column(*values))

    assert found.normalised[:, 0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"mean": 45, "deviation": 20}, [25, 65, 45]),
        ({"mean": 45, "deviation": 20, "highest": 60}, [25, 60, 45]),
        ({"mean": 45, "deviation": 20, "lowest": 30}, [30, 65, 45]),
    ],
)
def test_z_scores_lie_where_it_is_said(said: dict[str, object], expected: list[float]) -> None:
    structure = made(indicators=["a"], normalise="z-score", z_scores=said)

    assert composite(structure, column(2, 4, 3)).index == pytest.approx(expected)


OUTLIERS = [1.0, 2, 3, 4, 5, 6, 7, 8, 90, 100]  # G1 = 1.94, G2 = 2.15; without 100, 2.94 and 8.72


@pytest.mark.parametrize(
    ("values", "most", "expected"),
    [
        ([*OUTLIERS[:8], 100], 5, [*OUTLIERS[:8], 8]),
        ([-one for one in [*OUTLIERS[:8], 100]], 5, [-one for one in [*OUTLIERS[:8], 8]]),
        ([*OUTLIERS[:8], 100], 0, [*OUTLIERS[:8], 100]),
        (OUTLIERS, 5, OUTLIERS),  # two far away make no kurtosis
        ([1, 1, 1, 1, 1, 1, 1, 1, 1000, 100], 1, [1, 1, 1, 1, 1, 1, 1, 1, 100, 100]),
        ([1, 1, 100], 5, [1, 1, 100]),
        ([3, 3, 3, 3], 5, [3, 3, 3, 3]),
    ],
)
def test_outliers_are_brought_to_the_next_value(
    values: list[float], most: int, expected: list[float]
) -> None:
    for said in ({"winsorise": most}, {"indicators": [{"code": "a", "winsorise": most}]}):
        structure = made(**{"indicators": ["a"]} | said)

        assert composite(structure, column(*values)).index.tolist() == expected


def test_it_is_said_what_an_outlier_is() -> None:
    lenient = {"skewness": 2, "kurtosis": 9}
    structure = made(indicators=["a"], winsorise=5, outliers=lenient)

    assert composite(structure, column(*OUTLIERS[:8], 100)).index[-1] == 100


def test_a_node_may_be_brought_to_the_scale_once_more() -> None:
    """As the parts of the United Nations' index of electronic government are, made of z-scores."""
    node = {"code": "A", "normalise": "min-max", "indicators": ["a", "b"]}
    structure = made(nodes=[node], normalise="z-score", range=[0, 1])

    found = composite(structure, np.array([[1.0, 2], [2, 4], [3, 9], [NAN, NAN]]))

    # z-scores -1, 0, 1 and -0.832, -0.277, 1.109: means -0.916, -0.139, 1.055
    assert found.index == pytest.approx([0, 0.39445, 1, NAN], nan_ok=True, abs=1e-5)
    level = composite(structure, np.array([[1.0, 2], [2, 1], [NAN, NAN]]))
    assert level.alike == ("A",)
    assert np.isnan(level.index).all()
    assert composite(structure, np.full((2, 2), NAN)).alike == ("a", "b", "A")


def test_a_node_may_need_another_share_of_its_children() -> None:
    nodes = [
        {"code": "A", "indicators": ["a", "b"], "present_at_least": 0},
        {"code": "B", "indicators": ["c", "d"]},
    ]
    structure = made(nodes=nodes, present_at_least=1)

    found = composite(structure, np.array([[1.0, NAN, 3, 3], [1, 1, 3, NAN]]))

    assert found.nodes[:, 0].tolist() == [1, 1]
    assert found.index == pytest.approx([2, NAN], nan_ok=True)


def test_who_has_too_little_of_all_counts_nowhere() -> None:
    structure = made(indicators=["a", "b", "c"], normalise="min-max", covered_at_least="0.66")

    found = composite(structure, np.array([[0.0, 0, 0], [2, 2, NAN], [1, 1, 4], [9, NAN, NAN]]))

    assert found.index == pytest.approx([0, 100, 200 / 3, NAN], nan_ok=True)


def test_ends_of_its_own_stand_for_those_that_occur_and_nothing_lies_beyond() -> None:
    ends = [{"code": "a", "lowest": 0, "highest": 8}]

    found = composite(made(indicators=ends, normalise="min-max"), column(2, 4, 9))

    assert found.index == pytest.approx([25, 50, 100])


@pytest.mark.parametrize("normalise", ["min-max", "z-score", "rank", "percentile"])
@pytest.mark.parametrize(
    "values", [(3, 3, 3), (3, NAN, NAN), (NAN, NAN, NAN), (0.1 + 0.2, 0.3, 0.3)]
)
def test_a_column_that_tells_nobody_apart_has_no_place_on_a_scale(
    normalise: str, values: tuple[float, ...]
) -> None:
    if normalise != "z-score" and values[0] == 0.1 + 0.2:
        values = (3.0, NAN, 3.0)

    found = composite(made(indicators=["a"], normalise=normalise), column(*values))

    assert found.alike == ("a",)
    assert np.isnan(found.index).all()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("arithmetic", (1 * 2 + 3 * 8) / 4),
        ("geometric", (2 * 8**3) ** (1 / 4)),
        ("harmonic", 4 / (1 / 2 + 3 / 8)),
    ],
)
def test_means_are_those_of_the_textbook(rule: Rule, expected: float) -> None:
    found = power_mean(np.array([[2.0], [8.0]]), np.array([1.0, 3.0]), rule)

    assert found == pytest.approx([expected])


@pytest.mark.parametrize("rule", ["arithmetic", "geometric", "harmonic"])
def test_what_is_there_shares_the_weight_of_what_is_not(rule: Rule) -> None:
    values = np.array([[4.0, NAN, NAN], [4.0, 4.0, NAN], [NAN, 9.0, 9.0]])

    found = power_mean(values, np.array([1.0, 3.0, 0.0]), rule)

    assert found == pytest.approx([4.0, 4.0, NAN], nan_ok=True)  # what weighs nothing is no value


def test_a_zero_makes_a_geometric_or_harmonic_mean_zero_and_less_makes_none() -> None:
    values = np.array([[0.0, -1.0], [5.0, 5.0]])

    for rule in ("geometric", "harmonic"):
        found = power_mean(values, np.ones(2), rule)
        assert found == pytest.approx([0.0, NAN], nan_ok=True)
    below = composite(made(indicators=["a", "b"], combine="harmonic"), values.T)
    assert below.below == ("index",)


def test_next_to_nothing_makes_a_harmonic_mean_nothing() -> None:
    assert power_mean(np.array([[1e-310], [5.0]]), np.ones(2), "harmonic").tolist() == [0]


def test_each_tier_has_its_rule_and_a_node_its_own() -> None:
    nodes = [
        {"code": "A", "indicators": ["a", "b"]},
        {"code": "B", "combine": "harmonic", "indicators": ["c", "d"]},
    ]

    found = composite(
        made(nodes=nodes, combine=["geometric", "arithmetic"]), np.array([[1.0, 3, 2, 6]])
    )

    assert found.codes == ("A", "B", "index")
    assert found.nodes[0] == pytest.approx([2, 3, 6**0.5])


def test_a_node_needs_its_share_of_children_exactly() -> None:
    structure = made(indicators=list("abcdefghij"), present_at_least="0.7")
    seven, six = ([1.0] * count + [NAN] * (10 - count) for count in (7, 6))

    found = composite(structure, np.array([seven, six]))

    assert found.index == pytest.approx([1, NAN], nan_ok=True)


def test_who_is_shown_alike_shares_the_better_rank() -> None:
    found = ranks(np.array([0.3, 0.1 + 0.2, 0.5, NAN, 0.1]))

    assert found == [2, 2, 1, None, 4]


def test_figures_are_shown_without_the_noise_of_floating_point() -> None:
    assert shown(0.1 + 0.2) == Decimal("0.3")
    assert shown(1200.0) == 1200
    assert shown(NAN) is None


SOUND = {"indicators": ["a", "b"]}


def wrong() -> Iterator[tuple[dict[str, object], str, tuple[str | int, ...]]]:
    yield {"combine": []}, "no_rule", ("combine",)
    yield {"range": [5, 5]}, "ends", ("range",)
    yield {"range": ["NaN", 5]}, "ends", ("range",)
    yield {"present_at_least": 2}, "bound", ("present_at_least",)
    yield {"present_at_least": "NaN"}, "bound", ("present_at_least",)
    yield {"indicators": []}, "nodes_or_indicators", ()
    yield {"nodes": [{"code": "A", "indicators": ["x"]}]}, "nodes_or_indicators", ()
    yield {"indicators": [{"code": "a", "weight": 1}, "b"]}, "some_weights", ("indicators",)
    yield {"indicators": [{"code": "a", "weight": 0}]}, "no_weight", ("indicators",)
    yield {"indicators": [{"code": "a", "weight": -1}]}, "bound", ("indicators",)
    yield {"indicators": ["a", "a"]}, "code_twice", ("indicators", 1)
    yield {"indicators": ["index"]}, "code_twice", ("indicators", 0)
    inverted = [{"code": "a", "inverted": True}]
    yield {"indicators": inverted}, "not_normalised", ("indicators", 0)
    ends = [{"code": "a", "lowest": 5, "highest": 1}]
    yield {"indicators": ends, "normalise": "z-score"}, "ends", ("indicators", 0)
    yield {"indicators": ends, "normalise": "min-max"}, "ends", ("indicators", 0)
    yield {"present_at_least": -1}, "bound", ("present_at_least",)
    yield {"covered_at_least": 2}, "bound", ("covered_at_least",)
    yield {"z_scores": {"deviation": 0}}, "bound", ("z_scores",)
    yield {"z_scores": {"mean": "inf"}}, "bound", ("z_scores",)
    yield {"z_scores": {"lowest": 1, "highest": 0}}, "ends", ("z_scores",)
    yield {"outliers": {"skewness": -1}}, "bound", ("outliers",)
    yield {"outliers": {"kurtosis": "NaN"}}, "bound", ("outliers",)
    for said, reason in (
        ({"weight": "1e-400"}, "bound"),
        ({"mean": 1, "deviation": 2}, "mean_and_deviation"),
        ({"mean": 1, "normalise": "z-score"}, "mean_and_deviation"),
        ({"mean": 1, "deviation": 0, "normalise": "z-score"}, "bound"),
        ({"transform": "log", "lowest": 0}, "bound"),
        ({"transform": "log1p", "lowest": -1}, "bound"),
        ({"lowest": 1, "highest": "1.00000000000000000001"}, "ends"),
        ({"lowest": "1e-300"}, "ends"),
    ):
        at = ("indicators",) if "weight" in said else ("indicators", 0)
        yield {"indicators": [{"code": "a", **said}]}, reason, at
    node = {"code": "A", "present_at_least": 3, "indicators": ["a"]}
    yield {"indicators": (), "nodes": [node]}, "bound", ("nodes", 0, "present_at_least")


@pytest.mark.parametrize(("said", "reason", "at"), list(wrong()))
def test_what_cannot_be_is_found(
    said: dict[str, object], reason: str, at: tuple[str | int, ...]
) -> None:
    found = list(faults(made(**SOUND | said)))

    assert (reason, at) in [(fault.reason, fault.at) for fault in found]


def test_what_needs_a_logarithm_says_above_what_it_must_lie() -> None:
    columns = [
        {"code": "a", "transform": "log"},
        {"code": "b", "transform": "log1p"},
        {"code": "c", "transform": "log", "lowest": 1},
        "d",
    ]
    structure = made(indicators=columns)

    assert list(faults(structure)) == []
    assert structure.above == {"a": 0, "b": -1}


def test_a_sound_structure_has_no_faults_and_says_what_is_below_what() -> None:
    nodes = [
        {"code": "A", "weight": 2, "indicators": [{"code": "a", "weight": 1}]},
        {"code": "B", "weight": 0, "indicators": ["b"]},
    ]

    assert list(faults(made(nodes=nodes))) == []
    twice = [{"code": "A", "indicators": ["a"]}, {"code": "A", "indicators": ["b"]}]
    assert list(faults(made(nodes=twice))) == [Fault(("nodes", 1), "code_twice", {"code": "A"})]
