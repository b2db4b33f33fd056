"""What is on record of an assessment beside its answers; a report on a file alone has none of it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from survey_service.analysis.peers import Peers
from survey_service.conduct.evidence import Evidence
from survey_service.conduct.life import Moved, Stage, State, at_work
from survey_service.conduct.remarks import Remark
from survey_service.maturity.answers import Answer
from survey_service.maturity.recommendations import Recommendation
from survey_service.maturity.revision import Trend
from survey_service.maturity.scoring import Card


class Judged(Struct, frozen=True):
    """What a stage makes of an assessment: the answers that stand at it, and what they are worth.

    `reasons` are the words of the stage itself, by indicator code.
    """

    stage: Stage
    card: Card
    answers: Mapping[str, Answer]
    reasons: Mapping[str, str] = {}


class Agreed(Struct, frozen=True):
    """What an organisation has settled about a step: who takes it, "" for nobody named, and by when."""

    indicator: str
    after: Answer
    owner: str = ""
    due: dt.date | None = None

    def is_about(self, step: Recommendation) -> bool:
        """Whether it is about a step: the one to its answer."""
        return (self.indicator, self.after) == (step.indicator.code, step.after)


class Before(Struct, frozen=True):
    """The assessment before: what it is called, and both on their common basis.

    `nodes` are the indices of that time by code; where it asked another version (not `same`), on the
    common basis too. `trend` is None where nothing that it asked continues.
    """

    called: str
    trend: Trend | None
    nodes: Mapping[str, Decimal | None]
    same: bool = True


class Record(Struct, frozen=True):
    """What is on record: in which cycle, how far, who scored, and what lies beside the answers.

    `cycle` is "" for an assessment of its own accord. `closes` is the last day on which the
    organisation can answer, None where none is set, and `zone` is where days end. `scored_by` are
    those whose scores stand. `address` is the service's, "" where nobody may ask it about codes,
    and `above` names the organisations above its own, the nearest first. `agreed` is what is
    settled about steps to take.
    """

    number: int
    cycle: str
    state: State
    stage: Stage
    above: tuple[str, ...] = ()
    closes: dt.date | None = None
    zone: str = ""
    steps: tuple[Moved, ...] = ()
    scored_by: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    remarks: tuple[Remark, ...] = ()
    before: Before | None = None
    peers: Peers | None = None
    address: str = ""
    agreed: tuple[Agreed, ...] = ()

    @property
    def is_final(self) -> bool:
        """Whether what it says stands; else each page bears how far it is."""
        return self.state == "final"

    @property
    def due(self) -> dt.date | None:
        """The day by which the organisation's own answers count; None when that is over."""
        return self.closes if at_work(self.state) == "self" else None
