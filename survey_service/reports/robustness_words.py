"""How far ranks can be believed, in words: the same on a page, in a paper and on the command line."""

from decimal import Decimal

from survey_service.analysis.perturbation import Assumption
from survey_service.analysis.robustness import Robustness
from survey_service.i18n import decimal, translate


def order_kept(found: Robustness, language: str) -> str | None:
    """Return how many pairs keep their order; None where nothing tells any apart."""
    if found.kept is None or found.settled is None:
        return None
    return translate(
        "Of all pairs, {kept} % keep their order on average, and {settled} % nearly always.",
        language,
        kept=decimal(Decimal(repr(100 * found.kept)), language, 1),
        settled=decimal(Decimal(repr(100 * found.settled)), language, 1),
    )


def assumption(one: Assumption, language: str) -> str:
    """Return what an assumption is called."""
    return {
        "weights": translate("the weights", language),
        "rule": translate("how values are combined", language),
        "missing": translate("what is done with missing values", language),
    }[one]


def way(one: str, language: str) -> str:
    """Return what another way to weight or to combine is called."""
    return {
        "equal_weights": translate("equal weights", language),
        "arithmetic": translate("arithmetic means", language),
        "geometric": translate("geometric means", language),
        "harmonic": translate("harmonic means", language),
        "mixed": translate("geometric means of arithmetic ones", language),
    }[one]


def drawn_from(found: Robustness, language: str) -> str:
    """Return from which seed the draws come: whoever draws again comes to the same."""
    return translate(
        "Seed {seed}, {draws} draws: the same seed gives the same figures.",
        language,
        seed=str(found.seed),
        draws=number_of_draws(found, language),
    )


def number_of_draws(found: Robustness, language: str) -> str:
    """Return how often was drawn."""
    return decimal(Decimal(found.draws), language, exact=True)
