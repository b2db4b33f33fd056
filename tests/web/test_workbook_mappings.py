"""A ministry tells once how its old sheets are read, and agencies below it bring them."""

import html

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient

from tests.country import As, Country
from tests.library.test_mapped_workbooks import ACROSS, DOWN, LKE, workbook
from tests.web.test_pages import post
from tests.web.test_workbooks import answers, brought, take_in

Client = AsyncTestClient[Litestar]


@pytest.fixture
async def path(client: Client, country: Country) -> str:
    """Return the path of an assessment in which B is answered."""
    assert "alice" in country.people
    alice = As(client, "alice")
    opened = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{opened['id']}"
    await alice.answer(path, "B", 4)
    return path


async def keep(client: Client, text: str, expects: int = 201) -> int:
    """Let the ministry above the Agency keep a mapping; return its id."""
    ministry = As(client, "ministry@Agency")
    kept = await ministry("POST", "/mappings", {"content": text}, expects=expects)
    return int(kept.get("id", 0))


async def test_an_old_sheet_is_looked_at_and_then_taken_in(client: Client, path: str) -> None:
    alice, mapping = As(client, "alice"), await keep(client, DOWN)
    before = await answers(alice, path)

    found = await brought(alice, path, workbook(LKE=LKE), f"?mapping={mapping}&name=lke.xlsx")

    assert await answers(alice, path) == before
    assert [(one["indicator"], one["decided"], one["why"]) for one in found["differences"]] == [
        ("A", 0, ""),
        ("B", None, "stands_otherwise"),
    ]
    assert [(one["indicator"], one["cell"]) for one in found["misfits"]] == [("D", "D6")]
    assert [one["row"] for one in found["files"][0]["strays"]] == [7]
    assert found["files"][0]["missing"] == ["E"]
    await take_in(alice, path, found, {"B": "leave"})
    after = await answers(alice, path)
    assert after["A"] == ({"level": 3}, "sudah\nbesok")
    assert after["B"] == before["B"]


async def test_the_pages_keep_it_and_bring_a_sheet(client: Client, path: str) -> None:
    english = {"Accept-Language": "en"}
    client.cookies.set("session", "ministry@Agency")
    wrong = await post(client, "/mappings", {"content": DOWN.replace("E}", "Z}")})
    kept = await post(client, "/mappings", {"content": DOWN})
    again = await post(client, "/mappings", {"content": DOWN.replace("from_row: 3", "from_row: 2")})
    client.cookies.set("session", "alice")
    start = await client.get(f"{path}/workbook", headers=english)
    theirs = await client.get("/mappings/1", headers=english)
    sheet = {"file": ("lke.xlsx", workbook(LKE=LKE, Data=[["x"]]))}

    shown = await client.post(
        f"{path}/workbooks", files=sheet, data={"mapping": "1"}, headers=english
    )
    other = await client.post(
        f"{path}/workbooks", files={"file": ("x.xlsx", workbook(Lain=LKE))}, data={"mapping": "1"}
    )

    assert wrong.status_code == 422
    assert "mapping.yaml:9: sheets[0].rows.3.a" in html.unescape(wrong.text)
    assert "Z}" in html.unescape(wrong.text)
    assert "from_row: 3" in kept.text
    assert "from_row: 2" in again.text
    assert '<option value="1">LKE 2019</option>' in start.text
    assert "<textarea" not in theirs.text
    text = html.unescape(shown.text)
    assert "an old sheet, read by “LKE 2019”" in text
    assert "LKE, line 6 (D6), <strong>D</strong>" in text
    assert "Data: nothing of this sheet is read" in text
    assert "nothing was found in this sheet for these indicators" in text
    assert other.status_code == 422


async def _tried(client: Client, text: str, content: bytes, organisation: str = "") -> Response:
    """Try a mapping on its page, as a browser does."""
    return await client.post(
        "/mappings/trial?lang=en",
        files={"file": ("lke.xlsx", content)},
        data={"content": text.replace("\n", "\r\n"), "organisation": organisation},
    )


