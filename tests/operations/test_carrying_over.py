"""Answers carried over to a new version, confirmed there, and compared; on both engines."""

from decimal import Decimal

import pytest

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.organisations import Listed
from survey_service.errors import NotFoundError
from survey_service.errors.answers import UnknownIndicatorError
from survey_service.errors.questionnaires import UnknownKindError
from survey_service.errors.review import IncompleteError
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, carrying_over, replay, responses, steps
from survey_service.operations.steps import Taking
from survey_service.store import organisations, people
from survey_service.store.database import Database, Writer


async def _answer(db: Database, actor: Actor, opened: Assessment, **levels: int) -> None:
    for code, level in levels.items():
        draft = Draft(Answer(level=level), f"note {code}")
        await db.write(responses.save_response, actor, opened.id, code, draft)


@pytest.fixture
async def earlier(db: Database, alice: Actor) -> Assessment:
    opened = await db.write(assessments.open_assessment, alice, "old@1")
    await _answer(db, alice, opened, **{"1": 2, "3": 4})
    return opened


@pytest.fixture
async def later(db: Database, alice: Actor, earlier: Assessment) -> Assessment:
    return await db.write(assessments.open_assessment, alice, "new@1")


async def test_opening_a_new_version_carries_over_what_is_equal(
    db: Database, alice: Actor, later: Assessment
) -> None:
    sheet = await db.read(assessments.view, alice, later.id)

    (carried,) = sheet.responses.values()
    assert carried.indicator == "2"
    assert carried.answer == Answer(value=Decimal(4))
    assert (carried.note, carried.author) == ("note 3", "alice")
    assert (carried.revision, carried.carried_from) == (1, "old@1")
    assert sheet.running.index == 4
    assert sheet.unanswered == ["1", "2", "3"]


async def test_a_carried_answer_holds_up_handing_in_until_it_is_confirmed(
    db: Database, alice: Actor, later: Assessment
) -> None:
    for code in ("1", "3"):
        draft = Draft(Answer(value=Decimal(3)))
        await db.write(responses.save_response, alice, later.id, code, draft)
    with pytest.raises(IncompleteError) as refused:
        await db.write(steps.take, alice, later.id, Taking("submit"))

    same = Draft(Answer(value=Decimal(4)), "note 3", revision=1)
    confirmed = await db.write(responses.save_response, alice, later.id, "2", same)
    submitted = await db.write(steps.take, alice, later.id, Taking("submit"))

    assert refused.value.details["missing"] == ["2"]
    assert (confirmed.revision, confirmed.carried_from) == (2, None)
    assert submitted.state == "submitted"
    history = await db.read(responses.history, alice, later.id, "2")
    assert [one.carried_from for one in history] == ["old@1", None]


async def test_the_same_version_again_starts_empty(
    db: Database, alice: Actor, earlier: Assessment
) -> None:
    again = await db.write(assessments.open_assessment, alice, "old@1")

    assert (await db.read(assessments.view, alice, again.id)).responses == {}


async def test_answers_of_another_organisation_are_not_carried_over(
    db: Database, charlie: Actor, earlier: Assessment
) -> None:
    opened = await db.write(assessments.open_assessment, charlie, "new@1")

    assert (await db.read(assessments.view, charlie, opened.id)).responses == {}


async def test_two_versions_are_compared_on_their_common_basis(
    db: Database, alice: Actor, charlie: Actor, earlier: Assessment, later: Assessment
) -> None:
    trend = await db.read(assessments.compared, alice, later.id, earlier.id)

    assert (str(trend.before), str(trend.after)) == ("4.2", "4")  # 4 of 0 to 5; 4 of 1 to 5
    with pytest.raises(NotFoundError):
        await db.read(assessments.compared, charlie, later.id, earlier.id)


async def test_a_kind_that_is_not_asked_cannot_open(db: Database, alice: Actor) -> None:
    with pytest.raises(UnknownKindError):
        await db.write(assessments.open_assessment, alice, "organisations@1")


