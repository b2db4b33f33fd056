"""What the checker finds, and the ways through a questionnaire that its checks share."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator, Node

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file, as in `("nodes", 0, "weight")`."""


class Finding(Struct, frozen=True):
    """Something that an author should mend.

    An error keeps the questionnaire from being published, a warning does not. `code` names the
    sentence in the catalogues (`finding.<code>`), which `details` complete.
    """

    severity: Literal["error", "warning"]
    code: str
    path: Place
    details: dict[str, str]


def error(code: str, *path: str | int, **details: object) -> Finding:
    """Return a finding that keeps the questionnaire from being published."""
    return Finding("error", code, path, _written(details))


def warning(code: str, *path: str | int, **details: object) -> Finding:
    """Return a finding that an author should look at."""
    return Finding("warning", code, path, _written(details))


def _written(details: dict[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in details.items()}


def everything(questionnaire: Questionnaire) -> Iterator[tuple[Place, Node | Indicator]]:
    """Yield every node and indicator with its place, each parent before its children."""
    yield from _below(questionnaire.nodes, ("nodes",))


def _below(
    children: Sequence[Node | Indicator], path: Place
) -> Iterator[tuple[Place, Node | Indicator]]:
    for position, child in enumerate(children):
        yield (*path, position), child
        if isinstance(child, Node):
            yield from _below(child.nodes, (*path, position, "nodes"))
            yield from _below(child.indicators, (*path, position, "indicators"))


def indicators(questionnaire: Questionnaire) -> Iterator[tuple[Place, Indicator]]:
    """Yield every indicator with its place."""
    for path, thing in everything(questionnaire):
        if isinstance(thing, Indicator):
            yield path, thing


def nodes(questionnaire: Questionnaire) -> Iterator[tuple[Place, Node]]:
    """Yield every node with its place."""
    for path, thing in everything(questionnaire):
        if isinstance(thing, Node):
            yield path, thing
