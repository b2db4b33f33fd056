"""What a report says: read back from the PDF, as an auditor would."""

import datetime as dt
from typing import Any

import pytest
from pypdf import PdfReader

from survey_service.maturity.answers import Answer
from survey_service.reports import assessment
from survey_service.reports.assessment import Report
from survey_service.reports.rendering import ASSETS, render
from survey_service.settings import Settings
from tests.pdfs import read
from tests.samples import FLAGSHIP, SPBE, denpasar, load, numbers, tiny

AT = dt.datetime(2026, 11, 24, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=7), "WIB"))
TEMPLATES = Settings().report_templates
FOLDERS = {"template": TEMPLATES / "assessment", "asset": ASSETS}
FLAG = load(FLAGSHIP)
HIGH = {code: Answer(level=1 if code.startswith("O") else 5) for code in FLAG.indicators}
DIGEST = "0123456789abcdef" * 4


def _report(answers: dict[str, Answer], **changes: str) -> Report:
    notes = {"M1.1": "<b>Berita acara</b> & lampiran"}
    return Report(FLAG, DIGEST, "Kabupaten <Contoh>", answers, notes, AT)


def _read(html: str) -> PdfReader:
    return read(render(html, FOLDERS))


@pytest.fixture(scope="module")
def pdf() -> PdfReader:
    return _read(assessment.page(_report(HIGH), "id", TEMPLATES))


def _text(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_the_report_names_what_it_rests_on(pdf: PdfReader) -> None:
    text = _text(pdf)

    assert "Kematangan Reformasi ASN 2026.1" in text
    assert "asn-maturity@2026.1" not in text
    assert DIGEST in text.replace(" ", "")
    assert "24 November 2026" in text
    assert f"Halaman 2 dari {len(pdf.pages)}" in text


def test_the_report_tells_index_grade_and_the_gate_that_refused_a_higher_one(
    pdf: PdfReader,
) -> None:
    text = _text(pdf)

    assert "4,20" in text  # 0.8 * 5 + 0.2 * 1
    assert "Mapan" in text
    assert (
        "Pengawasan dan akuntabilitas berada pada 1,00, sedangkan syarat minimumnya 3,00." in text
    )


def test_the_report_recommends_the_next_level_with_its_criteria(pdf: PdfReader) -> None:
    text = _text(pdf)
    indicator = FLAG.indicators["O1.1"]
    step = indicator.levels[1].step

    assert step is not None
    assert step.do.id in text
    assert indicator.levels[1].criteria[0].id in text


def test_every_answer_is_in_the_appendix_and_what_people_wrote_stays_text(pdf: PdfReader) -> None:
    text = _text(pdf)

    assert all(code in text for code in FLAG.indicators)
    assert "<b>Berita acara</b> & lampiran" in text
    assert "Kabupaten <Contoh>" in text


def test_the_document_has_language_title_outline_and_tags(pdf: PdfReader) -> None:
    catalog: Any = pdf.root_object

    assert catalog["/Lang"] == "id"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Kematangan Reformasi ASN: Kabupaten <Contoh>"
    headings = [entry.title for entry in pdf.outline if not isinstance(entry, list)]
    assert headings[0] == "Kematangan Reformasi ASN"


def test_the_same_report_is_the_same_bytes() -> None:
    html = assessment.page(_report(HIGH), "en", TEMPLATES)

    assert render(html, FOLDERS) == render(html, FOLDERS)


def test_an_incomplete_report_says_so_and_counts_the_rest_as_lowest() -> None:
    html = assessment.page(_report({"M1.1": Answer(level=5)}), "en", TEMPLATES)

    assert "1 of 49 indicators are answered" in html
    assert "over the answers alone it is 5.00" in html
    assert "Not answered" in html


def test_what_does_not_apply_is_told_with_its_reason() -> None:
    html = assessment.page(_report({"M1.1": Answer(not_applicable="no posts")}), "en", TEMPLATES)

    assert "Not applicable: no posts" in html


def test_an_instrument_without_steps_still_tells_what_the_next_level_asks() -> None:
    answers = denpasar("external_level")
    report = Report(load(SPBE), DIGEST, "Kota Denpasar", answers, {}, AT)

    html = assessment.page(report, "en", TEMPLATES)

    assert "2.64" in html
    assert "What 2 asks" in html
    assert "Index by domain, aspect" in html
    assert "Standardised" in html  # names of levels, where an instrument has them


def test_an_index_just_under_a_bound_is_printed_so() -> None:
    asked = tiny("showing")
    under = Report(asked, DIGEST, "Agency", numbers(P1=80, P2=80, P3="79.99"), {}, AT)

    page = assessment.page(under, "id", TEMPLATES)

    assert page.count("79,997") >= 4  # on the cover, in the summary, by the bar and in the appendix
    assert '<p class="index">79,997</p>' in page
    assert "&gt; 90,125</td>" in page
    assert "≥ 66,665" in page
