"""The workbook that people fill in: what it shows, and formulas that come to what we reckon."""

import io
import itertools
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct, structs
from python_calamine import CalamineWorkbook

from survey_service.conduct.workbooks import answered
from survey_service.library.answer_workbooks import load
from survey_service.maturity import answer_types, rules, tree
from survey_service.maturity.answers import Answer
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import cards
from survey_service.reports.workbook_arithmetic import column, written
from survey_service.reports.workbook_looks import Exported, Piece
from survey_service.reports.workbooks import workbook
from tests.answer_books import exported, kinds, made, random_answers
from tests.samples import FLAGSHIP, LIBRARY, TINY, levels, tiny
from tests.samples import load as read_questionnaire

ASKED, ANSWERS = tiny("two_dimensions"), tiny("answers")
_OFFICE = "soffice"
_RECALCULATING = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
"""Without it LibreOffice shows the values that a workbook came with, and reckons nothing."""


def cells(content: bytes, sheet: str) -> list[list[object]]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(row) for row in opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]


def xml(content: bytes, pattern: str) -> str:
    """Return the parts of a workbook whose names match."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(
            packed.read(name).decode() for name in packed.namelist() if re.search(pattern, name)
        )


def names(content: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names


@pytest.mark.parametrize(("language", "first"), [("id", "Ringkasan"), ("en", "Summary")])
def test_there_is_a_sheet_for_each_dimension(language: str, first: str) -> None:
    flagship = read_questionnaire(FLAGSHIP)

    content = made(flagship, {}, language)

    shown = [one for one in names(content) if not one.startswith("_")]
    assert shown[0] == first
    assert len(shown) == 1 + len(flagship.nodes)
    for sheet, node in zip(shown[1:], flagship.nodes, strict=True):
        found = cells(content, sheet)
        codes = [row[found[0].index("@key")] for row in found]
        assert [one for one in codes if str(one).startswith("#")] == [
            f"#{leaf.code}" for leaf in node.leaves()
        ]
        assert node.name.in_(language) in {str(cell) for row in found for cell in row}


def test_every_level_its_words_and_its_answer_stand_in_a_row() -> None:
    flagship = read_questionnaire(FLAGSHIP)
    code, indicator = next(iter(flagship.indicators.items()))

    found = cells(
        made(flagship, levels(**{code: 3}), "en", "because"), names(made(flagship, {}, "en"))[1]
    )

    heads = found[0]
    row = next(row for row in found if row[heads.index("@key")] == f"#{code}")
    said = dict(zip(heads, row, strict=True))
    assert (said["@answer"], said["@value"], said["@note"]) == (3, 3, "because")
    assert indicator.name.en in str(said["@question"])
    for number, level in flagship.levels(indicator).items():
        assert f"{number} – " in str(said["@criteria"])  # noqa: RUF001 - as it is written
        assert all(one.en in str(said["@criteria"]) for one in level.criteria)


def test_what_may_be_filled_in_is_open_and_the_rest_locked_without_a_password() -> None:
    content = made(ASKED, {})

    sheets = xml(content, r"worksheets/sheet[123]\.xml")

    assert sheets.count("<sheetProtection") == 3
    assert "password" not in sheets
    assert sheets.count('<dataValidation type="list"') == len(ASKED.indicators)
    assert "_lists!$A$1:$A$" in sheets
    states = xml(content, r"xl/workbook\.xml")
    assert states.count('state="hidden"') == 4


def test_sheets_are_frozen_and_printed_across_with_their_headings() -> None:
    sheets = xml(made(ASKED, {}), r"worksheets/sheet2\.xml")

    assert 'state="frozen"' in sheets
    assert 'orientation="landscape"' in sheets
    assert 'fitToHeight="0"' in sheets
    assert "Print_Titles" in xml(made(ASKED, {}), r"xl/workbook\.xml")


def test_text_that_looks_like_a_formula_stays_text() -> None:
    content = made(ANSWERS, {"words": Answer(text="=1+2")}, note="=cmd|' /C calc'!A0")

    assert "<f>1+2" not in xml(content, "worksheets/")
    assert "cmd" not in xml(content, "worksheets/")
    assert "cmd" in xml(content, "sharedStrings")


def test_evidence_is_a_link_and_several_pieces_are_one_to_their_page() -> None:
    page = "https://survey.example/assessments/1/parts/A"
    one, two = Piece("SK.pdf", "https://survey.example/1"), Piece("peta", "javascript:alert(1)")
    base = exported(ASKED, {})
    with_evidence = structs.replace(
        base, evidence={"A": [one, two], "B": [one], "C": [two]}, pages={"A": page}
    )

    links = xml(workbook(with_evidence), r"worksheets/_rels/sheet2")

    assert page in links
    assert one.url in links
    assert "javascript" not in links


def test_those_who_score_see_what_was_said_before() -> None:
    base = exported(ASKED, levels(A=3), "en")

    content = workbook(structs.replace(base, before={"A": "self: 3"}))

    sheet = cells(content, names(content)[1])
    assert (
        sheet[next(n for n, row in enumerate(sheet) if "#A" in row)][sheet[0].index("@before")]
        == "self: 3"
    )


def test_equal_workbooks_are_equal_bytes() -> None:
    assert made(ASKED, levels(A=3)) == made(ASKED, levels(A=3))


def test_numbers_are_written_exactly_or_as_a_fraction() -> None:
    assert [written(Fraction(*one)) for one in ((7, 2), (1, 3), (-2, 1))] == ["3.5", "(1/3)", "-2"]
    assert [column(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


KNOWN = {
    tree.Indicator: "code name weight by_kind when levels ladder progress options choice number ratio "
    "checklist text out_of units external bonus bands guidance evidence source not_applicable not_applicable_value",
    tree.Node: "code name weight by_kind when description source outcome bonus combine lookup least_share convert "
    "bands nodes indicators",
    answer_types.Number: "decimals lowest highest inverted target beyond over by deviations bands",
    answer_types.Ratio: "inputs part whole zero cap inverted within",
    answer_types.Item: "code text weight",
    answer_types.Units: "combine without_evidence",
    answer_types.External: "source fallback",
    rules.Conversion: "bands over",
    rules.Rounding: "at digits mode",
    rules.Adjustment: "on reason when reaching at_most at_most_as lower_by times",
    rules.Gate: "at_least above percent node every require when reason",
    Questionnaire: "code version name nodes provenance tiers grades bands indicator_bands description "
    "source scale points combine least_share plus rounding kinds actors ladders choices lookups adjustments crosswalks",
}  # fmt: skip


@pytest.mark.parametrize("kind", KNOWN)
def test_what_a_format_says_newly_is_told_to_the_formulas(kind: type[Struct]) -> None:
    """Add a field here once `workbook_formulas` reckons with it, or writes the value we reckoned."""
    assert " ".join(one.name for one in msgspec.structs.fields(kind)) == KNOWN[kind]


def _on_bounds() -> list[dict[str, Answer]]:
    """Return answers whose index lies exactly on the bound of a grade."""
    bounds = {grade.bound for grade in ASKED.grades}
    found = []
    for chosen in itertools.product(range(1, 6), repeat=len(ASKED.indicators)):
        answers = levels(**dict(zip(ASKED.indicators, chosen, strict=True)))
        if cards(ASKED, answers).running.index in bounds:
            found.append(answers)
    return found[:: max(1, len(found) // 5)][:5]


def _tried() -> list[Exported]:
    """Return what is written, one for each rule of the format and each questionnaire of the library."""
    found = [exported(ASKED, answers) for answers in _on_bounds()]
    for seed, path in enumerate([*sorted(TINY.glob("*.yaml")), *sorted(LIBRARY.glob("*/*.yaml"))]):
        whole = read_questionnaire(path)
        kind = kinds(whole)[0]
        asked = whole.for_kind(kind)
        found.append(exported(asked, random_answers(asked, seed), kind=kind, note="catatan"))
    return found


@pytest.fixture
def office() -> str:
    """Return the name of an office program; where everything has to be there, it is missed."""
    if shutil.which(_OFFICE) is None:
        missing = "LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
        if "TESTS_NEED_OFFICE" in os.environ:  # noqa: TID251 - of the tests, not of the service
            pytest.fail(missing)
        pytest.skip(missing)
    return _OFFICE


def _through(office: str, folder: Path, files: Mapping[str, bytes], form: str) -> dict[str, bytes]:
    """Return workbooks as an office program opens, reckons and saves them."""
    profile, target = folder / "profile", folder / form
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_RECALCULATING)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    command = [office, f"-env:UserInstallation=file://{profile}", "--headless"]
    sources = [str(folder / name) for name in files]
    subprocess.run(
        [*command, "--convert-to", form, "--outdir", str(target), *sources],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {name: (target / name).with_suffix(f".{form}").read_bytes() for name in files}


def _differing(before: bytes, after: bytes) -> list[tuple[str, int, int, object, object]]:
    """Return the cells that an office program reckons otherwise than we did."""
    found = []
    for sheet in names(before):
        ours, theirs = cells(before, sheet), cells(after, sheet)
        steps = (
            10 if sheet in {"_scores", "_official"} else None
        )  # what is between has no value of ours
        for at, row in enumerate(ours):
            other = theirs[at] if at < len(theirs) else []
            for column_, cell in enumerate(row[:steps]):
                said = other[column_] if column_ < len(other) else ""
                if not _same(cell, said):
                    found.append((sheet, at + 1, column_, cell, said))
    return found


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return abs(ours - theirs) < 1e-9
    return str(ours).split() == str(theirs).split()


def test_an_office_program_reckons_what_we_do_and_brings_back_what_was_in_it(
    office: str, tmp_path: Path
) -> None:
    tried = {f"{number}.xlsx": one for number, one in enumerate(_tried())}
    files = {name: workbook(one) for name, one in tried.items()}

    recalculated = _through(office, tmp_path, files, "xlsx")
    some = dict(itertools.islice(files.items(), 5, 30, 4))
    other = _through(office, tmp_path, some, "ods")

    for name, content in recalculated.items():
        assert _differing(files[name], content) == [], tried[name].identity.questionnaire
    for name, content in [*recalculated.items(), *other.items()]:
        one, brought = tried[name], load(content, name)
        assert answered(one.questionnaire, brought, None) == (
            {code: version.answer for code, version in one.shown.items()},
            [],
        )
        assert {code: said.plain for code, said in brought.entries.items()} == {
            code: said.plain for code, said in load(files[name], name).entries.items()
        }
        assert (brought.strays, brought.missing, brought.twice) == ((), (), ())
