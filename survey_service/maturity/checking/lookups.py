"""What is wrong with look-up tables: letters, the order of rows, and rows that are missing."""

from collections.abc import Iterator
from fractions import Fraction

from survey_service.maturity.answers import Answer
from survey_service.maturity.checking.findings import Finding, Place, error
from survey_service.maturity.instrument import Questionnaire
from survey_service.maturity.rules import Lookup
from survey_service.maturity.tree import Indicator, Node
from survey_service.maturity.values import Values

TRIED = 20_000  # combinations of values at one node; a table over more is not judged
_NAMED = 5  # rows that a finding names

_Row = tuple[Fraction, ...]


def findings(questionnaire: Questionnaire) -> Iterator[Finding]:
    """Yield what is wrong with the tables of a questionnaire."""
    for position, lookup in enumerate(questionnaire.lookups):
        path = ("lookups", position)
        wrong = list(_rows(questionnaire, lookup, path))
        yield from wrong
        if not wrong:
            yield from _missing(questionnaire, lookup, path)


def _rows(questionnaire: Questionnaire, lookup: Lookup, path: Place) -> Iterator[Finding]:
    letters = questionnaire.letters[lookup.letters]
    for row, result in lookup.rows.items():
        at = (*path, "rows", row)
        children = row.split(" ")
        unknown = [letter for letter in (*children, result) if letter not in letters]
        if unknown:
            yield error("lookup_letter", *at, letter=unknown[0], letters=lookup.letters)
        elif children != sorted(children, key=letters.__getitem__):
            yield error("lookup_order", *at, row=row)


def _missing(questionnaire: Questionnaire, lookup: Lookup, path: Place) -> Iterator[Finding]:
    """Find combinations that answers can come to, and that no row names."""
    letters = questionnaire.letters[lookup.letters]
    named = {value: code for code, value in reversed(letters.items())}
    missing: dict[str, None] = {}
    for node in questionnaire.all_nodes.values():
        if node.lookup == lookup.code:
            for values in sorted(_combinations(questionnaire, node) or ()):
                row = " ".join(named.get(value, f"({float(value):g})") for value in values)
                if len(values) > 1 and row not in lookup.rows:
                    missing[row] = None
    if missing:
        rows = ", ".join([*missing][:_NAMED])
        details = {"lookup": lookup.code, "rows": rows, "count": len(missing)}
        yield error("lookup_rows", *path, "rows", **details)


def _combinations(questionnaire: Questionnaire, node: Node) -> set[_Row] | None:
    """Return what the children of a node can be worth together, sorted; None where that is not told."""
    found: set[_Row] = {()}
    for child in node.children:
        if not child.part_of_whole:
            continue
        worths = _worths(questionnaire, child)
        if worths is None:
            return None
        longer = {tuple(sorted((*row, value))) for row in found for value in worths}
        found = found | longer if _drops(child) else longer
        if len(found) > TRIED:
            return None
    return found


def _drops(child: Node | Indicator) -> bool:
    """Whether a child can be left out, once everything is answered."""
    if child.when is not None or child.by_kind:
        return True
    return isinstance(child, Node) or child.not_applicable == "reweight"


def _worths(questionnaire: Questionnaire, thing: Node | Indicator) -> set[Fraction] | None:
    """Return everything that something can be worth; None where that is not told."""
    if questionnaire.rounding is not None or thing.code in questionnaire.adjusting:
        return None
    if isinstance(thing, Indicator):
        return _of_answers(questionnaire, thing)
    rule, rows = questionnaire.rule(thing), _combinations(questionnaire, thing)
    if thing.convert is not None or rule != "weakest_link" or rows is None:
        return None
    plus = Fraction(questionnaire.plus)
    return {row[0] + (plus if row[-1] > row[0] else 0) for row in rows if row}


def _of_answers(questionnaire: Questionnaire, indicator: Indicator) -> set[Fraction] | None:
    worths = questionnaire.answer_values.get(indicator.code)
    if worths is None or indicator.units is not None or indicator.progress == "partial":
        return None
    absent = Values(questionnaire, {}).of(indicator, Answer(not_applicable=""))
    return {*worths.values(), *([] if absent is None else [absent])}
