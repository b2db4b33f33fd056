"""The tree of organisations in the store: taken in from a list, and seen from above."""

import json

import pytest

from survey_service.conduct.access import Actor
from survey_service.conduct.assessment import Assessment, Draft
from survey_service.conduct.organisations import Listed
from survey_service.errors import ForbiddenError, NotFoundError
from survey_service.errors.organisations import InactiveError
from survey_service.maturity.answers import Answer
from survey_service.operations import (
    assessments,
    command_lists,
    organisations,
    responses,
    steps,
)
from survey_service.operations.steps import Taking
from survey_service.store import audit
from survey_service.store import organisations as stored
from survey_service.store.database import Database
from tests.lists import by_name, entries

ROWS = [
    Listed("Office", "unit", "Bureau", {"staff": 12}),
    Listed("Bureau", "unit", "Agency"),
    Listed("Ministry", "ministry"),
]


@pytest.fixture
async def opened_below(db: Database, alice: Actor) -> Assessment:
    """Open and answer an assessment of an Office two levels below alice's Agency."""
    await command_lists.import_list(db, "list.csv", entries(*ROWS))
    office = await db.read(stored.identity, "Office")
    assert office is not None
    dina = Actor(alice.id, "dina", "coordinator", office, "dina")
    opened = await db.write(assessments.open_assessment, dina, "old@1")
    await db.write(responses.save_response, dina, opened.id, "3", Draft(Answer(level=4)))
    return opened


async def test_a_preview_changes_nothing_and_taking_in_does_what_it_said(db: Database) -> None:
    before = await by_name(db)

    previewed = await db.read(organisations.preview, None, entries(*ROWS))
    untouched = await by_name(db)
    taken = await command_lists.import_list(db, "list.csv", entries(*ROWS))

    assert untouched == before
    assert taken == previewed
    after = await by_name(db)
    assert after == before | {row.name: row for row in ROWS}
    assert (await db.read(organisations.preview, None, entries(*ROWS))).changes == ()


async def test_every_change_of_a_list_is_recorded(db: Database) -> None:
    await command_lists.import_list(db, "list.csv", entries(*ROWS))
    await command_lists.import_list(
        db, "list.csv", entries(Listed("Office", "unit", "Bureau", active=False))
    )

    recorded = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])

    told = [(one.action, json.loads(one.after or "")) for one in recorded[-4:]]
    assert [(action, after["name"]) for action, after in told] == [
        ("organisation.add", "Ministry"),
        ("organisation.add", "Bureau"),
        ("organisation.add", "Office"),
        ("organisation.change", "Office"),
    ]
    assert [one.about for one in recorded[-4:]] == [
        f"organisations/{after['id']}" for _, after in told
    ]


async def test_a_list_with_a_mistake_changes_nothing(db: Database) -> None:
    before = await by_name(db)

    taken = await command_lists.import_list(
        db, "list.csv", entries(*ROWS, Listed("Desk", "unit", "Nowhere"))
    )

    assert taken.misfits[0].reason == "no_parent"
    assert await by_name(db) == before


async def test_what_is_below_is_seen_and_what_is_above_or_beside_is_not(
    db: Database, alice: Actor, charlie: Actor
) -> None:
    """alice belongs to the Agency, dina to an Office two levels below it, charlie elsewhere."""
    await command_lists.import_list(db, "list.csv", entries(*ROWS))
    office = await db.read(stored.identity, "Office")
    assert office is not None
    dina = Actor(alice.id, "dina", "coordinator", office, "dina")

    below = await db.write(assessments.open_assessment, dina, "two-dimensions@1")
    own = await db.write(assessments.open_assessment, alice, "two-dimensions@1")

    assert (await db.read(assessments.view, alice, below.id)).assessment.id == below.id
    for actor, hidden in ((dina, own), (charlie, below)):
        with pytest.raises(NotFoundError):
            await db.read(assessments.view, actor, hidden.id)


async def test_an_organisation_that_is_no_longer_active_opens_nothing(
    db: Database, alice: Actor
) -> None:
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    await command_lists.import_list(
        db, "list.csv", entries(Listed("Agency", "regency", active=False))
    )

    with pytest.raises(InactiveError):
        await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    assert (await db.read(assessments.view, alice, opened.id)).assessment.id == opened.id


async def test_what_is_below_is_read_and_not_changed(
    db: Database, alice: Actor, opened_below: Assessment
) -> None:
    draft = Draft(Answer(level=3))

    for work in (
        db.write(responses.save_response, alice, opened_below.id, "A", draft),
        db.write(steps.take, alice, opened_below.id, Taking("submit")),
        db.write(steps.take, alice, opened_below.id, Taking("withdraw")),
    ):
        with pytest.raises(ForbiddenError):
            await work


async def test_answers_from_below_are_neither_carried_over_nor_compared(
    db: Database, alice: Actor, opened_below: Assessment
) -> None:
    """The Office answered the old version; the Agency above it opens the new one."""
    own = await db.write(assessments.open_assessment, alice, "new@1")

    assert (await db.read(assessments.view, alice, own.id)).responses == {}
    with pytest.raises(NotFoundError):
        await db.read(assessments.compared, alice, own.id, opened_below.id)
