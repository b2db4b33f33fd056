"""An auditor's pages: a file known by its digest, and the trail as a story."""

import hashlib

from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As, Country
from tests.pdfs import conforming
from tests.samples import ON_SQLITE
from tests.web.test_pages import post

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]


async def _handed_in(client: Client) -> str:
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3, "see minutes")
    await alice.answer(path, "A", 4, "see minutes", seen=1)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    return path


async def test_a_file_that_was_handed_out_is_known_by_its_digest(
    client: Client, country: Country
) -> None:
    path = await _handed_in(client)
    client.cookies.set("session", "bob")
    report = conforming((await client.get(f"{path}/report.pdf?lang=en")).content)
    await client.get(f"{path}/report.pdf?lang=en")
    digest = hashlib.sha256(report).hexdigest()

    none = await client.post("/reports", files={"x": (None, b"")})
    by_digest = await client.get(f"/reports?digest={digest}")
    unknown = await client.get(f"/reports?digest={'0' * 64}")
    no_digest = await client.get("/reports?digest=abc")
    client.cookies.set("session", "charlie")
    elsewhere = await client.get(f"/reports?digest={digest}")

    assert none.status_code == 422
    assert "handed out a file with just this digest" in by_digest.text
    assert f'href="{path}/result"' in by_digest.text
    assert "64 digits" in no_digest.text
    for page in (unknown, elsewhere):
        assert "or it is not yours to see" in page.text


async def test_the_trail_reads_as_a_story(client: Client, country: Country) -> None:
    path = await _handed_in(client)
    inspector = As(client, "inspector@Agency")
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    points = [{"text": "Which year?", "indicator": "A"}]
    await inspector("POST", f"{path}/steps", {"step": "return", "points": points}, expects=201)
    client.cookies.set("session", "bob")

    story = (await client.get(f"{path}/trail")).text
    first = (await inspector("GET", f"{path}/trail"))["items"][0]["id"]
    later = await client.get(f"{path}/trail?cursor={first}")

    assert "<strong>alice</strong> opened the assessment" in story
    assert "3 → <strong>4</strong>" in story
    assert "see minutes" in story
    assert "<strong>inspector@Agency</strong> returned it for correction" in story
    assert "Which year?" in story
    assert later.text.count("<li><time>") == story.count("<li><time>") - 1


async def test_a_part_is_accepted_where_nothing_differs(client: Client, country: Country) -> None:
    path = await _handed_in(client)
    client.cookies.set("session", "inspector@Agency")
    await post(client, f"{path}/steps", step="begin")
    page = await client.get(f"{path}/check/merit")

    accepted = await post(client, f"{path}/acceptance", stage="internal", part="merit")
    rest = await client.get(f"{path}/check/oversight")

    assert "Accept the 2 that are left here" in page.text
    assert accepted.url.path == f"{path}/check/merit"
    assert "that are left here" not in accepted.text
    assert "Accept the 3 that are left here" in rest.text
