"""How far those who judged the same agree: raw, corrected for chance, and as parts of variance.

Ratings stand in a table, shape (items, raters), `nan` where a rater gave none. What means nothing
(one rater, one item, no differences to explain) is None.

    percent agreement   the part of pairs of ratings that are equal, or their weights' sum
    weighted kappa      two raters; chance from what each of them tends to give (Cohen 1968)
    Gwet's AC           any number; chance from how evenly the categories are used (Gwet 2014)
    Krippendorff alpha  any number; observed against expected disagreement (Krippendorff 2011)
    ICC                 the part of variance that lies between items (Shrout and Fleiss 1979)

Kappa falls where one category is the usual one, however well raters agree, so that it is never shown
alone: `agreement` gives the raw figure beside Gwet's.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Weighting = Literal["identity", "linear", "quadratic"]
Metric = Literal["nominal", "ordinal", "interval"]
Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]

_TWO = 2  # raters, or items, of whom something can be told at all


class Agreement(Struct, frozen=True):
    """How two or more who judged the same agree: `items` have at least two ratings.

    `raw` is the part of pairs that are equal, `corrected` is Gwet's AC with linear weights, what is
    beyond chance; None where it means nothing.
    """

    items: int
    raw: float | None
    corrected: float | None


def agreement(ratings: Floats, categories: Sequence[float] = ()) -> Agreement:
    """Return the raw agreement with the one figure beside it that is corrected for chance.

    Args:
        ratings: Shape (items, raters).
        categories: All that could be given, ascending; those that were where it is empty.
    """
    twice = ratings[(~np.isnan(ratings)).sum(axis=1) >= _TWO]
    return Agreement(len(twice), percent_agreement(ratings), gwet(ratings, "linear", categories))


def percent_agreement(
    ratings: Floats, weighting: Weighting = "identity", categories: Sequence[float] = ()
) -> float | None:
    """Return the mean part of pairs of ratings of one item that agree; None without any pair."""
    counts, values = _counts(ratings, categories)
    return _observed(counts, _weights(values, weighting))


def weighted_kappa(
    one: Floats,
    other: Floats,
    weighting: Weighting = "quadratic",
    categories: Sequence[float] = (),
) -> float | None:
    """Return kappa of two raters over the items that both rated; Cohen's own with identity weights.

    Args:
        one: Ratings of one rater, shape (items,).
        other: Of the other one.
        weighting: What ratings that differ are worth.
        categories: All that could be given, ascending; those that were where it is empty.
    """
    both = ~(np.isnan(one) | np.isnan(other))
    values = np.array(categories or np.unique([one[both], other[both]]), float)
    if not both.any():
        return None
    places = [np.searchsorted(values, each[both]) for each in (one, other)]
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (places[0], places[1]), 1 / both.sum())
    weights = _weights(values, weighting)
    chance = float((weights * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    return _beyond(float((weights * table).sum()), chance)


def gwet(
    ratings: Floats, weighting: Weighting = "identity", categories: Sequence[float] = ()
) -> float | None:
    """Return Gwet's AC1, or with weights AC2, of any number of raters.

    Args:
        ratings: Shape (items, raters).
        weighting: What ratings that differ are worth.
        categories: All that could be given, ascending; those that were where it is empty.

    Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition.
    """
    counts, values = _counts(ratings, categories)
    weights = _weights(values, weighting)
    observed = _observed(counts, weights)
    if observed is None or len(values) < _TWO:
        return observed  # where nothing else could be given, all agree, and by no chance
    rated = counts[counts.sum(axis=1) > 0]
    use = (rated / rated.sum(axis=1, keepdims=True)).mean(axis=0)
    spread = float((use * (1 - use)).sum())
    return _beyond(observed, float(weights.sum()) * spread / (len(values) * (len(values) - 1)))


def krippendorff(ratings: Floats, metric: Metric = "nominal") -> float | None:
    """Return Krippendorff's alpha of any number of raters, who need not have rated all.

    Args:
        ratings: Shape (items, raters).
        metric: How far apart two ratings are.

    Source: Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
    """
    counts, values = _counts(ratings, ())
    paired = counts[counts.sum(axis=1) >= _TWO]
    if not len(paired):
        return None
    of_item = paired.sum(axis=1, keepdims=True)
    coincidences = (paired / (of_item - 1)).T @ paired - np.diag(
        (paired / (of_item - 1)).sum(axis=0)
    )
    use = coincidences.sum(axis=1)
    apart = _distances(values, use, metric)
    expected = float((apart * np.outer(use, use)).sum())
    if expected == 0:
        return None
    return float(1 - (use.sum() - 1) * (apart * coincidences).sum() / expected)


def icc(ratings: Floats, form: Form = "2,1") -> float | None:
    """Return the intraclass correlation over the items that all raters rated.

    Args:
        ratings: Shape (items, raters).
        form: Raters drawn anew for each item (1), drawn once (2) or these alone (3); of one rating
            or of the mean of all (k).

    Source: Shrout and Fleiss 1979.
    """
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    items, raters = whole.shape
    if items < _TWO or raters < _TWO:
        return None
    of_item, of_rater = whole.mean(axis=1, keepdims=True), whole.mean(axis=0, keepdims=True)
    between = float(raters * ((of_item - whole.mean()) ** 2).sum() / (items - 1))
    within = float(((whole - of_item) ** 2).sum() / (items * (raters - 1)))
    judges = float(items * ((of_rater - whole.mean()) ** 2).sum() / (raters - 1))
    error = float(
        ((whole - of_item - of_rater + whole.mean()) ** 2).sum() / ((items - 1) * (raters - 1))
    )
    above, below = {
        "1,1": (between - within, between + (raters - 1) * within),
        "2,1": (
            between - error,
            between + (raters - 1) * error + raters * (judges - error) / items,
        ),
        "3,1": (between - error, between + (raters - 1) * error),
        "1,k": (between - within, between),
        "2,k": (between - error, between + (judges - error) / items),
        "3,k": (between - error, between),
    }[form]
    return above / below if below > 0 else None


def _counts(ratings: Floats, categories: Sequence[float]) -> tuple[Floats, Floats]:
    """Return how many rated each item how, shape (items, categories), and the categories."""
    there = ~np.isnan(ratings)
    values = np.array(categories or np.unique(ratings[there]), float)
    counts = np.zeros((len(ratings), len(values)))
    items = np.broadcast_to(np.arange(len(ratings))[:, None], ratings.shape)[there]
    np.add.at(counts, (items, np.searchsorted(values, ratings[there])), 1.0)
    return counts, values


def _observed(counts: Floats, weights: Floats) -> float | None:
    """Return the mean part of pairs of ratings of one item that agree, by weight."""
    paired = counts[counts.sum(axis=1) >= _TWO]
    if not len(paired):
        return None
    of_item = paired.sum(axis=1)
    agreeing = (paired * (paired @ weights - 1)).sum(axis=1)
    return float((agreeing / (of_item * (of_item - 1))).mean())


def _weights(values: Floats, weighting: Weighting) -> Floats:
    """Return what two ratings are worth as an agreement, 0 to 1, by how far apart they are."""
    if weighting == "identity" or len(values) < _TWO:
        return np.eye(len(values))
    apart = np.abs(values[:, None] - values) / (values[-1] - values[0])
    weights: Floats = 1 - (apart if weighting == "linear" else apart**2)
    return weights


def _distances(values: Floats, use: Floats, metric: Metric) -> Floats:
    if metric == "nominal":
        return 1 - np.eye(len(values))
    if metric == "interval":
        return (values[:, None] - values) ** 2
    through = np.cumsum(use)
    middle = through - use / 2  # ranks: how many lie below, and half of those that tie
    return (middle[:, None] - middle) ** 2


def _beyond(observed: float, chance: float) -> float | None:
    """Return what part of the agreement that chance leaves open was reached."""
    return None if chance >= 1 else (observed - chance) / (1 - chance)
