"""A country that is made up to be measured: hundreds of agencies, their units, several cycles.

It is the same every time. How well a unit does follows from its agency's strength, its own, and how
hard an indicator is; units claim more than evaluators find, some more so. Most answers of those who
wait to be checked are supported by links, and so were theirs of the cycle before. Its rows are put in as they
are, by no person and past the trail: `audit verify --deep` names them all.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from survey_service.conduct.assessment import Ancestor
from survey_service.conduct.cycles import Calendar, Cycle, Window
from survey_service.conduct.life import STAGES, Stage, State, Step, settled, standing
from survey_service.conduct.organisations import Listed
from survey_service.conduct.results import Result, result
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import Cards
from survey_service.maturity.scoring_many import score_many
from survey_service.operations import questionnaires
from survey_service.operations.organisations import enter_once
from survey_service.reports.national.check_order import WAITING
from survey_service.store import cycles, people
from survey_service.store import generated_country as rows
from survey_service.store.database import Database, Writer
from survey_service.store.people import Person

MINISTRY = "Kementerian Negara Uji"
REFERENCE = "asn-maturity@2026.1"
_AUTHOR = "generated"
_SEED = 20260101
_FIRST_YEAR = 2022
_PROVINCES = 38
_KINDS = ("regency", "regency", "regency", "city", "province", "ministry", "body")
_GROUPS = ("A", "B", "C")
_TOGETHER = 1000  # assessments in a transaction
_TOLD = 5000  # assessments until it is told again how far it is
_AT = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)
_LIFE: tuple[tuple[Step, State, State], ...] = (
    ("submit", "draft", "submitted"),
    ("begin", "submitted", "internal_review"),
    ("pass_on", "internal_review", "external_evaluation"),
    ("finalise", "external_evaluation", "final"),
)
_SUPPORTED, _NEW = 0.85, 0.3  # of answers those that have evidence, and of that what is of the year
_STATES: tuple[State, ...] = ("final",) * 6 + ("external_evaluation",) * 2 + ("draft",) * 1
"""Of ten units in the last cycle, where each stands; the last one has not begun."""

Levels = NDArray[np.int8]


class Size(Struct, frozen=True):
    """How large: agencies, units (those of agencies themselves among them), and cycles.

    Without `answers` it has results alone: enough for what reads nothing else, in a quarter of the time.
    """

    agencies: int = 600
    units: int = 20_000
    cycles: int = 5
    answers: bool = True


class _Claim(NamedTuple):
    """What a unit answers, and what evaluators find: levels of each indicator."""

    own: Levels
    verified: Levels


class _Unit(NamedTuple):
    """An organisation that takes part."""

    name: str
    kind: str
    attributes: dict[str, str | bool | float]


async def generate(db: Database, size: Size, tell: Callable[[str], None]) -> None:
    """Fill a store with a country; the questionnaire is published already.

    Args:
        db: The store.
        size: Of the country.
        tell: Is told how far it is.
    """
    places = await db.write(_organisations, size)
    for turn in range(size.cycles):
        cycle = await db.write(_cycle, turn, places)
        for start in range(0, size.units, _TOGETHER):
            numbers = range(start, min(start + _TOGETHER, size.units))
            await db.write(_assessments, cycle, turn, size, places, numbers)
            if numbers.stop % _TOLD == 0 or numbers.stop == size.units:
                tell(f"{cycle.name}: {numbers.stop:,} of {size.units:,}")


def _organisations(tx: Writer, size: Size) -> list[int]:
    """Add the organisations; return their ids by number."""
    top = enter_once(tx, Listed(MINISTRY, "ministry"))
    agencies = [_place(number, size, top) for number in range(size.agencies)]
    places = rows.add_numbered(tx, "organisation", agencies)
    below = range(size.agencies, size.units)
    units = [_place(number, size, places[number % size.agencies]) for number in below]
    return places + rows.add_numbered(tx, "organisation", units)


def _place(number: int, size: Size, parent: int) -> rows.Row:
    unit = _unit(number, size)
    known = {"name": unit.name, "kind": unit.kind, "attributes": unit.attributes}
    return {**known, "parent_id": parent}


def _unit(number: int, size: Size) -> _Unit:
    agency = number % size.agencies
    province, kind = agency % _PROVINCES, _KINDS[agency % len(_KINDS)]
    own = number < size.agencies
    name = f"Instansi {agency:03}"
    attributes: dict[str, str | bool | float] = {
        "region": f"Provinsi {province:02}",
        "group": _GROUPS[agency % len(_GROUPS)],
    }
    if own:
        return _Unit(name, kind, attributes)
    return _Unit(f"Unit {number // size.agencies:02} {name}", "unit", attributes)


def _cycle(tx: Writer, turn: int, places: Sequence[int]) -> Cycle:
    year = _FIRST_YEAR + turn
    code, version = REFERENCE.split("@")
    published = questionnaires.find(tx, code, version)
    window = Window(dt.date(year, 1, 1), dt.date(year, 12, 31))
    stages: tuple[Stage, ...] = ("self", "internal", "external")
    calendar = Calendar(dict.fromkeys(stages, window), "Asia/Jakarta")
    planned = Cycle(0, f"Negara Uji {year}", _top(tx), code, version, calendar, "open")
    opened = _AT.replace(year=year)
    added = cycles.add(tx, structs.replace(planned, digest=published.digest, opened_at=opened))
    taking_part = ({"cycle_id": added.id, "organisation_id": place} for place in places)
    rows.add(tx, "participant", taking_part)
    return added


def _top(tx: Writer) -> int:
    return enter_once(tx, Listed(MINISTRY, "ministry"))


def _above(top: Ancestor, number: int, size: Size, places: Sequence[int]) -> tuple[Ancestor, ...]:
    """Return what stands above a unit, from its agency up."""
    if number < size.agencies:
        return (top,)
    agency = number % size.agencies
    return Ancestor(places[agency], _unit(agency, size).name), top


def _assessments(
    tx: Writer, cycle: Cycle, turn: int, size: Size, places: Sequence[int], numbers: range
) -> None:
    """Add some units' assessments in a cycle, with answers, steps and results."""
    assert cycle.digest is not None
    asked = questionnaires.decoded(tx, cycle.digest)
    last = turn == size.cycles - 1
    begun = {n: one for n in numbers if (one := _stands(n) if last else "final") is not None}
    top = Ancestor(_top(tx), MINISTRY)
    opened = [
        {
            **_opened(cycle, asked, _unit(n, size), state),
            "organisation_id": places[n],
            "organisation_ancestors": _above(top, n, size, places),
        }
        for n, state in begun.items()
    ]
    author = _author(tx)
    ids = rows.add_numbered(tx, "assessment", ({**one, "opened_by": author} for one in opened))
    claims = [_claim(turn, n, size, len(asked.indicators)) for n in begun]
    both = list(zip(ids, begun.values(), claims, strict=True))
    answers = list(_answers(asked, both)) if size.answers else []
    rows.add(tx, "response", answers)
    rows.add(tx, "revision", answers)
    if turn >= size.cycles - 2:
        rows.add(tx, "evidence", _evidence(turn, asked, zip(begun, ids, strict=True)))
    found = list(_results(asked, both))
    rows.add(tx, "step", _steps(cycle, both, found))
    rows.add(tx, "result", ({"assessment_id": id_, **structs.asdict(one)} for id_, one in found))


