"""One piece of evidence on several questions, and that of last time offered."""

from urllib.parse import quote

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As, Country
from tests.files import PDF

Client = AsyncTestClient[Litestar]
AT = {"Content-Type": "application/pdf"}


@pytest.fixture
async def alice(client: Client, country: Country) -> As:
    assert "alice" in country.people
    return As(client, "alice")


async def _ticked(alice: As, path: str, *codes: str) -> int:
    """Send the form that attaches a piece to questions; return the status of the answer."""
    ticked = {f"indicators.{code}": "on" for code in codes}
    answer = await alice.client.post(path, data=ticked, headers=alice.headers)
    return answer.status_code


async def _opened(alice: As) -> str:
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    return f"/assessments/{made['id']}"


async def _attached(alice: As, path: str) -> int:
    """Attach a file and a link to the first question; return the id of the file's evidence."""
    await alice.answer(path, "A", 3)
    upload = f"{path}/responses/A/evidence/files?name={quote('SK Bupati.pdf')}"
    file = await alice("POST", upload, content=PDF, headers=AT, expects=201)
    link = {"name": "page", "url": "https://example.go.id"}
    await alice("POST", f"{path}/responses/A/evidence", link, expects=201)
    return int(file["id"])


async def _where(alice: As, path: str) -> list[tuple[str, str]]:
    items = (await alice("GET", f"{path}/evidence"))["items"]
    return [(one["name"], one["indicator"]) for one in items]


async def test_one_step_attaches_a_piece_to_several_questions(alice: As) -> None:
    path = await _opened(alice)
    id_ = await _attached(alice, path)

    for _ in range(2):
        await _ticked(alice, f"{path}/evidence/{id_}", "B", "C")

    found = await _where(alice, path)
    assert found.count(("SK Bupati.pdf", "B")) == found.count(("SK Bupati.pdf", "C")) == 1
    assert len(found) == 4


async def test_what_last_time_had_is_offered_until_it_is_here(alice: As) -> None:
    earlier = await _opened(alice)
    id_ = await _attached(alice, earlier)
    path = await _opened(alice)

    offered = await alice.client.get(f"{path}/evidence", headers=alice.headers)
    await _ticked(alice, f"{path}/evidence/{id_}", "A")
    after = await alice.client.get(f"{path}/evidence", headers=alice.headers)

    assert "From the assessment before" in offered.text
    assert await _where(alice, path) == [("SK Bupati.pdf", "A")]
    assert after.text.count("SK Bupati.pdf</a>") == 1


async def test_a_piece_that_is_nowhere_is_not_found_and_a_question_that_is_none_refused(
    alice: As,
) -> None:
    path = await _opened(alice)
    id_ = await _attached(alice, path)

    nowhere = await _ticked(alice, f"{path}/evidence/{id_ + 99}", "B")
    none = await _ticked(alice, f"{path}/evidence/{id_}", "B", "Z")

    assert (nowhere, none) == (404, 404)
    assert ("SK Bupati.pdf", "B") not in await _where(alice, path)
