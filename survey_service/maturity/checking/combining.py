"""What is wrong with how nodes come from what is below them."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from survey_service.maturity.checking import lookups
from survey_service.maturity.checking.extremes import values
from survey_service.maturity.checking.findings import Finding, Place, error, nodes, warning
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.tree import Node

_OF_POSITIVES = {"geometric", "harmonic"}
_ADDS = {"mean", "flat"}


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with rules of combining, and with their tables."""
    whole: tuple[Place, Node | None] = ((), None)
    for path, node in chain([whole], nodes(questionnaire)):
        yield from _lookup(questionnaire, node, path)
        yield from _bonus(questionnaire, node, path)
        yield from _negative(questionnaire, node, path)
        yield from _flat(questionnaire, node, path)
        yield from _share(node.least_share if node else questionnaire.least_share, path)
    yield from lookups.findings(questionnaire)


def _name(questionnaire: Questionnaire, node: Node | None) -> str:
    return questionnaire.code if node is None else node.code


def _lookup(questionnaire: Questionnaire, node: Node | None, path: Place) -> Iterator[Finding]:
    is_looked_up = questionnaire.rule(node) == "lookup"
    if is_looked_up != (node is not None and node.lookup is not None):
        key = "combine" if node is None else "code"
        yield error("lookup_missing", *path, key, node=_name(questionnaire, node))


def _bonus(questionnaire: Questionnaire, node: Node | None, path: Place) -> Iterator[Finding]:
    rule, children = (
        questionnaire.rule(node),
        questionnaire.nodes if node is None else node.children,
    )
    is_added = any(child.bonus for child in children)
    if is_added and (rule not in _ADDS or (rule == "flat" and isinstance(children[0], Node))):
        yield error("bonus_without_mean", *path, "combine", node=_name(questionnaire, node))
    if node is not None and all(child.bonus for child in children):
        yield error("bonus_only", *path, "code", node=node.code)


def _negative(questionnaire: Questionnaire, node: Node | None, path: Place) -> Iterator[Finding]:
    """Find a mean that is of positive numbers alone, over what can be less than nothing."""
    if questionnaire.rule(node) not in _OF_POSITIVES:
        return
    children = questionnaire.nodes if node is None else node.children
    least = min((values(questionnaire, child)[0] for child in children), default=Fraction(0))
    if least < 0:
        name = _name(questionnaire, node)
        yield error("mean_of_negatives", *path, "combine", node=name, lowest=exact(least))


def _flat(questionnaire: Questionnaire, node: Node | None, path: Place) -> Iterator[Finding]:
    """Find what a flat mean passes over in silence."""
    if questionnaire.rule(node) != "flat":
        return
    name = _name(questionnaire, node)
    if questionnaire.points:
        yield error("flat_points", *path, "combine", node=name)
    for child in questionnaire.nodes if node is None else node.nodes:
        for _, section in child.walk():
            details = {"node": name, "section": section.code}
            if section.weight is not None or section.by_kind:
                yield warning("flat_weight", *path, "combine", **details)
            if section.code in questionnaire.adjusting:
                yield warning("flat_adjusted", *path, "combine", **details)


def _share(share: Decimal | None, path: Place) -> Iterator[Finding]:
    if share is not None and not 0 <= share <= 1:
        yield error("share_beyond", *path, "least_share", share=share)
