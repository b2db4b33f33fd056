"""What is wrong with what grades ask for beside their bounds."""

from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from survey_service.maturity.checking.extremes import extremes
from survey_service.maturity.checking.findings import Finding, Place, error, warning
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rounding import exact
from survey_service.maturity.rules import Gate


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with gates, each by itself and beside those of other grades."""
    yield from _gates(questionnaire)
    yield from _harder(questionnaire)


def _gates(questionnaire: Questionnaire) -> Iterator[Finding]:
    for position, grade in enumerate(questionnaire.grades):
        for number, gate in enumerate(grade.gates):
            path = ("grades", position, "gates", number)
            if sum(one is not None for one in (gate.node, gate.every, gate.require)) != 1:
                yield error("gate_target", *path)
            elif gate.node is not None and gate.node not in questionnaire.weights:
                yield error("unknown_node", *path, "node", reference=gate.node)
            elif gate.require is not None:
                if gate.reason is None:
                    yield error("gate_reason", *path, grade=grade.code)
            elif (gate.at_least, gate.above, gate.percent) == (None, None, None):
                yield error("gate_minimum", *path)
            else:
                yield from _gate(questionnaire, gate, path)


def _gate(questionnaire: Questionnaire, gate: Gate, path: Place) -> Iterator[Finding]:
    """Find a minimum that nothing or everything reaches, or that its own percentage contradicts."""
    keys = ("at_least", "above", "percent")
    at = (*path, next(key for key in keys if getattr(gate, key) is not None))
    for code in questionnaire.gated(gate):
        least, most = extremes(questionnaire, code)
        minimum = questionnaire.minimum(gate, code)
        if minimum > most or (gate.above is not None and minimum == most):
            shown = {"minimum": _shown(minimum), "highest": _shown(most)}
            yield error("gate_never", *at, node=code, **shown)
        elif least > minimum or (gate.above is None and least == minimum):
            shown = {"minimum": _shown(minimum), "lowest": _shown(least)}
            yield warning("gate_always", *at, node=code, **shown)
        if gate.at_least is not None and gate.percent is not None:
            yield from _both(questionnaire, gate, code, at)


def _both(questionnaire: Questionnaire, gate: Gate, code: str, path: Place) -> Iterator[Finding]:
    """Find a printed minimum that its percentage contradicts, or that was rounded."""
    lowest, highest = questionnaire.spans[code]
    rule = exact(lowest + (highest - lowest) * Fraction(gate.percent or 0) / 100)
    printed = gate.at_least or Decimal(0)
    if printed != rule:
        made, name = (
            (warning, "gate_rounded") if _printed(printed, rule) else (error, "gate_percent")
        )
        shown = {"minimum": _shown(Fraction(printed)), "rule": f"{rule:f}"}
        yield made(name, *path, node=code, percent=gate.percent, **shown)


def _printed(printed: Decimal, rule: Decimal) -> bool:
    """Whether a printed number is what a rule gives, rounded or cut to the digits printed."""
    digits = Decimal(1).scaleb(min(int(printed.normalize().as_tuple().exponent), 0))
    return printed in {rule.quantize(digits, mode) for mode in (ROUND_DOWN, ROUND_HALF_UP)}


def _shown(value: Fraction) -> str:
    return f"{exact(value):f}"


class _Minimum(NamedTuple):
    """A minimum that a grade asks of a node: the index it is at, whether it must be above, and where it stands."""

    at: Fraction
    above: bool
    path: Place


def _minima(questionnaire: Questionnaire, position: int) -> dict[str, _Minimum]:
    """Return the hardest minimum of each node that a grade asks of everybody, by code."""
    found: dict[str, _Minimum] = {}
    for number, gate in enumerate(questionnaire.grades[position].gates):
        if gate.when is not None or gate.require is not None:
            continue
        path = ("grades", position, "gates", number)
        for code in questionnaire.gated(gate):
            if code in questionnaire.spans:
                asked = _Minimum(questionnaire.minimum(gate, code), gate.above is not None, path)
                found[code] = max(found.get(code, asked), asked)
    return found


def _harder(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Find minima of a grade that are harder than those of the next higher one that asks for some."""
    grades = questionnaire.grades
    order = sorted(range(len(grades)), key=lambda position: grades[position].bound)
    minima = {position: _minima(questionnaire, position) for position in order}
    for place, position in enumerate(order):
        for code, asked in minima[position].items():
            for higher in order[place + 1 :]:
                other = minima[higher].get(code)
                if other is not None and asked[:2] > other[:2]:
                    yield warning(
                        "gate_harder",
                        *asked.path,
                        node=code,
                        minimum=_shown(asked.at),
                        grade=grades[higher].code,
                        other=_shown(other.at),
                    )
                    break