def _author(tx: Writer) -> int:
    known = people.credential(tx, _AUTHOR)
    if known is not None:
        return known.person_id
    return people.add(tx, Person(_AUTHOR, MINISTRY, "ministry", _top(tx)))


def _claim(turn: int, number: int, size: Size, indicators: int) -> _Claim:
    """Return what a unit claims in a cycle, and what is found."""
    agency = number % size.agencies
    hard = np.random.default_rng((_SEED, 0)).normal(0, 0.6, indicators)
    of_agency = np.random.default_rng((_SEED, 1, agency)).normal(0, 0.6)
    of_unit = np.random.default_rng((_SEED, 2, number)).normal(0, 0.4)
    random = np.random.default_rng((_SEED, 3, turn, number))
    quality = 2.8 + 0.1 * turn + of_agency + of_unit - hard + random.normal(0, 0.5, indicators)
    verified = np.clip(np.rint(quality), 1, 5).astype(np.int8)
    over = random.random(indicators) < 0.05 + 0.25 * (agency % 4 == 0)
    return _Claim(np.clip(verified + over, 1, 5).astype(np.int8), verified)


_Begun = tuple[int, State, _Claim]


def _opened(cycle: Cycle, asked: Questionnaire, unit: _Unit, state: State) -> rows.Row:
    total = len(asked.indicators)
    return {
        "questionnaire": cycle.questionnaire,
        "version": cycle.version,
        "digest": cycle.digest,
        "organisation_name": unit.name,
        "organisation_kind": unit.kind,
        "organisation_attributes": unit.attributes,
        "state": state,
        "opened_at": cycle.opened_at,
        "submitted_at": None if state == "draft" else cycle.opened_at,
        "cycle_id": cycle.id,
        "answered": total,
        "total": total,
    }


