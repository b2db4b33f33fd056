"""What holds for every questionnaire, on ones that hypothesis makes up.

Raising an answer never lowers an index under means, geometric means, minima and rounding. It may
under rules that say so: a cap that starts at a bound (`reaching`), a condition that asks for more
once an answer is better, a table that is not ordered, and what does not apply, whose weight moves.
"""

from decimal import Decimal

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from survey_service.maturity.answers import Answer, accept
from survey_service.maturity.checking.questionnaire import check
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.scoring import score
from survey_service.maturity.scoring_many import score_many
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values
from tests.strategies import answer_to, answers_to, questionnaires

SOME = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SOME
@given(questionnaires())
def test_what_is_made_up_passes_the_checker(questionnaire: Questionnaire) -> None:
    assert [one for one in check(questionnaire) if one.severity == "error"] == []


@SOME
@given(questionnaires())
def test_a_questionnaire_survives_being_encoded(questionnaire: Questionnaire) -> None:
    encoded = msgspec.json.encode(questionnaire)

    assert msgspec.json.decode(encoded, type=Questionnaire) == questionnaire


@SOME
@given(st.data())
def test_every_index_stays_on_the_scale(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    card = score(
        questionnaire, data.draw(answers_to(questionnaire)), official=data.draw(st.booleans())
    )

    indices = [node.index for node in card.nodes.values()] + [card.index]
    assert all(1 <= index <= 5 for index in indices if index is not None)


@SOME
@given(st.data())
def test_scoring_twice_gives_the_same(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    answers = data.draw(answers_to(questionnaire))

    assert score(questionnaire, answers) == score(questionnaire, answers)
    assert score_many(questionnaire, [answers] * 3) == [score(questionnaire, answers)] * 3


@SOME
@given(st.data())
def test_raising_an_answer_never_lowers_an_index(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires(plain=True))
    answers = data.draw(answers_to(questionnaire))
    code = data.draw(st.sampled_from(list(questionnaire.indicators)))
    indicator = questionnaire.indicators[code]
    pair = [data.draw(answer_to(questionnaire, indicator)) for _ in range(2)]
    worth = Values(questionnaire, {})
    answer_values = [worth.of(indicator, one) for one in pair]
    lower, higher = answer_values
    assume(lower is not None and higher is not None)
    assert lower is not None
    assert higher is not None
    if lower > higher:
        pair.reverse()

    before, after = (score(questionnaire, {**answers, code: one}, official=True) for one in pair)

    for each, node in before.nodes.items():
        then = after.nodes[each].index
        assert node.index is None or (then is not None and then >= node.index - Decimal("1e-25"))


@SOME
@given(st.data())
def test_the_order_of_children_does_not_matter(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires())
    answers = data.draw(answers_to(questionnaire))
    turned = structs.replace(
        questionnaire, nodes=tuple(_turned(node) for node in reversed(questionnaire.nodes))
    )

    first, second = score(questionnaire, answers), score(turned, answers)

    assert (first.index, first.grade, first.nodes) == (second.index, second.grade, second.nodes)


def _turned(node: Node) -> Node:
    return structs.replace(
        node,
        nodes=tuple(_turned(child) for child in reversed(node.nodes)),
        indicators=node.indicators[::-1],
    )


@SOME
@given(st.data())
def test_what_does_not_apply_leaves_the_others_in_proportion(data: st.DataObject) -> None:
    """A questionnaire in which it never was gives the same index."""
    questionnaire = data.draw(questionnaires())
    answers = data.draw(answers_to(questionnaire))
    leaves = [
        code
        for code, indicator in questionnaire.indicators.items()
        if indicator.not_applicable == "reweight"
        and len(questionnaire.parents[code].indicators) > 1
    ]
    assume(leaves)
    code = data.draw(st.sampled_from(leaves))
    without = structs.replace(
        questionnaire, nodes=tuple(_without(node, code) for node in questionnaire.nodes)
    )
    left_out = {**answers, code: Answer(not_applicable="none")}
    remaining = {each: answer for each, answer in answers.items() if each != code}

    assert score(questionnaire, left_out).index == score(without, remaining).index


def _without(node: Node, code: str) -> Node:
    return structs.replace(
        node,
        nodes=tuple(_without(child, code) for child in node.nodes),
        indicators=tuple(child for child in node.indicators if child.code != code),
    )


@SOME
@given(st.data())
def test_the_official_index_lies_between_the_worst_and_the_best_still_possible(
    data: st.DataObject,
) -> None:
    questionnaire = data.draw(questionnaires(plain=True))
    answers = data.draw(answers_to(questionnaire))

    official = score(questionnaire, answers, official=True).index
    ends = [_completed(questionnaire, answers, best=best) for best in (False, True)]

    worst, best = (score(questionnaire, each).index for each in ends)
    if official is not None and worst is not None and best is not None:
        assert worst - Decimal("1e-25") <= official <= best + Decimal("1e-25")


def _completed(
    questionnaire: Questionnaire, answers: dict[str, Answer], *, best: bool
) -> dict[str, Answer]:
    """Return the answers with the rest filled in as well, or as badly, as can be."""
    completed = dict(answers)
    for code, indicator in questionnaire.indicators.items():
        if code not in completed:
            completed[code] = _extreme(questionnaire, indicator, best=best)
            accept(questionnaire, code, completed[code])
    return completed


def _extreme(questionnaire: Questionnaire, indicator: Indicator, *, best: bool) -> Answer:
    if indicator.answer_type == "level":
        levels = questionnaire.levels(indicator)
        return Answer(level=max(levels) if best else min(levels))
    if indicator.answer_type == "option":
        return Answer(option="A" if best else "C")
    if indicator.answer_type == "checked":
        return Answer(checked=("a", "b") if best else ())
    if indicator.answer_type == "values":
        return Answer(values={"part": Decimal(best), "rest": Decimal(not best)})
    if indicator.number is None:
        return Answer(text="Words.")
    own = indicator.number.highest is not None
    ends = (Decimal(0), Decimal(40)) if own else (Decimal(1), Decimal(5))
    return Answer(value=ends[best is not indicator.number.inverted])
