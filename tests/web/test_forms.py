"""The fill-in page for every kind of answer: what is typed is what is saved and shown again."""

import html
import re

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.pdfs import conforming
from tests.samples import ON_SQLITE, PASSWORD
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def alice(client: Client) -> Client:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    return client


async def _opened(client: Client, questionnaire: str) -> None:
    await post(client, "/assessments", questionnaire=questionnaire)


async def _saved(client: Client, indicator: str, **fields: str) -> object:
    """Save a form; return the answer that the API then knows."""
    answer = await post(client, f"/assessments/1/responses/{indicator}", fields, revision="0")
    assert answer.status_code == 200, answer.text
    assert "Saved" in answer.text
    return (await client.get(f"/api/v1/assessments/1/responses/{indicator}")).json()["answer"]


@pytest.mark.parametrize(
    ("indicator", "fields", "answer", "shown"),
    [
        ("own", {"value": "20,5"}, {"value": "20.5"}, 'value="20.5"'),
        ("climb", {"choice": "3"}, {"level": 3}, 'value="3" checked'),
        ("done", {"values.open": "1", "values.done": "3,5"}, {"values": {"open": "1", "done": "3.5"}},
         'name="values.done" inputmode="decimal" autocomplete="off" value="3.5"'),
        ("list", {"items.plan": "on"}, {"checked": ["plan"]}, 'name="items.plan" checked'),
        ("list", {"choice": "0"}, {"checked": []}, 'name="choice" value="0" checked'),
        ("words", {"text": "Two\r\nlines"}, {"text": "Two\r\nlines"}, "Two\r\nlines</textarea>"),
        ("less", {"choice": "-", "reason": "none"}, {"not_applicable": "none"}, 'value="-" checked'),
    ],
)  # fmt: skip
async def test_each_kind_of_answer_is_saved_as_typed(
    alice: Client, indicator: str, fields: dict[str, str], answer: object, shown: str
) -> None:
    await _opened(alice, "answers@1")

    assert await _saved(alice, indicator, **fields) == answer
    assert shown in (await alice.get("/assessments/1/parts/all")).text


@pytest.mark.parametrize(
    ("indicator", "fields", "words"),
    [
        ("own", {"value": "much"}, "much"),
        ("own", {"value": "10"}, "20"),
        ("done", {"values.open": "1"}, "Fill in all of them"),
        ("reported", {"values.obliged": "1", "values.reported": "2"}, "more than the whole"),
        ("list", {}, "is empty"),
        ("words", {"text": " "}, "is empty"),
        ("words", {"text": "\u200b"}, "is empty"),
        ("list", {"items.plan": "on", "items.desk": "on"}, "is not an item"),
    ],
)
async def test_a_refusal_says_why_and_keeps_what_was_typed(
    alice: Client, indicator: str, fields: dict[str, str], words: str
) -> None:
    await _opened(alice, "answers@1")

    refused = await post(
        alice, f"/assessments/1/responses/{indicator}", fields, revision="0", note="My note"
    )

    assert refused.status_code == 422
    assert words in refused.text
    assert "My note" in refused.text
    for name, value in fields.items():
        assert f'name="{name}"' in refused.text or name == "items.desk"
        assert value == "on" or value in refused.text


async def test_units_are_written_line_by_line(alice: Client) -> None:
    await _opened(alice, "units@1")

    answer = await _saved(
        alice, "weighted", units="Health office: 4 * 120\nSchools: 2 * 40,5\n\nAt the port: 3"
    )

    assert answer == {
        "units": {
            "Health office": {"level": 4, "weight": "120"},
            "Schools": {"level": 2, "weight": "40.5"},
            "At the port": {"level": 3, "weight": "1"},
        }
    }
    page = (await alice.get("/assessments/1/parts/all")).text
    assert "Health office: 4 * 120\nSchools: 2 * 40.5\nAt the port: 3</textarea>" in page


