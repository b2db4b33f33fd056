"""How far a rank can be believed."""

import numpy as np
import pytest

from survey_service.analysis import perturbation
from survey_service.analysis import robustness as module
from survey_service.analysis.analyses import seed_of
from survey_service.analysis.assumptions import filled, rules, taken
from survey_service.analysis.composite import Floats, composite, ranks
from survey_service.analysis.perturbation import Filled
from survey_service.analysis.robustness import Robustness, robustness
from survey_service.analysis.structures import Structure
from tests.analysis.test_composite import made

NAN = float("nan")
TREE = [
    {"code": "A", "weight": 2, "indicators": ["a", "b"]},
    {"code": "B", "weight": 1, "indicators": ["c", "d"]},
]


def of(structure: Structure, values: Floats, seed: int = 7, draws: int = 400) -> Robustness:
    found = composite(structure, values)
    return robustness(structure, found.normalised, found.index, seed, draws)


def some(rows: int = 12) -> Floats:
    return np.random.default_rng(3).uniform(1, 5, (rows, 4))


def test_equal_seeds_give_equal_figures_and_others_do_not() -> None:
    structure = made(nodes=TREE)

    assert_same(of(structure, some()), of(structure, some()))
    assert of(structure, some()).kept != of(structure, some(), seed=8).kept
    assert seed_of(b"a", b"b") == seed_of(b"a", b"b") != seed_of(b"ab", b"")
    assert seed_of(b"") < 2**48


def assert_same(one: Robustness, other: Robustness) -> None:
    assert one.bands.tolist() == other.bands.tolist()
    assert (one.kept, one.settled, one.effects) == (other.kept, other.settled, other.effects)


def test_who_is_better_in_everything_is_ahead_whatever_is_decided() -> None:
    values = np.array([[5.0] * 4, [3.0] * 4, [1.0] * 4])

    found = of(made(nodes=TREE), values)

    assert found.bands.tolist() == [[1, 1, 1], [2, 2, 2], [3, 3, 3]]
    assert (found.kept, found.settled) == (1, 1)
    assert found.effects == {"weights": None, "rule": None}
    assert found.agreement["harmonic"] == pytest.approx((1, 1))


def test_who_is_equal_in_everything_shares_the_rank_in_every_draw() -> None:
    found = of(made(nodes=TREE), np.full((5, 4), 3.0))

    assert found.reference.tolist() == [1] * 5
    assert (found.bands == 1).all()
    assert (found.kept, found.settled) == (None, None)
    assert found.agreement["equal_weights"] == (None, None)


def test_bands_are_as_wide_as_what_is_unsettled() -> None:
    values = np.array([[5.0, 1, 5, 1], [1.0, 4.9, 1, 5], [0.5] * 4])

    found = of(made(nodes=TREE), values)

    assert found.bands[0].tolist()[::2] == [1, 2]
    assert found.bands[2].tolist() == [3, 3, 3]
    assert found.kept is not None
    assert 0.5 < found.kept < 1


def test_bands_hold_what_a_plain_simulation_finds() -> None:
    """The same ranks, one draw at a time and by the definition, from the same random numbers."""
    structure, values = made(indicators=["a", "b", "c"]), some()[:, :3]

    found = of(structure, values, draws=4000)

    random = np.random.default_rng(11)
    drawn = []
    for _ in range(4000):
        weights = (
            random.uniform(0.75, 1.25, 3) if random.random() < 0.5 else random.dirichlet([1] * 3)
        )
        shares = weights / weights.sum()
        index = (values @ shares, np.log(values) @ shares, -((1 / values) @ shares))[
            random.integers(3)
        ]
        drawn.append([1 + int((index > one).sum()) for one in index])
    expected = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0, method="inverted_cdf").T
    assert np.abs(found.bands - expected).max() <= 1


def test_who_has_no_composite_has_no_rank_and_no_band() -> None:
    values = some(4)
    values[1] = NAN

    found = of(made(nodes=TREE), values)

    assert found.reference[1] == 0
    assert found.bands[1].tolist() == [0, 0, 0]
    assert sorted(found.reference.tolist()) == [0, 1, 2, 3]


