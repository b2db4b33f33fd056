"""Reports that prove themselves: what the service issues, and what it says of it later, to whom."""

import asyncio
from pathlib import Path

from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.conduct.statements import read
from survey_service.conduct.verdicts import Verdict
from survey_service.library.report_files import statement_in
from survey_service.operations import issued, verifying
from survey_service.operations.verifying import Against, growth_in, known_key
from survey_service.store.database import Database
from tests.certificates import ministry
from tests.country import As, Country
from tests.pdfs import conforming
from tests.samples import ON_SQLITE
from tests.web.test_papers import _attach, _begun, _finished

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]


def verify(content: bytes, against: Against, folder: Path) -> Verdict:
    file = folder / "file.pdf"
    file.write_bytes(content)
    return verifying.verify(file, against)


async def _key(client: Client) -> str:
    return known_key((await client.get("/.well-known/jwks.json")).content, "-")


async def _report(client: Client, path: str, paper: str = "report") -> bytes:
    answer = await As(client, "alice").ask("GET", f"{path}/report?lang=en&paper={paper}")
    assert answer.status_code == 200, answer.text
    return answer.content


def _code(content: bytes) -> str:
    signed = read(content[slice(*statement_in(content))])
    assert signed is not None
    return signed.statement.claim.code


async def test_every_paper_proves_itself_with_nothing_but_the_key(
    client: Client, country: Country, tmp_path: Path
) -> None:
    head = (await client.get("/api/v1/checkpoint")).text
    path = await _begun(client, country)
    draft = await _report(client, path)
    await _finished(client, path)
    papers = [await _report(client, path, one) for one in ("report", "letter", "certificate")]
    later = (await client.get("/api/v1/checkpoint")).text

    key = await _key(client)
    for content in (draft, *papers):
        for kept in (head, later):
            alone = verify(conforming(content), Against(key, kept), tmp_path)
            (missing,) = [one for one in alone.of("log") if one.reason == "growth_missing"]
            sizes = f"since={missing.details['old']}&until={missing.details['new']}"
            answer = await client.get(f"/api/v1/checkpoint/growth?{sizes}")
            growth = growth_in(answer.content, "-")
            found = verify(content, Against(key, kept, growth), tmp_path)

            assert found.is_proven
            assert found.outcome("log") == "holds"
    assert len({_code(content) for content in papers}) == 1
    assert _code(draft) != _code(papers[0])


async def test_evidence_as_a_zip_proves_itself_too(
    client: Client, country: Country, tmp_path: Path
) -> None:
    path = await _begun(client, country)
    await _attach(As(client, "alice"), path, "A", "minutes.pdf")
    await _finished(client, path)
    report = await _report(client, path)

    content = (await As(client, "alice").ask("GET", f"{path}/bundle?lang=en")).content

    found = verify(content, Against(await _key(client)), tmp_path)
    assert found.is_proven
    assert found.code == _code(report)
    assert [one.reason for one in found.of("index")] == ["recomputed", "shown"]
    client.cookies.set("session", "bob")
    page = await client.post("/reports?lang=en", files={"file": ("evidence.zip", content)})
    assert "Genuine: signed by this service, and unchanged." in page.text
    assert "It stands: it is the newest on this assessment, and final." in page.text


async def test_who_may_read_the_assessment_is_led_to_it_and_nobody_else(
    client: Client, country: Country
) -> None:
    path = await _begun(client, country)
    content = await _report(client, path)
    link = f'href="{path}/result"'
    file = {"file": ("r.pdf", content)}

    strangers = await client.get(f"/verify/{_code(content)}?lang=en")
    shown = {}
    for who in ("alice", "charlie"):
        client.cookies.set("session", who)
        code = await client.get(f"/verify/{_code(content)}?lang=en")
        checked = await client.post("/reports?lang=en", files=file)
        shown[who] = (link in code.text, link in checked.text)

    assert link not in strangers.text
    assert "Agency" in strangers.text
    assert shown == {"alice": (True, True), "charlie": (False, False)}


async def test_the_same_report_is_made_anew_to_the_last_byte(
    client: Client, country: Country, db: Database
) -> None:
    path = await _begun(client, country)
    services = client.app.state.services
    first = await _report(client, path)
    (kept,) = [one.name async for one in services.files.below("reports")]
    await services.files.remove(kept)
    await client.get("/api/v1/checkpoint")

    assert await _report(client, path) == first


