"""Stored results as a composite, to ask how far the ranks of a cycle hold and whether it coheres."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct, structs

from survey_service.analysis.composite import Floats
from survey_service.analysis.questionnaire_structures import structure_of
from survey_service.analysis.structures import Branch, Column, Structure
from survey_service.maturity.cards import NOTHING, Units, digits
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Combine


class Stored(Struct, frozen=True):
    """A structure with the values of its columns, in percent of what can be reached.

    Where a mean is geometric they are as the questionnaire has them: in percent it would be another.
    `values` has a row for each organisation, `nan` where there is none. Where an index is more than
    means of indicators, the columns are the top nodes, and `by_indicators` is false.
    """

    structure: Structure
    values: Floats
    by_indicators: bool


def stored(questionnaire: Questionnaire, nodes: Units, indicators: Units) -> Stored | None:
    """Return stored results as a composite; None where the index is no mean of its nodes.

    Args:
        questionnaire: What was asked, of all kinds of organisation.
        nodes: The index and every node, shape (organisations, 1 + nodes); see `maturity.cards`.
        indicators: What every indicator is worth, shape (organisations, indicators).
    """
    found = structure_of(questionnaire)
    if isinstance(found, Structure) and not _asks_for_more(questionnaire):
        places = [list(questionnaire.indicators).index(code) for code in found.columns]
        plain = structs.replace(_plainly(found), normalise="none", range=None)
        values = _percent(questionnaire, tuple(found.columns), indicators[:, places])
        return Stored(plain, values, by_indicators=True)
    if questionnaire.combine not in {"mean", "geometric"} or questionnaire.least_share is not None:
        return None
    tops = [node for node in questionnaire.nodes if node.part_of_whole]
    all_nodes = list(questionnaire.all_nodes)
    places = [1 + all_nodes.index(node.code) for node in tops]
    structure = Structure(
        indicators=tuple(Column(node.code, node.weight) for node in tops),
        combine="arithmetic" if questionnaire.combine == "mean" else "geometric",
    )
    codes = tuple(node.code for node in tops)
    return Stored(structure, _percent(questionnaire, codes, nodes[:, places]), by_indicators=False)


def weighed(questionnaire: Questionnaire, kinds: Sequence[str]) -> Questionnaire:
    """Return a questionnaire as it weighs those that are compared: where all are of one kind, as for it.

    Where that would be told to other digits, it is left as it is.
    """
    if len(kinds) != 1 or not questionnaire.knows(kinds[0]):
        return questionnaire
    found = questionnaire.for_kind(kinds[0])
    return found if digits(found) == digits(questionnaire) else questionnaire


def _asks_for_more(questionnaire: Questionnaire) -> bool:
    """Whether percents will not do: a share counts what applies, and a zero decides a harmonic mean."""
    nodes = questionnaire.all_nodes.values()
    shares = {questionnaire.least_share, *(one.least_share for one in nodes)}
    return shares != {None} or "harmonic" in _means(questionnaire)


def _means(questionnaire: Questionnaire) -> set[Combine | None]:
    return {questionnaire.combine, *(one.combine for one in questionnaire.all_nodes.values())}


def _plainly(structure: Structure) -> Structure:
    """Return a structure whose columns are on its scale already."""
    return structs.replace(structure, nodes=tuple(_bare(one) for one in structure.nodes))


def _bare(branch: Branch) -> Branch:
    return structs.replace(
        branch,
        nodes=tuple(_bare(one) for one in branch.nodes),
        indicators=tuple(Column(one.code, one.weight) for one in branch.columns),
    )


def _percent(questionnaire: Questionnaire, codes: tuple[str, ...], values: Units) -> Floats:
    unit = Fraction(10) ** digits(questionnaire)
    if "geometric" in _means(questionnaire):
        return np.where(values == NOTHING, np.nan, values / float(unit))
    spans = [[float(end * unit) for end in questionnaire.spans[code]] for code in codes]
    lowest, highest = np.array(spans, float).reshape(-1, 2).T
    found = 100 * (values - lowest) / np.where(highest > lowest, highest - lowest, 1.0)
    return np.where(values == NOTHING, np.nan, found)
