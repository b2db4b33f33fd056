"""The library itself: what it ships, and how files are found."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from survey_service.errors.questionnaires import UnknownQuestionnaireError
from survey_service.library import documents, questionnaires
from survey_service.maturity.instrument import Questionnaire
from tests.samples import FLAGSHIP, LIBRARY, load

FILES = questionnaires.files(LIBRARY)
AS_PUBLISHED = {
    "rb": ["grade_end"],  # grade D is above 0, so that nothing is for exactly 0
    "zona-integritas": ["gate_rounded"] * 4,  # prints 2.6 for 2.625
}
ARTICLE = {  # every part of the article that says what to measure
    "Pentingnya ASN Profesional dan Berintegritas",
    "Budaya Kerja yang Belum Optimal",
    "Kesenjangan Kompetensi ASN",
    "Makna Integritas dalam Profesi ASN",
    "Sistem Merit dalam Manajemen ASN",
    "Penilaian Kinerja yang Transparan",
    "Pengembangan Kompetensi Berkelanjutan",
    "Pemanfaatan Teknologi Digital",
    "Pendidikan Etika dan Nilai Moral",
    "Penguatan Pengawasan dan Penegakan Disiplin",
    "Peran Pimpinan dalam Membentuk ASN Berintegritas",
    "Dampak ASN Profesional dan Berintegritas bagi Pelayanan Publik",
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_questionnaire_of_the_library_has_no_finding_and_its_name(path: Path) -> None:
    document = documents.read_file(path)

    found = [one.finding.code for one in questionnaires.findings(document)]
    assert found == AS_PUBLISHED.get(path.parent.name, [])
    questionnaire = questionnaires.load(document)
    assert path == LIBRARY / questionnaire.code / f"{questionnaire.version}.yaml"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_questionnaire_survives_being_encoded(path: Path) -> None:
    questionnaire = load(path)

    assert (
        msgspec.json.decode(msgspec.json.encode(questionnaire), type=Questionnaire) == questionnaire
    )


def test_the_digest_of_every_published_file_is_recorded() -> None:
    """Published versions never change: a digest that differs means a new version is due."""
    recorded = (Path(__file__).with_name("digests.txt")).read_text().split()

    digests = {
        f"{path.parent.name}@{path.stem}": questionnaires.digest(path.read_bytes())
        for path in FILES
    }
    assert dict(zip(recorded[1::2], recorded[::2], strict=True)) == digests


def test_the_flagship_covers_the_article_in_the_promised_size() -> None:
    flagship = load(FLAGSHIP)

    weights = {node.code: node.weight for node in flagship.nodes}
    aspects = [node for node in flagship.all_nodes.values() if node.indicators]
    assert weights == {"merit": 35, "culture": 25, "digitalization": 20, "oversight": 20}
    assert 12 <= len(aspects) <= 16
    assert 48 <= len(flagship.indicators) <= 64
    sources = {node.source for node in aspects}
    sources |= {indicator.source for indicator in flagship.indicators.values()}
    assert sources >= ARTICLE
    assert [node.code for node in aspects if node.outcome] == ["D3", "O4"]


def test_every_flagship_indicator_can_be_checked_and_acted_on() -> None:
    flagship = load(FLAGSHIP)

    for indicator in flagship.indicators.values():
        assert indicator.guidance is not None
        assert len(indicator.evidence) >= 2
        assert len(indicator.levels) == 5
        assert all(level.step for level in indicator.levels[1:])


def test_no_two_levels_of_the_flagship_share_their_criteria() -> None:
    texts = Counter(
        text
        for indicator in load(FLAGSHIP).indicators.values()
        for level in indicator.levels
        for criterion in level.criteria
        for text in {criterion.id, criterion.en}
    )

    assert [text for text, count in texts.items() if count > 1] == []


def test_the_predecessor_is_smaller_and_weighs_otherwise() -> None:
    earlier, later = load(LIBRARY / "asn-maturity" / "2025.1.yaml"), load(FLAGSHIP)

    assert len(earlier.indicators) < len(later.indicators)
    assert [node.weight for node in earlier.nodes] != [node.weight for node in later.nodes]


def test_a_reference_finds_a_file_and_so_does_a_path() -> None:
    assert questionnaires.find("asn-maturity@2026.1", LIBRARY) == FLAGSHIP
    assert questionnaires.find(str(FLAGSHIP), LIBRARY) == FLAGSHIP


@pytest.mark.parametrize(
    "reference", ["asn-maturity@1999.1", "nothing@1", "../tests@1", "asn-maturity@../spbe/2018.5"]
)
def test_an_unknown_reference_is_refused(reference: str) -> None:
    with pytest.raises(UnknownQuestionnaireError):
        questionnaires.find(reference, LIBRARY)


def test_the_schema_beside_the_library_is_the_present_one() -> None:
    assert (LIBRARY / "schema.json").read_bytes().strip() == questionnaires.schema().strip()
