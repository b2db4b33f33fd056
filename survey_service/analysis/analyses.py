"""An analysis of a composite as a whole: what it comes to, how it coheres, how far its ranks hold."""

from hashlib import sha256

from msgspec import Struct

from survey_service.analysis.coherence import Coherence, coherence
from survey_service.analysis.composite import Composite, Floats, composite
from survey_service.analysis.robustness import Robustness, robustness
from survey_service.analysis.structures import Structure


class Analysis(Struct, frozen=True):
    """What is told of a composite."""

    composite: Composite
    coherence: Coherence
    robustness: Robustness


def analysed(structure: Structure, values: Floats, seed: int, draws: int) -> Analysis:
    """Return the analysis of a composite.

    Args:
        structure: A sound one; see `structures.faults`.
        values: Of its columns in their order, shape (organisations, columns), `nan` where none.
        seed: Of the random numbers, from 0.
        draws: From 1; see `robustness.robustness`.
    """
    found = composite(structure, values)
    return Analysis(
        found,
        coherence(structure, found),
        robustness(structure, found.normalised, found.index, seed, draws),
    )


def seed_of(*contents: bytes) -> int:
    """Return the seed that follows from what is analysed, so that all come to the same figures.

    It has 48 bits, which every reader of JSON keeps.
    """
    digest = sha256(b"".join(sha256(one).digest() for one in contents)).digest()
    return int.from_bytes(digest[:6])


def seed_of_results(digest: str) -> int:
    """Return the seed of whatever is drawn of results, so that a page and a paper tell the same ranks.

    It follows from the questionnaire's digest alone: neither the way to look nor one more result
    draws anew.
    """
    return seed_of(digest.encode())
