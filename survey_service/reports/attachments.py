"""What a paper encloses: the answers with their result, the questionnaire's text, and a workbook of both.

From the first two alone anybody recomputes the index:

    survey-service score questionnaire.yaml answers.json --stage final

`schema()` describes the answers, and the service answers it at `/schemas/answers.json`. The workbook, in
the full report alone, is the one to go on working in: as `workbook write` makes it of the two. The
certificate encloses nothing, as it hangs on walls.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import Struct

from survey_service.conduct.life import STAGES, Stage
from survey_service.conduct.responses import (
    Enclosed,
    Respondent,
    Responses,
    Result,
    Supported,
)
from survey_service.conduct.workbooks import FORMAT, Identity, Version
from survey_service.i18n import translate
from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import Card, cards, exact_index
from survey_service.reports.assessment import Report, code
from survey_service.reports.papers import Paper
from survey_service.reports.workbook_looks import Exported, Piece
from survey_service.reports.workbooks import workbook

ANSWERS, QUESTIONNAIRE, WORKBOOK = "answers.json", "questionnaire.yaml", "workbook.xlsx"
TYPES = {
    "json": "application/json",
    "yaml": "application/yaml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
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
    found = () if paper == "certificate" else tuple(_attached(report, language))
    return (*found, _workbook(report, language)) if paper == "report" else found


def _attached(report: Report, language: str) -> Iterator[Attachment]:
    words = translate("The answers, and the index that they give.", language)
    yield Attachment(ANSWERS, written(report), words, "Data")
    if report.source:
        words = translate("The questionnaire as it was published.", language)
        yield Attachment(QUESTIONNAIRE, report.source.encode(), words, "Source")


def _workbook(report: Report, language: str) -> Attachment:
    words = translate("The answers as a workbook to go on working in.", language)
    return Attachment(WORKBOOK, workbook(_exported(report, language)), words, "Supplement")


def _exported(report: Report, language: str) -> Exported:
    """Return what goes into the workbook: what stands, its notes, and what supports it."""
    asked, profile = report.questionnaire.for_kind(report.profile.kind), report.profile
    reference = asked.reference
    who = Respondent(report.organisation, profile.kind, dict(profile.attributes))
    rest = msgspec.json.encode(Responses(reference, {}, who), order="deterministic").decode()
    last = _by_stage(report)[-1][0]
    # else the default is written or not, as it is told apart by which object it is: another process
    # would make other bytes
    stage = next(one for one in STAGES if one == last)
    named = (language, profile.kind, report.organisation)
    identity = Identity(
        FORMAT, reference, report.digest, *named, exported_at=report.at, stage=stage, rest=rest
    )
    shown = {
        code: Version(answer, report.notes.get(code, "")) for code, answer in report.answers.items()
    }
    pieces: defaultdict[str, list[Piece]] = defaultdict(list)
    for one in _evidence(report):
        pieces[one.indicator].append(Piece(one.name, one.url or ""))
    return Exported(asked, identity, profile, shown, evidence=pieces, at=report.at)


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