def test_equal_weights_are_another_way_where_weights_differ() -> None:
    assert "equal_weights" in of(made(nodes=TREE), some()).agreement
    assert "equal_weights" not in of(made(indicators=["a", "b"]), some()[:, :2]).agreement


def test_of_nobody_nothing_is_told() -> None:
    found = of(made(nodes=TREE), np.full((2, 4), NAN))

    assert found.bands.tolist() == [[0, 0, 0]] * 2
    assert (found.kept, found.settled) == (None, None)
    assert found.effects["weights"] is None


def test_one_participant_is_first() -> None:
    found = of(made(indicators=["a"]), np.array([[3.0]]))

    assert found.bands.tolist() == [[1, 1, 1]]
    assert found.effects == {"rule": None}


def test_what_is_missing_is_an_assumption_where_something_is() -> None:
    values = some()
    values[0, 0] = values[3, 2:] = values[5, 1] = NAN

    found = of(made(nodes=TREE, present_at_least="0.5"), values)

    assert set(found.effects) == {"weights", "rule", "missing"}
    assert all(value is not None and 0 <= value <= 1 for value in found.effects.values())


def test_the_assumption_that_alone_decides_has_the_whole_effect() -> None:
    # whatever the mean, who is ahead here is who is better where the weight is greater
    found = of(made(indicators=["a", "b"]), np.array([[1.0, 2], [2, 1]]), draws=1000)

    assert found.effects == pytest.approx({"weights": 1, "rule": 0}, abs=0.1)
    assert found.effects["rule"] == 0


def test_who_has_only_what_weighs_little_keeps_a_composite_in_every_draw() -> None:
    indicators = [{"code": "a", "weight": "0.000001"}, {"code": "b", "weight": 1}]

    found = of(made(indicators=indicators), np.array([[2.0, NAN], [1, 9], [NAN, 1]]))

    assert (found.bands > 0).all()


def test_weights_decide_nothing_where_one_of_them_is_everything() -> None:
    indicators = [{"code": "a", "weight": 1}, {"code": "b", "weight": 0}]

    found = of(made(indicators=indicators), np.array([[2.0, NAN], [NAN, 9], [3, 1]]))

    assert found.bands.tolist() == [[2, 2, 2], [0, 0, 0], [1, 1, 1]]
    assert found.effects["weights"] is None


def test_zeros_keep_last_who_the_means_put_there() -> None:
    """Only the other ways, of which there is one of three to four here, lift them."""
    structure = made(indicators=["a", "b"], combine="geometric")
    values = np.array([[0.0, 900], [0, 800], [1, 1], [2, 2]])

    found = of(structure, values)

    assert found.reference.tolist() == [3, 3, 2, 1]
    own = taken(structure, values)
    assert own.own is values
    assert own.others.min() == 1
    scores = Filled(structure, values).scores(
        {"index": "geometric"}, [np.array([[0.3, 0.7]])], own.lines["own"]
    )
    assert ranks(scores[0]) == [3, 3, 2, 1]


def test_a_node_that_all_have_alike_by_another_mean_moves_nobody() -> None:
    nodes = [
        {"code": "A", "normalise": "min-max", "indicators": ["a"]},
        {"code": "B", "indicators": ["b"]},
    ]

    found = of(made(nodes=nodes), np.array([[5.0, 1], [5, 2], [5, 3]]))

    assert found.bands[:, 1].tolist() == [3, 2, 1]


def test_values_at_or_below_zero_are_brought_to_where_every_rule_can_take_them() -> None:
    found = of(made(indicators=["a", "b"], normalise="z-score"), some()[:, :2])

    assert (found.bands > 0).all()
    assert (of(made(indicators=["a", "b"]), np.zeros((3, 2))).bands == 1).all()


