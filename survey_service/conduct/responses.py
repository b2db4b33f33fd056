"""Answers as files hold them, outside any database; and what a report says came of them."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from survey_service.conduct.life import Stage, State, overlaid
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Attributes, Profile
from survey_service.maturity.scoring import NodeScore
from survey_service.maturity.texts import END

Digest = Annotated[str, Meta(pattern=f"^[0-9a-f]{{64}}{END}")]
Ratio = Annotated[str, Meta(pattern=f"^-?[0-9]+/[1-9][0-9]*{END}")]
"""An exact fraction, as `393/100`; decimals that do not end are cut off."""


class Respondent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers: a name for the report; a kind and attributes that questionnaires may refer to."""

    name: str = ""
    kind: str = ""
    attributes: Attributes = {}

    @property
    def profile(self) -> Profile:
        """What weights and conditions may know of it."""
        return Profile(self.kind, self.attributes)


class Supported(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of evidence by the SHA-256 of its content, or a link, and the indicator it supports."""

    indicator: str
    name: str
    sha256: Digest | None = None
    url: str | None = None


class Result(Struct, frozen=True, forbid_unknown_fields=True):
    """What a report says came of the answers, unanswered ones counting as the lowest.

    `code` is the report's short code, `state` and `cycle` are empty where there is only a file, `at`
    is the moment that the answers stand for, and `questionnaire_sha256` is of the questionnaire's file.
    """

    format: Literal[1]
    code: str
    stage: Stage
    state: State | Literal[""]
    cycle: str
    at: dt.datetime
    questionnaire_sha256: Digest
    index: Ratio | None
    grade: str | None
    answered: int
    total: int
    nodes: dict[str, NodeScore]
    evidence: list[Supported] = []


class Responses(Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by indicator code, to the questionnaire `code@version`.

    `responses` are the organisation's own; `stages` holds what later stages found otherwise. What a
    report encloses has the `result` as well, which nothing is computed from.
    """

    questionnaire: str
    responses: dict[str, Answer]
    organisation: Respondent = Respondent()
    stages: dict[Stage, dict[str, Answer]] = {}
    result: Result | None = None

    def at(self, stage: Stage) -> dict[str, Answer]:
        """Return the answers as they stand at a stage: its own over those of the stages before."""
        own = self.responses | self.stages.get("self", {})
        return overlaid({**self.stages, "self": own}, stage)


class Enclosed(Responses, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers as a report encloses them: whoever has the questionnaire recomputes the result."""

    result: Result
