"""Small questionnaires over every rule, and the least plan found by trying everything."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Any

from hypothesis import strategies as st

from survey_service.maturity.answer_types import Choice, Ladder, Level, Number, Option, Step
from survey_service.maturity.answers import Answer
from survey_service.maturity.bands import Band
from survey_service.maturity.better_answers import BetterAnswers, Need, Rung, Wishes
from survey_service.maturity.cases import decisive
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.rules import (
    Adjustment,
    Combine,
    Conversion,
    Gate,
    Grade,
    Lookup,
    Rounding,
)
from survey_service.maturity.scoring import Card, score
from survey_service.maturity.targets import target_of
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values
from tests.strategies import NAME, REASON

WEIGHTS = st.sampled_from([Decimal(0), Decimal(1), Decimal(1), Decimal(2), Decimal("2.5")])
LADDERS = tuple(
    Ladder(
        f"ladder-{number}",
        tuple(
            Level(step=Step(NAME, "unit", effort) if effort else None) if level else Level()
            for level, effort in enumerate(efforts)
        ),
    )
    for number, efforts in enumerate([(0, 1, 2), (0, 3, 1), (0, 2, 0)])
)
LETTERS = Choice(
    "letters",
    tuple(
        Option(code, NAME, Decimal(value))
        for code, value in (("A", 3), ("B", 2), ("B2", 2), ("C", 1))
    ),
)
TABLE = Lookup(
    "table",
    "letters",
    {"C C": "C", "C B": "B", "B B": "B", "B A": "C", "A A": "A", "C C C": "C", "B B B": "A"},
)
ROUNDINGS = (
    None,
    None,
    Rounding(("indicators",), 0),
    Rounding(("nodes",), 1, "half_even"),
    Rounding(("nodes", "index"), 0, "down"),
    Rounding(("nodes", "index"), 1, "binary"),
)
SHARES = (None, None, None, Decimal("0.5"), Decimal(1))
BANDS = (
    (Band(at_least=Decimal(1), value=Decimal(1)), Band(at_least=Decimal(2), value=Decimal(3))),
    (Band(at_least=Decimal("1.4"), value=Decimal(2)), Band(above=Decimal(2), value=Decimal(3))),
    (Band(at_least=Decimal(0), value=Decimal(2)), Band(at_least=Decimal(2), value=Decimal(1))),
)
RULES: tuple[Combine, ...] = (
    "mean",
    "mean",
    "geometric",
    "harmonic",
    "minimum",
    "weakest_link",
    "lookup",
    "flat",
    "none",
)


@st.composite
def leaf(draw: st.DrawFn, code: str, before: list[str]) -> Indicator:
    """Return an indicator that has few answers; `before` are those that its condition may look at."""
    kind = draw(st.sampled_from(["level", "level", "level", "level", "option", "option", "number"]))
    condition = None
    if before and draw(st.integers(0, 5)) == 0:
        condition = f'answers["{draw(st.sampled_from(before))}"] >= 2'
    return Indicator(
        code,
        NAME,
        weight=draw(WEIGHTS),
        when=condition,
        ladder=draw(st.sampled_from([one.code for one in LADDERS])) if kind == "level" else None,
        choice="letters" if kind == "option" else None,
        number=Number(0) if kind == "number" else None,
        bonus=draw(st.integers(0, 6)) == 0,
        not_applicable=draw(st.sampled_from(["reweight", "lowest", "highest", "value"])),
        not_applicable_value=Decimal(2),
    )


@st.composite
def node(draw: st.DrawFn, code: str, before: list[str], *, deep: bool) -> Node:
    rule = draw(st.sampled_from(RULES))
    nodes: tuple[Node, ...] = ()
    leaves: list[Indicator] = []
    if deep:
        nodes = (draw(node(f"{code}-n", before, deep=False)),)
    else:
        for number in range(draw(st.integers(1, 3))):
            leaves.append(draw(leaf(f"{code}{number}", before)))
            before.append(leaves[-1].code)
    bands = draw(st.sampled_from(BANDS))
    return Node(
        code,
        NAME,
        weight=draw(WEIGHTS),
        bonus=draw(st.integers(0, 8)) == 0,
        combine=rule,
        lookup="table" if rule == "lookup" else None,
        least_share=draw(st.sampled_from(SHARES)),
        convert=draw(st.sampled_from([Conversion(bands, "index"), Conversion(bands, "points")]))
        if draw(st.integers(0, 3)) == 0
        else None,
        nodes=nodes,
        indicators=tuple(leaves),
    )


@st.composite
def adjustment(draw: st.DrawFn, codes: list[str], order: list[str], first: str) -> Adjustment:
    """Return an adjustment; what it looks at elsewhere comes before what it is on."""
    on = draw(st.sampled_from(codes))
    earlier = order[: order.index(on)]
    what = draw(
        st.sampled_from(["at_most", "lower_by", *(["at_most_as", "times"] if earlier else [])])
    )
    other = draw(st.sampled_from(earlier)) if earlier else None
    return Adjustment(
        (on,),
        REASON,
        when=draw(st.sampled_from([None, f'answers["{first}"] != 2'])),
        reaching=draw(st.sampled_from([None, Decimal(2)])),
        at_most=Decimal("1.5") if what == "at_most" else None,
        lower_by=Decimal("0.5") if what == "lower_by" else None,
        at_most_as=other if what == "at_most_as" else None,
        times=other if what == "times" else None,
    )


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Return a questionnaire that may do everything the format knows; few have as many answers."""
    before: list[str] = []
    tops = tuple(
        draw(node(f"N{number}", before, deep=draw(st.booleans())))
        for number in range(draw(st.integers(1, 3)))
    )
    order = [code for top in tops for code in _reckoned(top)]
    codes = [code for code in order if code not in before] + before[:1]
    gates = draw(
        st.lists(
            st.one_of(
                st.builds(Gate, at_least=st.just(Decimal(2)), node=st.sampled_from(order)),
                st.builds(Gate, above=st.just(Decimal(1)), node=st.sampled_from(codes)),
                st.just(Gate(require=f'answers["{before[0]}"] >= 2', reason=REASON)),
                st.just(
                    Gate(percent=Decimal(40), node=codes[0], when=f'answers["{before[-1]}"] < 3')
                ),
            ),
            max_size=2,
        )
    )
    adjustments = draw(st.lists(adjustment(order, order, before[0]), max_size=2))
    return Questionnaire(
        "made-up",
        "1",
        NAME,
        tops,
        grades=(
            Grade(code="low", name=NAME, at_least=Decimal(1)),
            Grade(code="middle", name=NAME, above=Decimal("1.6"), gates=tuple(gates)),
            Grade(code="high", name=NAME, at_least=Decimal("2.2"), gates=tuple(gates[:1])),
        ),
        scale=Scale(Decimal(1), Decimal(3)),
        points=draw(st.booleans()) and not adjustments,
        combine=draw(
            st.sampled_from(
                [
                    "mean",
                    "mean",
                    "mean",
                    "minimum",
                    "geometric",
                    "harmonic",
                    "flat",
                    "weakest_link",
                ]
            )
        ),
        least_share=draw(st.sampled_from(SHARES)),
        rounding=draw(st.sampled_from(ROUNDINGS)),
        ladders=LADDERS,
        choices=(LETTERS,),
        lookups=(TABLE,),
        adjustments=tuple(adjustments) if draw(st.booleans()) else (),
    )


