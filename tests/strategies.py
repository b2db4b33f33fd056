"""Questionnaires and answers made up by hypothesis, every rule of the format among them."""

from decimal import Decimal

from hypothesis import strategies as st

from survey_service.maturity.answer_types import (
    Choice,
    External,
    Input,
    Item,
    Ladder,
    Level,
    Number,
    Option,
    Ratio,
    Units,
    Written,
)
from survey_service.maturity.answers import Answer, criteria, ends
from survey_service.maturity.instrument import Questionnaire, Scale
from survey_service.maturity.rules import Adjustment, Bands, Combine, Gate, Grade, Rounding
from survey_service.maturity.texts import Text
from survey_service.maturity.tree import Indicator, Node, NotApplicable, Tier

NAME = Text("Nama", "Name")
REASON = Text("Sebab", "Reason")
WEIGHTS = st.decimals("0.5", "20", places=1)


def answers_to(
    questionnaire: Questionnaire, *, complete: bool = False
) -> st.SearchStrategy[dict[str, Answer]]:
    """Return answers that the questionnaire accepts, to some or all of its indicators."""
    each = {code: answer_to(questionnaire, one) for code, one in questionnaire.indicators.items()}
    if complete:
        return st.fixed_dictionaries(each)
    return st.fixed_dictionaries({}, optional=each)


def answer_to(questionnaire: Questionnaire, indicator: Indicator) -> st.SearchStrategy[Answer]:
    """Return answers that an indicator accepts, none of them by unit."""
    own = _own(questionnaire, indicator)
    if indicator.not_applicable == "forbidden":
        return own
    return st.one_of(own, st.just(Answer(not_applicable="none")))


def _own(questionnaire: Questionnaire, indicator: Indicator) -> st.SearchStrategy[Answer]:
    if indicator.answer_type == "level":
        numbers = st.sampled_from(list(questionnaire.levels(indicator)))
        ticks = st.lists(st.sampled_from(criteria(questionnaire, indicator)), unique=True)
        return st.one_of(
            numbers.map(lambda level: Answer(level=level)),
            ticks.map(lambda checked: Answer(checked=tuple(checked))),
        )
    if indicator.answer_type == "option":
        codes = [option.code for option in questionnaire.options(indicator)]
        return st.sampled_from(codes).map(lambda option: Answer(option=option))
    if indicator.number is not None:
        lowest, highest = ends(questionnaire, indicator.number)
        values = st.decimals(
            Decimal(0) if lowest is None else lowest,
            Decimal(1000) if highest is None else highest,
            places=indicator.number.decimals,
        )
        return values.map(lambda value: Answer(value=value))
    if indicator.ratio is not None:
        return _ratio(indicator.ratio)
    if indicator.checklist:
        codes = [item.code for item in indicator.checklist]
        ticked = st.lists(st.sampled_from(codes), unique=True)
        return ticked.map(lambda checked: Answer(checked=tuple(checked)))
    return st.just(Answer(text="Words."))


def _ratio(ratio: Ratio) -> st.SearchStrategy[Answer]:
    numbers = st.integers(0, 9).map(Decimal)
    values = st.fixed_dictionaries({one.code: numbers for one in ratio.inputs})
    if ratio.within:
        values = values.filter(
            lambda given: (
                sum(given[code] for code in ratio.part) <= sum(given[code] for code in ratio.whole)
            )
        )
    return values.map(lambda given: Answer(values=given))


LADDER = Ladder("ladder", tuple(Level((Text(f"T{n}", f"L{n}"),)) for n in range(1, 6)))
STEPS = Ladder(
    "steps",
    tuple(
        Level((Text(f"Satu {n}", f"One {n}"), Text(f"Dua {n}", f"Two {n}")), value=Decimal(value))
        for n, value in enumerate(("1", "2.5", "5"))
    ),
)
LETTERS = Choice(
    "letters",
    tuple(Option(code, NAME, Decimal(value)) for code, value in (("A", 5), ("B", "3.5"), ("C", 1))),
)
UNITS = (Units("mean"), Units("weighted"), Units("mode"), Units("minimum"), None)
ROUNDINGS = (
    Rounding(("indicators",), 1),
    Rounding(("nodes",), 2, "half_even"),
    Rounding(("index",), 0, "down"),
    Rounding(("indicators", "nodes"), 2, "binary"),
)
COMBINE: tuple[Combine | None, ...] = (
    None, None, None, None, "mean", "mean", "minimum", "geometric", "harmonic", "flat",
)  # fmt: skip
ABSENT: tuple[NotApplicable, ...] = (
    "reweight", "reweight", "lowest", "highest", "value", "forbidden",
)  # fmt: skip
_INPUTS = (Input("part", NAME), Input("rest", NAME))


