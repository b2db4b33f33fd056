"""What changed between two versions of a questionnaire, and how far their indices compare.

Within one instrument, what bears the same code in both versions continues. Between two, and where
the new version has a crosswalk from the old one, the crosswalk says what continues what. The
comparable share of an index is the part of it that rests on indicators which continue: an agency's
change of index between two versions says something about the agency only as far as that.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct, structs

from survey_service.errors import SurveyError
from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Continuation
from survey_service.maturity.scoring import Card
from survey_service.maturity.tree import Indicator, Node, flat_count, own_count

Kind = Literal["added", "removed", "moved", "reweighted", "reworded", "continued"]


class Change(Struct, frozen=True):
    """One thing that a reader of both versions wants to know.

    `code` is a node's or an indicator's. `before` and `after` are the parents' codes of what
    moved, the shares of the index in percent of what was re-weighted, and None otherwise; `before`
    is the old codes of what continues others.
    """

    kind: Kind
    code: str
    before: str | Decimal | None = None
    after: str | Decimal | None = None


class Comparison(Struct, frozen=True):
    """The changes from one version to another, in the order of the questionnaire.

    `comparable` is the share of each version's index, in percent, that rests on indicators which
    continue: first of the old one, then of the new one.
    """

    changes: tuple[Change, ...]
    comparable: tuple[Decimal, Decimal]


class Trend(Struct, frozen=True):
    """Two assessments on their common basis: what continues, weighted as in the new version.

    `before` and `after` are on the new version's scale, None where nothing common is answered;
    `covered` is the share of each version's index, in percent, that they rest on.
    """

    before: Decimal | None
    after: Decimal | None
    covered: tuple[Decimal, Decimal]


class _Common(Struct, frozen=True):
    """What continues: its share of the new version's index, and the part of its span that was reached."""

    continuation: Continuation
    weight: Fraction
    way: Fraction


class Place(Struct, frozen=True):
    """Where a node or indicator stands: below `parent` ("" at the top), with its share of all."""

    thing: Node | Indicator
    parent: str
    share: Fraction


def compare(old: Questionnaire, new: Questionnaire) -> Comparison:
    """Return what changed from `old` to `new`."""
    before, after = places_of(old), places_of(new)
    going_on = continuations(old, new)
    return Comparison(
        changes=tuple(_changes(old, new, before, after, going_on)),
        comparable=_covered(before, after, going_on),
    )


def continuations(old: Questionnaire, new: Questionnaire) -> tuple[Continuation, ...]:
    """Return what continues: as a crosswalk of `new` says, and what asks the same under its code.

    What is not asked in both, for one because a kind of organisation is not, continues nothing.
    """
    crosswalks = [one for one in new.crosswalks if one.questionnaire == old.reference]
    named = [
        each
        for one in crosswalks
        for each in one.continues
        if each.new in new.indicators and all(code in old.indicators for code in each.old)
    ]
    known = {each.new for each in named}
    same = _unchanged(old, new) if old.code == new.code else []
    return (
        *named,
        *(Continuation(code, (code,), equal=True) for code in same if code not in known),
    )


