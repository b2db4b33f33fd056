"""What keeps a target out of reach: answers without steps, and the least they would have to be.

With everything else at its best, the answers that have no steps (numbers, what units answer, what
the reader excludes) are raised as well; then, one after another, put back where the target is met
without. What is left blocks it, and the least answer that would do is named where answers can be
tried in order.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from msgspec import Struct

from survey_service.errors.answers import PartExceedsWholeError
from survey_service.maturity.answer_types import Number, Ratio
from survey_service.maturity.answers import Answer, accept, ends
from survey_service.maturity.better_answers import BetterAnswers, Rung, Wishes
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.tree import Indicator

IsMet = Callable[[Mapping[str, Answer]], bool]


class Block(Struct, frozen=True):
    """An indicator that blocks the target, and the answer it needs, with all else at its best.

    `needs` is None where no answer can be named.
    """

    indicator: str
    needs: Answer | None


def blocking(
    better: BetterAnswers, rungs: Mapping[str, tuple[Rung, ...]], is_met: IsMet
) -> tuple[Block, ...]:
    """Return what blocks a target; nothing where it is out of reach for other reasons.

    Args:
        better: The questionnaire, and the reader's wishes.
        rungs: What each indicator can be answered.
        is_met: Whether answers meet the target.
    """
    top = {
        code: best.answer
        for code, each in rungs.items()
        if (best := max(each, key=lambda rung: (rung.value is not None, rung.value or 0))).answer
    }
    ladders = {
        code: ladder
        for code, each in rungs.items()
        if len(each) == 1 and (ladder := _ladder(better, code, each[0])).count > 0
    }
    raised = {code: ladder.at(ladder.count - 1) for code, ladder in ladders.items()}
    if not is_met({**top, **raised}):
        return ()
    for code in ladders:
        without = {each: answer for each, answer in raised.items() if each != code}
        if is_met({**top, **without}):
            raised = without
    return tuple(
        Block(code, _least(ladders[code], partial(_with, is_met, {**top, **raised}, code)))
        for code in raised
    )


class _Ladder(Struct, frozen=True):
    """Better answers to one indicator, rising: how many, and each by its place; `count` may be vast."""

    count: int
    at: Callable[[int], Answer]
    is_ordered: bool = True


def _listed(answers: Sequence[Answer], *, is_ordered: bool = True) -> _Ladder:
    return _Ladder(len(answers), answers.__getitem__, is_ordered)


_NONE = _listed(())


def _with(is_met: IsMet, answers: Mapping[str, Answer], code: str, answer: Answer) -> bool:
    return is_met({**answers, code: answer})


def _least(ladder: _Ladder, does: Callable[[Answer], bool]) -> Answer | None:
    """Return the first answer that does; None where answers are not in order."""
    if not ladder.is_ordered:
        return None
    return ladder.at(bisect_left(range(ladder.count), 1, key=lambda at: does(ladder.at(at))))


def _ladder(better: BetterAnswers, code: str, now: Rung) -> _Ladder:
    """Return the better answers to what has no steps, as far as they can be told, rising."""
    indicator, answer = better.questionnaire.indicators[code], now.answer
    if answer is not None and answer.not_applicable is not None:
        return _NONE
    if indicator.number is not None:
        return _numbers(better, indicator, indicator.number, answer)
    if indicator.ratio is not None:
        return _ratio(better, indicator, indicator.ratio, now)
    free = BetterAnswers(better.questionnaire, better.values, Wishes(), ())
    start = None if answer is None or answer.units is not None else answer
    above = free.rungs({} if start is None else {code: start})[code]
    least = Fraction(0) if now.value is None else now.value
    found = [rung.answer for rung in above if rung.value is not None and rung.value > least]
    return _listed([each for each in found if each is not None])


def _numbers(
    better: BetterAnswers, indicator: Indicator, number: Number, answer: Answer | None
) -> _Ladder:
    """Return the numbers from an answer to the better end, which bands or `inverted` may turn.

    Where there is a target, the answer comes nearer to it.
    """
    lowest, highest = ends(better.questionnaire, number)
    if lowest is None or highest is None:
        return _NONE
    low, high = (better.worth(indicator.code, Answer(value=end)) or 0 for end in (lowest, highest))
    worse, best = (lowest, highest) if high >= low else (highest, lowest)
    best = best if number.target is None else number.target
    start = worse if answer is None or answer.value is None else answer.value
    start = min(max(start, lowest), highest)
    step = Decimal(1).scaleb(-number.decimals).copy_sign(best - start)
    count = int((best - start) / step)
    return _Ladder(count, lambda at: Answer(value=exact(Fraction(start + (at + 1) * step))))


def _ratio(better: BetterAnswers, indicator: Indicator, ratio: Ratio, now: Rung) -> _Ladder:
    """Return the numbers of a ratio that are worth most: as much as there can be, or nothing."""
    codes = [one.code for one in ratio.inputs]
    others = [code for code in codes if code not in ratio.part]
    tried = [
        Answer(values={code: Decimal(code in chosen) for code in codes})
        for chosen in (codes, ratio.part, others)
    ]
    tried = [each for each in tried if _is_accepted(better.questionnaire, indicator, each)]
    best = max(tried, key=lambda answer: better.worth(indicator.code, answer) or 0)
    worth = better.worth(indicator.code, best)
    is_better = worth is not None and (now.value is None or worth > now.value)
    return _listed([best] if is_better else [], is_ordered=False)


def _is_accepted(questionnaire: Questionnaire, indicator: Indicator, answer: Answer) -> bool:
    try:
        accept(questionnaire, indicator.code, answer)
    except PartExceedsWholeError:
        return False
    return True
