"""What has changed in master data since."""

from msgspec import structs

from survey_service.conduct.assessment import Ancestor, Organisation
from survey_service.conduct.master_data import Changed, changes

THEN = Organisation(
    3, "Kabupaten", "regency", {"island": "Java", "coast": 1}, ancestors=(Ancestor(2, "Province"),)
)


def test_what_is_the_same_has_not_changed() -> None:
    assert changes(THEN, structs.replace(THEN, active=False)) == ()


def test_every_change_is_told_with_what_was_before() -> None:
    now = Organisation(
        3,
        "Kota",
        "city",
        {"coast": True, "population": 200_000},
        ancestors=(Ancestor(5, "Other province"), Ancestor(1, "Country")),
    )

    assert changes(THEN, now) == (
        Changed("name", "Kabupaten", "Kota"),
        Changed("kind", "regency", "city"),
        Changed("place", "Province", "Country / Other province"),
        Changed(
            "attribute", before=1, after=True, attribute="coast"
        ),  # a condition tells the two apart
        Changed("attribute", "Java", None, "island"),
        Changed("attribute", None, 200_000, "population"),
    )