def carried_over(
    old: Questionnaire, new: Questionnaire, answers: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Return the answers that the crosswalk calls equal, as the new version asks for them."""
    carried: dict[str, Answer] = {}
    for one in continuations(old, new):
        if not one.equal or (answer := answers.get(one.old[0])) is None:
            continue
        if new.indicators[one.new].answer_type == "value" and answer.level is not None:
            answer = Answer(value=Decimal(answer.level))
        try:
            accept(new, one.new, answer)
        except SurveyError:
            continue  # such an answer is no longer there to be given
        carried[one.new] = answer
    return carried


def trend(old: Questionnaire, earlier: Card, new: Questionnaire, later: Card) -> Trend:
    """Return two assessments of one organisation on the common basis of their versions.

    Args:
        old: What was asked of the organisation then.
        earlier: The score then.
        new: What is asked of it now.
        later: The score now.
    """
    common, now = _common(old, earlier, new, later), ways_of(new, later)
    weights = [one.weight for one in common]
    return Trend(
        before=index_of_ways(new, weights, [one.way for one in common]),
        after=index_of_ways(new, weights, [now[one.continuation.new] for one in common]),
        covered=_covered(places_of(old), places_of(new), [one.continuation for one in common]),
    )


def nodes_before(
    old: Questionnaire, earlier: Card, new: Questionnaire, later: Card
) -> dict[str, Decimal]:
    """Return what the nodes of the new version were worth then, by code, on the common basis.

    That is what continues below each of them, weighted as in the new version and on the node's own
    scale; a node below which nothing continues has none. See `trend` for the arguments.
    """
    below: dict[str, list[_Common]] = {}
    for one in _common(old, earlier, new, later):
        for code in new.ancestors[one.continuation.new]:
            below.setdefault(code, []).append(one)
    found = (
        (code, index_of_ways(new, [one.weight for one in parts], [one.way for one in parts], code))
        for code, parts in below.items()
    )
    return {code: value for code, value in found if value is not None}


def _common(old: Questionnaire, earlier: Card, new: Questionnaire, later: Card) -> list[_Common]:
    """Return what continues and was answered both times."""
    before, after = places_of(old), places_of(new)
    then, now = ways_of(old, earlier), ways_of(new, later)
    return [
        _Common(
            one,
            after[one.new].share,
            mean_way([before[code].share for code in one.old], [then[code] for code in one.old]),
        )
        for one in continuations(old, new)
        if one.new in now and all(code in then for code in one.old)
    ]


def _changes(
    old: Questionnaire,
    new: Questionnaire,
    before: Mapping[str, Place],
    after: Mapping[str, Place],
    going_on: Sequence[Continuation],
) -> Iterator[Change]:
    known = {one.new: one for one in going_on}
    same_instrument = old.code == new.code
    for code, now in after.items():
        then = before.get(code) if same_instrument else None
        one = known.get(code)
        if one is not None and (not same_instrument or one.old != (code,)):
            yield Change("continued", code, ", ".join(one.old))
        elif then is None:
            yield Change("added", code)
        else:
            yield from _differences(then, now, reworded=code not in known)
    used = {code for one in going_on for code in one.old}
    for code in before:
        if code not in used and (code not in after or not same_instrument):
            yield Change("removed", code)


def _differences(then: Place, now: Place, *, reworded: bool) -> Iterator[Change]:
    code = now.thing.code
    if then.parent != now.parent:
        yield Change("moved", code, then.parent, now.parent)
    if then.share != now.share:
        yield Change("reweighted", code, in_percent(then.share), in_percent(now.share))
    if isinstance(now.thing, Indicator) and reworded:
        yield Change("reworded", code)


def _unchanged(old: Questionnaire, new: Questionnaire) -> list[str]:
    """Return the indicators of both versions that ask the same by the same criteria."""
    return [
        code
        for code, indicator in new.indicators.items()
        if (earlier := old.indicators.get(code)) is not None
        and old.scale == new.scale
        and _asks(old, earlier) == _asks(new, indicator)
    ]


def _asks(questionnaire: Questionnaire, indicator: Indicator) -> object:
    """Return all that an answer depends on, without weights and advice."""
    levels = [
        (level.criteria, level.value)
        for level in (
            questionnaire.levels(indicator) if indicator.answer_type == "level" else {}
        ).values()
    ]
    options = questionnaire.options(indicator) if indicator.answer_type == "option" else ()
    bare = structs.replace(
        indicator,
        weight=None,
        by_kind={},
        levels=(),
        ladder=None,
        options=(),
        choice=None,
        bands=None,
        guidance=None,
        evidence=(),
        source="",
    )
    return bare, levels, options


def places_of(questionnaire: Questionnaire) -> dict[str, Place]:
    """Return where each node and indicator stands, by code."""
    found = _family(questionnaire, "", questionnaire.nodes, Fraction(1))
    return {place.thing.code: place for place in found}


def _family(
    questionnaire: Questionnaire,
    parent: str,
    children: Sequence[Node | Indicator],
    share: Fraction,
) -> Iterator[Place]:
    """Yield siblings and all below them, each with its part of the `share` they have together."""
    count = flat_count if parent in questionnaire.flattened else own_count
    weights = [count(child) for child in children]
    parts = zip(children, weights, strict=True)
    whole = sum(weight for child, weight in parts if child.part_of_whole) or 1
    for child, weight in zip(children, weights, strict=True):
        place = Place(child, parent, share * weight / whole if child.part_of_whole else Fraction(0))
        yield place
        if isinstance(child, Node):
            yield from _family(questionnaire, child.code, child.children, place.share)


def _covered(
    before: Mapping[str, Place], after: Mapping[str, Place], common: Sequence[Continuation]
) -> tuple[Decimal, Decimal]:
    old = {code for one in common for code in one.old}
    shares = (
        sum((before[code].share for code in old), Fraction(0)),
        sum((after[one.new].share for one in common), Fraction(0)),
    )
    return in_percent(shares[0]), in_percent(shares[1])


def ways_of(questionnaire: Questionnaire, card: Card) -> dict[str, Fraction]:
    """Return the fraction of its span that each answered indicator reaches."""
    ways: dict[str, Fraction] = {}
    for code in questionnaire.indicators:
        lowest, highest = questionnaire.spans[code]
        if (index := card.nodes[code].index) is not None:
            ways[code] = (Fraction(index) - lowest) / (highest - lowest)
    return ways


def mean_way(weights: Sequence[Fraction], values: Sequence[Fraction]) -> Fraction:
    """Return the weighted mean; the plain one where nothing weighs anything."""
    whole = sum(weights, Fraction(0))
    if not whole:
        return sum(values, Fraction(0)) / len(values)
    return sum(map(Fraction.__mul__, weights, values), Fraction(0)) / whole


def index_of_ways(
    questionnaire: Questionnaire,
    weights: Sequence[Fraction],
    ways: Sequence[Fraction],
    code: str = "",
) -> Decimal | None:
    """Return the index of a node, of the whole by "", that weighted fractions of its span make; None without any."""
    if not ways:
        return None
    lowest, highest = questionnaire.spans[code]
    index = lowest + (highest - lowest) * mean_way(weights, ways)
    return exact(index)


def in_percent(share: Fraction) -> Decimal:
    """Return a share in percent to four decimals: for reading, not for reckoning on."""
    return (100 * exact(share)).quantize(Decimal("0.0001"))
