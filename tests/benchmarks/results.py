"""Boards that read stored results, against scoring everybody anew; and what keeping count costs a save."""

import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from litestar import Request
from litestar.testing import RequestFactory
from msgspec import Struct, structs

from survey_service.app import create_app
from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.conduct.life import Stage, overlaid
from survey_service.conduct.organisations import Listed
from survey_service.conduct.results import result
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import cards, score
from survey_service.operations import assessments, progress, questionnaires, responses, standings
from survey_service.settings import Settings
from survey_service.store import cycles, organisations, people
from survey_service.store import responses as stored
from survey_service.store.database import Reader, SQLite, Writer, connect
from survey_service.store.schema import migrate
from survey_service.store.tables import assessment as assessment_table
from survey_service.store.tables import organisation, participant, response
from survey_service.store.tables import result as result_table
from survey_service.web.context import Context
from survey_service.web.pages.cycles import _board_page
from tests.benchmarks.store import CLIENTS
from tests.samples import FLAGSHIP, ROOT

ZONA = ROOT / "questionnaires" / "zona-integritas" / "2021.90.yaml"
SAVES = 40  # by each client, each the first answer to another indicator
ROUNDS = 5
_REPEATS = 9
_SETS = 200  # sets of answers, which units share
_KINDS = ("regency", "city", "province", "ministry", "body")
_STAGES: tuple[Stage, ...] = ("self", "internal", "external", "final")
_AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


class Boards(Struct, frozen=True):
    """Milliseconds of CPU: a board with all its charts, of so many units, and scoring them all."""

    units: int
    board: float
    naive: float | None


async def board(folder: Path, units: int, *, naive: bool) -> Boards:
    """Return what the board of a cycle costs, once the service runs."""
    database = str(folder / f"board-{units}.db")
    await migrate(database)
    db = connect(database)
    ministry = await db.write(_fill, units, with_responses=naive)
    app = create_app(Settings(database=database, files=str(folder / "files")))
    request: Request[Any, Any, Any] = RequestFactory(app=app).get("/")
    context = Context(request)

    async def shown() -> None:
        found = await db.read(standings.board, ministry, 1)
        _board_page(context, found, 0, "")

    async def scored() -> None:
        await db.read(_score_all, ministry)

    figures = Boards(
        units,
        await _cpu(shown, _REPEATS),
        await _cpu(scored, 1) if naive else None,
    )
    await db.close()
    return figures


async def _cpu(work: Callable[[], Awaitable[None]], repeats: int) -> float:
    """Return the median milliseconds of CPU of some work, after one run to warm up."""
    await work()
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        await work()
        times.append(time.process_time() - begin)
    return statistics.median(times) * 1000


def _score_all(tx: Reader, ministry: Actor) -> None:
    """Do what a board that stores nothing does: read all answers, and score each unit twice."""
    board = standings.board(tx, ministry, 1)
    ids = [one.assessment for one in board.standings.rows if one.assessment is not None]
    for given in stored.answers_of_many(tx, ids).values():
        score(board.questionnaire, given["self"])
        score(board.questionnaire, overlaid(given, "final"))


def _fill(tx: Writer, units: int, *, with_responses: bool) -> Actor:
    """Add a country of agencies that are all final in one cycle."""
    published = questionnaires.publish(tx, FLAGSHIP.read_bytes(), FLAGSHIP.name)
    asked = questionnaires.decoded(tx, published.digest)
    top = organisations.insert(tx, Listed("Ministry", "ministry"), None)
    person = people.add(tx, people.Person("sari", "Sari", "ministry", top))
    always = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
    calendar = Calendar({"self": always, "external": always}, "Asia/Jakarta")
    cycle = Cycle(0, "2026", top, published.code, published.version, calendar, "open")
    cycles.add(tx, structs.replace(cycle, digest=published.digest, opened_at=_AT))
    numbers = range(2, units + 2)
    kinds = {number: _KINDS[number % len(_KINDS)] for number in numbers}
    tx.execute(
        sa.insert(organisation),
        [
            {"id": n, "name": f"Agency {n}", "kind": kinds[n], "parent_id": top, "attributes": {}}
            for n in numbers
        ],
    )
    tx.execute(sa.insert(participant), [{"cycle_id": 1, "organisation_id": n} for n in numbers])
    tx.execute(
        sa.insert(assessment_table),
        [
            {
                "id": n,
                "questionnaire": published.code,
                "version": published.version,
                "digest": published.digest,
                "organisation_id": n,
                "organisation_name": f"Agency {n}",
                "organisation_kind": kinds[n],
                "state": "final",
                "opened_by": person,
                "opened_at": _AT,
                "submitted_at": _AT,
                "cycle_id": 1,
                "answered": len(asked.indicators),
                "total": len(asked.indicators),
            }
            for n in numbers
        ],
    )
    _store(tx, asked, numbers, with_responses=with_responses)
    return Actor(person, "Sari", "ministry", top, "sari")


