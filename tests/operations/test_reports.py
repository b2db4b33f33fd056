"""What a report is made of."""

import datetime as dt

from survey_service.conduct.assessment import Draft
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, responses, steps
from survey_service.operations.record import Shown, gathered
from survey_service.operations.steps import Taking
from survey_service.store.database import Database
from tests.country import settle

SHOWN = Shown(dt.UTC, "https://survei.contoh.go.id")


async def test_accepting_the_rest_leaves_the_reasons_of_the_stage_before_in_the_report(
    db: Database,
) -> None:
    people = (await settle(db)).people
    alice, inspector, evaluator = (
        people[one] for one in ("alice", "inspector@Agency", "evaluator@Agency")
    )
    opened = await db.write(assessments.open_assessment, alice, "two-dimensions@1")
    for code in "ABCDE":
        draft = Draft(Answer(level=4))
        await db.write(responses.save_response, alice, opened.id, code, draft)
    await db.write(steps.take, alice, opened.id, Taking("submit"))
    await db.write(steps.take, inspector, opened.id, Taking("begin"))
    lowered = Draft(Answer(level=2), "no minutes")
    await db.write(responses.save_response, inspector, opened.id, "B", lowered, "internal")
    early = await db.read(gathered, inspector, opened.id, SHOWN)
    await db.write(responses.accept_rest, inspector, opened.id, "internal")
    await db.write(steps.take, inspector, opened.id, Taking("pass_on"))
    await db.write(responses.accept_rest, evaluator, opened.id, "external")
    await db.write(steps.take, evaluator, opened.id, Taking("finalise"))

    report = await db.read(gathered, alice, opened.id, SHOWN)

    said = [(one.stage, one.answers["B"].level, one.reasons) for one in report.stages]
    assert said == [
        ("self", 4, {}),
        ("internal", 2, {"B": "no minutes"}),
        ("external", 2, {}),
    ]
    assert [one.stage for one in early.stages] == ["self"]  # a stage at work does not count yet
