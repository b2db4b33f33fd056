"""Storing results when they come about: at each step, in its transaction."""

from msgspec import structs

from survey_service.conduct.assessment import Assessment, Response
from survey_service.conduct.life import STAGES, Moved, Stage, overlaid, settled, standing
from survey_service.conduct.results import Outcome, Result, result
from survey_service.maturity.scoring import Cards, cards
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


def worked_out(
    tx: Reader, assessment: Assessment, step: int, stages: tuple[Stage, ...]
) -> list[Result]:
    """Return the results of some stages as their answers are worth now."""
    questionnaire = questionnaires.decoded(tx, assessment.digest)
    given = responses.by_stage(tx, assessment.id, stages and STAGES)
    found: list[Result] = []
    known: list[tuple[dict[str, Response], Cards]] = []
    for stage in stages:
        counted = overlaid(given, stage)
        both = next((both for same, both in known if same == counted), None)
        if both is None:
            answers = {code: response.answer for code, response in counted.items()}
            both = cards(questionnaire, answers, assessment.organisation.profile)
            known.append((counted, both))
        found.append(result(questionnaire, assessment.organisation.kind, stage, step, both))
    return found


def _store(tx: Writer, assessment: Assessment, step: int, stages: tuple[Stage, ...]) -> None:
    for each in worked_out(tx, assessment, step, stages):
        results.add(tx, assessment.id, each)
