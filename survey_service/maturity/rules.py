"""What a questionnaire does with values: combine, convert, adjust, round, grade and compare them."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from survey_service.maturity.bands import Band, Bounded
from survey_service.maturity.texts import END, Code, Condition, Letter, Text

Combine = Literal[
    "mean", "geometric", "harmonic", "minimum", "weakest_link", "lookup", "flat", "none"
]
"""How a node's value comes from its children's; see `combining`."""

Mode = Literal["half_up", "half_even", "half_down", "up", "down", "binary"]
"""How to round; see `rounding`."""


class Lookup(Struct, frozen=True, forbid_unknown_fields=True):
    """A table from the children's letters, sorted from the worst, to a letter of the node.

    Letters are option codes of the choice `letters`, and compared by their values: a child that is
    worth as much as an option bears its letter (the first such option's, in the file's order).
    `rows` are written with spaces, as in `D C: D+`; a single child passes its own value on.
    """

    code: Code
    letters: Code
    rows: dict[str, Letter]


class Conversion(Struct, frozen=True, forbid_unknown_fields=True):
    """Bands that turn a node's own value into another one on the scale.

    Read `over` its index, or over the points of its children: each child's weight times the
    fraction of the scale that it reaches, added up.
    """

    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]
    over: Literal["index", "points"] = "index"


class Rounding(Struct, frozen=True, forbid_unknown_fields=True):
    """Where an instrument rounds: the index of every indicator, of every node, or of the whole."""

    at: Annotated[tuple[Literal["indicators", "nodes", "index"], ...], Meta(min_length=1)]
    digits: Annotated[int, Meta(ge=0, le=8)]
    mode: Mode = "half_up"


class Adjustment(Struct, frozen=True, forbid_unknown_fields=True):
    """A change to the index of the nodes or indicators `on`, before their parents see it.

    Exactly one of these says which: `at_most` caps it, `at_most_as` caps it at the index of another
    node, `lower_by` takes off (never below the lowest end), `times` multiplies by the fraction that
    another node reaches. It applies `when` the condition holds, and only to an index of at least
    `reaching`.
    """

    on: Annotated[tuple[Code, ...], Meta(min_length=1)]
    reason: Text
    when: Condition | None = None
    reaching: Decimal | None = None
    at_most: Decimal | None = None
    at_most_as: Code | None = None
    lower_by: Decimal | None = None
    times: Code | None = None


class Gate(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that a grade also asks for.

    Either a minimum of one `node` or of `every` node of a tier: `at_least`, which is enough, or
    `above`, which is not, in the index of the node, or `percent` of the way from its lowest to its
    highest end. `at_least` beside `percent` is the printed number, which the rule must agree with.
    Or a condition to `require`, which may look at the results of other instruments. A gate with
    `when` is there only for whom the condition holds.
    """

    at_least: Decimal | None = None
    above: Decimal | None = None
    percent: Decimal | None = None
    node: Code | None = None
    every: Code | None = None
    require: Condition | None = None
    when: Condition | None = None
    reason: Text | None = None


class Grade(Bounded, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A named band of the index, up to the next grade's."""

    code: Letter
    name: Text
    gates: Annotated[tuple[Gate, ...], Meta(max_length=60)] = ()
    meaning: Text | None = None


class Bands(Struct, frozen=True, forbid_unknown_fields=True):
    """Grades without gates, for the index of nodes or indicators rather than of the whole."""

    code: Code
    grades: Annotated[tuple[Grade, ...], Meta(min_length=1, max_length=50)]


class Continuation(Struct, frozen=True, forbid_unknown_fields=True):
    """What an indicator continues: the `old` ones, taken together by their weights.

    `equal` says that the one old indicator asks the same, so that its answer may be carried over.
    """

    new: Code
    old: Annotated[tuple[Code, ...], Meta(min_length=1)]
    equal: bool = False


class Crosswalk(Struct, frozen=True, forbid_unknown_fields=True):
    """Which indicators continue which of the earlier questionnaire `code@version`."""

    questionnaire: Annotated[
        str, Meta(pattern=rf"^[A-Za-z0-9][A-Za-z0-9._-]*@[0-9][0-9.]*{END}", max_length=80)
    ]
    continues: Annotated[tuple[Continuation, ...], Meta(min_length=1)]
