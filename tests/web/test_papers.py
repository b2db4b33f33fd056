"""The papers on an assessment, as people and programs get them; and the bundle of its evidence."""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path

from click.testing import CliRunner
from litestar import Litestar
from litestar.testing import AsyncTestClient
from msgspec import structs

from survey_service.cli import main
from survey_service.operations.evidence import path as place_of
from survey_service.operations.reports import Asked, rendered
from survey_service.reports.attachments import schema
from survey_service.store.files import Files
from tests.country import As, Country
from tests.files import PDF
from tests.pdfs import read
from tests.reports.records import on_record
from tests.samples import ON_SQLITE

pytestmark = ON_SQLITE  # decided above the store

Client = AsyncTestClient[Litestar]
ALWAYS = {"opens": "2020-01-01", "closes": "2040-01-01"}


async def _begun(client: Client, country: Country) -> str:
    ministry, alice = As(client, "ministry@Agency"), As(client, "alice")
    plan = {
        "name": "Siklus 2026",
        "questionnaire": "two-dimensions@1",
        "windows": {"self": ALWAYS, "external": ALWAYS},
        "participants": [country.organisations["Agency"]],
    }
    cycle = (await ministry("POST", "/cycles", plan, expects=201))["id"]
    await ministry("POST", f"/cycles/{cycle}/opening", expects=201)
    made = await alice("POST", "/assessments", {"cycle": cycle}, expects=201)
    path = f"/assessments/{made['id']}"
    for code in "ABCDE":
        await alice.answer(path, code, 4, "see minutes")
    return path


async def _finished(client: Client, path: str) -> None:
    alice, evaluator = As(client, "alice"), As(client, "evaluator@Agency")
    await alice("POST", f"{path}/steps", {"step": "submit"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "begin"}, expects=201)
    await evaluator.answer(path, "A", 1, "no minutes", "external")
    await evaluator("POST", f"{path}/remarks", {"text": "well kept", "indicator": "B"}, expects=201)
    await evaluator("POST", f"{path}/acceptance", {"stage": "external"}, expects=201)
    await evaluator("POST", f"{path}/steps", {"step": "finalise"}, expects=201)


async def _attach(alice: As, path: str, code: str, name: str) -> None:
    answer = await alice.ask(
        "POST",
        f"{path}/responses/{code}/evidence/files?name={name}",
        content=PDF,
        headers={"Content-Type": "application/pdf"},
    )
    assert answer.status_code == 201, answer.text


def _text(content: bytes) -> str:
    pages = read(content).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_the_report_tells_cycle_stages_reasons_evidence_and_remarks(
    client: Client, country: Country
) -> None:
    path, alice = await _begun(client, country), As(client, "alice")
    await _attach(alice, path, "A", "minutes.pdf")
    await _finished(client, path)

    answer = await alice.ask("GET", f"{path}/report?lang=en")

    text = _text(answer.content)
    assert 'filename="report-Agency-two-dimensions-1-Siklus-2026-en.pdf"' in str(answer.headers)
    assert "Siklus 2026" in text
    assert "external evaluation: no minutes" in text
    assert "internal review" not in text  # the cycle has none
    assert hashlib.sha256(PDF).hexdigest() in text.replace(" ", "")
    assert "well kept" in text
    assert "evaluator" in text


async def test_a_letter_and_a_certificate_are_there_once_it_is_evaluated(
    client: Client, country: Country
) -> None:
    path, alice = await _begun(client, country), As(client, "alice")

    early = [
        await alice.ask("GET", f"{path}/report?paper={one}") for one in ("letter", "certificate")
    ]
    await _finished(client, path)
    found = [
        await alice.ask("GET", f"{path}/report?lang=en&paper={one}")
        for one in ("summary", "letter", "certificate")
    ]
    client.cookies.set("session", "alice")
    page = await client.get(f"{path}/result")

    assert [answer.status_code for answer in early] == [409, 409]
    assert [answer.status_code for answer in found] == [200, 200, 200]
    texts = [_text(answer.content) for answer in found]
    assert "The result on one page" in texts[0]
    assert "no minutes" in texts[1]
    assert "This is to certify that Agency" in texts[2]
    assert f"{path}/report.pdf?lang=en&amp;paper=certificate" in page.text


