"""Storing results when they come about: at each step, in its transaction."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import structs

from survey_service.conduct.assessment import Assessment
from survey_service.conduct.life import STAGES, Moved, Stage, overlaid, settled, standing
from survey_service.conduct.results import Outcome, result
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Cards
from survey_service.maturity.scoring_many import score_many
from survey_service.operations import questionnaires
from survey_service.store import responses, results, steps
from survey_service.store.database import Reader, Writer


def settle(tx: Writer, assessment: Assessment, moved: Moved) -> Outcome | None:
    """Keep a step with the results that stand from now on; remove those that stand no longer.

    Args:
        tx: The transaction of the step.
        assessment: As the step leaves it.
        moved: The step, not numbered yet.

    Returns:
        What the result comes to that is the assessment's from now on; None while it is answered.
    """
    known = {stage for _, stage in results.outcomes(tx, [assessment.id])}
    wanted = settled(assessment.state)
    results.remove(tx, assessment.id, known.difference(wanted))
    missing = tuple(stage for stage in wanted if stage not in known)
    return _came_about(tx, assessment, moved, missing)


def settle_anew(tx: Writer, assessment: Assessment, moved: Moved) -> Outcome | None:
    """Keep a step after which all results rest on something else than before; see `settle`."""
    results.remove(tx, assessment.id, STAGES)
    return _came_about(tx, assessment, moved, settled(assessment.state))


def rescore(tx: Writer, assessment: Assessment, stage: Stage) -> None:
    """Store the result of a stage anew whose people changed a score of it after announcing it."""
    if stage in settled(assessment.state):
        results.remove(tx, assessment.id, (stage,))
        _store(tx, assessment, steps.count(tx, assessment.id), (stage,))


def _came_about(
    tx: Writer, assessment: Assessment, moved: Moved, stages: tuple[Stage, ...]
) -> Outcome | None:
    number = steps.count(tx, assessment.id) + 1
    _store(tx, assessment, number, stages)
    found = results.outcomes(tx, [assessment.id])
    outcome = found.get((assessment.id, standing(assessment.state)))
    came_about = {} if outcome is None else structs.asdict(outcome)
    steps.add(tx, assessment.id, structs.replace(moved, number=number, **came_about))
    return outcome


Given = Mapping[int, Mapping[Stage, Mapping[str, Answer]]]
"""Answers by assessment, stage and indicator."""


class _Counted(NamedTuple):
    """The answers that count at a stage of an assessment."""

    assessment: Assessment
    stage: Stage
    answers: dict[str, Answer]


def cards_of(
    tx: Reader, wanted: Sequence[tuple[Assessment, tuple[Stage, ...]]], given: Given
) -> dict[tuple[int, Stage], Cards]:
    """Return what the answers `given` that count at stages of assessments are worth, by id and stage.

    Those to one questionnaire, of one kind of organisation, are scored together.
    """
    together: dict[tuple[str, str], list[_Counted]] = {}
    for one, stages in wanted:
        rows = together.setdefault((one.digest, one.organisation.kind), [])
        counted = given.get(one.id, {})
        rows.extend(_Counted(one, stage, overlaid(counted, stage)) for stage in stages)
    found: dict[tuple[int, Stage], Cards] = {}
    for (digest, kind), rows in together.items():
        found |= _scored(questionnaires.decoded(tx, digest).for_kind(kind), rows)
    return found


def _scored(asked: Questionnaire, rows: Sequence[_Counted]) -> dict[tuple[int, Stage], Cards]:
    """Return what answers are worth; a stage that changed none of them is not scored again."""
    different: list[_Counted] = []
    places: list[int] = []
    for row in rows:
        before = different[-1] if different else None
        if before is None or (before.assessment, before.answers) != (row.assessment, row.answers):
            different.append(row)
        places.append(len(different) - 1)
    many = [row.answers for row in different]
    profiles = [row.assessment.organisation.profile for row in different]
    running = score_many(asked, many, profiles=profiles)
    official = score_many(asked, many, official=True, profiles=profiles)
    both = list(map(Cards, running, official))
    return {
        (row.assessment.id, row.stage): both[place] for row, place in zip(rows, places, strict=True)
    }


def _store(tx: Writer, assessment: Assessment, step: int, stages: tuple[Stage, ...]) -> None:
    if not stages:
        return
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    kind = assessment.organisation.kind
    given = responses.answers_of_many(tx, [assessment.id])
    for (_, stage), both in cards_of(tx, [(assessment, stages)], given).items():
        results.add(tx, assessment.id, result(questionnaire, kind, stage, step, both))
