from pathlib import Path

import pytest

from survey_service.analysis.standings import coverage
from survey_service.conduct.access import Actor
from survey_service.errors.questionnaires import (
    CheckFailedError,
    PublishedDiffersError,
    UnknownQuestionnaireError,
)
from survey_service.operations import demo, questionnaires, standings
from survey_service.store import people
from survey_service.store import questionnaires as stored
from survey_service.store.database import Database, Reader
from tests.samples import FLAGSHIP, TINY

TWO = (TINY / "two_dimensions.yaml").read_bytes()


async def test_publishing_the_same_file_again_changes_nothing(db: Database) -> None:
    before = await db.read(stored.list_all)

    again = await db.write(questionnaires.publish, TWO, "two.yaml")

    assert again in before
    assert await db.read(stored.list_all) == before


async def test_a_published_version_cannot_be_replaced(db: Database) -> None:
    edited = TWO.replace(b"Merit", b"Merits")

    with pytest.raises(PublishedDiffersError):
        await db.write(questionnaires.publish, edited, "two.yaml")


async def test_a_questionnaire_with_errors_is_not_published(db: Database) -> None:
    broken = TWO.replace(b'version: "1"', b'version: "2"').replace(b"from: 3.0", b"from: 9")

    with pytest.raises(CheckFailedError):
        await db.write(questionnaires.publish, broken, "two.yaml")

    with pytest.raises(UnknownQuestionnaireError):
        await db.read(questionnaires.find, "two-dimensions", "2")


async def test_an_edited_file_of_a_published_version_is_noticed(
    db: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "two-dimensions"
    folder.mkdir()
    (folder / "1.yaml").write_bytes(TWO)
    await db.read(questionnaires.require_unchanged, tmp_path)
    (folder / "1.yaml").write_bytes(TWO + b"# a word more\n")

    with pytest.raises(PublishedDiffersError) as refused:
        await db.read(questionnaires.require_unchanged, tmp_path)

    assert refused.value.details["reference"] == "two-dimensions@1"


async def test_what_was_published_is_what_is_read(db: Database) -> None:
    def content(tx: Reader) -> str:
        return stored.content(tx, questionnaires.find(tx, "two-dimensions", "1").digest)

    assert await db.read(content) == TWO.decode()


async def test_the_demo_is_filled_in_once_and_its_password_is_new(db: Database) -> None:
    library = [(str(FLAGSHIP), FLAGSHIP.read_bytes())]

    first = await db.write(demo.seed, library)
    second = await db.write(demo.seed, library)

    assert first.login == second.login == "demo"
    assert first.password != second.password
    ministry = await db.read(_demo_ministry)
    board = await db.read(standings.board, ministry, 1)
    assert coverage(board.standings.rows) == {
        None: 1, "submitted": 2, "external_evaluation": 2, "final": 4,
    }  # fmt: skip
    assert any(one.own != one.index for one in board.standings.rows)


def _demo_ministry(tx: Reader) -> Actor:
    known = people.credential(tx, "demo-ministry")
    assert known is not None
    account = people.own_account(tx, known.person_id)
    return Actor(account.id, account.name, account.role, account.organisation_id, account.login)
