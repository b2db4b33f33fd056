"""Files of views: they tell no more than their pages."""

import csv

import pytest
from msgspec import structs

from survey_service.operations import exports
from survey_service.operations.exports import WantedTable
from survey_service.operations.jobs import Tools
from survey_service.operations.national import Wanted
from survey_service.operations.worker import Worker
from survey_service.store import cycles
from tests.country import settle
from tests.cycles import run_cycle


@pytest.mark.parametrize(("smallest", "told"), [(6, True), (7, False)])
async def test_groups_are_as_small_as_the_setting_says(
    tools: Tools, smallest: int, *, told: bool
) -> None:
    tools = structs.replace(
        tools, settings=structs.replace(tools.settings, smallest_group=smallest)
    )
    country = await settle(tools.db)
    alice, names = country.people["alice"], ("Agency", "B", "C", "D", "E", "F", "G")
    await tools.db.write(run_cycle, country, "2026", dict.fromkeys(names, 3))
    (cycle,) = await tools.db.read(cycles.all_open)
    wanted = WantedTable(cycle.id, "comparison", "csv", 0, "en", Wanted(cycle.id, "comparison"))
    job_id = await tools.db.write(exports.request, alice, wanted)

    await Worker(tools).work_until_idle()

    made = await tools.db.read(exports.made, alice, job_id)
    content = await tools.files.get(made.path)
    assert content is not None
    _, first, *_ = csv.reader(content.decode("utf-8-sig").splitlines())
    assert [cell != "" for cell in first[1:]] == [True, told, told, told]  # one, and quartiles
