"""What is wrong with a questionnaire that decodes: every contradiction, each with its place.

Here is what concerns the tree and its weights; `answers`, `combining`, `grades`, `gates` and `rules`
have the rest.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain

import msgspec

from survey_service.characters import is_blank
from survey_service.maturity.checking import answers, combining, gates, grades, rules
from survey_service.maturity.checking.findings import (
    Finding,
    Place,
    error,
    everything,
    nodes,
    warning,
)
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node

_MAGNITUDE = 18  # powers of ten
_SENTENCE = 4  # words that two languages do not share by chance


def check(questionnaire: Questionnaire) -> list[Finding]:
    """Return what is wrong, errors first, each in the order of the file as far as it has one."""
    found = [*unreadable(questionnaire), *_texts(questionnaire), *_unused(questionnaire)]
    if not any(_unfit(questionnaire)):
        found += _tree(questionnaire)
        found += _weights(questionnaire, questionnaire.nodes, ("nodes",), None)
    if not unreadable(questionnaire):
        found += _looked_up(questionnaire)
    return sorted(found, key=lambda finding: finding.severity)


def unreadable(questionnaire: Questionnaire) -> list[Finding]:
    """Return what keeps a questionnaire from being read: numbers that are none, and a broken tree."""
    if unfit := list(_unfit(questionnaire)):  # nothing can be reckoned with them
        return [*unfit, *_broken(questionnaire)]
    return [*_scale(questionnaire), *_broken(questionnaire)]


def _looked_up(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find what takes a tree in which every reference leads somewhere."""
    yield from chain(
        answers.findings(questionnaire),
        grades.findings(questionnaire),
        gates.findings(questionnaire),
        combining.findings(questionnaire),
        rules.findings(questionnaire),
    )


