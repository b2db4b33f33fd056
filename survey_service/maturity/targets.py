"""What a plan aims at: a grade with all its gates, or an index."""

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from msgspec import Struct

from survey_service.errors.planning import NoWholeError, UnknownTargetError
from survey_service.maturity.combining import rule_of
from survey_service.maturity.conditions import Facts
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Gate, Grade
from survey_service.maturity.scoring import Card


class Target(Struct, frozen=True):
    """The `grades` that would do, from the one aimed at upwards; none for an index."""

    said: str
    index: Decimal
    grades: tuple[Grade, ...] = ()

    def is_met(self, card: Card) -> bool:
        """Whether a card has the grade, a higher one, or the index."""
        if self.grades:
            return card.grade in self.grades
        return card.index is not None and card.index >= self.index


def target_of(questionnaire: Questionnaire, said: str) -> Target:
    """Return the target that a grade's code, or an index, means.

    Raises:
        NoWholeError: The questionnaire has no index as a whole.
        UnknownTargetError: There is no such grade, and no such index.
    """
    if rule_of(questionnaire, None) == "none":
        raise NoWholeError(questionnaire=questionnaire.reference)
    grades = sorted(questionnaire.grades, key=lambda grade: grade.bound)
    for at, grade in enumerate(grades):
        if grade.code == said:
            return Target(said, grade.bound, tuple(grades[at:]))
    scale = questionnaire.index_scale
    try:
        index = Decimal(said)
    except InvalidOperation:
        index = Decimal("nan")
    if not (index.is_finite() and scale.lowest <= index <= scale.highest):
        raise UnknownTargetError(
            target=said,
            questionnaire=questionnaire.reference,
            grades=", ".join(grade.code for grade in grades),
            lowest=scale.lowest,
            highest=scale.highest,
        )
    return Target(said, index)


def minima(
    questionnaire: Questionnaire, gates: tuple[Gate, ...], known: Facts
) -> dict[str, tuple[Gate, ...]] | None:
    """Return the gates that ask a minimum, by code; None where a condition refuses the grade."""
    found: dict[str, tuple[Gate, ...]] = {}
    for gate in gates:
        if not known.hold(gate.when):
            continue
        if not known.hold(gate.require):
            return None
        for code in questionnaire.gated(gate):
            found[code] = (*found.get(code, ()), gate)
    return {code: found[code] for code in found if code in questionnaire.things}


def reaches(target: Target, grade: Grade | None, index: Fraction, shown: Decimal) -> bool:
    """Whether an index, and as it is `shown`, is that of a grade, or of the target without one."""
    return shown >= target.index if grade is None else grade.reached(index)
