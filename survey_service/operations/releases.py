"""Releases of open data: what a cycle came to, as a folder that anybody can recompute."""

from collections.abc import Iterator, Sequence

from survey_service.analysis.releases import Release, Remembered, Row, bare, row_of, told_of
from survey_service.analysis.suppression import FEWEST
from survey_service.conduct.assessment import Assessment
from survey_service.conduct.cycles import Cycle
from survey_service.conduct.life import overlaid
from survey_service.conduct.results import Result
from survey_service.errors import DamagedError, NotFoundError
from survey_service.errors.releases import NothingFinalError
from survey_service.maturity import answers as answers_kept
from survey_service.maturity.cards import restored
from survey_service.maturity.conditions import deciding
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Card
from survey_service.operations.questionnaires import decoded
from survey_service.store import questionnaires, recomputation, releases, responses
from survey_service.store.database import Reader

_TOGETHER = 500  # assessments in one statement; a server takes no more than 32 767 values in one


def release(
    tx: Reader,
    cycle: str,
    *,
    named: bool = True,
    earlier: Sequence[Remembered] = (),
    fewest: int = FEWEST,
) -> tuple[Release, list[Remembered]]:
    """Return what a release of a cycle tells, and what of it the next ones must know.

    Args:
        tx: In which nothing changes meanwhile.
        cycle: Its name or number.
        named: Whether it has the single organisations.
        earlier: What releases before have told of groups.
        fewest: Organisations of whom figures may be told together.

    Raises:
        NotFoundError: There is no such cycle, or several are called so.
        NothingFinalError: Nothing in it is final.
        DamagedError: A final result, or an answer, cannot be read.
    """
    return of(tx, called(tx, cycle), named=named, earlier=earlier, fewest=fewest)


def called(tx: Reader, name: str) -> Cycle:
    """Return the cycle of a name or number.

    Raises:
        NotFoundError: There is no such cycle, or several are called so.
    """
    known = releases.cycles_called(tx, name)
    if len(known) != 1:
        raise NotFoundError(cycle=name)
    return known[0]


def of(
    tx: Reader,
    cycle: Cycle,
    *,
    named: bool,
    earlier: Sequence[Remembered] = (),
    fewest: int = FEWEST,
) -> tuple[Release, list[Remembered]]:
    """Return what a release of a cycle tells, and what the next ones must know; see `release`."""
    final = releases.final(tx, cycle)
    if cycle.digest is None or not final:
        raise NothingFinalError(cycle=cycle.name)
    questionnaire = decoded(tx, cycle.digest)
    content = questionnaires.content(tx, cycle.digest).encode()
    rows = list(_rows(tx, questionnaire, final))
    figures, remembered = told_of(questionnaire, rows, earlier, fewest)
    told = Release(
        cycle.name,
        questionnaire,
        cycle.digest,
        content,
        len(rows),
        tuple(rows) if named else None,
        tuple(figures),
        fewest,
    )
    return told, remembered


def _rows(tx: Reader, questionnaire: Questionnaire, final: Sequence[Assessment]) -> Iterator[Row]:
    telling = deciding(questionnaire)
    for first in range(0, len(final), _TOGETHER):
        some = final[first : first + _TOGETHER]
        ids = [one.id for one in some]
        results = recomputation.results_of_many(tx, ids)
        given = responses.answers_of_many(tx, ids)
        for one in some:
            answers = overlaid(given.get(one.id, {}), "final")
            card = _card(one, questionnaire, results.get(one.id, {}).get("final"))
            if answers_kept.UNREADABLE in answers.values():
                raise DamagedError(what=one.organisation.name)
            told = {code: bare(answers[code], told=code in telling) for code in sorted(answers)}
            yield row_of(one.organisation, questionnaire, card, told)


def _card(one: Assessment, questionnaire: Questionnaire, result: Result | None) -> Card:
    """Return the card of a final result.

    Raises:
        DamagedError: It is not there, or cannot be read.
    """
    one.organisation.require_readable()
    if result is None or result.is_damaged:
        raise DamagedError(what=one.organisation.name)
    return restored(questionnaire.for_kind(one.organisation.kind), result.running)