async def test_rows_of_a_spreadsheet_are_pasted_as_they_are(alice: Client) -> None:
    await _opened(alice, "units@1")
    rows = (
        "Unit\tTingkat\tBobot\tBukti\r\n"
        "Health: office\t4\t120\tya\t\r\n"
        "Schools\t2\t40,5\ttidak\r\n"
        "\t\t\r\n"
        "Port\t\t\t\tno counter: one desk\r\n"
        "Market\t2.1, 3.1\r\n"
    )

    answer = await _saved(alice, "weighted", units=rows)

    assert answer == {
        "units": {
            "Health: office": {"level": 4, "weight": "120"},
            "Schools": {"level": 2, "weight": "40.5", "evidence": False},
            "Port": {"not_applicable": "no counter: one desk", "weight": "1"},
            "Market": {"checked": ["2.1", "3.1"], "weight": "1"},
        }
    }


async def test_what_is_typed_of_units_is_shown_as_it_is_read(alice: Client) -> None:
    await _opened(alice, "units@1")
    path = "/assessments/1/responses/weighted"

    refused = await post(alice, path, units="Port\t3\t1.850\nSchools\t", revision="0")
    table = refused.text.partition("data-preview")[2].partition("</table>")[0]

    assert refused.status_code == 422
    assert '<th scope="row">Port</th><td>3</td><td class="doubtful">1.850' in table
    assert 'value="1.850=1850"' in table  # both readings beside the cell
    assert 'value="1.850=1.85"' in table
    assert '<th scope="row">Schools</th>' in table
    assert "Port\t3\t1.850\nSchools\t</textarea>" in refused.text


UNITS = {
    "No evidence": {"level": 3, "weight": "2", "evidence": False},
    "No counter": {"not_applicable": "has no counter: one desk", "weight": "1"},
    "By criteria": {"checked": ["2.1", "3.1"], "weight": "1"},
    "None met": {"checked": [], "weight": "1"},
    "Port: east": {"level": 2, "weight": "1.5", "evidence": False},
}