async def test_an_organisation_sees_what_its_kind_is_asked(db: Database, charlie: Actor) -> None:
    opened = await db.write(assessments.open_assessment, charlie, "organisations@1")

    sheet = await db.read(assessments.view, charlie, opened.id)
    assert list(sheet.questionnaire.indicators) == ["A", "B"]
    with pytest.raises(UnknownIndicatorError):
        await db.write(responses.save_response, charlie, opened.id, "C", Draft(Answer(level=1)))


async def test_only_what_is_asked_holds_up_handing_in(db: Database, alice: Actor) -> None:
    opened = await db.write(assessments.open_assessment, alice, "conditions@1")
    draft = Draft(Answer(option="no"))
    await db.write(responses.save_response, alice, opened.id, "A", draft)

    assert (await db.write(steps.take, alice, opened.id, Taking("submit"))).state == "submitted"


async def test_conditions_know_what_is_known_of_the_organisation(db: Database) -> None:
    def city(tx: Writer) -> Actor:
        known = organisations.insert(
            tx, Listed("Large city", "city", attributes={"population": 200_000}), None
        )
        people.save_person(tx, people.Person("dina", "dina", "coordinator", known, "-"))
        credential = people.credential(tx, "dina")
        assert credential is not None
        return Actor(credential.person_id, "dina", "coordinator", known, "dina")

    dina = await db.write(city)
    opened = await db.write(assessments.open_assessment, dina, "conditions@1")

    assert (await db.read(assessments.view, dina, opened.id)).unanswered == ["A", "D"]


@pytest.fixture
async def again(db: Database, alice: Actor, earlier: Assessment) -> Assessment:
    """Open another assessment on the same version."""
    return await db.write(assessments.open_assessment, alice, "old@1")


async def test_answers_on_the_same_version_are_taken_over_and_confirmed(
    db: Database, alice: Actor, again: Assessment
) -> None:
    before = await db.read(assessments.view, alice, again.id)
    taken = await db.write(carrying_over.take_over, alice, again.id)
    twice = await db.write(carrying_over.take_over, alice, again.id)
    sheet = await db.read(assessments.view, alice, again.id)
    confirmed = await db.write(carrying_over.confirm, alice, again.id)
    after = await db.read(assessments.view, alice, again.id)

    assert before.responses == {}
    assert (taken, twice, confirmed) == (["1", "3"], [], ["1", "3"])
    assert sheet.to_confirm == ["1", "3"]
    assert {"1", "3"} <= set(sheet.unanswered)
    assert [one.note for one in sheet.responses.values()] == ["note 1", "note 3"]
    assert after.to_confirm == []
    assert after.assessment.answered == 2
    assert not {"1", "3"} & set(after.unanswered)
    assert await db.read(replay.unaccounted) == []


async def test_what_was_answered_here_already_stays(
    db: Database, alice: Actor, again: Assessment
) -> None:
    await _answer(db, alice, again, **{"3": 1})

    taken = await db.write(carrying_over.take_over, alice, again.id)
    sheet = await db.read(assessments.view, alice, again.id)

    assert taken == ["1"]
    assert sheet.responses["3"].answer == Answer(level=1)


async def test_a_part_is_taken_over_and_confirmed_by_itself(
    db: Database, alice: Actor, again: Assessment
) -> None:
    part = (await db.read(assessments.view, alice, again.id)).questionnaire.parents["1"].code
    inside = await db.write(carrying_over.take_over, alice, again.id, part)
    confirmed = await db.write(carrying_over.confirm, alice, again.id, part)
    with pytest.raises(NotFoundError):
        await db.write(carrying_over.take_over, alice, again.id, "nowhere")

    assert "1" in inside
    assert inside == confirmed


async def test_without_an_assessment_before_nothing_is_taken_over(
    db: Database, alice: Actor, earlier: Assessment
) -> None:
    assert await db.write(carrying_over.take_over, alice, earlier.id) == []