async def test_an_auditor_sees_the_five_results_in_words(client: Client, country: Country) -> None:
    head = (await client.get("/api/v1/checkpoint")).text
    path = await _begun(client, country)
    await _finished(client, path)
    content = await _report(client, path)
    client.cookies.set("session", "bob")

    file = {"file": ("r.pdf", content)}
    genuine = await client.post("/reports?lang=en", files=file, data={"kept": head})
    spoilt = {"file": ("r.pdf", content + b" ")}
    changed = await client.post("/reports?lang=id", files=spoilt, data={"kept": "x"})
    other = await client.post("/reports?lang=en", files={"file": ("r.pdf", b"%PDF-1.7 %%EOF")})
    large = await client.post("/reports?lang=en", files={"file": ("r.pdf", bytes(64_000_001))})

    assert "Genuine: signed by this service, and unchanged." in genuine.text
    assert "whose head of" in genuine.text
    assert "It stands: it is the newest on this assessment, and final." in genuine.text
    assert "Tidak terbukti" in changed.text
    assert "1 byte ditambahkan di belakang laporan" in changed.text
    assert "Titik periksa yang Anda simpan bukan titik periksa" in changed.text
    assert other.status_code == 422
    assert "carries no statement of a survey service" in other.text
    assert large.status_code == 413


async def test_a_program_is_told_the_same(client: Client, country: Country) -> None:
    bob = As(client, "bob")
    content = await _report(client, await _begun(client, country))
    pdf = {"Content-Type": "application/pdf"}

    found = await bob("POST", "/reports/verification?lang=en", content=content, headers=pdf)
    refused = await bob("POST", "/reports/verification", content=b"x", headers=pdf, expects=422)

    assert found["proven"]
    assert [one["check"] for one in found["checks"]] == [
        "statement", "attachments", "index", "log", "standing",
    ]  # fmt: skip
    assert found["checks"][4]["found"][0]["reason"] == "provisional"
    assert refused["title"] == "unreadable_paper"


async def test_anybody_with_the_code_is_told_what_the_cover_says_and_whether_it_stands(
    client: Client, country: Country
) -> None:
    path = await _begun(client, country)
    draft = _code(await _report(client, path))
    ahead = await client.get(f"/verify/{draft}?lang=en")
    await _finished(client, path)
    final = _code(await _report(client, path))
    typed = final.lower().replace("-", " ")

    earlier = await client.get(f"/verify/{draft}?lang=en")
    page = await client.get("/verify", params={"code": typed, "lang": "en"})
    ministry_ = As(client, "ministry@Agency")
    await ministry_("POST", f"{path}/steps", {"step": "reopen", "reason": "an error"}, expects=201)
    reopened = await client.get(f"/verify/{final}?lang=id")

    assert "which is not final" in ahead.text
    assert "It is superseded" in earlier.text
    assert "It stands" in page.text
    for words in ("Agency", "two-dimensions@1", "Siklus 2026", final):
        assert words in page.text
    assert "alice" not in page.text
    assert "Sudah digantikan" in reopened.text
    assert "an error" not in reopened.text


async def test_whoever_tries_codes_is_slowed_down(client: Client, country: Country) -> None:
    code = _code(await _report(client, await _begun(client, country)))

    tried = [await client.get(f"/verify/AAAAA-BBBBB-{n:05}") for n in range(issued.MISSES)]
    refused = await client.get(f"/verify/{code}?lang=en")

    assert {one.status_code for one in tried} == {404}
    assert refused.status_code == 429
    assert "Too many codes" in refused.text
    assert code not in refused.text.replace(f'value="{code}"', "")


async def test_the_page_behind_the_code_can_be_switched_off(
    client: Client, country: Country
) -> None:
    services = client.app.state.services
    off = structs.replace(services.settings, codes="off")
    code = _code(await _report(client, await _begun(client, country)))
    client.app.state.services = structs.replace(services, settings=off)

    answers = [await client.get(path) for path in ("/verify", f"/verify/{code}")]
    client.app.state.services = services

    assert [one.status_code for one in answers] == [404, 404]


async def test_what_happens_to_an_assessment_is_said_of_its_reports(
    client: Client, country: Country
) -> None:
    alice = As(client, "alice")
    made = await alice("POST", "/assessments", {"questionnaire": "two-dimensions@1"}, expects=201)
    path = f"/assessments/{made['id']}"
    await alice.answer(path, "A", 3)
    first = _code(await _report(client, path))
    await alice.answer(path, "A", 4, seen=1)
    second = _code(await _report(client, path))

    changed = await client.get(f"/verify/{first}?lang=en")
    newest = await client.get(f"/verify/{second}?lang=en")
    await alice("POST", f"{path}/discarding", expects=201)
    discarded = await client.get(f"/verify/{second}?lang=en")

    assert "the answers have changed since" in changed.text
    assert second in changed.text
    assert "It is the newest" in newest.text
    assert "the assessment was thrown away" in discarded.text


async def test_papers_are_sealed_where_a_certificate_is_set(
    client: Client, country: Country, tmp_path: Path
) -> None:
    services = client.app.state.services
    file = tmp_path / "seal.p12"
    file.write_bytes(ministry().p12)
    chosen = structs.replace(services.settings, seal=str(file))
    client.app.state.services = structs.replace(services, settings=chosen)
    services.worker._tools = structs.replace(services.worker._tools, settings=chosen)

    content = await _report(client, await _begun(client, country), "summary")

    against = Against(await _key(client))
    found = await asyncio.to_thread(verify, conforming(content), against, tmp_path)
    assert found.is_proven
    assert "sealed" in [one.reason for one in found.of("statement")]
