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


def test_ends_of_its_own_stand_for_those_that_occur_and_nothing_lies_beyond() -> None:
    ends = [{"code": "a", "lowest": 0, "highest": 8}]

    found = composite(made(indicators=ends, normalise="min-max"), column(2, 4, 9))

    assert found.index == pytest.approx([25, 50, 100])


@pytest.mark.parametrize("normalise", ["min-max", "z-score"])
@pytest.mark.parametrize("values", [(3, 3, 3), (NAN, NAN, NAN), (0.1 + 0.2, 0.3, 0.3)])
def test_a_column_that_tells_nobody_apart_has_no_place_on_a_scale(
    normalise: str, values: tuple[float, ...]
) -> None:
    if normalise == "min-max" and values[0] == 0.1 + 0.2:
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
    yield {"indicators": ends, "normalise": "z-score"}, "not_normalised", ("indicators", 0)
    yield {"indicators": ends, "normalise": "min-max"}, "ends", ("indicators", 0)


@pytest.mark.parametrize(("said", "reason", "at"), list(wrong()))
def test_what_cannot_be_is_found(
    said: dict[str, object], reason: str, at: tuple[str | int, ...]
) -> None:
    found = list(faults(made(**SOUND | said)))

    assert (reason, at) in [(fault.reason, fault.at) for fault in found]


def test_a_sound_structure_has_no_faults_and_says_what_is_below_what() -> None:
    nodes = [
        {"code": "A", "weight": 2, "indicators": [{"code": "a", "weight": 1}]},
        {"code": "B", "weight": 0, "indicators": ["b"]},
    ]

    assert list(faults(made(nodes=nodes))) == []
    twice = [{"code": "A", "indicators": ["a"]}, {"code": "A", "indicators": ["b"]}]
    assert list(faults(made(nodes=twice))) == [Fault(("nodes", 1), "code_twice", {"code": "A"})]
