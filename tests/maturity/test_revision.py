from decimal import Decimal
from fractions import Fraction

from msgspec import structs

from survey_service.library import documents, questionnaires
from survey_service.maturity.answers import Answer
from survey_service.maturity.conditions import Profile
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import (
    Change,
    Trend,
    carried_over,
    compare,
    nodes_before,
    places_of,
    trend,
)
from survey_service.maturity.scoring import score
from survey_service.maturity.tree import Node
from tests.samples import FLAGSHIP, LIBRARY, TINY, levels, load, numbers, tiny
from tests.strategies import NAME

TWO = tiny("two_dimensions")


OLD, NEW = tiny("crosswalk_old"), tiny("crosswalk_new")


def test_a_crosswalk_says_what_continues_what_whatever_its_code() -> None:
    compared = compare(OLD, NEW)

    assert compared.changes == (
        Change("added", "all"),
        Change("continued", "1", "1, 2"),
        Change("continued", "2", "3"),
        Change("added", "3"),
        Change("removed", "all"),
        Change("removed", "4"),
    )
    assert compared.comparable == (Decimal(60), Decimal(75))  # 10 + 30 + 20; 50 + 25


def test_without_a_crosswalk_two_instruments_have_nothing_in_common() -> None:
    assert compare(NEW, OLD).comparable == (Decimal(0), Decimal(0))


def test_a_crosswalk_continues_only_what_both_versions_ask() -> None:
    """A kind of organisation may not be asked what the crosswalk names."""
    (node,) = NEW.nodes
    without = structs.replace(NEW, nodes=(structs.replace(node, indicators=node.indicators[:1]),))

    assert carried_over(OLD, without, levels(**{"3": 4})) == {}
    assert compare(OLD, without).comparable == (Decimal(40), Decimal(100))  # 1 and 2 of OLD


def test_a_text_has_no_share_of_what_compares() -> None:
    answers = tiny("answers")

    assert compare(answers, answers).comparable == (Decimal(100), Decimal(100))
    shares = {place.thing.code: place.share for place in places_of(answers).values()}
    assert (shares["words"], shares["own"]) == (Fraction(0), Fraction(1, 10))


def test_only_answers_to_what_is_equal_are_carried_over() -> None:
    answers = levels(**{"1": 3, "2": 3, "3": 4})

    assert carried_over(OLD, NEW, answers) == numbers(**{"2": 4})


def test_an_answer_that_the_new_version_does_not_have_is_not_carried_over() -> None:
    assert carried_over(OLD, NEW, levels(**{"3": 0})) == {}  # the new scale starts at 1


def test_within_one_instrument_unchanged_indicators_carry_over() -> None:
    newer = _changed("name: {id: A, en: A}", "name: {id: A baru, en: New A}")

    assert carried_over(TWO, newer, levels(A=2, B=3)) == levels(B=3)


def test_a_trend_is_reckoned_on_what_both_versions_have_in_common() -> None:
    earlier = levels(**{"1": 1, "2": 3, "3": 5, "4": 5})
    later = numbers(**{"1": 4, "2": 5, "3": 1})

    both = _trend(OLD, earlier, NEW, later)

    # of 0 to 5: (10*1 + 30*3)/40 = 2.5, half way; 5, all the way: 1 + 4 * (50*0.5 + 25*1)/75
    assert both.before == Decimal("3.666666666666666666666666667")
    assert both.after == Decimal("4.333333333333333333333333333")  # (50*4 + 25*5) / 75
    assert both.covered == (Decimal(60), Decimal(75))


def test_a_trend_rests_on_what_both_have_answered() -> None:
    both = _trend(OLD, levels(**{"3": 5}), NEW, numbers(**{"1": 4, "2": 3}))

    assert [both.before, both.after] == [Decimal(5), Decimal(3)]
    assert both.covered == (Decimal(20), Decimal(25))


def test_with_nothing_in_common_there_is_no_trend() -> None:
    assert _trend(OLD, levels(**{"4": 5}), NEW, numbers(**{"3": 4})).before is None


def test_a_node_was_worth_then_what_continues_below_it() -> None:
    earlier = score(OLD, levels(**{"1": 1, "2": 3, "3": 5, "4": 5}))
    later = score(NEW, numbers(**{"1": 4, "2": 5, "3": 1}))
    of_nothing = score(OLD, levels(**{"4": 5}))

    then = nodes_before(OLD, earlier, NEW, later)

    assert then == {"all": Decimal("3.666666666666666666666666667")}  # 1 + 4 * (50*0.5 + 25*1)/75
    assert nodes_before(OLD, of_nothing, NEW, later) == {}


def test_what_weighs_nothing_counts_plainly_in_a_trend() -> None:
    def weightless(questionnaire: Questionnaire) -> Questionnaire:
        (node,) = questionnaire.nodes
        indicators = tuple(structs.replace(one, weight=Decimal(0)) for one in node.indicators)
        return structs.replace(questionnaire, nodes=(structs.replace(node, indicators=indicators),))

    both = _trend(weightless(OLD), levels(**{"1": 1, "2": 5}), NEW, numbers(**{"1": 3}))

    assert both.before == Decimal("3.4")  # (1/5 + 5/5)/2 of the way from 1 to 5


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


def test_each_assessment_of_a_trend_is_as_its_organisation_was() -> None:
    regency, city = (tiny("master_data").for_kind(kind) for kind in ("regency", "city"))
    earlier = score(regency, numbers(A=40, R=100), profile=Profile("regency"))
    later = score(city, numbers(A=40, U=0), profile=Profile("city"))

    both = trend(regency, earlier, city, later)

    assert (both.before, both.after) == (Decimal(40), Decimal(40))  # of what both were asked: A


def _trend(
    old: Questionnaire, earlier: dict[str, Answer], new: Questionnaire, later: dict[str, Answer]
) -> Trend:
    return trend(old, score(old, earlier), new, score(new, later))


def test_sections_of_a_flat_mean_have_the_share_of_their_indicators() -> None:
    flat = tiny("flat")
    shorter = structs.replace(flat, version="2", nodes=flat.nodes[:1])

    assert compare(flat, shorter).comparable == (Decimal(75), Decimal(100))  # 3 of 4 indicators


def test_sections_within_sections_of_a_flat_mean_have_it_too() -> None:
    flat = tiny("flat")
    long, short = flat.nodes
    inner = Node("inner-2", NAME, combine="mean", indicators=long.indicators)
    part = structs.replace(
        long, code="part", indicators=(), nodes=(inner, *short.nodes), combine="flat"
    )
    other = Node("other", NAME, indicators=(structs.replace(long.indicators[0], code="Z"),))
    nested = structs.replace(flat, combine="mean", nodes=(part, other))

    assert nested.weights["inner-2"] == Decimal("37.5")  # 3 of 4 indicators, of half of all
    assert {nested.weights[code] for code in "ABCD"} == {Decimal("12.5")}
