"""How far an assessment is: kept by each save, whatever way the answer comes in."""

import asyncio

import pytest

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Draft
from survey_service.conduct.organisations import Listed
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, master_data, responses, version_change
from survey_service.store import organisations
from survey_service.store.database import Database
from tests.samples import numbers


async def _opened(db: Database, actor: Actor, reference: str) -> int:
    return (await db.write(assessments.open_assessment, actor, reference)).id


async def _save(
    db: Database, actor: Actor, assessment: int, code: str, answer: Answer, seen: int = 0
) -> None:
    await db.write(responses.save_response, actor, assessment, code, Draft(answer, revision=seen))


async def _kept(db: Database, actor: Actor, assessment: int) -> tuple[int, int]:
    """Return the count that was kept, once it is what scoring counts."""
    sheet = await db.read(assessments.view, actor, assessment)
    kept = sheet.assessment.answered, sheet.assessment.total
    assert kept == (sheet.running.answered, sheet.running.total)
    return kept


async def test_each_save_keeps_the_count_and_a_second_one_leaves_it(
    db: Database, alice: Actor
) -> None:
    opened = await _opened(db, alice, "two-dimensions@1")

    found = [await _kept(db, alice, opened)]
    await _save(db, alice, opened, "A", Answer(level=3))
    found.append(await _kept(db, alice, opened))
    await _save(db, alice, opened, "A", Answer(level=4), 1)
    found.append(await _kept(db, alice, opened))
    await _save(db, alice, opened, "A", Answer(not_applicable="none there"), 2)
    found.append(await _kept(db, alice, opened))

    assert found == [(0, 5), (1, 5), (1, 5), (0, 4)]


async def test_an_answer_that_opens_questions_is_counted_with_them(
    db: Database, alice: Actor
) -> None:
    opened = await _opened(db, alice, "conditions@1")

    found = [await _kept(db, alice, opened)]
    for code, answer, seen in (
        ("A", Answer(option="yes"), 0),  # opens B
        ("B", numbers(B=4)["B"], 0),  # opens C
        ("A", Answer(option="no"), 1),  # closes both
    ):
        await _save(db, alice, opened, code, answer, seen)
        found.append(await _kept(db, alice, opened))

    assert found == [(0, 1), (1, 2), (2, 3), (1, 1)]


async def test_answers_that_are_carried_over_are_counted(db: Database, alice: Actor) -> None:
    old = await _opened(db, alice, "old@1")
    for code in "123":
        await _save(db, alice, old, code, Answer(level=3))

    new = await _opened(db, alice, "new@1")
    moved = await db.write(version_change.move, alice, old, "new@1")

    assert await _kept(db, alice, new) == await _kept(db, alice, moved.id) == (0, 3)
    assert (moved.answered, moved.to_confirm, moved.total) == (0, 1, 3)


async def test_master_data_that_is_taken_over_counts_anew(db: Database, alice: Actor) -> None:
    opened = await _opened(db, alice, "conditions@1")
    large = Listed("Agency", "city", attributes={"population": 200_000})
    await db.write(organisations.update, alice.organisation_id, large, None)
    before = await _kept(db, alice, opened)

    offer = await db.read(master_data.offer, alice, opened)
    await db.write(master_data.take_over, alice, opened, "", offer.tag)

    assert (before, await _kept(db, alice, opened)) == ((0, 1), (0, 2))


async def test_saves_of_a_team_at_the_same_time_are_all_counted(db: Database, alice: Actor) -> None:
    opened = await _opened(db, alice, "two-dimensions@1")

    await asyncio.gather(*(_save(db, alice, opened, code, Answer(level=3)) for code in "ABCDE"))

    assert await _kept(db, alice, opened) == (5, 5)


@pytest.mark.parametrize("code", ["A", "E"])
async def test_a_save_that_is_refused_counts_nothing(
    db: Database, alice: Actor, bob: Actor, code: str
) -> None:
    opened = await _opened(db, alice, "two-dimensions@1")

    with pytest.raises(Exception, match="forbidden"):
        await _save(db, bob, opened, code, Answer(level=3))

    assert await _kept(db, alice, opened) == (0, 5)