async def test_what_a_report_encloses_gives_the_index_that_the_service_tells(
    client: Client, country: Country, tmp_path: Path
) -> None:
    path, alice = await _begun(client, country), As(client, "alice")
    await _finished(client, path)

    report = read((await alice.ask("GET", f"{path}/report?lang=en")).content)
    for one in report.attachment_list:
        (tmp_path / one.name).write_bytes(one.content)
    files = [str(tmp_path / name) for name in ("questionnaire.yaml", "answers.json")]
    again = CliRunner().invoke(main, ["score", *files, "--stage", "final", "--json"])

    there = await alice("GET", f"{path}/score?counting=everything")
    assert json.loads(again.stdout)["index"] == there["index"] == "3.55"  # 0.6*(1*1+3*4)/4 + 0.4*4
    described = await client.get("/schemas/answers.json")
    assert described.content == schema()


async def test_the_bundle_holds_the_files_their_digests_and_a_page(
    client: Client, country: Country
) -> None:
    path, alice = await _begun(client, country), As(client, "alice")
    await _attach(alice, path, "A", "minutes.pdf")
    await _attach(alice, path, "B", "a%3Ab.pdf")
    link = {"name": "Site", "url": "https://example.go.id/x"}
    await alice("POST", f"{path}/responses/B/evidence", link, expects=201)

    answer = await alice.ask("GET", f"{path}/bundle?lang=en")

    archive = zipfile.ZipFile(BytesIO(answer.content))
    lines = archive.read("SHA256SUMS").decode().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    assert archive.testzip() is None
    assert archive.read("files/A/001-minutes.pdf") == PDF
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums
    assert {*sums, "SHA256SUMS", "statement.json"} == {*archive.namelist()}
    page = archive.read("index.html").decode()
    assert 'href="files/A/001-minutes.pdf"' in page
    assert "https://example.go.id/x" in page
    assert "<script" not in page
    trail = (await alice("GET", f"{path}/trail"))["items"]
    assert [one["action"] for one in trail].count("evidence.download") == 2


async def test_a_bundle_tells_a_file_that_is_lost(client: Client, country: Country) -> None:
    path, alice = await _begun(client, country), As(client, "alice")
    await _attach(alice, path, "A", "minutes.pdf")
    files: Files = client.app.state.services.files
    await files.remove(place_of(hashlib.sha256(PDF).hexdigest()))

    answer = await alice.ask("GET", f"{path}/bundle?lang=en")

    archive = zipfile.ZipFile(BytesIO(answer.content))
    assert "the file is lost" in archive.read("index.html").decode()
    assert not [name for name in archive.namelist() if name.startswith("files/")]


async def test_who_administers_sees_each_paper_and_what_is_wrong_with_a_template(
    client: Client, country: Country, tmp_path: Path
) -> None:
    services = client.app.state.services
    client.cookies.set("session", "administrator@Agency")

    page = await client.get("/templates?lang=en")
    fine = await client.get("/templates/preview.pdf?lang=en&paper=report&standing=draft")
    (tmp_path / "letterhead.html").write_text("one\n{{ nobody }}")
    chosen = structs.replace(services.settings, report_templates=tmp_path)
    client.app.state.services = structs.replace(services, settings=chosen)
    wrong = await client.get("/templates/preview.pdf?lang=en")
    client.app.state.services = services

    for standing, mark in (("final", "National report"), ("draft", "DRAFT")):
        at = f"/templates/preview.pdf?lang=en&paper=national&standing={standing}"
        assert mark.upper() in _text((await client.get(at)).content).upper()
    (tmp_path / "other" / "national").mkdir(parents=True)
    (tmp_path / "other" / "national" / "ranks.html").write_text("{{ nobody }}")
    chosen = structs.replace(services.settings, report_templates=tmp_path / "other")
    client.app.state.services = structs.replace(services, settings=chosen)
    broken = await client.get("/templates/preview.pdf?lang=en&paper=national")
    client.app.state.services = services

    assert "paper=certificate" in page.text
    assert "paper=national&amp;standing=draft" in page.text
    assert broken.status_code == 422
    assert "Template national/ranks.html, line 1: UndefinedError" in broken.text
    assert "Example agency" in _text(fine.content)
    assert wrong.status_code == 422
    assert "Template letterhead.html, line 2: UndefinedError" in wrong.text


async def test_where_a_template_fails_the_shipped_one_is_used(
    client: Client, country: Country, tmp_path: Path
) -> None:
    services = client.app.state.services
    (tmp_path / "letterhead.html").write_text("{{ nobody }}")
    asked = Asked("summary", "en", tmp_path)

    content = await rendered(services.renderer, on_record(), asked)

    assert "Kabupaten Contoh" in _text(content)