def _unfit(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find numbers that are none or beyond reckoning, such as NaN or 1e999999999 in quotes."""
    for path, value in _values(questionnaire, ()):
        if isinstance(value, Decimal):
            fits = value.is_finite() and abs(value.adjusted()) <= _MAGNITUDE
            if not fits:
                yield error("number", *path, found=value)


def _values(thing: object, path: Place) -> Iterator[tuple[Place, object]]:
    """Yield every single value of a questionnaire with its place in the file."""
    if isinstance(thing, msgspec.Struct):
        for attribute in msgspec.structs.fields(thing):
            yield from _values(getattr(thing, attribute.name), (*path, attribute.encode_name))
    elif isinstance(thing, tuple):
        for position, each in enumerate(thing):
            yield from _values(each, (*path, position))
    elif isinstance(thing, dict):
        for key, each in thing.items():
            yield from _values(each, (*path, key))
    else:
        yield path, thing


def _broken(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find what keeps the tree from being one: codes used twice, and references to nothing."""
    things = list(everything(questionnaire))
    yield from _reused([(path, thing.code) for path, thing in things])
    for key, codes in _defined(questionnaire).items():
        yield from _reused([((key, position), code) for position, code in enumerate(codes)])
    for path, node in nodes(questionnaire):
        if not node.children:
            yield error("empty_node", *path, "code", node=node.code)
    defined = _defined(questionnaire)
    for path, kind, code in _references(questionnaire):
        if code not in defined[kind]:
            yield error(f"unknown_{SINGULAR[kind]}", *path, reference=code)


def _reused(codes: list[tuple[Place, str]]) -> Iterator[Finding]:
    used: set[str] = set()
    for path, code in codes:
        if code in used:
            yield error("code_reused", *path, "code", used=code)
        used.add(code)


SINGULAR = {  # what is defined once and referred to elsewhere, by the key of the file
    "ladders": "ladder",
    "choices": "choice",
    "bands": "bands",
    "lookups": "lookup",
    "kinds": "kind",
    "actors": "actor",
    "tiers": "tier",
}


def _defined(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Return the codes of what is defined once and referred to elsewhere, by the file's key."""
    return {key: [one.code for one in getattr(questionnaire, key)] for key in SINGULAR}


def _references(questionnaire: Questionnaire) -> Iterator[tuple[Place, str, str]]:
    """Yield each reference to something defined elsewhere: its place, the key there, the code."""
    keys = {"ladder": "ladders", "choice": "choices", "lookup": "lookups", "who": "actors"}
    keys |= {"letters": "choices", "every": "tiers", "indicator_bands": "bands"}
    for path, value in _values(questionnaire, ()):
        if not isinstance(value, str):
            continue
        if path[-1] in keys:
            yield path, keys[str(path[-1])], value
        elif path[-1] == "bands":
            yield path, "bands", value
    for path, thing in everything(questionnaire):
        for kind in thing.by_kind:
            yield (*path, "by_kind", kind), "kinds", kind


def _unused(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find what is defined and hangs on nothing."""
    used = {(kind, code) for _, kind, code in _references(questionnaire)}
    for key in ("ladders", "choices", "bands", "lookups", "actors"):
        for position, code in enumerate(_defined(questionnaire)[key]):
            if (key, code) not in used:
                yield warning("unused", key, position, "code", reference=code)


def _scale(questionnaire: Questionnaire) -> Iterator[Finding]:
    scale = questionnaire.scale
    if scale.lowest >= scale.highest:
        yield error("scale_empty", "scale", lowest=scale.lowest, highest=scale.highest)


def _tree(questionnaire: Questionnaire) -> Iterator[Finding]:
    tiers = len(questionnaire.tiers)
    for path, node in nodes(questionnaire):
        if tiers and questionnaire.depths[node.code] >= tiers:
            yield error("too_deep", *path, "code", node=node.code, tiers=tiers)
        if node.nodes and node.indicators:
            yield error("mixed_children", *path, "indicators", node=node.code)


def _weights(
    questionnaire: Questionnaire,
    children: Sequence[Node | Indicator],
    path: Place,
    parent: Node | None,
) -> Iterator[Finding]:
    for position, child in enumerate(children):
        if any(weight < 0 for weight in (child.weight or Decimal(0), *child.by_kind.values())):
            yield error("negative_weight", *path, position, "weight", node=child.code)
    for kind in [one.code for one in questionnaire.kinds] or [""]:
        found = list(_sum(questionnaire, children, path, parent, kind))
        yield from found
        if found:
            break
    for position, child in enumerate(children):
        if isinstance(child, Node):
            below = "nodes" if child.nodes else "indicators"
            at = (*path, position, below)
            yield from _weights(questionnaire, child.children, at, child)


def _sum(
    questionnaire: Questionnaire,
    children: Sequence[Node | Indicator],
    path: Place,
    parent: Node | None,
    kind: str,
) -> Iterator[Finding]:
    """Find siblings whose weights, for a kind of organisation, do not make a whole."""
    weights = [child.by_kind.get(kind, child.weight) for child in children if _weighed(child, kind)]
    known = [weight for weight in weights if weight is not None]
    name = parent.code if parent else questionnaire.code
    if known and len(known) < len(weights):
        position = next(
            at for at, child in enumerate(children) if child.weight is None and not child.by_kind
        )
        yield error("weight_missing", *path, position, "code", node=children[position].code)
    elif not known:
        return
    elif not any(known):
        if parent is None or _own(parent, kind) != 0:
            yield error("weights_zero", *path, 0, "weight", parent=name)
    elif questionnaire.points and parent is None:
        return  # the points of the whole are whatever they add up to
    elif parent is not None and parent.convert is not None and parent.convert.over == "points":
        return  # and so are those that bands convert
    elif (total := sum(known)) not in (wanted := _wholes(questionnaire, parent, kind)):
        sums = " / ".join(f"{value:f}" for value in wanted)
        made = error if questionnaire.points and parent is not None else warning
        details = {"parent": name, "total": f"{total:f}", "wanted": sums}
        yield made("weights_sum", *path, 0, "weight", **details)


def _weighed(child: Node | Indicator, kind: str) -> bool:
    """Whether a child is part of the whole that siblings' weights make up."""
    if not child.part_of_whole:
        return False
    return not child.by_kind or kind in child.by_kind or child.weight is not None


def _own(node: Node, kind: str) -> Decimal | None:
    return node.by_kind.get(kind, node.weight)


def _wholes(questionnaire: Questionnaire, parent: Node | None, kind: str) -> list[Decimal]:
    """What siblings' weights may add up to: all of the parent, or the parent's own weight."""
    own = None if parent is None else _own(parent, kind)
    if questionnaire.points and own:
        return [own]
    return [Decimal(100)] if own is None else [Decimal(100), own]


def _texts(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find texts that are blank, and how many sentences say the same in both languages."""
    languages: dict[Place, dict[str | int, str]] = {}
    for path, value in _values(questionnaire, ()):
        if path[-1] in {"id", "en"} and isinstance(value, str):
            languages.setdefault(path[:-1], {})[path[-1]] = value
            if is_blank(value):
                yield error("blank", *path)
    same = {
        path: words["en"]
        for path, words in languages.items()
        if len(set(words.values())) == 1 and len(words["en"].split()) >= _SENTENCE
    }
    if same:
        path, text = next(iter(same.items()))
        code = "untranslated" if len(same) == 1 else "untranslated_many"
        yield warning(code, *path, text=text, count=len(same))