async def test_a_mapping_is_tried_on_a_file_before_it_is_kept(client: Client, path: str) -> None:
    client.cookies.set("session", "ministry@Agency")
    alice = As(client, "alice")
    before = await answers(alice, path)

    tried = html.unescape((await _tried(client, DOWN, workbook(LKE=LKE))).text)
    across: list[list[object]] = [["No", "Instansi", "A", "B", "C"], [1, "Agency", 2, "lima", ""]]
    named = html.unescape((await _tried(client, ACROSS, workbook(x=across), "agency")).text)

    assert "lke.xlsx, two-dimensions@1: 2 indicators are read; 1 cannot be read." in tried
    assert 'LKE <span class="code">D3</span>' in tried
    assert 'What stands there">Tiga</td>' in tried
    assert "<strong>3</strong>" in tried
    assert "Note: sudah\nbesok" in tried
    assert 'LKE <span class="code">D6</span>' in tried
    assert "The cells of these indicators are empty: C." in tried
    assert "nothing was found where they should be: E." in tried
    assert "LKE, line 7: 9.z · 4 · tidak dikenal" in tried
    assert "from_row: 3" in tried  # what was typed stays
    assert 'x <span class="code">C2</span>' in named
    assert "1 indicator is read; 1 cannot be read." in named
    assert 'value="agency"' in named
    assert (await As(client, "ministry@Agency")("GET", "/mappings"))["items"] == []
    assert await answers(alice, path) == before


async def test_what_cannot_be_tried_says_why(client: Client, path: str) -> None:
    client.cookies.set("session", "ministry@Agency")
    wrong = await _tried(client, DOWN.replace("E}", "Z}"), workbook(LKE=LKE))
    other = await _tried(client, DOWN, workbook(Lain=LKE))
    broken = await _tried(client, DOWN, b"PK")
    none = await client.post(
        "/mappings/trial?lang=en", files={"file": ("", b"")}, data={"content": DOWN}
    )
    client.cookies.set("session", "alice")
    refused = await _tried(client, DOWN, workbook(LKE=LKE))

    assert "mapping.yaml:9: sheets[0].rows.3.a" in html.unescape(wrong.text)
    assert (wrong.status_code, other.status_code, broken.status_code) == (422, 422, 422)
    assert "No file was chosen" in none.text
    assert refused.status_code == 403


async def test_it_is_known_below_the_ministry_and_nowhere_else(client: Client, path: str) -> None:
    mapping = await keep(client, ACROSS)
    charlie, alice = As(client, "charlie"), As(client, "alice")

    assert [one["name"] for one in (await alice("GET", "/mappings"))["items"]] == ["Rekap 2019"]
    assert (await charlie("GET", "/mappings"))["items"] == []
    await charlie("GET", f"/mappings/{mapping}", expects=404)
    await alice("DELETE", f"/mappings/{mapping}", expects=403)
    await alice("POST", "/mappings", {"content": DOWN}, expects=403)
    await As(client, "ministry@Agency")("DELETE", f"/mappings/{mapping}")
    await brought(alice, path, workbook(x=[["x"]]), f"?mapping={mapping}", expects=404)


async def test_one_of_another_questionnaire_is_refused(client: Client, path: str) -> None:
    other = await keep(client, DOWN.replace("two-dimensions", "old@1").replace(
        '"1.a": A, "1.B": B, "2.a": C, "2.b": D, "3.a": E', '"1": "1"'
    ))  # fmt: skip
    alice = As(client, "alice")

    refused = await brought(alice, path, workbook(LKE=LKE), f"?mapping={other}", expects=409)

    assert refused["title"] == "other_mapping"
    await keep(client, DOWN.replace("two-dimensions", "nowhere"), expects=404)
