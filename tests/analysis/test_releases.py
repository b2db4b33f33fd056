"""What a release tells of groups, and what it keeps to itself."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from survey_service.analysis.releases import (
    Figure,
    Remembered,
    Row,
    bare,
    figures,
    groupings,
    told_of,
)
from survey_service.maturity.answers import Answer, UnitAnswer
from survey_service.maturity.conditions import Attribute
from tests.samples import tiny

ASKED = tiny("two_dimensions")


def row(number: int, index: str | None, kind: str = "city", **attributes: Attribute) -> Row:
    """Return an organisation that reached the same everywhere, and nothing on oversight."""
    value = None if index is None else Decimal(index)
    nodes = {"merit": value, "oversight": None}
    return Row(number, str(number), kind, attributes, value, None, 5, 5, nodes, {}, {})


def without_merit(one: Row) -> Row:
    """Return an organisation whose index is that of the other node: of this one there is nothing."""
    return structs.replace(one, nodes={"merit": None, "oversight": one.index})


def numbered(indices: Sequence[str], kind: str = "city", first: int = 1) -> list[Row]:
    return [row(number, index, kind) for number, index in enumerate(indices, first)]


def groups(told: Sequence[Figure]) -> set[tuple[str, str, str]]:
    return {one.key for one in told}


def test_figures_are_counts_means_and_values_that_occur() -> None:
    rows = [*numbered(["1", "2", "2", "3", "4.5"]), row(6, None)]

    whole, *_ = figures(ASKED, rows)

    quarters = (Decimal(2), Decimal(2), Decimal(3))
    mean = Decimal("2.5")  # of 1 + 2 + 2 + 3 + 4.5, by 5
    assert whole == Figure("", "", "", 5, mean, quarters)
    assert {one.code for one in figures(ASKED, rows)} == {"", "merit"}


def test_who_is_grouped_by_an_attribute_has_a_text_or_a_yes_or_no_in_it() -> None:
    rows = [row(1, "1", region="North", staff=5, urban=True), row(2, "2", region="", urban=False)]

    assert groupings(rows) == {
        "": {0: "", 1: ""},
        "attribute.region": {0: "North"},
        "attribute.urban": {0: "true", 1: "false"},
        "kind": {0: "city", 1: "city"},
    }


def test_a_small_group_is_told_of_neither_alone_nor_by_subtraction() -> None:
    rows = [*numbered(["3"] * 6), *numbered(["4"] * 4, "regency", 7)]

    told, _ = told_of(ASKED, rows)

    # all ten less six cities would be four regencies
    assert groups(told) == {("", "", ""), ("", "", "merit")}


def test_all_together_are_told_of_only_if_they_are_many() -> None:
    assert told_of(ASKED, numbered(["3"] * 4)) == ([], [])
    assert told_of(ASKED, [row(1, None)]) == ([], [])


def test_a_group_without_all_of_its_values_is_as_small_as_they_are_few() -> None:
    rows = [*numbered(["3"] * 6), *numbered(["4"] * 5, "regency", 7)]
    less = [*rows[:-1], structs.replace(rows[-1], nodes={"merit": None, "oversight": None})]

    told, _ = told_of(ASKED, less)

    assert groups(told) == {
        *{("", "", ""), ("kind", "city", ""), ("kind", "regency", "")},
        ("kind", "city", "merit"),
    }


def test_nodes_are_not_told_where_they_and_the_index_would_tell_of_a_few_without_one() -> None:
    """Of those with both, the weighted sum of the nodes is the index; what is left is the others'."""
    cities, regencies = numbered(["3"] * 12), numbered(["4"] * 6, "regency", 13)
    few = [*map(without_merit, cities[:2]), *cities[2:], *regencies]
    many = [*map(without_merit, cities[:5]), *cities[5:], *regencies]

    told, remembered = told_of(ASKED, few)

    merit = {key for key in groups(told) if key[2] == "merit"}
    assert merit == {("kind", "regency", "merit")}
    assert ("", "", "merit") in groups(told_of(ASKED, many)[0])
    # and not with the index of the release before either
    (index,) = (one for one in remembered if one.codes == ("",) and one.blocks[0][2] == "city")
    later, _ = told_of(ASKED, few[2:], [index])
    assert ("kind", "city", "merit") not in groups(later)


def test_the_next_release_is_not_told_where_the_one_before_could_be_subtracted() -> None:
    before = [*numbered(["3"] * 6), *numbered(["4"] * 6, "regency", 7)]
    told, remembered = told_of(ASKED, before)
    corrected = [*before[:-1], row(12, "1", "regency")]

    again, _ = told_of(ASKED, before, remembered)
    after, _ = told_of(ASKED, corrected, remembered)

    assert again == told
    assert groups(told) == {
        (grouping, group, code)
        for grouping, group in (("", ""), ("kind", "city"), ("kind", "regency"))
        for code in ("", "merit")
    }
    # the new mean of the regencies, or of all, less the old one would be what one of them gained
    assert groups(after) == {("kind", "city", ""), ("kind", "city", "merit")}


def test_what_is_remembered_names_codes_and_blocks() -> None:
    (kept,) = told_of(ASKED, numbered(["3"] * 5))[1]

    assert kept.codes == ("", "merit")
    assert [(id_, group) for id_, _, group in kept.blocks] == [(n, "city") for n in range(1, 6)]
    assert told_of(ASKED, numbered(["4"] * 5), [Remembered(("oversight",), kept.blocks)])[0]


def test_answers_are_told_without_what_people_wrote() -> None:
    units = {"Puskesmas Mawar": UnitAnswer(not_applicable="Closed since Budi left.")}
    by_units = Answer(level=2, units=units, override="As Budi says.")

    assert bare(by_units, told=False) == Answer(
        level=2,
        units={"1": structs.replace(units["Puskesmas Mawar"], not_applicable="-")},
        override="-",
    )
    assert bare(Answer(text="Ask Budi."), told=False) == Answer(text="-")
    assert bare(Answer(text="yes"), told=True) == Answer(text="yes")
    assert bare(Answer(level=1), told=False) == Answer(level=1)
