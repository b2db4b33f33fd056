"""Many assessments on what continues through all of their versions."""

from decimal import Decimal

from msgspec import structs

from survey_service.maturity.answers import Answer
from survey_service.maturity.common_basis import CommonBasis, common_basis
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.revision import trend
from survey_service.maturity.rules import Continuation, Crosswalk
from survey_service.maturity.scoring import Card, score
from tests.samples import levels, numbers, tiny

OLD, NEW = tiny("crosswalk_old"), tiny("crosswalk_new")
EARLIER = levels(**{"1": 1, "2": 3, "3": 5, "4": 5})
LATER = numbers(**{"1": 4, "2": 5, "3": 1})


def scored(asked: Questionnaire, answers: dict[str, Answer]) -> tuple[Questionnaire, Card]:
    return asked, score(asked, answers)


def newest(*continues: Continuation) -> Questionnaire:
    """Return a version after `NEW` that continues some of it."""
    return structs.replace(NEW, code="newest", crosswalks=(Crosswalk("new@1", continues),))


def test_of_two_versions_it_is_their_trend() -> None:
    before, after = scored(OLD, EARLIER), scored(NEW, LATER)

    found = common_basis([before, after])

    pair = trend(*before, *after)
    assert found == CommonBasis((pair.before, pair.after), ("1", "2"), Decimal(75))


def test_what_continues_is_followed_through_every_version() -> None:
    asked = newest(Continuation("3", ("1", "2")), Continuation("1", ("3",)))

    found = common_basis([scored(OLD, EARLIER), scored(NEW, LATER), scored(asked, LATER)])

    # the old 4 leads nowhere, and the third of NEW is new: only 3 goes back, by its parts
    assert found.indicators == ("3",)
    assert found.covered == 25
    way = (Decimal(50) * Decimal("0.5") + 25 * 1) / 75  # of the old 1 and 2, and of the old 3
    assert [round(value or 0, 20) for value in found.values] == [
        round(1 + 4 * way, 20),
        round(1 + 4 * (Decimal(50) * Decimal("0.75") + 25) / 75, 20),
        1,
    ]


def test_years_on_one_version_lie_on_the_same_basis() -> None:
    found = common_basis([scored(NEW, LATER), scored(NEW, numbers(**{"1": 2, "2": 3, "3": 4}))])

    assert found.values == (Decimal("3.5"), Decimal("2.75"))  # all of it: 50, 25, 25
    assert found.covered == 100


def test_what_was_not_answered_everywhere_is_left_out() -> None:
    found = common_basis([scored(NEW, numbers(**{"1": 2})), scored(NEW, LATER)])

    assert found == CommonBasis((Decimal(2), Decimal(4)), ("1",), Decimal(50))


def test_with_nothing_in_common_there_is_no_figure() -> None:
    found = common_basis([scored(OLD, EARLIER), scored(newest(), LATER)])

    assert found == CommonBasis((None, None), (), Decimal(0))


def test_what_weighs_nothing_counts_plainly() -> None:
    (node,) = OLD.nodes
    bare = tuple(structs.replace(one, weight=Decimal(0)) for one in node.indicators)
    weightless = structs.replace(OLD, nodes=(structs.replace(node, indicators=bare),))

    found = common_basis([scored(weightless, EARLIER), scored(NEW, numbers(**{"1": 4}))])

    assert found.values == (Decimal("2.6"), Decimal(4))  # (1/5 + 3/5) / 2 of the way from 1 to 5
