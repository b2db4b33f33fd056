"""What a workbook shows of an assessment, and what it would change in it, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import Struct

from survey_service import i18n
from survey_service.conduct.assessment import Response
from survey_service.conduct.workbooks import (
    Choice,
    Comparison,
    Difference,
    Identity,
    Misfit,
    Version,
)
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.tree import Indicator
from survey_service.reports.answers import Said, said
from survey_service.reports.workbook_looks import Exported, Piece


class Shown(Struct, frozen=True):
    """A difference in words: what stands with its note, and each choice with its own."""

    found: Difference
    indicator: Indicator
    now: Said
    note: str
    choices: list[tuple[Choice, Said]]


class Told(Struct, frozen=True):
    """Differences and cells that cannot be read, in words; those first that somebody has to decide."""

    undecided: list[Shown]
    decided: list[Shown]
    misfits: list[tuple[Misfit, str]]


def shown(questionnaire: Questionnaire, comparison: Comparison, language: str) -> Told:
    """Return what workbooks would change, in words."""
    told = [_shown(questionnaire, one, language) for one in comparison.differences]
    return Told(
        [one for one in told if one.found.decided is None],
        [one for one in told if one.found.decided is not None],
        [(one, i18n.describe(one.error, language)) for one in comparison.misfits],
    )


def _shown(questionnaire: Questionnaire, found: Difference, language: str) -> Shown:
    indicator = questionnaire.indicators[found.indicator]
    now = Version.of(found.current)
    return Shown(
        found,
        indicator,
        said(questionnaire, indicator, now.answer, language),
        now.note,
        [
            (one, said(questionnaire, indicator, one.version.answer, language))
            for one in found.choices
        ],
    )


def exported(
    questionnaire: Questionnaire,
    identity: Identity,
    profile: Profile,
    standing: Mapping[str, Response],
    earlier: Mapping[str, Sequence[Response]],
    evidence: Mapping[str, Sequence[tuple[str, str]]],
    parts: str,
    at: dt.datetime | None,
) -> Exported:
    """Return what goes into the workbook of an assessment.

    Args:
        questionnaire: As its organisation is asked it.
        identity: What the workbook answers.
        profile: Whose answers they are.
        standing: What its cells begin with, by indicator.
        earlier: What the stages before said, for those who score; empty for the organisation's own.
        evidence: Names and addresses of what supports each answer.
        parts: The address of the assessment's parts on the service.
        at: When it is exported, in the zone of those who read it.
    """
    words = {
        code: "\n".join(_scored(questionnaire, code, one, identity.language) for one in scores)
        for code, scores in earlier.items()
    }
    return Exported(
        questionnaire,
        identity,
        profile,
        {code: Version.of(one) for code, one in standing.items()},
        words,
        {code: [Piece(*one) for one in pieces] for code, pieces in evidence.items()},
        {code: f"{parts}/{code}" for code in questionnaire.indicators},
        at,
    )


def _scored(questionnaire: Questionnaire, code: str, score: Response, language: str) -> str:
    """Return what a stage said, in a line."""
    told = said(questionnaire, questionnaire.indicators[code], score.answer, language)
    stage = i18n.translate(f"stage.{score.stage}", language)
    note = f" – {score.note}" if score.note else ""  # noqa: RUF001
    return f"{stage}: {told.mark}{note}"
