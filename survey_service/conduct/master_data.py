"""Master data: what an assessment knows of its organisation, and what has changed there since."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from survey_service.conduct.assessment import Organisation
from survey_service.maturity.conditions import Attribute


class Changed(Struct, frozen=True):
    """One thing that is no longer as an assessment has it; None where there is none.

    `attribute` is the name of the one that changed, "" for all else. A place in the tree is told by
    the names of those above, from the top.
    """

    what: Literal["name", "kind", "place", "attribute"]
    before: Attribute | None
    after: Attribute | None
    attribute: str = ""


def changes(then: Organisation, now: Organisation) -> tuple[Changed, ...]:
    """Return what is different `now`, attributes by name."""
    return tuple(_changes(then, now))


def _changes(then: Organisation, now: Organisation) -> Iterator[Changed]:
    if then.name != now.name:
        yield Changed("name", then.name, now.name)
    if then.kind != now.kind:
        yield Changed("kind", then.kind, now.kind)
    if then.ancestors != now.ancestors:
        yield Changed("place", _place(then), _place(now))
    for name in sorted(then.attributes.keys() | now.attributes.keys()):
        before, after = then.attributes.get(name), now.attributes.get(name)
        if before != after or type(before) is not type(after):  # CEL tells 1 from true and from 1.0
            yield Changed("attribute", before, after, name)


def _place(organisation: Organisation) -> str:
    return " / ".join(one.name for one in reversed(organisation.ancestors))
