"""Results that are stored when they come about, and what is read of them afterwards."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.cycles import Calendar, Window
from survey_service.conduct.life import STAGES, Stage, overlaid
from survey_service.conduct.results import result
from survey_service.maturity.answers import Answer
from survey_service.maturity.scoring import cards
from survey_service.operations import assessments, cycles, questionnaires, responses, steps
from survey_service.operations.cycles import Plan
from survey_service.operations.steps import Point, Taking
from survey_service.store import responses as stored_responses
from survey_service.store import results
from survey_service.store.database import Database, Reader, Writer
from tests.country import Country, settle

CODES = "ABCDE"


class Walk:
    """An assessment on its way, with everybody who has to do with it."""

    def __init__(self, db: Database, country: Country, opened: Assessment) -> None:
        self.db, self.country, self.id = db, country, opened.id

    def who(self, login: str) -> Actor:
        return self.country.people[login]

    async def step(self, login: str, step: Any, **more: Any) -> Assessment:
        return await self.db.write(steps.take, self.who(login), self.id, Taking(step, **more))

    async def answer(self, level: int, seen: int = 0, codes: str = CODES) -> None:
        for code in codes:
            draft = Draft(Answer(level=level), revision=seen)
            await self.db.write(responses.save_response, self.who("alice"), self.id, code, draft)

    async def score(self, login: str, stage: Stage, code: str, level: int, seen: int = 0) -> None:
        draft = Draft(Answer(level=level), "Because.", seen)
        await self.db.write(responses.save_response, self.who(login), self.id, code, draft, stage)

    async def accept(self, login: str, stage: Stage) -> None:
        await self.db.write(responses.accept_rest, self.who(login), self.id, stage)

    async def stands(self) -> dict[Stage, Decimal | None]:
        """Return the stored indices by stage, once each result is what its answers are worth."""
        found = await self.db.read(results.of_assessment, self.id)
        for stage, one in found.items():
            assert one == await self.db.read(self._worked_out, stage, one.step)
        return {stage: one.index for stage, one in found.items()}

    def _worked_out(self, tx: Reader, stage: Stage, step: int) -> object:
        sheet = assessments.view(tx, self.who("alice"), self.id)
        given = overlaid(stored_responses.by_stage(tx, self.id, STAGES), stage)
        answers = {code: one.answer for code, one in given.items()}
        questionnaire = questionnaires.decoded(tx, sheet.assessment.digest)
        return result(questionnaire, "regency", stage, step, cards(questionnaire, answers))


@pytest.fixture
async def walk(db: Database) -> Walk:
    country = await settle(db)
    opened = await db.write(
        assessments.open_assessment, country.people["alice"], "two-dimensions@1"
    )
    return Walk(db, country, opened)


async def test_each_step_stores_the_results_of_the_stages_that_are_over(walk: Walk) -> None:
    four, three, two = Decimal(4), Decimal("3.85"), Decimal("3.4")
    # A is a quarter of merit, which is 60 of 100: a level of it is worth 0.15; B three quarters
    await walk.answer(4)
    assert await walk.stands() == {}

    await walk.step("alice", "submit")
    assert await walk.stands() == {"self": four}
    await walk.step("alice", "withdraw")
    assert await walk.stands() == {}

    await walk.step("alice", "submit")
    await walk.step("inspector@Agency", "begin")
    await walk.score("inspector@Agency", "internal", "A", 3)
    await walk.accept("inspector@Agency", "internal")
    assert await walk.stands() == {"self": four}  # the inspectorate is not done

    await walk.step("inspector@Agency", "pass_on")
    assert await walk.stands() == {"self": four, "internal": three}

    await walk.score("evaluator@Agency", "external", "B", 3)
    await walk.accept("evaluator@Agency", "external")
    await walk.step("evaluator@Agency", "announce")
    assert await walk.stands() == {"self": four, "internal": three, "external": two}

    await walk.score("evaluator@Agency", "external", "B", 4, seen=1)  # an objection was right
    assert await walk.stands() == {"self": four, "internal": three, "external": three}

    await walk.step("evaluator@Agency", "finalise")
    final = await walk.stands()
    assert final == {"self": four, "internal": three, "external": three, "final": three}

    await walk.step("ministry@Agency", "reopen", reason="A wrong year.")
    assert await walk.stands() == {"self": four, "internal": three}


async def test_what_is_returned_has_no_result_until_it_is_handed_in_again(walk: Walk) -> None:
    await walk.answer(4)
    await walk.step("alice", "submit")
    await walk.step("inspector@Agency", "begin")
    await walk.accept("inspector@Agency", "internal")

    await walk.step("inspector@Agency", "return", points=(Point("Look again."),))
    assert await walk.stands() == {}
    await walk.answer(5, seen=1, codes="A")
    await walk.step("alice", "submit")

    assert await walk.stands() == {"self": Decimal("4.15")}


async def test_every_step_keeps_the_result_that_stood_after_it(walk: Walk) -> None:
    await walk.answer(4)
    await walk.step("alice", "submit")
    await walk.step("inspector@Agency", "begin")
    await walk.score("inspector@Agency", "internal", "B", 1)
    await walk.accept("inspector@Agency", "internal")
    await walk.step("inspector@Agency", "pass_on")
    await walk.accept("evaluator@Agency", "external")
    await walk.step("evaluator@Agency", "finalise")
    await walk.step("ministry@Agency", "reopen", reason="A wrong year.")
    await walk.step("evaluator@Agency", "return", points=(Point("Look again."),))

    told = await walk.db.read(steps.taken, walk.who("alice"), walk.id)

    lower = Decimal("2.65")  # three levels of B are worth 1.35
    assert [(one.step, one.stage, one.index) for one in told] == [
        ("submit", "self", 4),
        ("begin", "self", 4),
        ("pass_on", "internal", lower),
        ("finalise", "final", lower),
        ("reopen", "internal", lower),
        ("return", None, None),
    ]
    await walk.step("alice", "submit")
    await walk.step("inspector@Agency", "begin")
    again = await walk.db.read(steps.taken, walk.who("alice"), walk.id)
    seen = {(one.step, one.stage) for one in again if one.index is not None}
    # scores of the inspectorate are kept back while it is at work; what was final is known
    assert seen == {("submit", "self"), ("begin", "self"), ("finalise", "final")}


async def test_a_refused_step_stores_nothing(walk: Walk) -> None:
    await walk.answer(4, codes="ABC")

    with pytest.raises(Exception, match="incomplete"):
        await walk.step("alice", "submit")

    assert await walk.stands() == {}


async def test_a_stage_that_a_cycle_leaves_out_has_the_result_of_the_one_before(
    db: Database,
) -> None:
    country = await settle(db)
    opened = await db.write(_opened_in_a_cycle_without_an_inspectorate, country)
    walk = Walk(db, country, opened)
    await walk.answer(4)
    await walk.step("alice", "submit")

    begun = await walk.step("evaluator@Agency", "begin")

    assert begun.state == "external_evaluation"
    assert await walk.stands() == {"self": Decimal(4), "internal": Decimal(4)}


def _opened_in_a_cycle_without_an_inspectorate(tx: Writer, country: Country) -> Assessment:
    always = Window(dt.date(2020, 1, 1), dt.date(2040, 1, 1))
    calendar = Calendar({"self": always, "external": always}, "Asia/Jakarta")
    agency = country.organisations["Agency"]
    ministry = country.people["ministry@Agency"]
    planned = cycles.plan(tx, ministry, Plan("2026", "two-dimensions@1", calendar, (agency,)))
    cycles.open_cycle(tx, ministry, planned.id)
    return assessments.open_in_cycle(tx, country.people["alice"], planned.id)
