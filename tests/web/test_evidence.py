"""Evidence over the API: files and links, attached, taken away, downloaded, and never lost."""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.app import create_app
from survey_service.operations import evidence, files
from survey_service.settings import Settings
from survey_service.store import audit
from survey_service.store.database import Database
from tests.country import As, Client, Country
from tests.files import BAD, GOOD, PDF, pdf
from tests.samples import HERE, ON_SQLITE

TWO = {"questionnaire": "two-dimensions@1"}


@pytest.fixture
async def opened(client: Client, country: Country) -> str:
    made = await As(client, "alice")("POST", "/assessments", TWO, expects=201)
    return f"/assessments/{made['id']}"


async def _upload(
    who: As,
    path: str,
    *,
    name: str = "report.pdf",
    media_type: str = "application/pdf",
    content: bytes = PDF,
    code: str = "A",
    expects: int = 201,
    more: str = "",
) -> Any:
    return await who(
        "POST",
        f"{path}/responses/{code}/evidence/files?name={quote(name)}{more}",
        content=content,
        headers={"Content-Type": media_type},
        expects=expects,
    )


async def test_every_type_that_is_taken_comes_back_as_it_was(client: Client, opened: str) -> None:
    alice = As(client, "alice")
    for name, (media_type, content) in GOOD.items():
        made = await _upload(alice, opened, name=name, media_type=media_type, content=content)

        got = await alice.ask("GET", f"{opened}/evidence/{made['id']}/content")

        assert made["digest"] == hashlib.sha256(content).hexdigest()
        assert (got.content, got.headers["content-type"]) == (content, media_type)
        assert got.headers["content-disposition"].startswith("attachment; ")
        assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert int(got.headers["content-length"]) == made["size"]


async def test_a_file_that_is_known_is_not_sent_again(client: Client, opened: str) -> None:
    alice = As(client, "alice")
    made = await _upload(alice, opened)
    path = f"{opened}/evidence/{made['id']}/content"

    again = await alice.ask("GET", path, headers={"If-None-Match": f'"{made["digest"]}"'})

    assert (again.status_code, again.content) == (304, b"")


@ON_SQLITE
@pytest.mark.parametrize("what", BAD)
async def test_what_is_refused_leaves_nothing_behind(
    client: Client, opened: str, settings: Settings, what: str
) -> None:
    name, content, reason = BAD[what]
    alice = As(client, "alice")

    refused = await _upload(alice, opened, name=name, content=content, expects=422)

    assert (refused["title"], refused["reason"]) == ("unacceptable_file", reason)
    assert f"“{name}”" in refused["detail"]
    assert "problem." not in refused["detail"]
    assert _kept(settings) == []
    assert (await alice("GET", f"{opened}/evidence"))["items"] == []


@pytest.mark.parametrize(
    "name", ["a/b.pdf", "..\\a.pdf", "a\x00.pdf", "a\nb.pdf", "a\u2028.pdf", "x" * 256, ""]
)
async def test_a_name_is_a_name_and_no_path(client: Client, opened: str, name: str) -> None:
    await _upload(As(client, "alice"), opened, name=name, expects=400)


async def test_a_name_is_not_turned_around(client: Client, opened: str) -> None:
    made = await _upload(As(client, "alice"), opened, name="\u202ereport\u2066 fdp.exe.pdf")

    assert made["name"] == "report fdp.exe.pdf"


@pytest.mark.parametrize("letter", ["x", "é", "会"])
async def test_a_name_may_have_as_many_letters_as_file_systems_take(
    client: Client, opened: str, letter: str
) -> None:
    alice, name = As(client, "alice"), letter * 251 + ".pdf"

    made = await _upload(alice, opened, name=name)

    got = await alice.ask("GET", f"{opened}/evidence/{made['id']}/content")
    assert made["name"] == name
    assert quote(name) in got.headers["content-disposition"]


@pytest.mark.parametrize(
    "said",
    ["application/octet-stream", "application/wps-office.xlsx", "image/jpg", "text/html", None],
)
async def test_what_the_browser_says_of_a_file_decides_nothing(
    client: Client, opened: str, said: str | None
) -> None:
    alice = As(client, "alice")
    for name in ("table.xlsx", "photo.jfif"):
        media_type, content = GOOD[name]
        headers = {} if said is None else {"Content-Type": said}

        made = await alice(
            "POST",
            f"{opened}/responses/A/evidence/files?name={name}",
            content=content,
            headers=headers,
            expects=201,
        )

        assert made["media_type"] == media_type


async def test_a_name_may_be_written_in_any_letters(client: Client, opened: str) -> None:
    alice, name = As(client, "alice"), 'Berita "acara" 会议; ă.pdf'
    made = await _upload(alice, opened, name=name, more="&effective=2026-05-01")

    got = await alice.ask("GET", f"{opened}/evidence/{made['id']}/content")

    assert (made["name"], made["effective"]) == (name, "2026-05-01")
    assert quote(name) in got.headers["content-disposition"]