def _answers(asked: Questionnaire, begun: Sequence[_Begun]) -> Iterator[rows.Row]:
    """Yield the answers of units, and what evaluators scored otherwise."""
    for id_, state, claim in begun:
        for place, code in enumerate(asked.indicators):
            own, verified = int(claim.own[place]), int(claim.verified[place])
            yield _answer(id_, "self", code, own, None)
            if state == "final" and verified != own:
                yield _answer(id_, "external", code, verified, 1)


def _answer(id_: int, stage: Stage, code: str, level: int, judged: int | None) -> rows.Row:
    return {
        "assessment_id": id_,
        "stage": stage,
        "indicator": code,
        "answer": Answer(level=level),
        "note": "",
        "revision": 1,
        "author": MINISTRY,
        "saved_at": _AT,
        "judged": judged,
    }


def _evidence(
    turn: int, asked: Questionnaire, begun: Iterable[tuple[int, int]]
) -> Iterator[rows.Row]:
    """Yield what supports the answers of units that wait in the last cycle; some of it is of this year."""
    for number, id_ in begun:
        if _stands(number) not in WAITING:
            continue
        random = np.random.default_rng((_SEED, 4, turn, number))
        drawn = random.random((2, len(asked.indicators))).tolist()
        for code, supported, new in zip(asked.indicators, *drawn, strict=True):
            if supported < _SUPPORTED:
                year = _FIRST_YEAR + turn if new < _NEW else _FIRST_YEAR
                yield {
                    "assessment_id": id_,
                    "indicator": code,
                    "name": f"{code} {year}",
                    "url": f"https://bukti.contoh.go.id/{number}/{code}/{year}",
                    "author": MINISTRY,
                    "at": _AT,
                }


def _stands(number: int) -> State | None:
    """Return where a unit stands in the last cycle; None where it has not begun."""
    place = number % 10
    return _STATES[place] if place < len(_STATES) else None


def _results(asked: Questionnaire, begun: Sequence[_Begun]) -> Iterator[tuple[int, Result]]:
    """Yield the results of the stages that are over, each with the id of its assessment."""
    over = [one for one in begun if settled(one[1])]
    own = _cards(asked, [claim.own for _, _, claim in over])
    verified = _cards(asked, [claim.verified for _, _, claim in over])
    for (id_, state, _), claimed, found in zip(over, own, verified, strict=True):
        for stage in settled(state):
            cards = claimed if STAGES.index(stage) < STAGES.index("external") else found
            yield id_, result(asked, "", stage, len(_LIFE), cards)


def _cards(asked: Questionnaire, many: Sequence[Levels]) -> list[Cards]:
    given = [
        {code: Answer(level=int(level)) for code, level in zip(asked.indicators, row, strict=True)}
        for row in many
    ]
    return list(map(Cards, score_many(asked, given), score_many(asked, given, official=True)))


def _steps(
    cycle: Cycle, begun: Sequence[_Begun], results: Sequence[tuple[int, Result]]
) -> Iterator[rows.Row]:
    by_stage = {(id_, one.stage): one for id_, one in results}
    for id_, state, _ in begun:
        for number, (step, before, after) in enumerate(_LIFE, 1):
            if state == "draft" or (after == "final" and state != "final"):
                continue
            stood = by_stage[id_, standing(after)]
            yield {
                "assessment_id": id_,
                "number": number,
                "step": step,
                "before": before,
                "after": after,
                "author": MINISTRY,
                "at": cycle.opened_at,
                "reason": "",
                "stage": stood.stage,
                "index": stood.index,
                "grade": stood.grade,
            }
