"""What is released of a cycle: what is final in it, of those who take part."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from survey_service.errors import DamagedError
from survey_service.operations import cycles, responses, steps
from survey_service.operations.questionnaires import publish
from survey_service.operations.releases import release
from survey_service.operations.steps import Taking
from survey_service.store import assessments
from survey_service.store.database import Database, Writer
from tests.country import Country, settle
from tests.cycles import run_cycle
from tests.samples import TINY


def _run(tx: Writer, country: Country) -> None:
    """Let three hand in, of whom two become final, and one of these is withdrawn."""
    ministry, evaluator = country.people["ministry@Agency"], country.people["evaluator@Agency"]
    agency, withdrawn, _ = run_cycle(
        tx, country, "Cycle", {"Agency": 3, "Withdrawn": 4, "At work": 5}
    ).values()
    for one in (agency, withdrawn):
        steps.take(tx, evaluator, one, Taking("begin"))
        responses.accept_rest(tx, evaluator, one, "external")
        steps.take(tx, evaluator, one, Taking("finalise"))
    found = assessments.fetch(tx, withdrawn, visible_to=ministry)
    assert found.cycle is not None
    cycles.withdraw(tx, ministry, found.cycle.id, found.organisation.id, "Merged.")


async def test_what_is_final_is_released_of_those_who_take_part(db: Database) -> None:
    country = await settle(db)
    content = (TINY / "two_dimensions.yaml").read_bytes()
    await db.write(publish, content, "two_dimensions.yaml")
    await db.write(_run, country)

    found, remembered = await db.read(release, "Cycle")

    assert found.rows is not None
    assert [(row.name, row.index, row.grade) for row in found.rows] == [
        ("Agency", Decimal(3), "good")
    ]
    assert set(found.rows[0].answers) == set(found.rows[0].worth) == set("ABCDE")
    assert (found.count, found.figures, remembered) == (1, (), [])


@pytest.mark.parametrize("what", ["result", "answer"])
async def test_what_is_damaged_is_not_released(db: Database, what: str) -> None:
    country = await settle(db)
    content = (TINY / "two_dimensions.yaml").read_bytes()
    await db.write(publish, content, "two_dimensions.yaml")
    await db.write(_run, country)
    await db.write(_damage, what)

    with pytest.raises(DamagedError) as damaged:
        await db.read(release, "Cycle")

    assert damaged.value.details["what"] == "Agency"


def _damage(tx: Writer, what: str) -> None:
    if what == "result":
        tx.execute(sa.text("delete from result where stage = 'final'"))
    else:
        tx.execute(sa.text("update response set answer = '[]'"))
