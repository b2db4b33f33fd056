"""What a paper encloses: from it alone a stranger recomputes what the paper says."""

import json
import pickle
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from msgspec import structs

from survey_service.conduct.responses import Responses
from survey_service.conduct.workbooks import answered
from survey_service.library import answer_workbooks, documents, questionnaires, responses
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.scoring import Card, cards, score
from survey_service.reports.assessment import Report, code
from survey_service.reports.attachments import ANSWERS, QUESTIONNAIRE, WORKBOOK, attachments, schema
from survey_service.reports.papers import PAPERS
from survey_service.reports.sample import sample
from survey_service.settings import SHIPPED_TEMPLATES
from tests.reports.records import AT, DIGEST, FOUND, OWN, on_record
from tests.samples import FLAGSHIP, LIBRARY, TINY, given, levels, load

FILES = sorted(path for path in LIBRARY.glob("*/*.yaml"))


def _found(report: Report) -> tuple[Responses, dict[str, Any], Card]:
    """Return what the two attachments say, and what a stranger makes of them."""
    enclosed = {one.name: one.content for one in attachments(report, "en", "report")}
    instrument = questionnaires.load(documents.read(enclosed[QUESTIONNAIRE], QUESTIONNAIRE))
    said = responses.load(documents.read(enclosed[ANSWERS], ANSWERS), instrument)
    profile = said.organisation.profile
    again = score(instrument, said.at("final"), official=True, profile=profile)
    return said, json.loads(enclosed[ANSWERS])["result"], again


def _on(path: Path, answers: dict[str, Answer], profile: Profile) -> Report:
    return Report(load(path), DIGEST, "Agency", answers, {}, AT, profile, source=path.read_text())


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}-{path.stem}" for path in FILES])
def test_a_stranger_recomputes_the_index_from_the_two_attachments_alone(path: Path) -> None:
    report = sample(load(path), DIGEST, AT, "final", "id", path.read_text())

    said, result, again = _found(report)

    here = cards(report.questionnaire, report.answers, report.profile).official
    assert again == here
    assert result["grade"] == (here.grade.code if here.grade else None)
    assert result["nodes"] == msgspec.to_builtins(here.nodes)
    assert said.at("final") == report.answers


def test_the_workbook_in_a_report_reads_back_as_the_answers_that_stand() -> None:
    report = sample(load(FLAGSHIP), DIGEST, AT, "final", "en", FLAGSHIP.read_text())
    enclosed = {one.name: one.content for one in attachments(report, "en", "report")}

    book = answer_workbooks.load(enclosed[WORKBOOK], WORKBOOK)

    answers, misfits = answered(report.questionnaire.for_kind(report.profile.kind), book, None)
    assert not misfits
    assert answers == report.answers
    assert book.identity.organisation == report.organisation
    assert book.identity.digest == report.digest


def test_what_conditions_know_of_an_organisation_lies_there_too() -> None:
    path, profile = TINY / "conditions.yaml", Profile("city", {"population": 120_000})
    answers = given(A={"option": "no"}, D={"value": "4"})

    said, result, again = _found(_on(path, answers, profile))

    assert said.organisation.profile == profile
    assert again == score(load(path), answers, official=True, profile=profile)
    assert result["nodes"]["D"]["index"] == "4"


def test_an_index_is_an_exact_fraction_where_its_decimals_do_not_end() -> None:
    answers = levels(A=2, B=3, C=2, D=1, E=2)

    _, result, again = _found(_on(TINY / "two_dimensions.yaml", answers, Profile()))

    assert result["index"] == "139/60"  # 0.6*(1*2 + 3*3)/4 + 0.4*(2 + 1 + 2)/3
    assert str(again.index) == "2.316666666666666666666666667"


def test_each_stage_has_what_it_found_otherwise() -> None:
    said, result, _ = _found(on_record(source=FLAGSHIP.read_text()))

    assert said.responses == OWN
    assert said.at("internal") == OWN
    assert said.stages["external"] == {"M1.1": Answer(level=2)}
    assert said.at("external") == said.at("final") == FOUND
    assert said.stages["final"] == {}
    assert (result["stage"], result["state"], result["cycle"]) == (
        "final",
        "final",
        "Reformasi 2026",
    )


def test_a_draft_says_whose_scores_stand() -> None:
    draft = structs.replace(on_record("draft", FLAGSHIP.read_text()), stages=(), answers=OWN)

    said, result, _ = _found(draft)

    assert (said.responses, said.stages) == (OWN, {})
    assert (result["stage"], result["state"]) == ("self", "draft")


def test_the_result_names_the_report_its_moment_and_what_it_rests_on() -> None:
    report = on_record(source=FLAGSHIP.read_text())

    _, result, _ = _found(report)

    assert result["code"] == code(report)
    assert result["at"] == "2026-11-24T15:30:00+07:00"
    assert result["questionnaire_sha256"] == DIGEST
    assert [one["sha256"] for one in result["evidence"]] == ["ab" * 32, None]  # nothing taken away
    assert (result["answered"], result["total"]) == (49, 49)


@pytest.mark.parametrize("path", [*FILES[:1], TINY / "answers.yaml"], ids=["first", "answers"])
def test_the_published_schema_describes_the_answers(path: Path) -> None:
    report = sample(load(path), DIGEST, AT, "final", "id", path.read_text())
    content = json.loads(attachments(report, "id", "report")[0].content)

    described = jsonschema_rs.validator_for(json.loads(schema()))

    described.validate(content)
    assert not described.is_valid({**content, "more": 1})
    assert not described.is_valid({**content, "result": {**content["result"], "index": "3.93"}})


def test_the_schema_beside_the_templates_is_the_present_one() -> None:
    assert (SHIPPED_TEMPLATES / "answers.schema.json").read_bytes().strip() == schema().strip()


def test_a_certificate_encloses_nothing_and_all_else_the_answers() -> None:
    counts = {one: len(attachments(on_record(source="x"), "id", one)) for one in PAPERS}

    assert counts == {"report": 3, "summary": 2, "letter": 2, "certificate": 0}


def test_another_process_encloses_the_same_bytes() -> None:
    report = on_record("draft", FLAGSHIP.read_text())  # whose stage is the workbook's default

    sent = pickle.loads(pickle.dumps(report))

    assert attachments(sent, "id", "report") == attachments(report, "id", "report")
