"""One file that is a PDF/A-3a and a PDF/UA-1, whatever lies in it, and the same each time."""

import datetime as dt
import hashlib
import random
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from PIL import Image

from survey_service.reports import assessment
from survey_service.reports.attachments import Attachment, attachments
from survey_service.reports.conformity import ends_well
from survey_service.reports.papers import PAPERS, Paper, shipped
from survey_service.reports.rendering import ASSETS, render, written
from survey_service.settings import Settings
from tests.pdfs import conforming, read
from tests.reports.records import AT, on_record
from tests.samples import FLAGSHIP

TEMPLATES = Settings().report_templates
FOLDERS = {"template": shipped(), "asset": ASSETS}
PAGE = '<html lang="en"><title>x</title><table><thead><tr><th>a<th>b</thead><tr><th scope="row">c<td>d</table>'


def made(paper: Paper, language: str, source: str = "") -> bytes:
    report = on_record(source=source)
    html = assessment.page(report, language, TEMPLATES, paper)
    return render(html, FOLDERS, attachments(report, language, paper), report.at)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_is_pdf_a_and_pdf_ua_in_one_file(paper: Paper, language: str) -> None:
    assert conforming(made(paper, language, FLAGSHIP.read_text()))


def test_the_metadata_say_so_to_who_has_no_pdf_library() -> None:
    content = made("summary", "id")

    assert b'pdfaid:part="3"' in content
    assert b'pdfaid:conformance="A"' in content
    assert b'pdfuaid:part="1"' in content
    assert content.count(b"</rdf:RDF>") == 1


def test_each_heading_of_a_table_says_what_it_heads() -> None:
    found = read(render(PAGE, FOLDERS))

    scopes = [str(one["/A"]["/Scope"]) for one in _elements(found.root_object, "/TH")]
    assert scopes == ["/Column", "/Column", "/Row"]


def _elements(one: Any, tag: str) -> list[Any]:
    one = one.get_object()
    root = one.get("/StructTreeRoot", one)
    found = [root] if root.get("/S") == tag else []
    for child in root.get("/K", ()):
        found += [] if isinstance(child, int) else _elements(child, tag)
    return found


def test_attachments_lie_there_once_each_with_relation_type_and_the_moment_of_the_report() -> None:
    found: Any = read(made("report", "en", FLAGSHIP.read_text())).root_object

    files = [one.get_object() for one in found["/AF"]]
    names = found["/Names"]["/EmbeddedFiles"]["/Names"][::2]
    assert [str(name) for name in names] == ["answers.json", "questionnaire.yaml", "workbook.xlsx"]
    assert [one["/AFRelationship"] for one in files] == ["/Data", "/Source", "/Supplement"]
    assert [one["/Desc"] for one in files][1] == "The questionnaire as it was published."
    streams = [one["/EF"]["/F"] for one in files]
    assert [one["/Subtype"] for one in streams] == [
        "/application/json",
        "/application/yaml",
        "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    assert AT.astimezone(dt.UTC).strftime("D:%Y%m%d%H%M%SZ") == "D:20261124083000Z"
    assert {one["/Params"]["/CreationDate"] for one in streams} == {"D:20261124083000Z"}
    assert {one["/Params"]["/ModDate"] for one in streams} == {"D:20261124083000Z"}
    assert streams[1].get_data() == FLAGSHIP.read_bytes()


_ANEW = (
    "from tests.reports.test_conformity import *; "
    "print(hashlib.sha256(made('report', 'en', FLAGSHIP.read_text())).hexdigest())"
)


def test_another_process_makes_the_same_bytes_of_the_same_report() -> None:
    command = [sys.executable, "-c", _ANEW]

    other = subprocess.run(command, check=True, capture_output=True, text=True).stdout

    here = made("report", "en", FLAGSHIP.read_text())
    assert other.strip() == hashlib.sha256(here).hexdigest()


def test_a_stream_that_would_end_in_a_carriage_return_ends_otherwise() -> None:
    drawn = random.Random(1)
    texts = (drawn.randbytes(40).hex().encode() for _ in iter(int, 1))
    unlucky = next(text for text in texts if zlib.compress(text, 9).endswith(b"\r"))
    enclosed = [Attachment("unlucky.json", unlucky, "x", "Data")]

    content = render(PAGE, FOLDERS, enclosed)

    found: Any = read(content).root_object
    assert found["/AF"][0]["/EF"]["/F"].get_data() == unlucky


def test_a_picture_that_ends_so_is_shown_all_the_same(tmp_path: Path) -> None:
    file, drawn = tmp_path / "a.png", random.Random(2)
    picture = Image.new("RGB", (3, 3))
    while not file.exists() or not file.read_bytes()[:-16].endswith(b"\r"):
        picture.frombytes(drawn.randbytes(27))
        picture.save(file)  # as WeasyPrint does; 16 bytes follow what it takes

    content = render(PAGE + '<img src="template:a.png" alt="a">', {"template": tmp_path})

    assert b"\r\n\nendstream" in content
    assert ends_well(content)
    shown = read(content).pages[0].images[0].image
    assert shown is not None
    assert shown.tobytes() == picture.tobytes()


def test_what_is_added_so_that_a_file_ends_well_says_nothing() -> None:
    document = weasyprint.HTML(string=PAGE).render(pdf_variant="pdf/a-3a")

    plain, padded = (written(document, (), AT, padding) for padding in (0, 2))

    assert plain != padded
    assert read(plain).pages[0].extract_text() == read(padded).pages[0].extract_text()