async def test_what_a_program_said_of_units_survives_being_saved_on_the_page(
    alice: Client,
) -> None:
    await _opened(alice, "units@1")
    path = "/api/v1/assessments/1/responses/mode"
    await alice.put(path, json={"units": UNITS}, headers={"If-None-Match": "*"})

    page = (await alice.get("/assessments/1/parts/all")).text
    shown = re.search(r'id="mode".*?<textarea name="units"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert shown is not None
    fields = {"units": html.unescape(shown[1]), "note": "Looked at."}
    saved = await post(alice, "/assessments/1/responses/mode", fields, revision="1")

    assert saved.status_code == 200
    kept = (await alice.get(path)).json()
    assert (kept["answer"]["units"], kept["note"]) == (UNITS, "Looked at.")


async def test_criteria_are_ticked_one_by_one_and_a_level_can_be_chosen_instead(
    alice: Client,
) -> None:
    await _opened(alice, "answers@1")
    path = "/api/v1/assessments/1/responses/climb"
    form = "/assessments/1/responses/climb"
    ticked = {"choice": "+", "items.2.1": "on", "items.2.2": "on"}
    page = (await post(alice, form, ticked, revision="0")).text
    by_criteria = (await alice.get(path)).json()["answer"]
    page_by_level = (await post(alice, form, {**ticked, "choice": "3"}, revision="1")).text
    by_level = (await alice.get(path)).json()["answer"]
    page_of_none = (await post(alice, form, {"choice": "+"}, revision="2")).text
    none = (await alice.get(path)).json()["answer"]

    assert by_criteria == {"checked": ["2.1", "2.2"]}
    assert 'name="choice" value="+" checked' in page
    assert 'name="items.2.2" checked' in page
    assert by_level == {"level": 3}
    assert 'name="items.3.1" checked' in page_by_level
    assert none == {"checked": []}
    assert "<strong>Level 2</strong> · Saved" in page
    assert "<strong>Level 1</strong> · Saved" in page_of_none
    assert "<strong>Level" not in page_by_level


@pytest.mark.parametrize(
    "fields",
    [
        {"values.open": "17", "values.done": "23"},
        {"items.plan": "on"},
        {"text": "A long description."},
        {"units": "Health office: 4", "override": "Seen on site."},
        {"value": "31", "dated": "2026-03-31"},
    ],
)
async def test_everything_typed_outlives_the_session(alice: Client, fields: dict[str, str]) -> None:
    await _opened(alice, "answers@1")
    alice.cookies.clear()

    kept = await post(alice, "/assessments/1/responses/own", fields, note="Mine.", revision="0")

    assert kept.status_code == 401
    for name, typed in {**fields, "note": "Mine."}.items():
        assert (name.removeprefix("items.") if typed == "on" else typed) in kept.text


async def test_an_answer_beside_the_units_overrides_them_with_a_reason(alice: Client) -> None:
    await _opened(alice, "units@1")
    both = {"units": "One: 2\nTwo: 3", "choice": "5"}

    without = await post(alice, "/assessments/1/responses/mean", both, revision="0")
    answer = await _saved(alice, "mean", override="Seen on site.", **both)

    assert without.status_code == 422
    assert answer == {
        "level": 5,
        "units": {"One": {"level": 2, "weight": "1"}, "Two": {"level": 3, "weight": "1"}},
        "override": "Seen on site.",
    }


@pytest.mark.parametrize(
    "line", ["nothing", "One: x", "One: 2\nOne: 3", "One: 2 * x", "One: 2.1,x"]
)
async def test_a_line_of_units_that_cannot_be_read_is_told(alice: Client, line: str) -> None:
    await _opened(alice, "units@1")

    refused = await post(alice, "/assessments/1/responses/mean", revision="0", units=line)

    assert refused.status_code == 422
    assert line.splitlines()[-1] in refused.text


async def test_a_value_from_elsewhere_has_its_day(alice: Client) -> None:
    await _opened(alice, "external@1")

    answer = await _saved(alice, "B", value="3", dated="2026-03-31")
    wrong = await post(alice, "/assessments/1/responses/C", revision="0", value="3", dated="soon")

    assert answer == {"value": "3", "dated": "2026-03-31"}
    assert wrong.status_code == 422
    assert "2026-12-31" in wrong.text
    page = (await alice.get("/assessments/1/parts/all")).text
    assert "Supplied by: Another agency" in page


async def test_what_is_not_asked_says_so_until_it_is(alice: Client) -> None:
    await _opened(alice, "conditions@1")
    before = (await alice.get("/assessments/1/parts/main")).text

    swapped = await alice.post(
        "/assessments/1/responses/A",
        content="choice=yes&revision=0",
        headers={"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"},
    )

    assert before.count("Not asked at present") == 2  # B and C
    assert "[id='asked-B']" in swapped.text
    assert swapped.text.count("Not asked at present") == 1  # C waits for B


async def test_a_carried_answer_asks_to_be_confirmed(alice: Client) -> None:
    await _opened(alice, "old@1")
    await post(alice, "/assessments/1/responses/3", choice="4", revision="0")
    await _opened(alice, "new@1")

    page = (await alice.get("/assessments/2/parts/all")).text
    confirmed = await post(alice, "/assessments/2/responses/2", value="4", revision="1")

    assert "Carried over from the questionnaire before, answered there by alice" in page
    assert "Carried over" not in confirmed.text


async def test_a_questionnaire_shows_every_kind_before_it_is_opened(alice: Client) -> None:
    page = (await alice.get("/questionnaires/answers/1")).text

    assert "<dt>2</dt><dd>Written. Adopted. </dd>" in page
    assert "Value, from 20 to 60" in page
    assert "<li>Last year</li>" in page
    assert "<li>Plan.</li>" in page


@pytest.mark.parametrize("reference", ["answers@1", "units@1", "external@1", "conditions@1"])
async def test_result_and_report_can_be_had_in_every_kind(alice: Client, reference: str) -> None:
    await _opened(alice, reference)

    assert (await alice.get("/assessments/1/result")).status_code == 200
    assert conforming((await alice.get("/assessments/1/report.pdf")).content)


async def test_answers_from_last_time_are_offered_taken_over_and_confirmed_together(
    alice: Client,
) -> None:
    await _opened(alice, "two-dimensions@1")
    for code in "AB":
        await post(alice, f"/assessments/1/responses/{code}", choice="4", revision="0")
    await _opened(alice, "two-dimensions@1")
    part = "/assessments/2/parts/merit"

    offered = (await alice.get(part)).text
    taken = (await post(alice, f"{part}/carrying-over", x="x")).text
    elsewhere = [
        (await alice.get(page)).text for page in ("/", "/assessments", "/assessments/2/result")
    ]
    api = [(await alice.get(f"/api/v1/assessments/2{path}")).json() for path in ("", "/score")]
    confirmed = (await post(alice, f"{part}/confirmation", x="x")).text

    assert "answers from last time" in offered
    assert "0 of 5 answered" in taken
    for page in (taken, *elsewhere):  # one word and one count for them everywhere
        assert "2 carried over, to be confirmed" in page
    assert "3 left" in elsewhere[0]
    assert "<small>0/5" in elsewhere[1]
    assert '<p class="grade">0/5</p>' in elsewhere[2]
    assert [api[0][name] for name in ("answered", "to_confirm", "total")] == [0, 2, 5]
    assert {one["answered"] for one in api[1]["nodes"].values()} == {0}
    assert "carried over, to be confirmed" not in confirmed
    items = (await alice.get("/api/v1/assessments/2/responses")).json()["items"]
    assert {one["carried_from"] for one in items} == {None}


async def test_questions_are_found_by_words_and_by_how_they_stand(alice: Client) -> None:
    await _opened(alice, "two-dimensions@1")
    noted = {"choice": "4", "note": "unmistakable", "revision": "0"}
    await post(alice, "/assessments/1/responses/A", noted)

    async def found(query: str) -> set[str]:
        page = (await alice.get(f"/assessments/1/questions?{query}")).text
        return set(re.findall(r'/assessments/1/parts/\w+#(\w+)"', page))

    assert await found("") == set("ABCDE")
    assert await found("words=UNMISTAKABLE") == {"A"}
    assert await found("mark=without_evidence") == {"A"}
    assert await found("mark=unanswered") == set("BCDE")
    assert await found("mark=unanswered&mark=mine") == set()
    assert await found("mark=unheard-of") == set("ABCDE")


async def test_a_number_that_may_mean_two_is_refused_with_both_to_choose_from(
    alice: Client,
) -> None:
    await _opened(alice, "answers@1")

    refused = await post(
        alice,
        "/assessments/1/responses/done",
        {"values.open": "1.850", "values.done": "4"},
        revision="0",
    )

    assert refused.status_code == 422
    assert "1.850 may mean 1850 or 1.85" in refused.text
    for reading in ("1850", "1.85"):
        assert f'<button class="secondary" name="reading" value="1.850={reading}">' in refused.text
    assert 'value="1.850" aria-invalid="true"' in refused.text


@pytest.mark.parametrize(("reading", "open_"), [("1850", "1850"), ("1,85", "1.85")])
async def test_the_reading_that_is_chosen_is_saved(alice: Client, reading: str, open_: str) -> None:
    await _opened(alice, "answers@1")

    answer = await _saved(
        alice, "done", **{"values.open": "1.850", "values.done": "1", "reading": f"1.850={reading}"}
    )

    assert answer == {"values": {"open": open_, "done": "1"}}


@pytest.mark.parametrize(("reading", "weight"), [("1850", "1850"), ("1,85", "1.85")])
async def test_the_reading_of_a_pasted_cell_is_saved(
    alice: Client, reading: str, weight: str
) -> None:
    await _opened(alice, "units@1")

    answer = await _saved(alice, "weighted", units="1.850\t3\t1.850", reading=f"1.850={reading}")

    assert answer == {"units": {"1.850": {"level": 3, "weight": weight}}}


@pytest.mark.parametrize("typed", ["1.250", "1,250"])
async def test_weights_of_units_are_not_guessed_either(alice: Client, typed: str) -> None:
    await _opened(alice, "units@1")
    units = f"Office 1.250: 4 * {typed}\nSchools: 2 * 40,5"
    path = "/assessments/1/responses/weighted"

    refused = await post(alice, path, units=units, revision="0")
    answer = await _saved(alice, "weighted", units=units, reading=f"{typed}=1250")

    assert refused.status_code == 422
    assert f'value="{typed}=1250"' in refused.text
    assert answer == {
        "units": {
            "Office 1.250": {"level": 4, "weight": "1250"},
            "Schools": {"level": 2, "weight": "40.5"},
        }
    }


async def test_a_number_is_shown_again_as_the_reader_writes_it(alice: Client) -> None:
    await _opened(alice, "answers@1")
    await _saved(alice, "own", value="20,5")
    alice.headers.update({"HX-Request": "true"})

    page = await alice.get("/assessments/1/parts/all?lang=id")
    saved = await post(alice, "/assessments/1/responses/own?lang=id", value="25.5", revision="1")

    assert 'name="value" inputmode="decimal" autocomplete="off" value="20,5"' in page.text
    assert '<data hidden data-field="value" value="25,5">' in saved.text
