"""Links typed as evidence in a workbook: seen before anything is attached, then attached or left."""

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.answer_books import typed
from tests.country import As, Country
from tests.web.test_workbooks import AS_XLSX, brought, take_in, taken_along

Client = AsyncTestClient[Litestar]
SITE, OTHER = "https://example.go.id/sk", "https://example.go.id/notulen"


@pytest.fixture
async def path(client: Client, country: Country) -> str:
    """Return the path of an assessment in which A is answered, and supported by a link."""
    assert "alice" in country.people
    alice = As(client, "alice")
    opened = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{opened['id']}"
    await alice.answer(path, "A", 3)
    link = {"name": "Decree", "url": SITE}
    await alice("POST", f"{path}/responses/A/evidence", link, expects=201)
    return path


async def attached(who: As, path: str) -> list[tuple[str, str, str]]:
    listed = (await who("GET", f"{path}/evidence"))["items"]
    return [(one["indicator"], one["name"], one["url"]) for one in listed]


async def test_links_that_were_typed_are_shown_first_and_then_attached(
    client: Client, path: str
) -> None:
    alice = As(client, "alice")
    content = await taken_along(alice, path)
    said = {"evidence": f"Decree\nNotulen: {OTHER}\nlihat lemari"}
    change = {"#A": said, "#B": {"evidence": OTHER}}

    found = await brought(alice, path, typed(content, change))

    assert await attached(alice, path) == [("A", "Decree", SITE)]
    assert [(one["indicator"], one["name"], one["url"]) for one in found["links"]] == [
        ("A", "Notulen", OTHER),
        ("B", OTHER, OTHER),
    ]
    assert [(one["indicator"], one["code"]) for one in found["misfits"]] == [("A", "invalid_link")]
    assert "lihat lemari" in found["misfits"][0]["detail"]
    taken = await take_in(alice, path, found)
    assert taken["items"] == ["A", "B"]
    both = [("A", "Decree", SITE), ("A", "Notulen", OTHER), ("B", OTHER, OTHER)]
    assert await attached(alice, path) == both
    again = await brought(alice, path, typed(content, change))
    assert again["links"] == []


async def test_links_can_be_left_out_on_the_page(client: Client, path: str) -> None:
    alice = As(client, "alice")
    content = typed(await taken_along(alice, path), {"#A": {"answer": 4, "evidence": OTHER}})
    session = {"Cookie": "session=alice"}

    shown = await client.post(
        f"{path}/workbooks", files={"file": ("a.xlsx", content, AS_XLSX["Content-Type"])},
        headers={**session, "Accept-Language": "en"},
    )  # fmt: skip
    found = await alice("GET", f"{path}/workbooks/1")
    sent = {"seen": found["seen"], "leave_links": "on"}
    await client.post(f"{path}/workbooks/1/import", data=sent, headers=session)

    assert "1 link typed as evidence" in shown.text
    assert f'href="{OTHER}"' in shown.text
    assert await attached(alice, path) == [("A", "Decree", SITE)]
    assert (await alice("GET", f"{path}/workbooks/1"))["taken"] == 1


async def test_those_who_check_are_told_that_evidence_is_not_theirs(
    client: Client, path: str
) -> None:
    alice, inspector = As(client, "alice"), As(client, "inspector@Agency")
    for code in "BCDE":
        await alice.answer(path, code, 2)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    content = typed(await taken_along(inspector, path), {"#A": {"evidence": OTHER}})

    found = await brought(inspector, path, content)

    assert found["links"] == []
    assert [one["code"] for one in found["misfits"]] == ["evidence_elsewhere"]


async def test_a_line_that_is_gone_takes_nothing_away_and_the_preview_says_so(
    client: Client, path: str
) -> None:
    alice = As(client, "alice")
    content = typed(await taken_along(alice, path), {"#A": {"evidence": ""}})

    found = await brought(alice, path, content)
    pages = {
        language: await client.get(
            f"{path}/workbooks/{found['id']}?lang={language}", headers={"Cookie": "session=alice"}
        )
        for language in ("id", "en")
    }

    assert found["gone"] == {"A": ["Decree"]}
    assert "<strong>A</strong> Decree" in pages["en"].text
    assert "this evidence stays attached" in pages["en"].text
    assert "bukti dukung ini tetap terlampir" in pages["id"].text
    assert await attached(alice, path) == [("A", "Decree", SITE)]
