from decimal import Decimal

from msgspec import structs

from survey_service.library import documents, questionnaires
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import Change, compare
from tests.samples import FLAGSHIP, LIBRARY, TINY, load, tiny

TWO = tiny("two_dimensions")


def _changed(was: str, becomes: str) -> Questionnaire:
    text = (TINY / "two_dimensions.yaml").read_text()
    assert was in text
    changed = text.replace(was, becomes, 1)
    return questionnaires.load(documents.read(changed.encode(), "two.yaml"))


def test_a_version_compares_wholly_with_itself() -> None:
    same = compare(TWO, TWO)

    assert same.changes == ()
    assert same.comparable == (Decimal(100), Decimal(100))


def test_new_weights_are_told_as_shares_of_the_index() -> None:
    changes = compare(TWO, _changed("weight: 60", "weight: 160")).changes

    assert changes[0] == Change("reweighted", "merit", Decimal(60), Decimal(80))  # 160 of 200
    assert changes[1] == Change("reweighted", "A", Decimal(15), Decimal(20))  # 1/4 of each
    assert Change("reweighted", "C", Decimal("13.3333"), Decimal("6.6667")) in changes


def test_what_is_added_and_removed_is_told_and_no_longer_compares() -> None:
    renamed = _changed("code: B,", "code: B2,")

    changed = compare(TWO, renamed)

    assert changed.changes == (Change("added", "B2"), Change("removed", "B"))
    assert changed.comparable == (Decimal(55), Decimal(55))  # all but B: 100 - 60*3/4


def test_another_name_is_a_rewording() -> None:
    changed = compare(TWO, _changed("name: {id: A, en: A}", "name: {id: A baru, en: New A}"))

    assert changed.changes == (Change("reworded", "A"),)
    assert changed.comparable == (Decimal(85), Decimal(85))  # all but A: 100 - 60*1/4


def test_another_criterion_is_a_rewording_of_all_that_share_it() -> None:
    changed = compare(TWO, _changed("Three.", "Three now."))

    assert [change.kind for change in changed.changes] == ["reworded"] * 5
    assert changed.comparable == (Decimal(0), Decimal(0))


def test_another_scale_compares_with_nothing() -> None:
    wider = structs.replace(TWO, scale=structs.replace(TWO.scale, highest=6))

    assert compare(TWO, wider).comparable == (Decimal(0), Decimal(0))


def test_what_hangs_elsewhere_has_moved() -> None:
    merit, oversight = TWO.nodes
    moved = structs.replace(
        TWO,
        nodes=(
            structs.replace(merit, indicators=merit.indicators[1:]),
            structs.replace(
                oversight,
                indicators=(
                    structs.replace(merit.indicators[0], weight=None),
                    *oversight.indicators,
                ),
            ),
        ),
    )

    assert Change("moved", "A", "merit", "oversight") in compare(TWO, moved).changes


def test_the_flagships_predecessor_differs_as_its_author_says() -> None:
    changed = compare(load(LIBRARY / "asn-maturity" / "2025.1.yaml"), load(FLAGSHIP))

    kinds = {change.kind for change in changed.changes}
    added = {change.code for change in changed.changes if change.kind == "added"}
    assert kinds == {"added", "reweighted"}
    assert {"D3", "O4", "D3.1", "O4.1"} <= added
    old, new = changed.comparable
    assert old == 100
    assert 50 < new < 70
