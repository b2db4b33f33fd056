"""What lies beside an answer, and trying other answers, without script."""

import re

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As, Country, remark_id
from tests.files import PDF
from tests.samples import PASSWORD
from tests.web.test_pages import post

Client = AsyncTestClient[Litestar]
PART = "/assessments/1/parts/merit"
A = "/assessments/1/responses/A"


@pytest.fixture
async def alice(client: Client) -> Client:
    await post(client, "/sign-in", login="alice", password=PASSWORD)
    await post(client, "/assessments", questionnaire="two-dimensions@1")
    return client


async def _upload(alice: Client, content: bytes, name: str = "sk.pdf") -> str:
    files = {"file": (name, content, "application/pdf")}
    return (await alice.post(f"{A}/evidence", files=files, follow_redirects=True)).text


async def test_evidence_is_uploaded_taken_away_and_put_back(alice: Client) -> None:
    uploaded = await _upload(alice, PDF)
    away = (await post(alice, f"{A}/evidence/1/removal", x="")).text
    back = (await post(alice, f"{A}/evidence/1/restoration", x="")).text

    assert 'href="/api/v1/assessments/1/evidence/1/content">sk.pdf' in uploaded
    assert "<s>sk.pdf</s>" in away
    assert "taken away by alice" in away
    assert "<s>" not in back


async def test_what_files_take_is_shown_with_what_was_taken_away(alice: Client) -> None:
    await _upload(alice, PDF)

    page = (await post(alice, f"{A}/evidence/1/removal", x="")).text

    assert "Files of this assessment take 10 kB of 2.0 GB" in page
    assert "those of the organisation 10 kB of 10.0 GB" in page


async def test_what_is_no_file_of_its_kind_is_refused_with_the_reason(alice: Client) -> None:
    wrong = await _upload(alice, b"not a pdf")
    none = await alice.post(f"{A}/evidence", files={"other": (None, b"x")}, follow_redirects=True)
    shortened = await alice.post(
        f"{A}/evidence",
        content=b"--x\r\nContent-Disposition: form-data; name=file; filename=a.pdf\r\n\r\nabc",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    endless = await alice.post(
        f"{A}/evidence",
        content=b"",
        headers={"Content-Type": "multipart/form-data; boundary=x", "Content-Length": "9" * 12},
    )

    assert 'class="problem" role="alert"' in wrong
    assert "No file was chosen" in none.text
    assert shortened.status_code == 400
    assert endless.status_code == 413


async def test_a_link_that_is_none_can_be_mended(alice: Client) -> None:
    wrong = await post(alice, f"{A}/links", url="javascript:alert(1)")
    right = await post(alice, f"{A}/links", url="https://example.go.id/sk")

    assert wrong.status_code == 422
    assert 'value="javascript:alert(1)"' in wrong.text
    assert 'href="https://example.go.id/sk" rel="noreferrer"' in right.text


async def test_comments_are_made_and_resolved_beside_the_answer(alice: Client) -> None:
    made = await post(alice, f"{A}/remarks", text="Which year?")
    resolved = await post(
        alice, f"{A}/remarks/{await remark_id(alice, 1)}/resolution", answer="2026"
    )
    again = await post(alice, f"{A}/remarks/{await remark_id(alice, 1)}/resolution", answer="2027")

    assert made.url.fragment == "A"
    assert "Which year?" in made.text
    assert ": 2026" in resolved.text
    assert again.status_code == 409


async def test_work_is_shared_and_called_ready(alice: Client) -> None:
    page = (await alice.get(PART)).text
    person = page.partition(">alice</option>")[0].rpartition('value="')[2].rstrip('"')
    part = (await post(alice, f"{PART}/assignment", person=person)).text
    await post(alice, f"{A}/assignment", person=person)
    await post(alice, A, choice="3", revision="0")
    ready = (await post(alice, f"{A}/ready", ready="on")).text
    home = (await alice.get("/")).text
    unready = (await post(alice, f"{A}/ready", ready="")).text

    assert f'<option value="{person}" selected>alice' in part
    assert "✓ ready" in ready
    assert "1 of them yours" in home  # B, the other one of the part
    assert "✓ ready" not in unready


async def test_script_gets_what_lies_beside_alone(alice: Client) -> None:
    await post(alice, A, choice="3", revision="0")
    headers = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}

    beside = await alice.post(f"{A}/remarks", content="text=Hm", headers=headers)
    live = await alice.post(
        f"{PART}/presence", content="revision.A=0&revision.B=0&annotations.B=old", headers=headers
    )
    same = await alice.post(f"{PART}/presence", content="revision.A=1", headers=headers)

    assert beside.text.lstrip().startswith('<div class="annotations" id="annotations-A"')
    assert 'data-answer="A"' in live.text
    assert 'id="annotations-B"' in live.text
    assert "data-answer" not in same.text


async def test_whoever_has_seen_it_all_is_told_nothing(alice: Client, country: Country) -> None:
    headers = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}

    async def ask(pulse: str) -> Response:
        return await alice.post(f"{PART}/presence", content=f"pulse={pulse}", headers=headers)

    pulse = _pulse(await alice.get(PART))
    same = await ask(pulse)
    await As(alice, "coordinator@Agency").answer("/assessments/1", "A", 3)
    answered = await ask(pulse)
    alice.cookies.set("session", "bob")
    await ask("")
    alice.cookies.set("session", "alice")
    joined = await ask(_pulse(answered))
    alice.cookies.set("session", "charlie")
    stranger = await ask(pulse)

    assert (same.status_code, same.text) == (204, "")
    assert answered.status_code == joined.status_code == 200
    assert "bob" in joined.text
    assert stranger.status_code == 404


def _pulse(page: Response) -> str:
    found = re.search(r'id="pulse" value="(\w+)"', page.text)
    assert found is not None
    return found[1]


async def test_one_indicator_is_shown_alone_with_the_one_before_and_after(alice: Client) -> None:
    alone = (await alice.get("/assessments/1/parts/B")).text

    assert 'data-answer="B"' in alone
    assert 'data-answer="A"' not in alone
    assert "/assessments/1/parts/A" in alone
    assert "/assessments/1/parts/C" in alone


async def test_other_answers_are_tried_and_not_saved(alice: Client) -> None:
    await post(alice, A, choice="1", revision="0")
    page = (await alice.get("/assessments/1/what-if")).text

    tried = (await post(alice, "/assessments/1/what-if", {"choice.A": "3", "choice.B": ""})).text
    wrong = await post(alice, "/assessments/1/what-if", {"choice.A": "9"})

    assert "→ 5" in page
    assert ">3.00</span>" in tried
    assert "+2.00" in tried
    assert wrong.status_code == 422
    assert (await alice.get(PART)).text.count('value="3" checked') == 0


async def test_options_are_tried_as_well(alice: Client) -> None:
    await post(alice, "/assessments", questionnaire="kinds@1")
    page = (await alice.get("/assessments/2/what-if")).text
    headers = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
    wrong = await alice.post("/assessments/2/what-if", content="choice.A=9", headers=headers)

    assert "stays as it is" in page
    assert "→ B" in page
    assert "<html" not in wrong.text
    assert 'class="problem"' in wrong.text


async def test_what_was_answered_the_time_before_stands_beside(alice: Client) -> None:
    await post(alice, A, choice="4", revision="0")
    await post(alice, "/assessments", questionnaire="two-dimensions@1")

    page = (await alice.get("/assessments/2/parts/merit")).text

    assert '<p class="before"><a href="/assessments/1/result">' in page
    assert "<strong>4</strong>" in page
