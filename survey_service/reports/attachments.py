"""What a paper encloses for programs: the answers with their result, and the questionnaire's text.

From these two alone anybody recomputes the index:

    survey-service score questionnaire.yaml answers.json --stage final

`schema()` describes the answers, and the service answers it at `/schemas/answers.json`. The certificate encloses nothing, as it hangs on walls.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import Struct

from survey_service.conduct.life import Stage
from survey_service.conduct.responses import Enclosed, Respondent, Result, Supported
from survey_service.i18n import translate
from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import Card, cards, exact_index
from survey_service.reports.assessment import Report, code
from survey_service.reports.papers import Paper

ANSWERS, QUESTIONNAIRE = "answers.json", "questionnaire.yaml"
TYPES = {"json": "application/json", "yaml": "application/yaml"}
"""Media types by the ending of a name."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

Answers = Mapping[str, Answer]


class Attachment(Struct, frozen=True):
    """A file inside a paper; `relation` is what it is to the paper, as ISO 32000-2, 7.11.3, has it."""

    name: str
    content: bytes
    description: str
    relation: Literal["Data", "Source", "Supplement"]


def attachments(report: Report, language: str, paper: Paper) -> tuple[Attachment, ...]:
    """Return what a paper encloses, ordered by name."""
    return () if paper == "certificate" else tuple(_attached(report, language))


def _attached(report: Report, language: str) -> Iterator[Attachment]:
    words = translate("The answers, and the index that they give.", language)
    yield Attachment(ANSWERS, written(report), words, "Data")
    if report.source:
        words = translate("The questionnaire as it was published.", language)
        yield Attachment(QUESTIONNAIRE, report.source.encode(), words, "Source")


def written(report: Report) -> bytes:
    """Return the file of answers."""
    answers = msgspec.json.encode(enclosed(report), order="deterministic")
    return msgspec.json.format(answers, indent=1)


@lru_cache
def schema() -> bytes:
    """Return the JSON Schema of the answers that a paper encloses."""
    defined = {"$schema": _DIALECT, **msgspec.json.schema(Enclosed)}
    return msgspec.json.format(msgspec.json.encode(defined, order="deterministic"), indent=2)


def enclosed(report: Report) -> Enclosed:
    """Return the answers of each stage, and what came of those that stand."""
    (_, own), *later = steps = _by_stage(report)
    return Enclosed(
        questionnaire=report.questionnaire.reference,
        responses=dict(own),
        organisation=Respondent(
            report.organisation, report.profile.kind, dict(report.profile.attributes)
        ),
        stages={
            stage: {each: one for each, one in answers.items() if one != before.get(each)}
            for (_, before), (stage, answers) in zip(steps, later, strict=False)
        },
        result=_result(report, steps[-1][0]),
    )


def _by_stage(report: Report) -> list[tuple[Stage, Answers]]:
    """Return what stands at each stage, the organisation's own first, and last what counts."""
    last: Stage = report.stages[-1].stage if report.stages else "self"
    if report.record is not None:
        last = report.record.stage
    steps: dict[Stage, Answers] = {"self": report.answers}
    steps |= {one.stage: one.answers for one in report.stages}
    return [
        *((stage, one) for stage, one in steps.items() if stage != last),
        (last, report.answers),
    ]


def _result(report: Report, stage: Stage) -> Result:
    record, card = report.record, official(report)
    return Result(
        format=1,
        code=code(report),
        stage=stage,
        state=record.state if record is not None else "",
        cycle=record.cycle if record is not None else "",
        at=report.at,
        questionnaire_sha256=report.digest,
        index=_ratio(exact_index(report.questionnaire, report.answers, report.profile)),
        grade=card.grade.code if card.grade is not None else None,
        answered=card.answered,
        total=card.total,
        nodes=card.nodes,
        evidence=_evidence(report),
    )


def official(report: Report) -> Card:
    """Return what a report says that the answers are worth."""
    known = report.cards
    asked = report.questionnaire.for_kind(report.profile.kind)
    return (known or cards(asked, report.answers, report.profile)).official


def _ratio(index: Fraction | None) -> str | None:
    return None if index is None else f"{index.numerator}/{index.denominator}"


def _evidence(report: Report) -> list[Supported]:
    attached = report.record.evidence if report.record is not None else ()
    return [
        Supported(one.indicator, one.name, one.digest, one.url)
        for one in attached
        if one.removed_at is None
    ]
