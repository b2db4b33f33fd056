"""Conditions: CEL expressions over earlier answers and what is known of the organisation.

`answers.A` (or `answers["1.2"]`) is what indicator A was answered with: the number of a level, the
code of an option, a number, the numbers of a ratio by input, the list of checked items, a text.
`organisation.kind` is its kind; further attributes stand beside it. A condition about something
that is not answered, answered by unit, does not apply, is not asked or not known does not hold.

The official index evaluates what is unanswered as answered with the lowest answer.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Annotated

from cel_expr_python import cel
from msgspec import Meta, Struct

from survey_service.maturity.answers import Answer, Given
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.texts import END
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import lowest_answer

Value = int | float | str | list[str] | dict[str, float]
"""What CEL is given: it has no decimals, and conditions only compare."""

MOST = 10**15
"""No attribute that is a number is larger; as no answer is."""

_Bounds = Meta(ge=-MOST, le=MOST)  # neither infinite nor "not a number", which JSON cannot tell
Attribute = (
    Annotated[str, Meta(max_length=10_000, pattern=f"^[^\x00]*{END}")]
    | bool
    | Annotated[int, _Bounds]
    | Annotated[float, _Bounds]
)
AttributeName = Annotated[str, Meta(min_length=1, max_length=200, pattern=f"^[^\x00]*{END}")]
Attributes = dict[AttributeName, Attribute]
"""What is known of an organisation, by name: what the database keeps is what this decodes."""

UNREADABLE: Attributes = {"": ""}
"""Stands for attributes that are damaged where they are kept: none is without a name."""

_MAP = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
_ENVIRONMENT = cel.NewEnv(variables={"answers": _MAP, "organisation": _MAP})
_MENTIONED = re.compile(r"""\banswers(?:\.([A-Za-z_]\w*)|\[(?:"([^"\\]+)"|'([^'\\]+)')\])""")


_ANSWERS = re.compile(r"\banswers\b")


class Profile(Struct, frozen=True):
    """What weights and conditions may know of who answers: its kind, and further attributes."""

    kind: str = ""
    attributes: dict[str, Attribute] = {}


class Facts(Struct, frozen=True):
    """What conditions are evaluated over, and which nodes and indicators they leave unasked."""

    answers: dict[str, Value]
    organisation: dict[str, Attribute]
    unasked: set[str]

    def hold(self, condition: str | None) -> bool:
        """Whether a condition holds; one that is not there always does."""
        return condition is None or holds(condition, self.answers, self.organisation)


def problem(condition: str) -> str:
    """Return what is wrong with the form of a condition, as the CEL compiler says it, or nothing."""
    try:
        compiled = _compiled(condition)
    except RuntimeError as error:
        return _first_line(str(error))
    kind = compiled.return_type().name()
    return "" if kind in {"BOOL", "DYN"} else f"{kind}, expected BOOL"


def mentioned(condition: str) -> set[str]:
    """Return the codes of the indicators whose answers a condition looks at."""
    return {code for groups in _MENTIONED.findall(condition) for code in groups if code}


@lru_cache(maxsize=4096)
def looks_at_all(condition: str) -> bool:
    """Whether a condition looks at answers otherwise than by the codes of their indicators."""
    return bool(_ANSWERS.search(_MENTIONED.sub("", condition)))


def deciding(questionnaire: Questionnaire) -> frozenset[str]:
    """Return the codes of the indicators that any condition of a questionnaire looks at.

    Where one may look at answers otherwise than by their codes, these are all.
    """
    found: set[str] = set()
    for condition in questionnaire.conditions:
        if looks_at_all(condition):
            return frozenset(questionnaire.indicators)
        found |= mentioned(condition)
    return frozenset(found)


def holds(
    condition: str, answers: Mapping[str, Value], organisation: Mapping[str, Attribute]
) -> bool:
    """Whether a condition is true; one that cannot be evaluated, or not in reason, is not."""
    return outcome(condition, answers, organisation) is True


def outcome(
    condition: str, answers: Mapping[str, Value], organisation: Mapping[str, Attribute]
) -> bool | None:
    """Return whether a condition is true; None where it goes on for longer than CEL lets it.

    The checker finds these, so that no published questionnaire has any.
    """
    known = {"answers": dict(answers), "organisation": dict(organisation)}
    try:
        return _compiled(condition).eval(data=known).value() is True
    except RuntimeError:  # the budget of iterations is spent
        return None


def facts(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    profile: Profile,
    *,
    official: bool,
) -> Facts:
    """Return what the conditions of a questionnaire may know, each over the answers before it."""
    attributes = {"kind": profile.kind} | profile.attributes
    found = Facts({}, attributes, set())
    if not questionnaire.conditional:
        return found
    for top in questionnaire.nodes:
        _walk(questionnaire, top, answers, found, official=official)
    return found


def _walk(
    questionnaire: Questionnaire,
    node: Node,
    answers: Mapping[str, Answer],
    found: Facts,
    *,
    official: bool,
) -> None:
    if not found.hold(node.when):
        found.unasked.update(_below(node))
        return
    for below in node.nodes:
        _walk(questionnaire, below, answers, found, official=official)
    for indicator in node.indicators:
        if not found.hold(indicator.when):
            found.unasked.add(indicator.code)
            continue
        answer: Given | None = answers.get(indicator.code)
        if answer is None and official:
            answer = lowest_answer(questionnaire, indicator)
        if (value := answered_with(indicator, answer)) is not None:
            found.answers[indicator.code] = value


def _below(node: Node) -> Iterator[str]:
    yield from (below.code for _, below in node.walk())
    yield from (indicator.code for indicator in node.leaves())


def answered_with(indicator: Indicator, answer: Given | None) -> Value | None:
    """Return an answer as conditions see it; None where it says nothing that they could compare."""
    if answer is None or answer.not_applicable is not None:
        return None
    if answer.value is not None:
        return float(answer.value)
    if answer.values is not None:
        return {code: float(value) for code, value in answer.values.items()}
    if answer.checked is not None:
        return list(answer.checked) if indicator.answer_type == "checked" else None
    return answer.level if answer.level is not None else answer.option or answer.text


@lru_cache(maxsize=4096)
def _compiled(condition: str) -> cel.Expression:
    return _ENVIRONMENT.compile(condition)


def _first_line(message: str) -> str:
    return message.partition("\n")[0].removeprefix("INVALID_ARGUMENT: ERROR: ")