def _reckoned(top: Node) -> list[str]:
    below = [code for each in top.nodes for code in _reckoned(each)]
    return [*below, *(one.code for one in top.indicators), top.code]


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, Answer]:
    """Return answers, low ones mostly; some are missing, and some do not apply."""
    found: dict[str, Answer] = {}
    for code, indicator in questionnaire.indicators.items():
        turn = draw(st.integers(0, 7))
        if turn == 7:
            found[code] = Answer(not_applicable="none")
        elif turn > 1:
            found[code] = _answer(indicator, min(3, max(1, turn - 3)))
    return found


def _answer(indicator: Indicator, worth: int) -> Answer:
    if indicator.answer_type == "level":
        return Answer(level=worth)
    if indicator.answer_type == "option":
        return Answer(option="CBA"[worth - 1])
    return Answer(value=Decimal(worth))


@st.composite
def wishes(draw: st.DrawFn, questionnaire: Questionnaire) -> Wishes:
    """Return wishes of every kind; most often none."""
    if draw(st.booleans()):
        return Wishes()
    indicators = list(questionnaire.indicators.values())
    one, other = (draw(st.sampled_from(indicators)) for _ in range(2))
    better = [Answer(level=3), Answer(option="A"), Answer(value=Decimal(3))]
    accepted = {
        each.code: next(answer for answer in better if each.answer_type in answer.given)
        for each in indicators
    }
    need = Need(one.code, accepted[one.code], other.code, accepted[other.code])
    return Wishes(
        fixed={one.code: accepted[one.code]} if draw(st.integers(0, 4)) == 0 else {},
        excluded=(other.code,) if draw(st.integers(0, 4)) == 0 else (),
        targets={
            each.code: accepted[each.code]
            for each in indicators
            if each.number is not None and draw(st.booleans())
        },
        efforts={other.code: draw(st.sampled_from([1, 2, 4]))} if draw(st.booleans()) else {},
        needs=(need,) if one is not other and draw(st.booleans()) else (),
    )