def test_the_rules_that_come_to_the_same_are_tried_once() -> None:
    assert list(rules(made(indicators=["a"]))) == ["own", "geometric", "harmonic"]
    assert list(rules(made(nodes=TREE, combine=["geometric", "arithmetic"]))) == [
        "own", "arithmetic", "geometric", "harmonic",
    ]  # fmt: skip


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("lowest", [1, 0])
@pytest.mark.parametrize(
    "combine",
    [
        ["harmonic", "geometric", "arithmetic"],
        ["geometric", "harmonic", "geometric"],
        ["arithmetic", "arithmetic", "harmonic"],
        ["geometric"],
    ],
)
def test_a_draw_with_weights_as_they_are_ranks_as_the_composite_does(
    combine: list[str], lowest: float, *, scaled: bool
) -> None:
    top = {"code": "X", "nodes": TREE, "normalise": "min-max" if scaled else "none"}
    structure = made(nodes=[top, {"code": "Y", "indicators": ["e"]}], combine=combine)
    values = np.random.default_rng(5).uniform(1, 5, (9, 5))
    values[2, 1] = values[7, 2:4] = NAN
    values[values < 2] *= lowest
    shares = [
        np.array([[float(1 if one.weight is None else one.weight) for one in branch.children]])
        for branch, _ in structure.branches.values()
    ]
    own = taken(structure, values)
    rule = {code: rule for code, (_, rule) in structure.branches.items()}

    scores = Filled(structure, own.own).scores(
        rule, [one / one.sum() for one in shares], own.lines["own"]
    )

    assert ranks(scores[0]) == ranks(composite(structure, values).index)


def test_gaps_are_filled_by_the_middle_or_the_lowest_of_the_others() -> None:
    values = np.array([[1.0, NAN], [NAN, NAN], [5, NAN], [3, NAN]])

    assert filled(values, "median")[:, 0].tolist() == [1, 3, 5, 3]
    assert filled(values, "lowest")[:, 0].tolist() == [1, 1, 5, 3]
    assert np.isnan(filled(values, "lowest")[:, 1]).all()


def test_many_pairs_are_seen_in_some_of_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    structure = made(nodes=TREE)
    whole = of(structure, some(), draws=1000)
    monkeypatch.setattr(module, "_PAIRED", 12 * 12 * 300)

    found = of(structure, some(), draws=1000)

    assert found.bands.tolist() == whole.bands.tolist()
    assert found.kept == pytest.approx(whole.kept, abs=0.05)


def test_of_very_many_some_tell_of_pairs_and_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    structure, values = made(nodes=TREE), some(40)
    values[3, 1] = values[11, 2] = NAN
    whole = of(structure, values)
    monkeypatch.setattr(module, "_SEEN", 20)

    found = of(structure, values)

    assert found.bands.tolist() == whole.bands.tolist()
    assert found.kept == pytest.approx(whole.kept, abs=0.1)
    assert found.effects == pytest.approx(whole.effects, abs=0.1)
    assert found.effects != whole.effects


def test_more_than_two_bytes_count_are_ranked_and_paired_as_few_are() -> None:
    """Of 40,000 with the same strengths as a few, the same share of pairs stays."""
    structure, values = made(indicators=["a", "b"]), some(2500)[:, :2]

    few, many = (of(structure, np.tile(values, (times, 1)), draws=20) for times in (1, 16))

    assert many.bands.max() > 2**15
    assert many.kept == pytest.approx(few.kept, abs=0.02)


def test_organisations_are_reckoned_in_parts_as_all_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    structure, values = made(nodes=TREE), some(30)
    values[3, 1] = values[11, 2:] = values[12] = NAN
    whole = of(structure, values)
    monkeypatch.setattr(perturbation, "_CLOSE", 7)

    assert_same(of(structure, values), whole)
    assert module.affordable(1000, 100_000) == 50_000
    assert module.affordable(0, 7) == 7


def test_a_node_that_is_missing_everywhere_changes_nothing_about_the_others() -> None:
    values = some(6)
    values[:, 2:] = NAN

    found = of(made(nodes=TREE), values)

    alone = composite(made(indicators=["a", "b"]), values[:, :2])
    assert found.reference.tolist() == ranks(alone.index)
    assert (found.bands > 0).all()
