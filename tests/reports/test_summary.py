"""What stands out: by the weighted gap to the peers, or without them by what is reached."""

from decimal import Decimal

from survey_service.analysis.peers import Peers
from survey_service.maturity.scoring import score
from survey_service.reports.record import Record
from survey_service.reports.summary import extremes, sentences
from tests.samples import levels, tiny

TWO = tiny("two_dimensions")
FIRST, SECOND = (node.code for node in TWO.nodes)


def _record(**medians: str) -> Record:
    nodes = {code: Decimal(value) for code, value in medians.items()}
    return Record(1, "", "final", "final", peers=Peers(5, None, None, nodes))


def test_without_peers_what_reaches_most_comes_first() -> None:
    card = score(TWO, levels(A=2, B=2, C=4, D=4, E=4), official=True)

    strongest, _ = extremes(TWO, card, None)

    assert [one.node.code for one in strongest] == [SECOND, FIRST]


def test_with_peers_the_weighted_gap_decides() -> None:
    card = score(TWO, levels(A=4, B=4, C=4, D=4, E=4), official=True)

    strongest, _ = extremes(TWO, card, _record(**{FIRST: "3.5", SECOND: "3.5"}))
    ahead, _ = extremes(TWO, card, _record(**{FIRST: "3.5", SECOND: "3.0"}))

    # the first makes up 0.6 of the whole, the second 0.4: 0.6 * 0.5 > 0.4 * 0.5, and 0.3 < 0.4
    assert [one.node.code for one in strongest] == [FIRST, SECOND]
    assert [one.node.code for one in ahead] == [SECOND, FIRST]


def test_what_ties_keeps_the_order_of_the_questionnaire() -> None:
    card = score(TWO, levels(A=4, B=4, C=4, D=4, E=4), official=True)

    strongest, _ = extremes(TWO, card, None)

    assert [one.node.code for one in strongest] == [FIRST, SECOND]


def test_the_gate_that_stands_in_the_way_is_named() -> None:
    card = score(TWO, levels(A=5, B=5, C=1, D=1, E=1), official=True)

    told = " ".join(sentences(TWO, "Agency", card, None, "en"))

    assert card.refused
    assert "The index would do for the next grade" in told
    assert "the minimum is" in told


def test_at_the_top_there_is_no_higher_grade() -> None:
    card = score(TWO, levels(A=5, B=5, C=5, D=5, E=5), official=True)

    assert "There is no higher grade." in sentences(TWO, "Agency", card, None, "en")
