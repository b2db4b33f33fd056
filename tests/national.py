"""Cycles of invented organisations, to look at as a ministry does: made of answers, and really scored."""

from collections.abc import Mapping, Sequence

from survey_service.analysis.columns import Member, Packed, columns
from survey_service.analysis.selection import Selection, whole
from survey_service.conduct.life import Stage, State
from survey_service.maturity.answers import Answer
from survey_service.maturity.cards import packed_indicators, packed_nodes
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import score
from tests.samples import levels, tiny

ASKED = tiny("two_dimensions")


def cycle(
    claimed: Sequence[Mapping[str, Answer]],
    found: Sequence[Mapping[str, Answer]] | None = None,
    *,
    state: State = "final",
    asked: Questionnaire = ASKED,
    kinds: Sequence[str] = (),
) -> Selection:
    """Return a cycle in which organisations 1, 2, … claimed something, of which others found."""
    many = range(1, len(claimed) + 1)
    kinds = kinds or ["regency"] * len(claimed)
    members = [
        Member(id_, id_, f"Agency {id_}", kind, {}, (), state, 5, 5)
        for id_, kind in zip(many, kinds, strict=True)
    ]
    standing = claimed if found is None else found
    checked: dict[Stage, dict[int, Packed]] = {}
    for stage in ("internal", "external", "final"):
        checked[stage] = dict(
            zip(
                many,
                (packed(asked, *one) for one in zip(standing, kinds, strict=True)),
                strict=True,
            )
        )
    own = dict(
        zip(many, (packed(asked, *one) for one in zip(claimed, kinds, strict=True)), strict=True)
    )
    return whole(asked, columns(asked, members, {"self": own, **checked}))


def packed(asked: Questionnaire, answers: Mapping[str, Answer], kind: str) -> Packed:
    """Return what answers of a kind of organisation are worth, as it is stored."""
    card = score(asked, answers, profile=Profile(kind))
    grade = card.grade.code if card.grade else None
    return Packed(grade, packed_nodes(asked, card), packed_indicators(asked, card))


def five(*given: int) -> dict[str, Answer]:
    """Return levels of the five indicators."""
    return levels(**dict(zip("ABCDE", given, strict=True)))
