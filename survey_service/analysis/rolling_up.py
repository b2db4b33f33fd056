"""Units rolled up to their agency: their answers as the agency's own, answered unit by unit.

The questionnaire says how an indicator comes from its units' values (`units`: mean, weighted, mode or
minimum), and `maturity.scoring` reckons all that follows, so that an agency whose units have
assessments of their own gets the index that it would have had by answering for them.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal

from msgspec import structs

from survey_service.maturity.answers import Answer, Given, UnitAnswer

_ONE = Decimal(1)


def together(
    units: Mapping[str, Mapping[str, Answer]],
    weights: Mapping[str, Decimal] | None = None,
    bare: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Answer]:
    """Return the answers of all units as those of their agency.

    Args:
        units: The answers of each unit by its name, by indicator code.
        weights: What units weigh where an indicator weighs them; 1 where nothing is said.
        bare: The indicators for which a unit has no evidence, where that is to count.

    Returns:
        For each indicator that any unit answers, the answers of those that do. What a unit answers
        by its own units in turn is left out: it has no single value to hand up.
    """
    found: dict[str, dict[str, UnitAnswer]] = {}
    for name, answers in units.items():
        weight = (weights or {}).get(name, _ONE)
        without = (bare or {}).get(name, ())
        for code, answer in answers.items():
            if answer.given:
                given = {field: getattr(answer, field) for field in Given.__struct_fields__}
                found.setdefault(code, {})[name] = UnitAnswer(
                    **given, weight=weight, evidence=code not in without
                )
    return {code: structs.replace(Answer(), units=of) for code, of in found.items()}
