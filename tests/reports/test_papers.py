"""What the papers on an assessment say, and how they look: read back from their pages and PDFs."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.reports import assessment
from survey_service.reports.assessment import Report, code
from survey_service.reports.papers import PAPERS, Paper, file_name, shipped
from survey_service.reports.rendering import ASSETS, render
from survey_service.reports.sample import sample
from survey_service.settings import Settings
from tests.pdfs import conforming, read
from tests.reports.records import AT, DIGEST, LONG_LINK, on_record
from tests.samples import FLAGSHIP, LIBRARY, load, tiny

TEMPLATES = Settings().report_templates
FOLDERS = {"template": shipped(), "asset": ASSETS}
WIDTH, FOOT = 595.3, 780  # points: of a page of A4, and where its footer begins
_HEADING = 40  # points that a heading takes, with what is above the words below it
LOWEST = 68 + 711 / 4  # a quarter of the way from the head to the foot of the text


def _html(state: str = "final", language: str = "en", paper: Paper = "report") -> str:
    return assessment.page(on_record(state), language, TEMPLATES, paper)  # type: ignore[arg-type]


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def _pages(html: str) -> list[str]:
    reader = read(render(html, FOLDERS))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_the_cover_tells_whose_it_is_of_which_cycle_and_who_evaluated() -> None:
    cover = _words(_html().partition('<section class="brief">')[0])

    assert "Cycle Reformasi 2026" in cover
    assert "Status final" in cover
    assert "Charlie" in cover
    assert "Kementerian Contoh" in cover
    assert code(on_record()) in cover
    address = f"https://survei.contoh.go.id/verify/{code(on_record())}"
    assert address in cover  # said by what the telephone reads
    assert DIGEST not in cover


def test_one_page_tells_result_distance_change_and_place_in_sentences() -> None:
    brief = _words(_html().partition('<section class="brief">')[2].partition("</section>")[0])

    assert "Kabupaten Contoh reaches an index of 3.93 on the scale from 1 to 5" in brief
    assert "to the next grade" in brief
    assert "Since “Reformasi 2025” it has fallen by 0.07 on what both ask." in brief
    assert "Among 12 others of its kind the median is 3.50" in brief
    assert "half of them lie between 3.10 and 3.90" in brief
    assert "What to do first, on the way to “Leading” No. Step Owner Effort 1" in brief


def test_stages_stand_side_by_side_with_their_difference_and_every_reason() -> None:
    text = _words(_html())

    assert "self-assessment internal review external evaluation Difference Last time Peers" in text
    assert "external evaluation: Pangkalan data belum ada 4 4 2" in text


def test_an_answer_stands_with_note_evidence_reasons_and_remarks() -> None:
    text = _words(_html().partition("Appendix: every answer")[2])

    assert "Lihat lampiran" in text
    assert "24 November 2026, 1 kB SHA-256 " + "ab" * 32 in text
    assert "Lengkapi buktinya → Sudah (Bob)" in text
    assert "Secara umum baik" in text
    assert "Dicabut" not in text  # evidence that was taken away


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_not_final_bears_its_state_across_every_page(paper: Paper) -> None:
    drafts, finals = (_pages(_html(state, "id", paper)) for state in ("draft", "final"))

    assert drafts
    assert all("SEDANG DIISI" in page.upper() for page in drafts)
    assert not any("SEDANG DIISI" in page.upper() for page in finals)


def test_a_draft_says_by_when_answers_count() -> None:
    assert "must be answered by 31 Dec 2026 WIB." in _words(_html("draft"))
    assert "must be answered by" not in _words(_html("final"))


@pytest.mark.parametrize(("paper", "pages"), [("summary", 1), ("certificate", 1)])
@pytest.mark.parametrize("language", ["id", "en"])
def test_summary_and_certificate_are_one_page(paper: Paper, pages: int, language: str) -> None:
    assert len(_pages(_html("final", language, paper))) == pages


def test_the_letter_numbers_findings_and_recommendations() -> None:
    letter = _html("final", "en", "letter")

    assert letter.count('<ol class="numbered">') == 2
    assert "the organisation's own answer is 4, and what stands is 2" in _words(
        letter.replace("&#39;", "'")
    )
    assert "Pangkalan data belum ada" in letter


def test_a_report_on_answers_alone_leaves_out_what_is_not_known() -> None:
    alone = structs.replace(on_record(), stages=(), record=None)
    html = assessment.page(alone, "en", TEMPLATES)

    for heading in (
        "Cycle",
        "Status",
        "Difference",
        "Peers",
        "What happened",
        "Remarks on the whole",
    ):
        assert not re.search(rf">\s*{heading}\s*<", html)
    assert "Kabupaten Contoh reaches an index" in html


def test_what_is_not_asked_is_told_as_such() -> None:
    conditional = tiny("conditions")
    report = Report(conditional, DIGEST, "", {}, {}, AT)

    html = assessment.page(report, "en", TEMPLATES)

    assert "Not asked: its condition does not hold for this organisation." in html


def test_long_words_and_links_stay_on_their_page(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(conforming(render(_html(), FOLDERS)))

    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)

    ends = [float(end) for end in re.findall(rb'xMax="([0-9.]+)"', boxes.stdout)]
    assert LONG_LINK.count("dokumen/") == 60  # far longer than a line
    assert max(ends) < WIDTH


def test_headings_repeat_over_an_answer_longer_than_a_page() -> None:
    long = structs.replace(on_record(), notes={"M1.2": "kata " * 4000})
    pages = _pages(assessment.page(long, "en", TEMPLATES))

    within = [page for page in pages if page.count("kata") > 200]

    assert len(within) > 2
    assert all("Code Indicator Answer" in page for page in within)


@pytest.mark.parametrize(
    ("instrument", "language"),
    [
        (FLAGSHIP, "id"),
        (LIBRARY / "zona-integritas" / "2021.90.yaml", "id"),
        (LIBRARY / "spbe" / "2020.59.yaml", "en"),
    ],
    ids=["asn-maturity", "zona-integritas", "spbe"],
)
def test_no_page_of_a_report_is_less_than_a_quarter_full_or_ends_with_a_heading(
    instrument: Path, language: str, tmp_path: Path
) -> None:
    example = sample(load(instrument), DIGEST, AT, "final", language)
    noted = {code: "catatan " * (30 * (place % 5)) for place, code in enumerate(example.answers)}
    example = structs.replace(example, notes=noted)
    file = tmp_path / "report.pdf"

    file.write_bytes(conforming(render(assessment.page(example, language, TEMPLATES), FOLDERS)))

    filled = _filled(file)
    assert min(filled) >= LOWEST
    assert [name for name, page, at in _headings(file) if filled[page] < at + _HEADING] == []


@pytest.mark.parametrize("instrument", ["spip/2021.5.yaml", "zona-integritas/2021.90.yaml"])
def test_no_page_of_a_letter_has_only_signatures(instrument: str, tmp_path: Path) -> None:
    example = sample(load(LIBRARY / instrument), DIGEST, AT, "final", "id")
    file = tmp_path / "letter.pdf"

    html = assessment.page(example, "id", TEMPLATES, "letter")
    file.write_bytes(conforming(render(html, FOLDERS)))

    assert min(_filled(file, covers=0)) >= LOWEST


def _headings(file: Path) -> Iterator[tuple[str, int, float]]:
    """Yield the headings behind the cover, with their page from 0 and how far down they begin."""
    reader = read(file.read_bytes())
    listed: list[Any] = [reader.outline]
    for one in listed:
        for each in one:
            if isinstance(each, list):
                listed.append(each)
            elif page := reader.get_destination_page_number(each):
                yield str(each.title), page - 1, 842 - float(each["/Top"])


def _filled(file: Path, covers: int = 1) -> list[float]:
    """Return how far down the words of each page reach, footers aside; covers are full."""
    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, check=True)
    pages = boxes.stdout.decode().split("<page ")[1 + covers :]
    ends = [[float(end) for end in re.findall(r'yMax="([0-9.]+)"', page)] for page in pages]
    return [max(end for end in page if end < FOOT) for page in ends]


def test_the_file_is_named_after_agency_questionnaire_and_cycle() -> None:
    name = file_name("Kabupaten Bënü/Örang", "asn@2026.1", "Siklus 2026", "id", "report")

    assert name == "report-Kabupaten-Benu-Orang-asn-2026.1-Siklus-2026-id"


def test_another_content_has_another_code() -> None:
    other = structs.replace(on_record(), answers={"M1.1": Answer(level=1)})

    assert code(on_record()) == code(on_record())
    assert code(on_record()) != code(other)


_SCRIPTS = {
    "Noto-Sans-Javanese": "ꦏꦧꦸꦥꦠꦺꦤ꧀ ꦱ꧀ꦭꦺꦩꦤ꧀",
    "Noto-Sans-Balinese": "ᬓᬪᬸᬧᬢᬾᬦ᭄ ᬩᬤᬸᬂ",
    "Noto-Sans-Sundanese": "ᮊᮘᮥᮕᮒᮦᮔ᮪",
    "Noto-Sans-Arabic": "كابوڤاتين أتچيه",
    "Droid-Sans-Fallback": "雅加達省 北京市",
    "Noto-Sans": "Đắk Lắk, Łódź, Джакарта",
}


@pytest.mark.parametrize("font", _SCRIPTS)
def test_names_in_every_script_have_their_letters_from_the_font_that_is_named(
    font: str, caplog: pytest.LogCaptureFixture
) -> None:
    named = structs.replace(on_record(), organisation=_SCRIPTS[font])

    content = read(render(assessment.page(named, "id", TEMPLATES, "certificate"), FOLDERS))

    assert not [one for one in caplog.messages if ".notdef" in one]  # WeasyPrint's word for a box
    resources: Any = content.pages[0]["/Resources"]
    fonts = {
        str(used.get_object()["/BaseFont"]).partition("+")[2].removesuffix("-Bold")
        for used in resources["/Font"].values()
    }
    assert {one for one in fonts if not one.startswith("Source-Sans-3")} == {font}
    assert _SCRIPTS[font][:3] in content.pages[0].extract_text()


def test_a_letter_that_no_font_has_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    named = structs.replace(on_record(), organisation="\ue000")

    render(assessment.page(named, "id", TEMPLATES, "certificate"), FOLDERS)

    assert [one for one in caplog.messages if ".notdef" in one]
