"""Opening, answering, handing in: on both engines, as alice, bob and charlie."""

import asyncio

import pytest

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.life import STEPS
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.answers import ClosedError, StaleRevisionError, UnknownIndicatorError
from survey_service.errors.questionnaires import UnknownQuestionnaireError
from survey_service.errors.requests import IdempotencyKeyReusedError
from survey_service.errors.review import IncompleteError
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, filling, responses, steps
from survey_service.operations.idempotency import once
from survey_service.operations.sealing import Sealer
from survey_service.operations.steps import Taking
from survey_service.store import assessments as stored
from survey_service.store.database import Database
from tests.queries import noted

TWO = "two-dimensions@1"


@pytest.fixture
async def opened(db: Database, alice: Actor) -> Assessment:
    return await db.write(assessments.open_assessment, alice, TWO)


def _draft(level: int, revision: int = 0) -> Draft:
    return Draft(Answer(level=level), f"note {level}", revision)


async def test_opening_pins_version_and_digest(opened: Assessment) -> None:
    assert opened.reference == TWO
    assert len(opened.digest) == 64
    assert opened.state == "draft"


@pytest.mark.parametrize("reference", ["two-dimensions@9", "nothing@1", "two-dimensions", ""])
async def test_an_unpublished_version_cannot_be_opened(
    db: Database, alice: Actor, reference: str
) -> None:
    with pytest.raises(UnknownQuestionnaireError):
        await db.write(assessments.open_assessment, alice, reference)


async def test_saves_are_kept_with_all_their_revisions(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    await db.write(responses.save_response, alice, opened.id, "A", _draft(3))
    await db.write(responses.save_response, alice, opened.id, "A", _draft(4, revision=1))

    sheet = await db.read(assessments.view, alice, opened.id)
    history = await db.read(responses.history, alice, opened.id, "A")
    assert sheet.responses["A"].answer.level == 4
    assert [(one.revision, one.answer.level, one.note) for one in history] == [
        (1, 3, "note 3"),
        (2, 4, "note 4"),
    ]
    assert sheet.running.index == 4


async def test_of_two_saves_on_one_revision_one_is_refused(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    outcomes = await asyncio.gather(
        *(
            db.write(responses.save_response, alice, opened.id, "A", _draft(level))
            for level in (2, 5)
        ),
        return_exceptions=True,
    )

    refused = [one for one in outcomes if isinstance(one, StaleRevisionError)]
    history = await db.read(responses.history, alice, opened.id, "A")
    assert len(refused) == 1
    assert len(history) == 1


async def test_an_outsider_sees_nothing(db: Database, charlie: Actor, opened: Assessment) -> None:
    for step in STEPS:
        with pytest.raises(NotFoundError):
            await db.write(steps.take, charlie, opened.id, Taking(step))
    with pytest.raises(NotFoundError):
        await db.read(assessments.view, charlie, opened.id)
    with pytest.raises(NotFoundError):
        await db.write(responses.save_response, charlie, opened.id, "A", _draft(3))
    with pytest.raises(NotFoundError):
        await db.read(responses.response, charlie, opened.id, "A")
    assert await db.read(stored.newest, charlie, before=None, limit=10) == []


async def test_an_auditor_reads_and_does_not_write(
    db: Database, bob: Actor, opened: Assessment
) -> None:
    assert (await db.read(assessments.view, bob, opened.id)).assessment == opened
    with pytest.raises(ForbiddenError):
        await db.write(responses.save_response, bob, opened.id, "A", _draft(3))
    with pytest.raises(ForbiddenError):
        await db.write(assessments.open_assessment, bob, TWO)


async def test_handing_in_closes_and_taking_back_opens(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    for code in "ABCDE":
        await db.write(responses.save_response, alice, opened.id, code, _draft(3))

    submitted = await db.write(steps.take, alice, opened.id, Taking("submit"))
    with pytest.raises(ClosedError):
        await db.write(responses.save_response, alice, opened.id, "A", _draft(4, revision=1))
    withdrawn = await db.write(steps.take, alice, opened.id, Taking("withdraw"))
    await db.write(responses.save_response, alice, opened.id, "A", _draft(4, revision=1))

    assert submitted.submitted_at is not None
    assert withdrawn.state == "draft"


async def test_an_incomplete_assessment_stays_open(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    with pytest.raises(IncompleteError):
        await db.write(steps.take, alice, opened.id, Taking("submit"))

    assert (await db.read(assessments.view, alice, opened.id)).assessment.state == "draft"


async def test_a_response_to_an_unknown_indicator_is_refused(
    db: Database, alice: Actor, opened: Assessment
) -> None:
    with pytest.raises(UnknownIndicatorError):
        await db.write(responses.save_response, alice, opened.id, "Z", _draft(3))
    with pytest.raises(UnknownIndicatorError):
        await db.read(responses.response, alice, opened.id, "Z")


async def test_the_same_key_opens_once(db: Database, alice: Actor) -> None:
    first, second = [
        await db.write(
            once, alice, "key", Assessment, Sealer("demo"), assessments.open_assessment, TWO
        )
        for _ in range(2)
    ]

    assert first == second
    assert len(await db.read(stored.newest, alice, before=None, limit=10)) == 1


async def test_a_key_cannot_stand_for_two_things(db: Database, alice: Actor) -> None:
    await db.write(once, alice, "key", Assessment, Sealer("demo"), assessments.open_assessment, TWO)

    with pytest.raises(IdempotencyKeyReusedError):
        await db.write(
            once,
            alice,
            "key",
            Assessment,
            Sealer("demo"),
            assessments.open_assessment,
            "asn-maturity@2026.1",
        )


async def test_a_key_that_failed_can_be_used_again(db: Database, alice: Actor) -> None:
    with pytest.raises(UnknownQuestionnaireError):
        await db.write(
            once, alice, "key", Assessment, Sealer("demo"), assessments.open_assessment, "nothing@1"
        )

    opened = await db.write(
        once, alice, "key", Assessment, Sealer("demo"), assessments.open_assessment, TWO
    )

    assert opened.reference == TWO


async def test_what_is_looked_up_does_not_grow_with_the_past(db: Database, alice: Actor) -> None:
    first = await _answered(db, alice)
    second = await _answered(db, alice)
    few = await _statements(db, alice, second)
    *_, newest = [await _answered(db, alice) for _ in range(19)]

    many = await _statements(db, alice, newest)

    assert few == many
    standing = await db.read(steps.load, alice, newest.id)
    assert standing.course is not None
    assert standing.course.earlier.assessment.id == newest.id - 1
    assert (await db.read(steps.load, alice, first.id)).course is None


async def _answered(db: Database, alice: Actor) -> Assessment:
    """Open an assessment and answer in it."""
    opened = await db.write(assessments.open_assessment, alice, TWO)
    await db.write(responses.save_response, alice, opened.id, "A", _draft(3))
    return opened


async def _statements(db: Database, alice: Actor, opened: Assessment) -> list[int]:
    """Return how many statements the page of the result takes, and that of a part."""
    found = []
    for load in (steps.load, filling.load):
        with noted() as statements:
            await db.read(load, alice, opened.id)
        found.append(len(statements))
    return found
