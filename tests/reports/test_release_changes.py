"""What a release changes, as people read it."""

import pytest

from survey_service.analysis.releases import Change
from survey_service.reports.release_changes import Said, said
from tests.samples import tiny

ASKED = tiny("two_dimensions")

SAID = [
    (Change("joined", "organisations", "Kota A"), Said("Kota A", "baru masuk", "–", "–")),  # noqa: RUF001
    (
        Change("changed", "organisations", "Kota A", "", "index", "2.571428", "3"),
        Said("Kota A", "indeks", "2,57", "3,00"),
    ),
    (
        Change("changed", "organisations", "Kota A", "", "grade", "fair", "good"),
        Said("Kota A", "predikat", "Cukup", "Baik"),
    ),
    (
        Change("changed", "organisations", "Kota A", "", "kind", "city", "regency"),
        Said("Kota A", "jenis", "kota", "kabupaten"),
    ),
    (
        Change("changed", "groups", "kind=city", "", "count", "7", "6"),
        Said("kota", "indeks: jumlah", "7", "6"),
    ),
    (
        Change("left", "groups", "attribute.region=North"),
        Said("region: North", "tidak lagi dimuat", "–", "–"),  # noqa: RUF001
    ),
    (Change("joined", "groups", ""), Said("Semua", "kini dimuat", "–", "–")),  # noqa: RUF001
    (
        Change("changed", "groups", "", "", "mean", "2.5", "broken"),
        Said("Semua", "indeks: rata-rata", "2,50", "broken"),
    ),
]


@pytest.mark.parametrize(("change", "words"), SAID)
def test_a_change_is_said_in_words_with_numbers_as_the_language_writes_them(
    change: Change, words: Said
) -> None:
    assert list(said([change], ASKED, "id")) == [words]