def everything(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], wishes: Wishes
) -> list[tuple[int, Card]]:
    """Return the effort and the score of every plan there could be."""
    better = BetterAnswers(
        questionnaire, Values(questionnaire, {}), wishes, decisive(questionnaire)
    )
    rungs = better.rungs(answers)
    found = []
    for chosen in product(*rungs.values()):
        given = {
            code: rung.answer
            for code, rung in zip(rungs, chosen, strict=True)
            if rung.answer is not None
        }
        card = score(questionnaire, given, official=True)
        if not _in_order(better, dict(zip(rungs, chosen, strict=True)), rungs, given):
            continue
        asked = [  # nobody does anything for what is not asked
            rung.effort for code, rung in zip(rungs, chosen, strict=True) if card.nodes[code].total
        ]
        found.append((sum(asked), card))
    return found


def _in_order(
    better: BetterAnswers,
    chosen: Mapping[str, Rung],
    rungs: Mapping[str, tuple[Rung, ...]],
    given: Mapping[str, Answer],
) -> bool:
    """Whether what must come first has come, for all that is raised."""
    for need in better.wishes.needs:
        rung, first = chosen[need.indicator], chosen[need.after]
        wanted = better.worth(need.indicator, need.answer)
        before = better.worth(need.after, need.after_answer)
        assert wanted is not None
        assert before is not None
        raised = rung is not rungs[need.indicator][0]
        has = rung.value is not None and rung.value >= wanted
        late = first.value is None or first.value < before
        if raised and has and late and _is_asked(better.questionnaire, need.after, given):
            return False
    return True


def _is_asked(questionnaire: Questionnaire, code: str, given: Mapping[str, Answer]) -> bool:
    """Whether an indicator counts while it is unanswered; called not applicable, it never would."""
    others = {each: answer for each, answer in given.items() if each != code}
    return bool(score(questionnaire, others, official=True).nodes[code].total)


def least(questionnaire: Questionnaire, target: str, tried: list[tuple[int, Card]]) -> int | None:
    """Return the least effort among what was tried that meets a target; None where nothing does."""
    aimed = target_of(questionnaire, target)
    return min((effort for effort, card in tried if aimed.is_met(card)), default=None)


def curve(tried: list[tuple[int, Card]]) -> list[tuple[int, Decimal]]:
    """Return the best index of each effort that brings a better one."""
    rising: list[tuple[int, Decimal]] = []
    for effort, card in sorted(tried, key=lambda one: (one[0], -(one[1].index or 0))):
        if card.index is not None and (not rising or card.index > rising[-1][1]):
            rising.append((effort, card.index))
    return rising


def asked(*nodes: Node, bounds: tuple[str, ...] = ("1", "2", "3"), **rules: Any) -> Questionnaire:
    """Return a questionnaire on the scale 1 to 3, with a grade from each bound: g1, g2 and so on."""
    rules.setdefault(
        "grades",
        tuple(
            Grade(code=f"g{at}", name=NAME, at_least=Decimal(bound))
            for at, bound in enumerate(bounds, start=1)
        ),
    )
    rules.setdefault("scale", Scale(Decimal(1), Decimal(3)))
    rules |= {"ladders": LADDERS, "choices": (LETTERS,), "lookups": (TABLE,)}
    return Questionnaire("made-up", "1", NAME, nodes, **rules)


def ladders(*codes: str, **more: Any) -> tuple[Indicator, ...]:
    """Return indicators of three levels, to climb with an effort of 1 and then of 2."""
    return tuple(Indicator(code, NAME, ladder="ladder-0", **more) for code in codes)
