"""Several evaluators of one assessment: each scores alone, and only then do they agree on one score.

named      who they are is known; what each scores, to themselves alone
handed in  by one after the other, who change nothing afterwards
met        all are in: the spread is seen, who scored what, and one score is set with a reason
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, structs

from survey_service.characters import is_blank
from survey_service.conduct.assessment import Draft, Response
from survey_service.errors.review import (
    PanelError,
    PanelWaitsError,
    ReasonRequiredError,
    ScoresHandedInError,
)
from survey_service.maturity.answers import Answer

FEWEST = 2
_MOST = 20  # who can still meet


class Panellist(Struct, frozen=True):
    """Somebody who scores alone first; `handed_in_at` is None while they do."""

    person_id: int
    person: str
    handed_in_at: dt.datetime | None = None

    @property
    def is_in(self) -> bool:
        """Whether they handed in their scores."""
        return self.handed_in_at is not None


class IndependentScore(Struct, frozen=True):
    """What one of them scored."""

    person_id: int
    response: Response


class Spread(Struct, frozen=True):
    """How an indicator was scored, the most frequent answer first, and how often each; nobody named."""

    indicator: str
    answers: tuple[tuple[Answer, int], ...]

    @property
    def differs(self) -> bool:
        """Whether they scored it differently."""
        return len(self.answers) > 1


def require_panel(people: Sequence[int], known: Iterable[int]) -> None:
    """Raise `PanelError` unless these are at least two of the evaluators that are known, each once."""
    if not FEWEST <= len(people) <= _MOST or len(set(people)) < len(people):
        raise PanelError(fewest=FEWEST, most=_MOST)
    if not set(people) <= set(known):
        raise PanelError(fewest=FEWEST, most=_MOST)


def has_met(panel: Sequence[Panellist]) -> bool:
    """Whether there is a panel, all of whom handed in."""
    return met_at(panel) is not None


def met_at(panel: Iterable[Panellist]) -> dt.datetime | None:
    """Return when the last of a panel handed in; None where there is none, or somebody has not."""
    moments = [one.handed_in_at for one in panel]
    known = [one for one in moments if one is not None]
    return max(known) if known and len(known) == len(moments) else None


def require_met(panel: Sequence[Panellist]) -> None:
    """Raise `PanelWaitsError` while somebody of a panel has not handed in."""
    left = [one.person for one in panel if not one.is_in]
    if left:
        raise PanelWaitsError(names=", ".join(left))


def require_scoring(panel: Sequence[Panellist], person_id: int) -> Panellist:
    """Return whoever of a panel scores.

    Raises:
        PanelError: They are none of them.
        ScoresHandedInError: They have handed in.
    """
    found = next((one for one in panel if one.person_id == person_id), None)
    if found is None:
        raise PanelError(fewest=FEWEST, most=_MOST)
    if found.is_in:
        raise ScoresHandedInError(person=found.person)
    return found


def renamed(panel: Sequence[Panellist], names: Mapping[int, str]) -> list[Panellist]:
    """Return a panel of other people; who stays on one that has not met keeps what they did."""
    kept = {} if has_met(panel) else {one.person_id: one for one in panel}
    return [kept.get(id_, Panellist(id_, name)) for id_, name in names.items()]


def spreads(scores: Iterable[IndependentScore]) -> dict[str, Spread]:
    """Return how each indicator was scored, by code, in the order in which they come."""
    counted: dict[str, list[Answer]] = {}
    for one in scores:
        counted.setdefault(one.response.indicator, []).append(one.response.answer)
    return {code: Spread(code, _counted(answers)) for code, answers in counted.items()}


def _counted(answers: Sequence[Answer]) -> tuple[tuple[Answer, int], ...]:
    different: list[Answer] = []
    for one in answers:
        if one not in different:
            different.append(one)
    counts = [(one, answers.count(one)) for one in different]
    return tuple(sorted(counts, key=lambda one: (-one[1], repr(one[0]))))


def require_agreed(spread: Spread | None, draft: Draft) -> None:
    """Raise `ReasonRequiredError` where one score is set without a reason that a panel saw differently.

    That is where they differ among themselves, and where the score is none that they gave.
    """
    if spread is None or draft.taken_back:
        return
    is_theirs = not spread.differs and spread.answers[0][0] == draft.answer
    if not is_theirs and is_blank(draft.note):
        raise ReasonRequiredError(indicator=spread.indicator)


def handed_in(one: Panellist, at: dt.datetime) -> Panellist:
    """Return a panellist who has handed in."""
    return structs.replace(one, handed_in_at=at)