@st.composite
def indicators(draw: st.DrawFn, code: str, *, weighted: bool) -> Indicator:
    """Return an indicator of any kind."""
    kind = draw(
        st.sampled_from(["ladder", "steps", "choice", "number", "own", "ratio", "list", "text"])
    )
    units = draw(st.sampled_from(UNITS))
    absent = draw(st.sampled_from(ABSENT))
    return Indicator(
        code,
        NAME,
        weight=draw(WEIGHTS) if weighted else None,
        ladder={"ladder": "ladder", "steps": "steps"}.get(kind),
        progress=draw(st.sampled_from(["whole", "partial"])) if kind == "steps" else "whole",
        choice="letters" if kind == "choice" else None,
        number={
            "number": Number(2),
            "own": Number(
                1,
                Decimal(0),
                Decimal(40),
                inverted=draw(st.booleans()),
                beyond=draw(st.sampled_from([None, "end"])),
            ),
        }.get(kind),
        ratio=Ratio(
            _INPUTS,
            ("part",),
            ("part", "rest"),
            draw(st.sampled_from(["lowest", "highest", "not_applicable"])),
        )
        if kind == "ratio"
        else None,
        checklist=(Item("a", NAME), Item("b", NAME, Decimal(2))) if kind == "list" else (),
        text=Written() if kind == "text" else None,
        units=None if kind in {"text", "ratio", "list"} else units,
        external=External(NAME, Decimal(2)) if kind == "number" and draw(st.booleans()) else None,
        not_applicable=absent,
        not_applicable_value=Decimal("3.3") if absent == "value" else None,
    )


@st.composite
def trees(draw: st.DrawFn, code: str, depth: int, *, weighted: bool) -> Node:
    """Return a node of some depth; at least one indicator below it counts."""
    below = draw(st.integers(1, 3))
    inner = draw(st.booleans())
    nodes: tuple[Node, ...] = ()
    leaves: tuple[Indicator, ...] = ()
    if depth > 1:
        nodes = tuple(draw(trees(f"{code}.{n}", depth - 1, weighted=inner)) for n in range(below))
    else:
        first = Indicator(f"{code}-0", NAME, draw(WEIGHTS) if inner else None, ladder="ladder")
        others = (draw(indicators(f"{code}-{n}", weighted=inner)) for n in range(1, below + 1))
        leaves = (first, *others)
    return Node(
        code,
        NAME,
        weight=draw(WEIGHTS) if weighted else None,
        combine=draw(st.sampled_from(COMBINE)),
        nodes=nodes,
        indicators=leaves,
    )


@st.composite
def questionnaires(draw: st.DrawFn, *, plain: bool = False) -> Questionnaire:
    """Return a questionnaire that the checker accepts.

    A `plain` one has no rule under which a better answer may lower an index, or which rounds.
    """
    weighted = draw(st.booleans())
    depth = draw(st.integers(1, 3))
    tops = tuple(
        draw(trees(f"N{n}", depth, weighted=weighted)) for n in range(draw(st.integers(1, 3)))
    )
    codes = [code for top in tops for _, node in top.walk() for code in [node.code]]
    capped = draw(st.sampled_from([leaf.code for top in tops for leaf in top.leaves()]))
    cap = Adjustment((capped,), REASON, reaching=Decimal(3), at_most=Decimal(2))
    gate = Gate(at_least=Decimal(2), node=draw(st.sampled_from(codes)))
    rounding = draw(st.sampled_from(ROUNDINGS))
    return Questionnaire(
        "made-up",
        "1",
        NAME,
        tops,
        tiers=tuple(Tier(f"tier-{n}", NAME) for n in range(depth)),
        grades=(
            Grade(code="low", name=NAME, at_least=Decimal(1)),
            Grade(code="high", name=NAME, above=Decimal(3), gates=(gate,)),
        ),
        bands=(Bands("own", (Grade(code="D+", name=NAME, at_least=Decimal(1)),)),),
        indicator_bands="own",
        scale=Scale(),
        rounding=None if plain or draw(st.booleans()) else rounding,
        ladders=(LADDER, STEPS),
        choices=(LETTERS,),
        adjustments=() if plain or draw(st.booleans()) else (cap,),
    )
