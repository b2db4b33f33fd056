"""Questionnaires on paper: a blank form to be filled in by hand, and an assessment as it is filled in."""

import re

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from survey_service.i18n import NOTHING
from tests.country import As, Country
from tests.files import PDF
from tests.samples import ON_SQLITE
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]
CHOSEN = 'role="img" aria-label="chosen">\N{MULTIPLICATION SIGN}</span>'


@pytest.fixture
async def alice(client: Client, country: Country) -> As:
    assert "alice" in country.people
    client.cookies.set("session", "alice")
    return As(client, "alice")


async def _opened(alice: As, questionnaire: str) -> str:
    made = await alice("POST", "/assessments", {"questionnaire": questionnaire}, expects=201)
    return f"/assessments/{made['id']}"


async def _printed(alice: As, path: str) -> str:
    """Return the page to print, in English."""
    answer = await alice.client.get(f"{path}/print", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def _question(page: str, code: str) -> str:
    found = re.search(
        rf'<article class="question" aria-labelledby="{code}">.*?</article>', page, re.DOTALL
    )
    assert found is not None, code
    return found[0]


def _chosen(question: str) -> list[str]:
    """Return what is marked of what there is to choose from: numbers, codes, criteria."""
    after = question.split(CHOSEN)[1:]
    found = (re.search(r"<span[^>]*>(.*?)</span>", one) for one in after)
    return [one[1] for one in found if one]


async def test_a_blank_form_has_everything_to_choose_from_and_room_to_write(alice: As) -> None:
    page = await _printed(alice, "/questionnaires/answers/1")

    shown = ["Nothing.", "Adopted.", "Used.", "Value, from 20 to 60", "Poor.", "Last year", "Team."]
    assert [words for words in shown if words not in page] == []
    assert len(re.findall("<article", page)) == 11
    assert CHOSEN not in page
    assert "Not answered" not in page
    assert (
        _question(page, "words").count("<span></span>") == 5 + 1 + 2 + 2
    )  # text, why, note, evidence


async def test_a_blank_form_says_what_is_not_asked_of_everybody(alice: As) -> None:
    conditional = await _printed(alice, "/questionnaires/conditions/1")
    by_kind = await _printed(alice, "/questionnaires/organisations/1")

    told = [code for code in "ABCD" if "Asked only where" in _question(conditional, code)]
    assert told == ["B", "C", "D"]
    assert "Asked only of:" in by_kind


async def test_what_is_filled_in_is_marked_beside_everything_else(alice: As) -> None:
    path = await _opened(alice, "answers@1")
    answers = {
        "climb": {"choice": "3", "note": "Since June"},
        "part": {"choice": "+", "items.2.1": "on"},
        "own": {"value": "20.5"},
        "less": {"choice": "-", "reason": "We have none"},
        "grade": {"choice": "B"},
        "done": {"values.open": "1", "values.done": "3.5"},
        "list": {"items.plan": "on"},
        "words": {"text": "Two\r\nlines"},
    }
    for code, fields in answers.items():
        saved = await post(
            alice.client, f"{path}/responses/{code}", fields, revision="0", lang="en"
        )
        assert saved.status_code == 200, saved.text

    page = await _printed(alice, path)

    marked = {code: _chosen(_question(page, code)) for code in answers}
    assert marked["climb"] == ["Written.", "Adopted.", "3", "Used.", "Evaluated."]
    assert marked["part"] == ["1", "Written."]
    assert (marked["less"], marked["grade"], marked["list"]) == ([NOTHING], ["B"], ["plan"])
    written = [("climb", "Since June"), ("own", "20.5"), ("less", "We have none"), ("done", "3.5")]
    assert [one for one in written if one[1] not in _question(page, one[0])] == []
    assert "Two\r\nlines" in _question(page, "words")
    assert "Not answered" in _question(page, "steps")
    assert "Not answered" not in _question(page, "climb")


async def test_what_other_answers_leave_aside_is_said(alice: As) -> None:
    path = await _opened(alice, "conditions@1")
    await alice("PUT", f"{path}/responses/A", {"option": "no"}, headers={"If-Match": '"0"'})

    page = await _printed(alice, path)

    assert "Not asked at present" in _question(page, "B")
    assert "Not asked at present" not in _question(page, "A")


async def test_answers_by_unit_are_written_out(alice: As) -> None:
    path = await _opened(alice, "units@1")
    fields = {"units": "East office: 3\nWest office: 2", "revision": "0"}
    saved = await post(alice.client, f"{path}/responses/mean", fields)
    assert saved.status_code == 200, saved.text

    page = await _printed(alice, path)

    assert "East office: 3\nWest office: 2" in _question(page, "mean")
    assert "By unit" not in _question(page, "mode")


async def test_what_a_later_stage_made_of_an_answer_stands_beside_it(alice: As) -> None:
    path = await _opened(alice, "two-dimensions@1")
    inspector = As(alice.client, "inspector@Agency")
    for code in "ABCDE":
        await alice.answer(path, code, 4)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await inspector.answer(path, "B", 2, "no minutes", "internal")
    alice.client.cookies.set("session", "inspector@Agency")

    question = _question(await _printed(alice, path), "B")

    assert _chosen(question) == ["4"]
    assert "no minutes" in question


async def test_evidence_that_is_attached_is_named(alice: As) -> None:
    path = await _opened(alice, "two-dimensions@1")
    await alice.answer(path, "A", 3)
    at = f"{path}/responses/A/evidence"
    headers = {"Content-Type": "application/pdf"}
    gone = await alice(
        "POST", f"{at}/files?name=old.pdf", content=PDF, headers=headers, expects=201
    )
    await alice("DELETE", f"{path}/evidence/{gone['id']}")
    link = {"name": "Decree", "url": "https://example.go.id/decree"}
    await alice("POST", at, link, expects=201)

    question = _question(await _printed(alice, path), "A")

    assert "Decree" in question
    assert link["url"] in question
    assert "old.pdf" not in question


async def test_both_are_linked_from_where_one_looks_for_them(alice: As) -> None:
    path = await _opened(alice, "two-dimensions@1")

    filling = await alice.client.get(f"{path}/parts/merit")
    result = await alice.client.get(f"{path}/result")
    questionnaire = await alice.client.get("/questionnaires/two-dimensions/1")

    assert f'href="{path}/print"' in filling.text
    assert f'href="{path}/print"' in result.text
    assert 'href="/questionnaires/two-dimensions/1/print"' in questionnaire.text