async def test_one_file_supports_several_answers_and_is_kept_once(
    client: Client, opened: str, settings: Settings
) -> None:
    alice = As(client, "alice")
    first = await _upload(alice, opened)
    again = await _upload(alice, opened)
    body = {"name": "the same", "same_as": first["id"]}

    other = await alice("POST", f"{opened}/responses/B/evidence", body, expects=201)

    assert again["id"] == first["id"]
    assert (other["digest"], other["indicator"]) == (first["digest"], "B")
    assert len(_kept(settings)) == 1
    await alice("POST", f"{opened}/responses/B/evidence", {**body, "same_as": 99}, expects=404)
    await alice("POST", f"{opened}/responses/B/evidence", {"name": "x"}, expects=422)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://x", "https://", "https://u:p@x", "//x", "https://x/a b", "https://x/\u202e"],
)  # fmt: skip
async def test_a_link_is_an_address_on_the_web(client: Client, opened: str, url: str) -> None:
    path = f"{opened}/responses/A/evidence"

    refused = await As(client, "alice")("POST", path, {"name": "x", "url": url}, expects=422)

    assert refused["title"] == "invalid_link"


async def test_what_is_taken_away_stays_on_record_and_can_come_back(
    client: Client, opened: str, db: Database
) -> None:
    alice = As(client, "alice")
    made = await _upload(alice, opened)
    path = f"{opened}/evidence/{made['id']}"

    gone = await alice("DELETE", path)
    await alice("DELETE", path, expects=409)
    back = await alice("POST", f"{path}/restoration", expects=201)
    await alice.ask("GET", f"{path}/content")

    assert (gone["removed_by"], back["removed_by"]) == ("alice", None)
    entries = await db.read(lambda tx: [one.entry for one in audit.entries(tx)])
    assert [entry.action for entry in entries][-4:] == [
        "evidence.attach", "evidence.remove", "evidence.restore", "evidence.download",
    ]  # fmt: skip


async def test_evidence_is_the_teams_and_is_read_by_those_who_see_it(
    client: Client, opened: str
) -> None:
    made = await _upload(As(client, "alice"), opened)
    path = f"{opened}/evidence/{made['id']}/content"

    for who, status in (
        ("bob", 200),
        ("evaluator@Agency", 200),
        ("charlie", 404),
        ("evaluator@Elsewhere", 404),
    ):
        assert (await As(client, who).ask("GET", path)).status_code == status
    await _upload(As(client, "bob"), opened, expects=403)
    await _upload(As(client, "charlie"), opened, expects=404)
    await _upload(As(client, "alice"), opened, code="Z", expects=404)


@pytest.fixture
async def narrow(settings: Settings, db: Database) -> AsyncIterator[Client]:
    """Yield a client to a service that takes little."""
    small = structs.replace(
        settings,
        evidence_megabytes=1,
        evidence_files=2,
        assessment_megabytes=1,
        organisation_megabytes=2,
    )
    async with AsyncTestClient(create_app(small), base_url=HERE) as client:
        yield client


def _large(number: int) -> bytes:
    """Return a PDF of nearly half a megabyte, another one for each number."""
    return pdf(form=random.Random(number).randbytes(450_000))


async def test_there_are_limits_to_size_and_count(
    narrow: Client, country: Country, settings: Settings
) -> None:
    alice = As(narrow, "alice")
    made = await alice("POST", "/assessments", TWO, expects=201)
    path = f"/assessments/{made['id']}"

    large = await _upload(alice, path, content=PDF + b" " * 1_000_000, expects=413)
    for number in range(2):
        await _upload(alice, path, content=PDF + b"\n" * number)
    full = await _upload(alice, path, content=PDF + b"\n\n", expects=409)

    assert (large["title"], full["title"]) == ("file_too_large", "too_many_files")
    assert "“report.pdf”" in large["detail"]
    assert "“report.pdf”" in full["detail"]
    assert len(_kept(settings)) == 2  # what was refused is gone


async def test_to_take_away_gives_room_on_an_answer_and_not_without_end(
    narrow: Client, country: Country
) -> None:
    alice = As(narrow, "alice")
    made = await alice("POST", "/assessments", TWO, expects=201)
    path = f"/assessments/{made['id']}"
    for number in range(10):  # five times as many as may be attached
        one = await _upload(alice, path, content=PDF + b"\n" * number)
        await alice("DELETE", f"{path}/evidence/{one['id']}")

    full = await _upload(alice, path, content=PDF + b"\n" * 10, expects=409)
    again = await _upload(alice, path, content=PDF)

    assert full["title"] == "too_many_kept"
    assert (again["removed_at"], len((await alice("GET", f"{path}/evidence"))["items"])) == (
        None,
        10,
    )


