"""What a report is made of."""

import datetime as dt

from survey_service.conduct.assessment import Draft
from survey_service.maturity.answers import Answer
from survey_service.operations import assessments, responses, steps
from survey_service.operations.assessments import view
from survey_service.operations.reports import report_of
from survey_service.operations.steps import Taking
from survey_service.store.database import Database
from tests.country import settle


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
    early = report_of(await db.read(view, inspector, opened.id), dt.UTC)
    await db.write(responses.accept_rest, inspector, opened.id, "internal")
    await db.write(steps.take, inspector, opened.id, Taking("pass_on"))
    await db.write(responses.accept_rest, evaluator, opened.id, "external")
    await db.write(steps.take, evaluator, opened.id, Taking("finalise"))

    report = report_of(await db.read(view, alice, opened.id), dt.UTC)

    said = {
        code: [(one.stage, one.answer.level, one.note) for one in scores]
        for code, scores in report.reasoned.items()
    }
    assert said == {"B": [("self", 4, ""), ("internal", 2, "no minutes")]}
    assert early.reasoned == {}  # what a stage is still at does not count yet
