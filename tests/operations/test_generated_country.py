"""The country that is made up to be measured: whole, the same every time, and worth what is stored."""

from collections import Counter

from survey_service.analysis.selection import Selection
from survey_service.operations import questionnaires, recomputation
from survey_service.operations.columns import KeptColumns
from survey_service.operations.generated_country import Size, generate
from survey_service.store import check_order, cycles
from survey_service.store.database import Database, Reader
from tests.country import settle
from tests.samples import FLAGSHIP

FIRST = [2571875, 2502500, 2757875]  # indices in millionths: drawn once
SMALL = Size(agencies=6, units=30, cycles=2)


async def test_a_generated_country_is_worth_what_is_stored(db: Database) -> None:
    await settle(db)  # it is put beside what is there
    await db.write(questionnaires.publish, FLAGSHIP.read_bytes(), FLAGSHIP.name)
    told: list[str] = []

    await generate(db, SMALL, told.append)

    assert told == ["Negara Uji 2022: 30 of 30", "Negara Uji 2023: 30 of 30"]
    assert [one async for one in recomputation.discrepancies(db, mend=False)] == []
    before, last = await db.read(_columns, 1), await db.read(_columns, 2)
    assert Counter(one.state for one in before.members) == {"final": 30}
    assert Counter(one.state for one in last.members) == {
        "final": 18,
        "external_evaluation": 6,
        "draft": 3,
    }
    assert before.column("")[:3].tolist() == FIRST
    waiting = [one.assessment for one in last.members if one.state == "external_evaluation"]
    supported = await db.read(check_order.supported, waiting)
    code = next(iter(last.questionnaire.indicators))
    assert 6 * 30 < sum(map(len, supported.values())) < 6 * len(last.questionnaire.indicators)
    assert 0 < len(await db.read(check_order.fresh, 1, code, waiting)) < 6


def _columns(tx: Reader, cycle: int) -> Selection:
    found = cycles.all_open(tx)[cycle - 1]
    return KeptColumns().of(tx, found)