async def test_files_of_an_assessment_and_of_an_organisation_have_a_room_of_their_own(
    narrow: Client, country: Country, settings: Settings
) -> None:
    alice = As(narrow, "alice")
    paths = []
    for reference in ("two-dimensions@1", "external@1", "units@1"):
        opening = {"questionnaire": reference}
        made = await alice("POST", "/assessments", opening, expects=201)
        paths.append(f"/assessments/{made['id']}")
    first, second, third = paths
    for number in range(2):
        one = await _upload(alice, first, content=_large(number))
        await alice("DELETE", f"{first}/evidence/{one['id']}")
    of_assessment = await _upload(alice, first, content=_large(2), name="c.pdf", expects=409)
    await _upload(alice, first, content=_large(0), code="B")  # it is there: it takes no more room
    for number in range(2):
        await _upload(alice, second, content=_large(number + 2))
    of_organisation = await _upload(alice, third, content=_large(4), code="mean", expects=409)

    assert (of_assessment["title"], of_organisation["title"]) == (
        "assessment_full",
        "organisation_full",
    )
    assert "“c.pdf”" in of_assessment["detail"]
    assert len(_kept(settings)) == 4


async def test_a_failure_half_way_leaves_no_reference_to_a_file_that_is_not_there(
    client: Client, opened: str, settings: Settings
) -> None:
    alice = As(client, "alice")
    in_the_way = Path(settings.files) / "evidence"
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.write_text("no folder")

    answer = await alice.ask(
        "POST",
        f"{opened}/responses/A/evidence/files?name=a.pdf",
        content=PDF,
        headers={"Content-Type": "application/pdf"},
    )

    assert answer.status_code == 500
    assert (await alice("GET", f"{opened}/evidence"))["items"] == []
    assert _kept(settings) == [in_the_way]


async def test_several_uploads_of_one_file_at_once_attach_it_once(
    client: Client, opened: str
) -> None:
    alice = As(client, "alice")

    made = await asyncio.gather(*(_upload(alice, opened) for _ in range(5)))

    assert len({one["id"] for one in made}) == 1


async def test_what_is_handed_in_takes_no_more_evidence(client: Client, opened: str) -> None:
    alice = As(client, "alice")
    made = await _upload(alice, opened)
    for code in "ABCDE":
        await alice.answer(opened, code, 3)
    await alice("POST", f"{opened}/steps", {"step": "submit"}, expects=201)

    await _upload(alice, opened, content=PDF + b"\n", expects=409)
    await alice("DELETE", f"{opened}/evidence/{made['id']}", expects=409)


def _kept(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.files).rglob("*") if path.is_file()]


async def test_what_files_and_database_disagree_on_is_found_and_explained(
    client: Client, opened: str, settings: Settings, db: Database
) -> None:
    alice = As(client, "alice")
    digests = [
        (await _upload(alice, opened, content=PDF + b"\n" * number))["digest"]
        for number in range(3)
    ]
    folder = Path(settings.files)
    services = client.app.state.services
    (folder / evidence.path(digests[0])).unlink()
    altered = folder / evidence.path(digests[1])
    altered.write_bytes(altered.read_bytes().replace(b"%PDF", b"%pdf"))
    await services.files.put("evidence/aa/left", b"by an interrupted upload")

    shallow = await files.inconsistencies(db, services.files, deep=False)
    deep = await files.inconsistencies(db, services.files, deep=True)
    removed = await files.clear_up(db, services.files, deep)
    after = await files.inconsistencies(db, services.files, deep=False)

    assert {one.fault for one in shallow} == {"missing", "unused"}
    assert {one.name: one.fault for one in deep} == {
        evidence.path(digests[0]): "missing",
        evidence.path(digests[1]): "altered",
        "evidence/aa/left": "unused",
    }
    assert removed == 1
    assert [one.fault for one in after] == ["missing"]
    lost = (await alice("GET", f"{opened}/evidence"))["items"][0]
    await alice("GET", f"{opened}/evidence/{lost['id']}/content", expects=404)


async def test_an_upload_that_is_cut_off_leaves_nothing_behind(
    client: Client, opened: str, settings: Settings
) -> None:
    pieces = [
        {"type": "http.request", "body": PDF, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return pieces.pop(0) if pieces else {"type": "http.disconnect"}

    async def send(_: object) -> None:
        pass  # nobody is there any more

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": f"/api/v1{opened}/responses/A/evidence/files",
        "raw_path": b"",
        "query_string": b"name=a.pdf",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"authorization", b"Bearer alice"),
            (b"content-type", b"application/pdf"),
            (b"content-length", b"100000"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "root_path": "",
    }
    # In the client's own loop: a second loop on the same connections breaks them.
    client.blocking_portal.call(client.app, scope, receive, send)

    assert (await As(client, "alice")("GET", f"{opened}/evidence"))["items"] == []
    assert _kept(settings) == []