def _store(tx: Writer, asked: Questionnaire, numbers: range, *, with_responses: bool) -> None:
    """Store the results of the units, and for the naive board their responses."""
    made = [_results(asked, turn) for turn in range(_SETS)]
    for start in range(0, len(numbers), 1000):
        some = numbers[start : start + 1000]
        rows = [{"assessment_id": n, **row} for n in some for row in made[n % _SETS]]
        tx.execute(sa.insert(result_table), rows)
        if with_responses:
            tx.execute(sa.insert(response), [row for n in some for row in _responses(asked, n)])


def _answers(asked: Questionnaire, turn: int) -> dict[Stage, dict[str, Answer]]:
    """Return what an agency gave itself, and what the evaluators gave it: a level less now and then."""
    codes = list(asked.indicators)
    own = {code: Answer(level=1 + (turn * 7 + place * 3) % 5) for place, code in enumerate(codes)}
    lower = {
        code: Answer(level=max((answer.level or 1) - (place % 4 == turn % 4), 1))
        for place, (code, answer) in enumerate(own.items())
    }
    return {"self": own, "external": lower}


def _results(asked: Questionnaire, turn: int) -> list[dict[str, Any]]:
    given = _answers(asked, turn)
    return [
        structs.asdict(result(asked, "", stage, 5, cards(asked, overlaid(given, stage))))
        for stage in _STAGES
    ]


def _responses(asked: Questionnaire, number: int) -> Iterator[dict[str, Any]]:
    for stage, answers in _answers(asked, number % _SETS).items():
        for code, answer in answers.items():
            yield {
                "assessment_id": number,
                "stage": stage,
                "indicator": code,
                "answer": answer,
                "note": "",
                "revision": 1,
                "author": "Sari",
                "saved_at": _AT,
            }


async def counting(folder: Path, file: Path) -> tuple[float, float]:
    """Return saves in a second of CPU, with and without keeping count of the answers.

    Every save is the first one to its indicator, which costs most; and there is no HTTP around it, of
    which a save is a small part.
    """
    kept, bare = [], []
    for turn in range(ROUNDS):
        kept.append(await _saves(folder / f"{file.parent.name}-kept-{turn}.db", file))
        known = progress.keep
        progress.keep = lambda *_: None
        try:
            bare.append(await _saves(folder / f"{file.parent.name}-bare-{turn}.db", file))
        finally:
            progress.keep = known
    return max(kept), max(bare)  # those that others on the machine disturbed least


async def _saves(path: Path, file: Path) -> float:
    await migrate(str(path))
    db = SQLite(str(path))
    alice, opened, drafts = await db.write(_opened, file)

    async def client(one: Assessment) -> None:
        for code, answer in drafts.items():
            await db.write(responses.save_response, alice, one.id, code, Draft(answer))

    begin = time.process_time()
    await asyncio.gather(*map(client, opened))
    rate = CLIENTS * len(drafts) / (time.process_time() - begin)
    await db.close()
    return rate


def _opened(tx: Writer, file: Path) -> tuple[Actor, list[Assessment], dict[str, Answer]]:
    agency = organisations.insert(tx, Listed("Agency", "regency"), None)
    alice = people.add(tx, people.Person("alice", "alice", "coordinator", agency))
    published = questionnaires.publish(tx, file.read_bytes(), file.name)
    actor = Actor(alice, "alice", "coordinator", agency, "alice")
    asked = questionnaires.decoded(tx, published.digest)
    opened = [assessments.open_assessment(tx, actor, published.reference) for _ in range(CLIENTS)]
    drafts: dict[str, Answer] = {}
    for code, indicator in asked.indicators.items():
        if indicator.answer_type == "level":
            drafts[code] = Answer(level=min(asked.levels(indicator)))
        elif indicator.answer_type == "option":
            drafts[code] = Answer(option=asked.options(indicator)[0].code)
        if len(drafts) == SAVES:
            break
    return actor, opened, drafts
