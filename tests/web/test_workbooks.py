"""The workbook of an assessment: taken along, brought back, looked at, and taken in as somebody chose."""

import re
from typing import Any

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.conduct.workbooks import Identity
from survey_service.library import answer_workbooks
from survey_service.operations import workbooks
from survey_service.reports.workbooks import workbook
from survey_service.store.database import Database
from survey_service.web.api.workbooks import XLSX
from tests.answer_books import Change, changed, exported, made, rows_of, saved, sheets, typed
from tests.country import As, Country
from tests.samples import ON_SQLITE, levels, tiny
from tests.web.test_access import WINDOW

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]
AS_XLSX = {"Content-Type": XLSX}


@pytest.fixture
async def alice(client: Client, country: Country) -> As:
    assert "alice" in country.people
    return As(client, "alice")


@pytest.fixture
async def path(alice: As) -> str:
    """Return the path of an assessment in which A and B are answered."""
    opened = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{opened['id']}"
    await alice.answer(path, "A", 3, "dahulu")
    await alice.answer(path, "B", 2)
    return path


async def taken_along(who: As, path: str, lang: str = "id") -> bytes:
    answer = await who.ask("GET", f"{path}/workbook?lang={lang}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == XLSX
    return answer.content


async def brought(who: As, path: str, content: bytes, more: str = "", expects: int = 201) -> Any:
    return await who(
        "POST", f"{path}/workbooks{more}", content=content, headers=AS_XLSX, expects=expects
    )


async def take_in(
    who: As, path: str, found: Any, choices: dict[str, str] | None = None, expects: int = 200
) -> Any:
    body = {"seen": found["seen"], "choices": choices or {}}
    return await who("POST", f"{path}/workbooks/{found['id']}/import", body, expects=expects)


async def answers(who: As, path: str, stage: str = "self") -> dict[str, Any]:
    listed = await who("GET", f"{path}/responses?stage={stage}")
    return {one["indicator"]: (one["answer"], one["note"]) for one in listed["items"]}


def codes(found: Any) -> list[str]:
    return [one["indicator"] for one in found["differences"]]


async def test_what_is_taken_along_and_brought_back_changes_nothing(alice: As, path: str) -> None:
    found = await brought(alice, path, await taken_along(alice, path))

    assert (found["differences"], found["misfits"], found["problem"]) == ([], [], None)
    assert found["files"][0]["file"] == "workbook.xlsx"
    refused = await take_in(alice, path, found, expects=409)
    assert "nothing-to-take-in" in refused["type"] or refused["status"] == 409


async def test_nothing_is_changed_before_it_is_confirmed_and_then_what_was_seen(
    alice: As, path: str
) -> None:
    change: Change = {
        "#A": {"answer": 4, "note": "kini"},
        "#B": {"answer": ""},
        "#C": {"answer": 5},
    }
    before = await answers(alice, path)

    found = await brought(alice, path, typed(await taken_along(alice, path), change))

    assert codes(found) == ["A", "B", "C"]
    assert [one["decided"] for one in found["differences"]] == [0, 0, 0]
    assert await answers(alice, path) == before
    taken = await take_in(alice, path, found)
    assert taken["items"] == ["A", "B", "C"]
    after = await answers(alice, path)
    assert (after["A"], after["C"]) == (({"level": 4}, "kini"), ({"level": 5}, ""))
    assert "B" not in after or after["B"][0] == {}
    assert (await alice("GET", f"{path}/workbooks/{found['id']}"))["taken"] == 3
    await take_in(alice, path, found, expects=409)


async def test_one_indicator_can_be_left_as_it_stands(alice: As, path: str) -> None:
    change: Change = {"#A": {"answer": 4}, "#C": {"answer": 5}}
    found = await brought(alice, path, typed(await taken_along(alice, path), change))

    taken = await take_in(alice, path, found, {"A": "leave"})

    assert taken["items"] == ["C"]
    assert (await answers(alice, path))["A"] == ({"level": 3}, "dahulu")


async def test_what_a_colleague_changed_meanwhile_is_decided_by_somebody(
    alice: As, client: Client, path: str
) -> None:
    content = await taken_along(alice, path)
    colleague = As(client, "respondent@Agency")
    await colleague.answer(path, "A", 5, "rekan", seen=1)
    await colleague.answer(path, "D", 1)

    found = await brought(alice, path, typed(content, {"#A": {"answer": 4}}))

    (difference,) = found["differences"]
    assert (difference["decided"], difference["why"]) == (None, "changed_meanwhile")
    assert difference["current"]["author"] == "respondent@Agency"
    refused = await take_in(alice, path, found, expects=422)
    assert "A" in str(refused)
    await take_in(alice, path, found, {"A": "0"})
    after = await answers(alice, path)
    assert after["A"] == ({"level": 4}, "dahulu")
    assert after["D"] == ({"level": 1}, "")


async def test_what_changes_after_the_preview_is_shown_again(alice: As, path: str) -> None:
    content = typed(await taken_along(alice, path), {"#A": {"answer": 4}})
    found = await brought(alice, path, content)
    await alice.answer(path, "A", 1, seen=1)

    await take_in(alice, path, found, {"A": "0"}, expects=409)

    assert (await answers(alice, path))["A"] == ({"level": 1}, "")
    again = await alice("GET", f"{path}/workbooks/{found['id']}")
    assert again["differences"][0]["why"] == "changed_meanwhile"


async def test_an_answer_that_does_not_fit_costs_that_answer_alone(alice: As, path: str) -> None:
    change: Change = {"#A": {"answer": 9}, "#B": {"answer": 4}}

    found = await brought(alice, path, typed(await taken_along(alice, path), change))

    assert codes(found) == ["B"]
    (misfit,) = found["misfits"]
    assert (misfit["indicator"], misfit["code"]) == ("A", "invalid_level")
    assert misfit["sheet"].startswith("1 ")
    assert misfit["row"] > 4


async def test_workbooks_of_several_units_come_together(alice: As, path: str) -> None:
    content = await taken_along(alice, path)
    one: Change = {"#A": {"answer": 4}, "#C": {"answer": 2}}
    two: Change = {"#A": {"answer": 5}, "#D": {"answer": 3}}
    first = await brought(alice, path, typed(content, one), "?name=one.xlsx")

    found = await brought(alice, path, typed(content, two), f"?name=two.xlsx&with={first['id']}")

    assert [each["file"] for each in found["files"]] == ["one.xlsx", "two.xlsx"]
    by_code = {each["indicator"]: each for each in found["differences"]}
    assert by_code["A"]["why"] == "workbooks_differ"
    assert [choice["books"] for choice in by_code["A"]["choices"]] == [[0], [1]]
    assert (by_code["C"]["decided"], by_code["D"]["decided"]) == (0, 0)
    await take_in(alice, path, found, {"A": "1"})
    after = await answers(alice, path)
    assert {code: after[code][0]["level"] for code in "ACD"} == {"A": 5, "C": 2, "D": 3}


def _claiming(**said: object) -> bytes:
    base = exported(tiny("two_dimensions"), levels(A=4))
    return workbook(structs.replace(base, identity=structs.replace(base.identity, **said)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (made(tiny("units"), {}), "another questionnaire, units@1"),
        (_claiming(questionnaire="two-dimensions@0.9"), "another version"),
        (b"PK\x03\x04", "cannot be read"),
        (saved([]), "not written by this service"),
    ],
    ids=["questionnaire", "version", "none", "foreign"],
)
async def test_a_workbook_of_something_else_says_what_it_is_and_what_to_do(
    alice: As, path: str, content: bytes, words: str
) -> None:
    before = await answers(alice, path)

    refused = await brought(
        alice, path, content, "?lang=en", expects=409 if "another" in words else 422
    )

    assert words in refused["detail"]
    assert "ownload" in refused["detail"] or "Save it again" in refused["detail"]
    assert await answers(alice, path) == before


async def test_a_workbook_of_another_assessment_is_told(alice: As, path: str) -> None:
    other = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    content = await taken_along(alice, f"/assessments/{other['id']}")

    refused = await brought(alice, path, content, "?lang=en", expects=409)

    assert "another assessment, of Agency" in refused["detail"]


async def test_a_damaged_column_of_codes_is_told_and_a_damaged_code_costs_its_row(
    alice: As, path: str
) -> None:
    content = await taken_along(alice, path)
    found = sheets(content)
    rows_of(found, lambda rows: [row.__setitem__(-1, "") for _, row in rows if row[-1] != "@key"])

    refused = await brought(alice, path, saved(found), "?lang=en", expects=422)
    kept = await brought(
        alice, path, typed(content, {"#A": {"key": "?", "answer": 5}, "#B": {"answer": 5}})
    )

    assert "hidden column of codes" in refused["detail"]
    assert kept["files"][0]["missing"] == ["A"]
    assert [one["text"][0] for one in kept["files"][0]["strays"]] == ["5"]
    assert codes(kept) == ["B"]


async def _returned(client: Client, country: Country, alice: As) -> tuple[str, bytes]:
    """Return an assessment that was handed in and returned, and a workbook from before."""
    agency, ministry = country.organisations["Agency"], As(client, "ministry@Agency")
    windows = dict.fromkeys(("self", "internal", "external"), WINDOW)
    plan = {
        "name": "c", "questionnaire": "two-dimensions@1", "windows": windows, "participants": [agency]
    }  # fmt: skip
    cycle = await ministry("POST", "/cycles", plan, expects=201)
    await ministry("POST", f"/cycles/{cycle['id']}/opening", expects=201)
    opened = await alice("POST", "/assessments", {"cycle": cycle["id"]}, expects=201)
    path = f"/assessments/{opened['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 3)
    content = await taken_along(alice, path)
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    return path, content


async def test_one_from_before_a_return_says_so_and_loses_nothing(
    client: Client, country: Country, alice: As
) -> None:
    path, content = await _returned(client, country, alice)
    changed_ = typed(content, {"#A": {"answer": 4}})
    closed = await brought(alice, path, changed_)
    inspector = As(client, "inspector@Agency")
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    point = {"indicator": "A", "text": "kurang", "kind": "point"}
    await inspector("POST", f"{path}/remarks", point, expects=201)
    await inspector("POST", f"{path}/steps", {"step": "return"}, expects=201)

    found = await brought(alice, path, changed_)

    assert closed["problem"] is not None
    assert codes(closed) == ["A"]
    assert found["problem"] is None
    assert found["returned_at"] is not None
    await take_in(alice, path, found)
    assert (await answers(alice, path))["A"][0] == {"level": 4}


async def test_those_who_score_take_a_workbook_of_their_stage(
    client: Client, country: Country, alice: As
) -> None:
    path, own = await _returned(client, country, alice)
    inspector = As(client, "inspector@Agency")
    await inspector("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    content = await taken_along(inspector, path)

    found = await brought(
        inspector,
        path,
        typed(content, {"#A": {"answer": 2, "note": "tanpa bukti"}, "#B": {"answer": 1}}),
    )
    mixed = await brought(inspector, path, own, "?lang=en", expects=409)

    assert answer_workbooks.load(content, "x").identity.stage == "internal"
    assert codes(found) == ["A", "B"]
    assert "another stage" in mixed["detail"]
    await take_in(inspector, path, found, expects=422)  # B differs, and no reason is given
    assert "A" not in await answers(inspector, path, "internal")
    await take_in(inspector, path, found, {"B": "leave"})
    assert (await answers(inspector, path, "internal"))["A"] == ({"level": 2}, "tanpa bukti")
    assert (await answers(alice, path))["A"][0] == {"level": 3}


async def _page(client: Client, path: str, login: str, **sent: Any) -> Response:
    client.cookies.set("session", login)
    method = "POST" if sent else "GET"
    return await client.request(method, path, params={"lang": "en"}, follow_redirects=False, **sent)


async def test_the_pages_show_every_change_and_take_in_what_is_chosen(
    client: Client, alice: As, path: str
) -> None:
    content = await taken_along(alice, path)
    await As(client, "respondent@Agency").answer(path, "B", 5, "rekan", seen=1)
    found = changed(sheets(content), {"#A": {"answer": 4, "note": "<b>kini"}, "#B": {"answer": 1}})
    rows_of(found, lambda rows: rows.append((90, ["", "", "", "", "", "jumlah"])))
    files = {"file": ("isi <1>.xlsx", saved(found), XLSX)}

    start = await _page(client, f"{path}/workbook", "alice")
    preview = await _page(client, f"{path}/workbooks", "alice", files=files)

    assert f"{path}/workbook.xlsx" in start.text
    assert preview.status_code == 200
    assert "isi &lt;1&gt;.xlsx" in preview.text
    assert "&lt;b&gt;kini" in preview.text
    assert "jumlah" in preview.text
    assert "changed meanwhile" in preview.text
    seen = re.search(r'name="seen" value="(\w+)"', preview.text)
    target = re.search(rf'action="({path}/workbooks/\d+/import)"', preview.text)
    assert seen is not None
    assert target is not None
    undecided = await _page(client, target[1], "alice", data={"seen": seen[1], "choice.A": "0"})
    assert undecided.status_code == 422
    assert 'href="#B"' in undecided.text
    done = await _page(
        client, target[1], "alice", data={"seen": seen[1], "choice.A": "0", "choice.B": "leave"}
    )
    assert done.status_code == 303
    assert (await answers(alice, path))["A"] == ({"level": 4}, "<b>kini")
    assert "1 change applied" in (await _page(client, done.headers["location"], "alice")).text


async def test_a_refused_file_leaves_one_on_the_page_with_what_to_do(
    client: Client, alice: As, path: str
) -> None:
    assert alice.headers
    files = {"file": ("x.xlsx", saved([]), XLSX)}

    page = await _page(client, f"{path}/workbooks", "alice", files=files)

    assert page.status_code == 422
    assert "was not written by this service" in page.text
    assert 'type="file"' in page.text


async def test_more_workbooks_than_can_be_put_together_are_refused_and_none_is_left_out(
    client: Client, alice: As, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alice.headers
    monkeypatch.setattr(workbooks, "MOST", 1)
    files = [("file", (f"{number}.xlsx", saved([]), XLSX)) for number in range(2)]

    page = await _page(client, f"{path}/workbooks", "alice", files=files)
    one = await brought(alice, path, await taken_along(alice, path))
    more = await brought(
        alice, path, await taken_along(alice, path), f"?with={one['id']}", expects=422
    )

    assert page.status_code == 422
    assert "workbooks can be put together" in page.text
    assert more["title"] == "too_many_workbooks"


async def test_those_who_only_read_take_it_along_and_cannot_bring_it_back(
    client: Client, alice: As, path: str
) -> None:
    bob = As(client, "bob")
    content = await taken_along(bob, path)

    page = await _page(client, f"{path}/workbook", "bob")

    assert 'type="file"' not in page.text
    await brought(bob, path, content, expects=403)
    await brought(As(client, "charlie"), path, content, expects=404)
    assert isinstance(answer_workbooks.load(content, "x").identity, Identity)
    assert alice.headers


async def test_what_was_brought_back_is_forgotten_in_a_month(
    client: Client, db: Database, alice: As, path: str
) -> None:
    from survey_service import clock
    from survey_service.conduct.workbooks import KEPT
    from survey_service.store import workbooks

    found = await brought(alice, path, await taken_along(alice, path))

    assert await db.write(workbooks.remove, clock.now() - KEPT, 10) == 0
    assert await db.write(workbooks.remove, clock.now(), 10) == 1
    await alice("GET", f"{path}/workbooks/{found['id']}", expects=404)
    assert client is alice.client
